//! The auth module of a multi-tenant API on Microsoft Entra ID.
//!
//! Say whose tokens count ([`Authority`], [`Audience`]), which tenants may come in ([`AllowList`]), and what each route
//! asks for ([`Permission`]). Handlers then take the verified caller as an argument ([`Principal`], [`Tenant`], [`User`],
//! [`Application`]). Everything else is refused before a handler runs: 401 for tokens, 403 for missing permissions,
//! with one generic body for the caller and the exact reason in the log (target `tenantry::decision`).
//!
//! ```no_run
//! use tenantry::{AllowList, Audience, Auth, Authority, Cloud, Permission, Principal, Routes};
//!
//! # async fn start() -> Result<(), Box<dyn std::error::Error>> {
//! let auth = Auth::builder()
//!     .authority(Authority::entra(Cloud::Worldwide))
//!     .audience(Audience::new("11111111-2222-4333-8444-555555555555")?)
//!     .tenants(AllowList::new(["aaaaaaaa-0000-4000-8000-000000000001".parse()?]))
//!     .build()
//!     .await?;
//!
//! let api = Routes::<()>::new()
//!     .public_get("/healthz", async || "ok")
//!     .get("/me", Permission::users_with_scope("access_as_user"), async |caller: Principal| caller.id())
//!     .protect(&auth);
//!
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
//! axum::serve(listener, api).await?;
//! # Ok(())
//! # }
//! ```
//!
//! With a simulator in the place of Entra the same runs in a test, offline: `examples/first_api.rs` is such a program
//! whole.
//!
//! A request's way: `layer.rs` → `auth.rs` (cache of verdicts, then the ten steps of `tenantry-token`) → `permission.rs` →
//! the handler; or `challenge.rs`, which words every refusal.

mod auth;
mod builder;
mod cache;
mod challenge;
mod decision;
mod extract;
mod layer;
mod permission;
mod principal;
mod problem;
mod routes;
mod tenants;

pub use auth::Auth;
pub use builder::{AuthBuilder, BuildError};
pub use extract::ExtractRefusal;
pub use layer::{Require, RequireLayer};
pub use permission::Permission;
pub use principal::{Application, Principal, Tenant, User};
pub use problem::Problem;
pub use routes::Routes;
pub use tenants::ReloadableList;

pub use http::StatusCode;
pub use tenantry_authority::{
    Clock, KeyMode, KeyRing, KeyRingError, LiveVerifier, RefreshSchedule, RefreshSchedule as KeySchedule,
};
pub use tenantry_token::{
    Algorithm, AllowList, Audience, AudienceError, Authentication, Authority, AuthorityError, AuthorityKind,
    ClientId, Cloud, Credentials, Explanation, Guests, KeyAnswer, KeySet, KeySetError, KeySource, Limits,
    Membership, ObjectId, Outcome, ParseIdError, Policy, PolicyError, PrincipalKind, Rejection, Step,
    StepReport, TenantDirectory, TenantId, TenantPolicy, UnixTime, Untrusted, Verified, Verifier, Versions,
};
