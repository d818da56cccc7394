//! What an API lets others do, and what a client asks for in advance.

use serde::{Deserialize, Serialize};

use super::yes;
use crate::ids::{AppId, PartId};

/// A delegated permission: a text, or a table with its details.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "ScopeEntry", into = "ScopeEntry")]
pub struct Scope {
    /// What `scp` holds.
    pub value: String,
    /// Id by which registrations refer to it. Default: follows from the value.
    pub id: PartId,
    /// Whether only an administrator may consent to it. Default `false`.
    pub admin_only: bool,
    /// Whether it can be asked for. Default `true`.
    pub enabled: bool,
    /// Heading on the consent page. Default: the value.
    pub title: Option<String>,
    /// What consenting means, for the consent page.
    pub description: Option<String>,
}

/// An app role: a text, or a table with its details.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "RoleEntry", into = "RoleEntry")]
pub struct AppRole {
    /// What `roles` holds.
    pub value: String,
    /// Id by which registrations and assignments refer to it. Default: follows from the value.
    pub id: PartId,
    /// Who can have it. Default: people and applications.
    pub members: RoleMembers,
    /// Whether it can be assigned. Default `true`.
    pub enabled: bool,
    /// Display name. Default: the value.
    pub title: Option<String>,
    /// What having it means.
    pub description: Option<String>,
}

/// Who can have an app role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoleMembers {
    /// People, groups and applications.
    #[default]
    Both,
    /// People and groups.
    Users,
    /// Applications.
    Applications,
}

/// What a registration says in advance that it needs of one API (static consent, `/.default`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequiredPermissions {
    /// The API.
    pub resource: AppId,
    /// Delegated permissions.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Application permissions.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// A client that needs no consent for an API: its id, or a table that names the permissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a pre-authorized client: its id, or a table of `client` and `scopes`")]
pub enum PreAuthorized {
    /// For every permission.
    Every(AppId),
    /// For some.
    Some(PreAuthorizedClient),
}

/// A client that needs no consent for some permissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreAuthorizedClient {
    /// The client.
    pub client: AppId,
    /// The permissions.
    pub scopes: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "a scope: a text, or a table of `value`, `id`, `admin_only`, `enabled`, `title`, `description`"
)]
enum ScopeEntry {
    Plain(String),
    Full(ScopeTable),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScopeTable {
    value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<PartId>,
    #[serde(default)]
    admin_only: bool,
    #[serde(default = "yes")]
    enabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "an app role: a text, or a table of `value`, `id`, `members`, `enabled`, `title`, `description`"
)]
enum RoleEntry {
    Plain(String),
    Full(RoleTable),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleTable {
    value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<PartId>,
    #[serde(default)]
    members: RoleMembers,
    #[serde(default = "yes")]
    enabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

fn scope_id(value: &str) -> PartId {
    PartId::derived(&format!("scope|{value}"))
}

fn role_id(value: &str) -> PartId {
    PartId::derived(&format!("role|{value}"))
}

impl Scope {
    /// A permission that people may consent to.
    pub(crate) fn new(value: &str) -> Self {
        Self::from(ScopeEntry::Plain(value.to_owned()))
    }
}

impl AppRole {
    pub(crate) fn is_for_people(&self) -> bool {
        self.enabled && self.members != RoleMembers::Applications
    }

    pub(crate) fn is_for_applications(&self) -> bool {
        self.enabled && self.members != RoleMembers::Users
    }
}

impl PreAuthorized {
    pub(crate) fn client(&self) -> AppId {
        match self {
            Self::Every(client) | Self::Some(PreAuthorizedClient { client, .. }) => *client,
        }
    }

    pub(crate) fn covers(&self, client: AppId, scope: &str) -> bool {
        match self {
            Self::Every(listed) => *listed == client,
            Self::Some(listed) => listed.client == client && listed.scopes.iter().any(|name| name == scope),
        }
    }
}

impl From<ScopeEntry> for Scope {
    fn from(entry: ScopeEntry) -> Self {
        match entry {
            ScopeEntry::Plain(value) => {
                let id = scope_id(&value);
                Self { value, id, admin_only: false, enabled: true, title: None, description: None }
            }
            ScopeEntry::Full(table) => Self {
                id: table.id.unwrap_or_else(|| scope_id(&table.value)),
                value: table.value,
                admin_only: table.admin_only,
                enabled: table.enabled,
                title: table.title,
                description: table.description,
            },
        }
    }
}

impl From<Scope> for ScopeEntry {
    fn from(scope: Scope) -> Self {
        if scope == Scope::new(&scope.value) {
            return Self::Plain(scope.value);
        }
        Self::Full(ScopeTable {
            id: Some(scope.id).filter(|id| *id != scope_id(&scope.value)),
            value: scope.value,
            admin_only: scope.admin_only,
            enabled: scope.enabled,
            title: scope.title,
            description: scope.description,
        })
    }
}

impl From<RoleEntry> for AppRole {
    fn from(entry: RoleEntry) -> Self {
        match entry {
            RoleEntry::Plain(value) => {
                let (id, members) = (role_id(&value), RoleMembers::Both);
                Self { value, id, members, enabled: true, title: None, description: None }
            }
            RoleEntry::Full(table) => Self {
                id: table.id.unwrap_or_else(|| role_id(&table.value)),
                value: table.value,
                members: table.members,
                enabled: table.enabled,
                title: table.title,
                description: table.description,
            },
        }
    }
}

impl From<AppRole> for RoleEntry {
    fn from(role: AppRole) -> Self {
        if role == AppRole::from(RoleEntry::Plain(role.value.clone())) {
            return Self::Plain(role.value);
        }
        Self::Full(RoleTable {
            id: Some(role.id).filter(|id| *id != role_id(&role.value)),
            value: role.value,
            members: role.members,
            enabled: role.enabled,
            title: role.title,
            description: role.description,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_tables_survive_a_round_trip() {
        for written in [r#""read""#, r#"{"value":"read","admin_only":true,"enabled":true}"#] {
            let scope: Scope = serde_json::from_str(written).unwrap();
            assert_eq!(serde_json::to_string(&scope).unwrap(), written);
        }
        for written in [r#""Admin""#, r#"{"value":"Admin","members":"users","enabled":false}"#] {
            let role: AppRole = serde_json::from_str(written).unwrap();
            assert_eq!(serde_json::to_string(&role).unwrap(), written);
        }
        assert!(serde_json::from_str::<Scope>(r#"{"value":"read","admin":true}"#).is_err());
    }

    #[test]
    fn pre_authorization_covers_only_what_it_names() {
        let client = "c0000000-0000-4000-8000-000000000001".parse().unwrap();
        let some = PreAuthorized::Some(PreAuthorizedClient { client, scopes: vec!["read".to_owned()] });
        assert!(some.covers(client, "read") && !some.covers(client, "write"));
        assert!(!some.covers("c0000000-0000-4000-8000-000000000002".parse().unwrap(), "read"));
        assert!(PreAuthorized::Every(client).covers(client, "write"));
    }
}
