//! Who is in the simulator's world (`GET /sim/directory`), as far as attacks need to know.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Directory {
    pub(crate) tenants: Vec<DirectoryTenant>,
    pub(crate) applications: Vec<DirectoryApplication>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DirectoryTenant {
    pub(crate) id: String,
    pub(crate) domains: Vec<String>,
    pub(crate) kind: String,
    pub(crate) users: Vec<DirectoryUser>,
    #[serde(default)]
    pub(crate) service_principals: Vec<DirectoryPrincipal>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DirectoryUser {
    pub(crate) id: String,
    pub(crate) upn: String,
    #[serde(default)]
    pub(crate) password: Option<String>,
    #[serde(default)]
    pub(crate) roles: Vec<String>,
    pub(crate) home_tenant: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DirectoryPrincipal {
    pub(crate) app_id: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DirectoryApplication {
    pub(crate) app_id: String,
    pub(crate) home_tenant: String,
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) secrets: Vec<serde_json::Value>,
}

impl Directory {
    /// The tenant of that id or domain, in any letter case.
    pub(crate) fn tenant(&self, name: &str) -> Option<&DirectoryTenant> {
        let named = |tenant: &&DirectoryTenant| {
            tenant.id.eq_ignore_ascii_case(name)
                || tenant.domains.iter().any(|domain| domain.eq_ignore_ascii_case(name))
        };
        self.tenants.iter().find(named)
    }
}

impl DirectoryTenant {
    /// The first member with that role, or the first member at all where none is asked for.
    pub(crate) fn member(&self, role: Option<&str>) -> Option<&DirectoryUser> {
        let fits = |user: &&DirectoryUser| {
            user.home_tenant == self.id && role.is_none_or(|role| user.roles.iter().any(|has| has == role))
        };
        self.users.iter().find(fits)
    }

    /// Somebody whom this tenant invited from another one.
    pub(crate) fn guest(&self) -> Option<&DirectoryUser> {
        self.users.iter().find(|user| user.home_tenant != self.id)
    }
}
