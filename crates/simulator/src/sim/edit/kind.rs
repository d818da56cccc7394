//! The kinds of things in the directory, and how each is read.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::super::body::Problem;
use crate::world::{Application, Assignment, Grant, Group, ServicePrincipal, Tenant, User};

/// A kind of thing that has a place of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Tenant,
    User,
    Group,
    ServicePrincipal,
    Grant,
    Assignment,
    Application,
}

impl Kind {
    pub(super) const ALL: [Self; 7] = [
        Self::Tenant,
        Self::User,
        Self::Group,
        Self::ServicePrincipal,
        Self::Grant,
        Self::Assignment,
        Self::Application,
    ];

    /// Its key in a world file, and its segment in a path.
    pub(super) fn collection(self) -> &'static str {
        match self {
            Self::Tenant => "tenants",
            Self::User => "users",
            Self::Group => "groups",
            Self::ServicePrincipal => "service_principals",
            Self::Grant => "grants",
            Self::Assignment => "assignments",
            Self::Application => "applications",
        }
    }

    pub(super) fn singular(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::User => "user",
            Self::Group => "group",
            Self::ServicePrincipal => "service_principal",
            Self::Grant => "grant",
            Self::Assignment => "assignment",
            Self::Application => "application",
        }
    }

    /// Members that tell one from another in its collection.
    pub(super) fn identity(self) -> &'static [&'static str] {
        match self {
            Self::Tenant | Self::User | Self::Group | Self::ServicePrincipal => &["id"],
            Self::Grant => &["resource", "user"],
            Self::Assignment => &["principal", "role"],
            Self::Application => &["app_id"],
        }
    }

    /// Members that the last segment of a path may name it by; the first is the one that a new thing gets.
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Self::Tenant => &["id"],
            Self::User => &["id", "upn"],
            Self::Group => &["id", "name"],
            Self::ServicePrincipal => &["id", "app_id"],
            Self::Grant => &["resource"],
            Self::Assignment => &["principal"],
            Self::Application => &["app_id"],
        }
    }

    /// The member that may be left out of a new thing.
    pub(super) fn inventable_id(self) -> Option<&'static str> {
        match self {
            Self::Grant | Self::Assignment => None,
            _ => Some(self.identity()[0]),
        }
    }

    /// Reads a thing as strictly as a world file, and writes it as one would be written.
    pub(super) fn read(self, members: Map<String, Value>) -> Result<Value, Problem> {
        let thing = Value::Object(members);
        match self {
            Self::Tenant => written::<Tenant>(&thing),
            Self::User => written::<User>(&thing),
            Self::Group => written::<Group>(&thing),
            Self::ServicePrincipal => written::<ServicePrincipal>(&thing),
            Self::Grant => written::<Grant>(&thing),
            Self::Assignment => written::<Assignment>(&thing),
            Self::Application => written::<Application>(&thing),
        }
    }
}

fn written<T: DeserializeOwned + Serialize>(thing: &Value) -> Result<Value, Problem> {
    let read: T = serde_path_to_error::deserialize(thing).map_err(|error| {
        let message = error.inner().to_string();
        Problem::field(culprit(&error.path().to_string(), &message), message)
    })?;
    serde_json::to_value(read).map_err(|error| Problem::field("body", error.to_string()))
}

/// The member that a complaint is about. About members that are missing or unknown the path is that of their table.
fn culprit(path: &str, message: &str) -> String {
    let about_a_name = message.starts_with("missing field") || message.starts_with("unknown field");
    let name = message.split('`').nth(1).filter(|_| about_a_name);
    match (path, name) {
        ("." | "?", Some(name)) => name.to_owned(),
        (path, Some(name)) if path.ends_with(name) => path.to_owned(),
        (path, Some(name)) => format!("{path}.{name}"),
        ("." | "?", None) => "body".to_owned(),
        (path, None) => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn complaints_name_the_member() {
        for (thing, field) in [
            (json!({}), "id"),
            (json!({ "id": 1 }), "id"),
            (json!({ "colour": 1 }), "colour"),
            (json!({ "domains": [1] }), "domains[0]"),
            (json!({ "users": [{ "upn": 1 }] }), "users[0].upn"),
            (json!({ "users": [{ "colour": 1 }] }), "users[0].colour"),
        ] {
            let Value::Object(members) = thing.clone() else { unreachable!() };
            assert_eq!(Kind::Tenant.read(members).unwrap_err().named(), field, "{thing}");
        }
    }
}
