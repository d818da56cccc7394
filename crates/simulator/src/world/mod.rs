//! The directory that the simulator plays: tenants, people, applications, and what each may do.
//!
//! A world is read from TOML ([`World::from_toml`]); [`World::builtin`] is the one that ships. The names of its keys
//! are those of `GET /sim/directory`. A running simulator works on immutable snapshots; [`crate::state::State::change`]
//! replaces them. What a request asks is in `lookup.rs`, what a person or program may do in `access.rs`.

mod access;
mod application;
pub mod builtin;
mod check;
mod credential;
mod deleted;
#[cfg(feature = "sqlite")]
mod difference;
mod file;
mod forget;
mod granting;
mod graph;
mod index;
mod locate;
mod lookup;
mod permission;
mod rename;
mod safety;
mod settle;
mod shipped;
mod summary;
mod tenant;

use std::sync::Arc;

pub use application::{
    Application, ApplicationKind, GroupClaims, OptionalClaim, Platform, RedirectUri, SignInAudience,
    TaggedRedirect,
};
pub use check::WorldError;
pub use credential::{Certificate, ClientSecret, FederatedCredential, NotACertificate, Secret};
pub(crate) use deleted::Deleted;
#[cfg(feature = "sqlite")]
pub(crate) use difference::Difference;
pub use file::WorldFileError;
pub(crate) use granting::{Extent, Granting};
pub(crate) use graph::{GRAPH, graph};
use index::Index;
pub(crate) use lookup::{Account, Slot};
pub use permission::{AppRole, PreAuthorized, PreAuthorizedClient, RequiredPermissions, RoleMembers, Scope};
pub(crate) use safety::is_real_host;
use serde::{Deserialize, Serialize};
pub use shipped::{ShippedWorld, UnknownWorld};
pub use summary::WorldCounts;
pub use tenant::{
    Assignment, DirectoryRole, Grant, Group, ServicePrincipal, Tenant, TenantKind, User, UserConsent,
};

/// Everything the simulator knows about organisations, people and applications. Cheap to clone: what a change does not
/// touch is shared.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// Whether `allowed_tenants` of an application is obeyed, as Entra's own list is. Default `true`; moved at run
    /// time by `POST /sim/native-allow-list`.
    #[serde(default = "yes")]
    pub native_allow_list: bool,
    tenants: Vec<Arc<Tenant>>,
    #[serde(default)]
    applications: Vec<Arc<Application>>,
    /// Registrations in the bin, from which Microsoft Graph brings them back.
    #[serde(default, skip_serializing_if = "is_default")]
    deleted: Vec<Arc<Deleted>>,
    #[serde(skip)]
    index: Arc<Index>,
}

impl World {
    /// The organisations.
    pub fn tenants(&self) -> impl ExactSizeIterator<Item = &Tenant> + DoubleEndedIterator + Clone {
        self.tenants.iter().map(|tenant| &**tenant)
    }

    /// The applications registered in them.
    pub fn applications(&self) -> impl ExactSizeIterator<Item = &Application> + DoubleEndedIterator + Clone {
        self.applications.iter().map(|application| &**application)
    }
}

fn yes() -> bool {
    true
}

/// Whether a value need not be written down.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
