//! The directory that the simulator plays: tenants, people, applications, and what each may do.
//!
//! A world is read from TOML ([`World::from_toml`]); [`World::builtin`] is the one that ships. The names of its keys
//! are those of `GET /sim/directory`.

mod application;
pub mod builtin;
mod file;
mod lookup;
mod tenant;

pub use application::{Application, ApplicationKind, OptionalClaim, Platform, RedirectUri, SignInAudience};
pub(crate) use application::{GRAPH, graph};
pub use file::WorldError;
pub(crate) use lookup::{Account, Slot};
use serde::Deserialize;
pub use tenant::{Grant, Secret, ServicePrincipal, Tenant, TenantKind, User};

/// Everything the simulator knows about organisations, people and applications.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// Whether `allowed_tenants` of an application is obeyed, as Entra's own list is. Default `true`; moved at run
    /// time by `POST /sim/native-allow-list`.
    #[serde(default = "yes")]
    pub native_allow_list: bool,
    /// The organisations.
    pub tenants: Vec<Tenant>,
    /// The applications registered in them.
    pub applications: Vec<Application>,
}

fn yes() -> bool {
    true
}
