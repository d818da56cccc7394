//! Scope parameters: which API, which permissions, which OpenID Connect extras.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::world::GRAPH;

/// The scope that asks for a refresh token.
pub(super) const OFFLINE: &str = "offline_access";

/// Scopes that concern the sign-in and no API.
pub(super) const OIDC: [&str; 4] = ["openid", "profile", "email", OFFLINE];

/// A parsed scope parameter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Scope {
    /// `openid` and its like.
    oidc: BTreeSet<String>,
    /// What is asked of each API, in order of first mention.
    resources: Vec<Asked>,
}

/// What is asked of one API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// The API as the client wrote it; version 1 tokens carry it as their audience.
    pub(super) resource: String,
    pub(super) names: Vec<String>,
    /// `/.default`: everything that was granted.
    pub(super) default: bool,
}

impl Scope {
    /// `api://…/access_as_user openid`: the last slash parts API and permission; no slash means Microsoft Graph. What is
    /// said twice counts once.
    pub(super) fn parse(text: &str) -> Self {
        let mut scope = Self::default();
        let (mut seen, mut places) = (HashSet::new(), HashMap::new());
        for word in text.split_ascii_whitespace().filter(|word| seen.insert(*word)) {
            match word.rsplit_once('/') {
                None if OIDC.contains(&word) => drop(scope.oidc.insert(word.to_owned())),
                None => scope.ask(&mut places, (GRAPH, word)),
                Some(asked) => scope.ask(&mut places, asked),
            }
        }
        scope
    }

    /// `places` says where each API stands, so that thousands of them take no longer than they must.
    fn ask<'t>(&mut self, places: &mut HashMap<&'t str, usize>, (resource, name): (&'t str, &str)) {
        let place = *places.entry(resource).or_insert_with(|| {
            self.resources.push(Asked { resource: resource.to_owned(), names: Vec::new(), default: false });
            self.resources.len() - 1
        });
        match name {
            ".default" => self.resources[place].default = true,
            name => self.resources[place].names.push(name.to_owned()),
        }
    }

    pub(super) fn has(&self, oidc: &str) -> bool {
        self.oidc.contains(oidc)
    }

    pub(super) fn oidc(&self) -> impl Iterator<Item = &str> {
        self.oidc.iter().map(String::as_str)
    }

    /// Every API asked for; a token is only for the first.
    pub(super) fn resources(&self) -> &[Asked] {
        &self.resources
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apis_are_parted_from_permissions_at_the_last_slash() {
        let scope = Scope::parse(
            "api://a/read openid User.Read https://h/x//.default api://a/write profile api://a/read",
        );
        let asked: Vec<_> =
            scope.resources().iter().map(|asked| (asked.resource.as_str(), asked.default)).collect();
        assert_eq!(asked, [("api://a", false), (GRAPH, false), ("https://h/x/", true)]);
        assert_eq!(scope.resources()[0].names, ["read", "write"]);
        assert!(scope.has("openid") && !scope.has("offline_access"));
    }
}
