//! Where in a world file a mistake is, and how to say it in the file's own words.

use std::fmt;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::{WorldError, safety};

/// Letters that may differ between a mistyped key and the one that was meant.
const TYPOS_MAX: usize = 3;
/// Longest line that is shown whole. Characters.
const SHOWN_MAX: usize = 160;

/// A line of the file, with the culprit to underline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// From 1.
    pub(super) line: usize,
    /// From 1, in characters.
    pub(super) column: usize,
    width: usize,
    text: String,
}

impl Place {
    pub(super) fn of(text: &str, span: &Range<usize>) -> Self {
        let start = span.start.min(text.len());
        let before = text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = text.get(line_start..).unwrap_or_default().lines().next().unwrap_or_default();
        let end = span.end.min(line_start + line.len());
        let marked = text.get(start..end).unwrap_or_default();
        Self {
            line: before.matches('\n').count() + 1,
            column: text.get(line_start..start).unwrap_or_default().chars().count() + 1,
            width: marked.chars().count().max(1),
            text: safety::masked(line),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let shown: String = self.text.chars().take(SHOWN_MAX).collect();
        let column = self.column.min(SHOWN_MAX);
        // Tabs stay tabs, so that the mark stands below what it marks.
        let pad: String = shown.chars().chain(std::iter::repeat(' ')).take(column - 1).map(blank).collect();
        let marks = "^".repeat(self.width.min((shown.chars().count() + 1).saturating_sub(column).max(1)));
        write!(f, "{margin} |\n{number} | {shown}\n{margin} | {pad}{marks}")
    }
}

fn blank(letter: char) -> char {
    if letter == '\t' { '\t' } else { ' ' }
}

/// The TOML reader's complaint, in words of the file instead of words of the program.
pub(super) struct Mistake {
    pub(super) problem: String,
    pub(super) help: Option<String>,
}

impl Mistake {
    pub(super) fn of(message: &str) -> Self {
        let message = message.lines().collect::<Vec<_>>().join(", ");
        for (theirs, ours) in [("unknown field", "unknown key"), ("unknown variant", "unknown value")] {
            if let Some(rest) = message.strip_prefix(theirs) {
                return Self::unknown(ours, rest);
            }
        }
        let problem = message.replacen("missing field", "missing key", 1);
        Self { problem: problem.replacen("duplicate field", "doubled key", 1), help: None }
    }

    /// `rest` is `` `found`, expected one of `a`, `b` ``.
    fn unknown(what: &str, rest: &str) -> Self {
        let mut quoted = rest.split('`').skip(1).step_by(2);
        let found = quoted.next().unwrap_or_default();
        let known: Vec<&str> = quoted.collect();
        let near = known.iter().map(|name| (strsim::osa_distance(found, name), name)).min();
        let help = match near {
            Some((typos, name)) if typos <= TYPOS_MAX && typos < found.len() => {
                format!("did you mean `{name}`?")
            }
            _ => format!("known are `{}`", known.join("`, `")),
        };
        Self { problem: format!("{what} `{found}`"), help: Some(help).filter(|_| !known.is_empty()) }
    }
}

/// A value somewhere in the file.
struct Leaf {
    /// Names of the keys that lead to it, with dots: `tenants.users.id`.
    path: String,
    value: String,
    span: Range<usize>,
    /// What the tables around it are called: each `name`, `display_name` and `upn`.
    owners: Vec<String>,
    /// Which entry of the top-level array it is in.
    entry: usize,
}

/// The place to look at for an error. A value may stand in many places: the one counts whose key fits what the error
/// is about, and whose table fits the owner it names. Of two equal ones it is the second.
pub(super) fn culprit(text: &str, error: &WorldError) -> Option<Range<usize>> {
    let document = DeTable::parse(text).ok()?;
    let mut leaves = Vec::new();
    collect(document.get_ref(), &Leaf::root(), &mut leaves);
    let (what, owner) = (error.what(), error.owner());
    let mut fitting: Vec<&Leaf> = leaves.iter().filter(|leaf| leaf.fits(error)).collect();
    fitting.sort_by_key(|leaf| leaf.span.start);
    match owner {
        Some(owner) => {
            let owned = fitting.iter().find(|leaf| leaf.owners.iter().any(|name| name == owner));
            let named = || leaves.iter().find(|leaf| leaf.names() && leaf.value == owner);
            owned.copied().or(fitting.first().copied()).or_else(named).map(|leaf| leaf.span.clone())
        }
        None if what == "object id" => second_of_one_tenant(&fitting),
        None => fitting.get(1).or(fitting.first()).map(|leaf| leaf.span.clone()),
    }
}

/// Two tenants may use one object id; one tenant may not.
fn second_of_one_tenant(fitting: &[&Leaf]) -> Option<Range<usize>> {
    let second = fitting.windows(2).find(|pair| pair[0].entry == pair[1].entry);
    second.map(|pair| pair[1].span.clone())
}

impl Leaf {
    fn root() -> Self {
        Self { path: String::new(), value: String::new(), span: 0..0, owners: Vec::new(), entry: 0 }
    }

