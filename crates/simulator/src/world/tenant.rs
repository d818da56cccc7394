//! An organisation and what is in it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::{AppId, ObjectId, TenantId};

/// An organisation's directory.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// The `tid` of its tokens.
    pub id: TenantId,
    /// Display name.
    pub name: String,
    /// Verified domains, lower-case; each may stand for the id in a path.
    pub domains: Vec<String>,
    /// What sort of directory it is. Default `workforce`.
    #[serde(default)]
    pub kind: TenantKind,
    /// People, guests included.
    #[serde(default)]
    pub users: Vec<User>,
    /// Applications that were consented to here.
    #[serde(default)]
    pub service_principals: Vec<ServicePrincipal>,
}

/// What sort of directory a tenant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TenantKind {
    /// An organisation with its employees and guests.
    #[default]
    Workforce,
    /// The tenant of personal accounts; it has signing keys of its own, and there is at most one.
    Personal,
}

/// A person in one tenant. A guest is an object of the resource tenant that points to the home account.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The `oid` claim; a guest's differs from the one at home.
    pub id: ObjectId,
    /// User principal name; of a guest the `name_home.example#EXT#@resource.example` form.
    pub upn: String,
    /// The `name` claim.
    pub display_name: String,
    /// A development password. Empty for guests: they use the one of their home account.
    #[serde(default)]
    pub password: Secret,
    /// Address in the `email` claim. Default: the UPN of the home account.
    #[serde(default)]
    pub email: Option<String>,
    /// App roles the user was assigned; each counts at every API that defines it.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Where the account lives. Absent for members.
    #[serde(default)]
    pub home_tenant: Option<TenantId>,
    /// The account's `oid` at home; goes with `home_tenant`.
    #[serde(default)]
    pub home_user: Option<ObjectId>,
}

/// An application's local half: its presence means that the tenant consented.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServicePrincipal {
    /// The `oid` of the application's own tokens in this tenant.
    pub id: ObjectId,
    /// The application.
    pub app_id: AppId,
    /// What the tenant granted to it.
    #[serde(default)]
    pub grants: Vec<Grant>,
}

/// Permissions of a client on one API, tenant-wide.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The API.
    pub resource: AppId,
    /// Delegated permissions: `scp` when a person signs in.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Application permissions: `roles` when the application signs in by itself.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// A development password or client secret. `Debug` does not show it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Compares without a hint of where the difference is.
    pub(crate) fn matches(&self, given: &str) -> bool {
        !self.0.is_empty()
            && aws_lc_rs::constant_time::verify_slices_are_equal(self.0.as_bytes(), given.as_bytes()).is_ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
