//! A local Microsoft Entra ID with many tenants, for development and tests only.
//!
//! It speaks Entra's own paths (metadata, keys, authorize, token, …) for a small world of organisations, people and
//! applications, and can be told to misbehave through its controls under `/sim`. It imports nothing else of this
//! project, so that it is an independent witness.
//!
//! ```
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use tenantry_simulator::{Simulator, TokenRequest, builtin};
//!
//! let simulator = Simulator::start().await?;
//! let request = TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN).audience(builtin::API);
//! let minted = simulator.mint(&request)?;
//! assert_eq!(minted.claims["tid"], builtin::CONTOSO);
//! simulator.shutdown().await;
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(run()).unwrap();
//! ```
//!
//! Start reading at `server.rs`; a request goes through `service.rs` (log, faults) to `endpoints/`,
//! `graph/` or `sim/`.

mod authority;
mod builder;
mod clock;
mod devices;
mod encoding;
mod endpoints;
mod error;
mod faults;
mod grants;
mod graph;
mod hosts;
mod ids;
#[cfg_attr(not(feature = "sqlite"), allow(dead_code, reason = "without SQLite nothing is kept"))]
mod kept;
mod keys;
mod pages;
mod path;
mod random;
mod reload;
mod requests;
mod server;
mod service;
mod sessions;
mod sim;
#[cfg_attr(not(feature = "sqlite"), allow(dead_code, reason = "without SQLite nothing is kept"))]
mod source;
mod state;
#[cfg(feature = "sqlite")]
mod store;
#[cfg(not(feature = "sqlite"))]
#[path = "no_store.rs"]
mod store;
mod tickets;
mod tls;
mod tokens;
mod world;

pub use builder::SimulatorBuilder;
pub use error::SimulatorError;
pub use faults::{Fault, FaultEndpoint, FaultKind};
pub use ids::{AppId, NotAGuid, ObjectId, PartId, TenantId};
pub use keys::{KeyError, KeyOwner, KeyRotation, RotatedKeys};
pub use path::Endpoint;
pub use requests::{REQUESTS_MAX, RecordedRequest, RecordedRequests};
pub use server::Simulator;
pub use tokens::{MintError, Minted, SignWith, TokenKind, TokenRequest};
pub use world::{
    AppRole, Application, ApplicationKind, Assignment, Certificate, ClientSecret, DirectoryRole,
    FederatedCredential, Grant, Group, GroupClaims, NotACertificate, OptionalClaim, Platform, PreAuthorized,
    PreAuthorizedClient, RedirectUri, RequiredPermissions, RoleMembers, Scope, Secret, ServicePrincipal,
    ShippedWorld, SignInAudience, TaggedRedirect, Tenant, TenantKind, UnknownWorld, User, UserConsent, World,
    WorldCounts, WorldError, WorldFileError, builtin,
};
