//! A place in the directory, as a path names it: `/sim/tenants/contoso.example/users/alice@contoso.example`.

use axum::http::Uri;
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::super::body::Problem;
use super::kind::Kind;

/// A way from the world to a collection, or to one thing in it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    steps: Vec<Step>,
    query: Vec<(String, String)>,
}

/// One collection on the way.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) kind: Kind,
    pub(super) which: Which,
}

/// Which of a collection.
#[derive(Debug, Clone)]
pub(super) enum Which {
    All,
    /// The one that has this name.
    Named(String),
    /// The one that could not be there beside this.
    Like(Value),
}

impl Place {
    /// Reads a path and its query. The router lets no others than ours through.
    pub(super) fn of(uri: &Uri) -> Result<Self, Problem> {
        let mut segments = uri.path().trim_start_matches("/sim/").split('/');
        let mut steps = Vec::new();
        while let Some(collection) = segments.next() {
            let kind = Kind::ALL.into_iter().find(|kind| kind.collection() == collection);
            let kind = kind.ok_or_else(|| Problem::not_found("path", "no such collection"))?;
            let which = segments.next().map_or(Which::All, |name| Which::Named(decoded(name)));
            steps.push(Step { kind, which });
        }
        let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        Ok(Self { steps, query: query.into_owned().collect() })
    }

    /// The place in this collection of a thing that is to be made.
    pub(super) fn with_thing(&self, thing: &Value) -> Self {
        let mut place = self.clone();
        if let Some(last) = place.steps.last_mut() {
            last.which = Which::Like(thing.clone());
        }
        place
    }

    /// The kind of the thing or of those in the collection.
    pub(super) fn kind(&self) -> Kind {
        self.steps.last().map_or(Kind::Tenant, |step| step.kind)
    }

    /// The tenant or application, and the way on from there.
    pub(super) fn split(&self) -> Option<(&Step, &[Step])> {
        self.steps.split_first()
    }

    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a thing is the one that a step means.
    pub(super) fn fits(&self, step: &Step, thing: &Value) -> bool {
        let text = |name: &str| thing.get(name).and_then(Value::as_str);
        match &step.which {
            Which::All => false,
            Which::Like(like) => step.kind.identity().iter().all(|name| thing.get(name) == like.get(name)),
            Which::Named(named) => {
                let mut names = step.kind.names().iter().filter_map(|name| text(name));
                names.any(|name| name.eq_ignore_ascii_case(named)) && self.is_of_query(step.kind, &text)
            }
        }
    }

    /// What the path leaves open: whose grant it is, and of which role the assignment.
    fn is_of_query<'v>(&self, kind: Kind, text: &impl Fn(&str) -> Option<&'v str>) -> bool {
        match kind {
            Kind::Grant => text("user") == self.query("user"),
            Kind::Assignment => self.query("role").is_none_or(|role| text("role") == Some(role)),
            _ => true,
        }
    }

    /// The members that a thing in this place must have, from the one that is there or from the path.
    pub(super) fn identity(&self, now: Option<&Value>) -> Result<Map<String, Value>, Problem> {
        let kind = self.kind();
        let mut members = Map::new();
        let Some(Step { which: Which::Named(named), .. }) = self.steps.last() else { return Ok(members) };
        for name in kind.identity() {
            let known = now.and_then(|now| now.get(name)).cloned();
            let said = self.query(name).map(Value::from);
            let first = (*name == kind.names()[0] && now.is_none()).then(|| Value::from(named.as_str()));
            members.extend(known.or(said).or(first).map(|value| ((*name).to_owned(), value)));
        }
        if now.is_none() && named.parse::<uuid::Uuid>().is_err() {
            return Err(self.not_found());
        }
        Ok(members)
    }

    pub(super) fn not_found(&self) -> Problem {
        not_found(self.kind(), self.steps.last())
    }
}

pub(super) fn not_found(kind: Kind, step: Option<&Step>) -> Problem {
    let what = kind.singular().replace('_', " ");
    match step.map(|step| &step.which) {
        Some(Which::Named(name)) => {
            Problem::not_found(kind.singular(), &format!("there is no {what} `{name}`"))
        }
        _ => Problem::not_found(kind.singular(), &format!("there is no such {what}")),
    }
}

/// A path segment; in contrast to a form a `+` is a plus.
fn decoded(segment: &str) -> String {
    let plus_kept = segment.replace('+', "%2B");
    let decoded = form_urlencoded::parse(plus_kept.as_bytes()).next();
    decoded.map_or_else(String::new, |(name, _)| name.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_path_are_decoded() {
        for (segment, name) in [
            ("alice@contoso.example", "alice@contoso.example"),
            ("emil%23EXT%23@contoso.example", "emil#EXT#@contoso.example"),
            ("api:%2F%2Fone", "api://one"),
            ("a+b", "a+b"),
            ("", ""),
        ] {
            assert_eq!(decoded(segment), name);
        }
    }
}