    /// Whether it is what its table is called.
    fn names(&self) -> bool {
        ["name", "display_name", "upn"].contains(&self.key())
    }

    fn key(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }

    fn fits(&self, error: &WorldError) -> bool {
        if error.what() == safety::SECRET {
            return safety::is_real_secret(&self.value);
        }
        let same = self.value.eq_ignore_ascii_case(error.value());
        same && match (error, error.what()) {
            (_, "tenant") => self.path == "tenants.id",
            (WorldError::Twice { .. }, "application") => self.path == "applications.app_id",
            (_, "application") => self.path != "applications.app_id",
            (_, "service principal") => self.path == "tenants.service_principals.app_id",
            (_, "object id") => self.key() == "id",
            (_, "user name") => self.key() == "upn",
            (_, "user or group") => matches!(self.key(), "members" | "principal"),
            (_, "scope") => matches!(self.path.as_str(), "applications.scopes" | "applications.scopes.value"),
            (_, "app role") => {
                matches!(self.path.as_str(), "applications.app_roles" | "applications.app_roles.value")
            }
            (_, "tenant of kind") => self.key() == "kind",
            (_, "home account in") => self.key() == "home_tenant",
            (_, "redirect URI") => self.path.starts_with("applications.redirect_uris"),
            (_, what) => {
                let key = what.to_ascii_lowercase().replace(' ', "_");
                self.key() == key || self.key().strip_suffix('s') == Some(&key) || key.is_empty()
            }
        }
    }
}

fn collect(table: &DeTable<'_>, around: &Leaf, leaves: &mut Vec<Leaf>) {
    let named = ["name", "display_name", "upn"];
    let names = table.iter().filter(|(key, _)| named.contains(&key.get_ref().as_ref()));
    let names = names.filter_map(|(_, value)| value.get_ref().as_str().map(ToOwned::to_owned));
    let owners: Vec<String> = around.owners.iter().cloned().chain(names).collect();
    for (key, value) in table {
        let dot = if around.path.is_empty() { "" } else { "." };
        let path = format!("{}{dot}{}", around.path, key.get_ref());
        let here =
            Leaf { path, value: String::new(), span: 0..0, owners: owners.clone(), entry: around.entry };
        descend(value.get_ref(), value.span(), &here, leaves);
    }
}

fn descend(value: &DeValue<'_>, span: Range<usize>, here: &Leaf, leaves: &mut Vec<Leaf>) {
    let is_top = !here.path.contains('.');
    let leaf = |value: String| Leaf {
        path: here.path.clone(),
        value,
        span: span.clone(),
        owners: here.owners.clone(),
        entry: here.entry,
    };
    match value {
        DeValue::Table(table) => collect(table, here, leaves),
        DeValue::Array(array) => {
            for (position, element) in array.iter().enumerate() {
                let entry = if is_top { position } else { here.entry };
                let element_here = Leaf { entry, ..leaf(String::new()) };
                descend(element.get_ref(), element.span(), &element_here, leaves);
            }
        }
        DeValue::String(text) => leaves.push(leaf(text.to_string())),
        DeValue::Integer(number) => leaves.push(leaf(number.to_string())),
        _ => {}
    }
}
