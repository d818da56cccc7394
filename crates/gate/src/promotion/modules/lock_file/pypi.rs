//! `requirements.txt` as `pip-compile` and `pip freeze` write it: every line a pin. What is no pin is kept as it stands, so that
//! it is nobody's approved version.

use super::Entry;

pub(super) fn read(text: &str) -> Result<Vec<Entry>, String> {
    let joined = text.replace("\\\r\n", " ").replace("\\\n", " ");
    let mut entries = Vec::new();
    for (at, line) in joined.lines().enumerate() {
        let line = without_comment(line).trim();
        match line {
            "" => {}
            _ if is_inclusion(line) => {
                return Err(format!(
                    "requirement {}: `{line}` hides modules: compile it into one file",
                    at + 1
                ));
            }
            option if option.starts_with("--") || option.starts_with("-i ") => {}
            _ => entries
                .push(entry(line).ok_or_else(|| format!("requirement {}: cannot read `{line}`", at + 1))?),
        }
    }
    Ok(entries)
}

/// A comment begins at the start or after white space.
fn without_comment(line: &str) -> &str {
    let at = line
        .char_indices()
        .find(|(at, c)| *c == '#' && (*at == 0 || line[..*at].ends_with(char::is_whitespace)));
    at.map_or(line, |(at, _)| &line[..at])
}

fn is_inclusion(line: &str) -> bool {
    ["-r", "-c", "-e", "--requirement", "--constraint", "--editable"].iter().any(|option| {
        line.strip_prefix(option)
            .is_some_and(|rest| rest.starts_with([' ', '=', '.', '/']) || rest.is_empty())
    })
}

/// `name[extra]==1.2.3 ; marker --hash=…`
fn entry(line: &str) -> Option<Entry> {
    let requirement = line.split(" --").next()?.split(';').next()?.trim();
    let of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = requirement.find(|c| !of_name(c)).unwrap_or(requirement.len());
    let (name, rest) = requirement.split_at(end);
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']')?.1.trim_start(),
        None => rest,
    };
    let begins_well = rest.is_empty() || rest.starts_with(['=', '<', '>', '!', '~', '@']);
    if name.is_empty() || !begins_well {
        return None;
    }
    let pinned = rest.strip_prefix("==").map(str::trim).filter(|version| !version.starts_with('='));
    let version = pinned.map_or_else(|| format!("(not pinned: `{rest}`)"), str::to_owned);
    Some(Entry { name: name.to_owned(), version, source: None })
}
