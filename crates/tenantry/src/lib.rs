//! The auth module of a multi-tenant API on Microsoft Entra ID.
//!
//! Say whose tokens count ([`Authority`], [`Audience`]), which tenants may come in ([`AllowList`]), and what each route
//! asks for ([`Permission`]). Handlers then take the verified caller as an argument ([`Principal`], [`Tenant`], [`User`],
//! [`Application`]). Everything else is refused before a handler runs: 401 for tokens, 403 for missing permissions,
//! with one generic body for the caller and the exact reason in the log (target `tenantry::decision`).
//!
//! ```
//! use tenantry::{AllowList, Audience, Auth, Authority, Permission, Principal, Routes};
//! # use tenantry_simulator::{Simulator, TokenRequest, builtin};
//! # use tower::ServiceExt;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let simulator = Simulator::start().await?;
//! # let (authority, client_id, customer) = (simulator.base(), builtin::API, builtin::CONTOSO);
//! let auth = Auth::builder()
//!     .authority(Authority::at_host(authority)?) // in production `Authority::entra(Cloud::Worldwide)`
//!     .audience(Audience::new(client_id)?)
//!     .tenants(AllowList::new([customer.parse()?]))
//!     .build()
//!     .await?;
//!
//! let api = Routes::<()>::new()
//!     .public_get("/healthz", async || "ok")
//!     .get("/me", Permission::users_with_scope("access_as_user"), async |caller: Principal| caller.id())
//!     .protect(&auth);
//!
//! // Served by `axum::serve(listener, api)`; here it is asked in process.
//! # let token = simulator.mint(&TokenRequest::for_user(customer, builtin::CONTOSO_EDITOR).audience(client_id))?.token;
//! let request = http::Request::get("/me").header("authorization", format!("Bearer {token}"));
//! assert_eq!(api.clone().oneshot(request.body(axum::body::Body::empty())?).await?.status(), 200);
//! let without_token = http::Request::get("/me").body(axum::body::Body::empty())?;
//! assert_eq!(api.oneshot(without_token).await?.status(), 401);
//! # Ok(())
//! # }
//! ```
//!
//! With a simulator in the place of Entra all of this runs in a test, offline: `examples/first_api.rs` is such a program
//! whole.
//!
//! A request's way: `layer.rs` → `auth.rs` (cache of verdicts, then the ten steps of `tenantry-token`) → `permission.rs` →
//! the handler; or `challenge.rs`, which words every refusal.

mod allow_list;
mod auth;
mod builder;
mod cache;
mod challenge;
mod decision;
mod extract;
mod key_setup;
mod layer;
mod module_report;
mod permission;
mod principal;
mod problem;
mod readiness;
mod routes;
mod tenants;

pub use allow_list::{AllowList, AllowListError, AllowListFault, LockOptions};
pub use auth::Auth;
pub use builder::{AuthBuilder, BuildError};
pub use extract::ExtractRefusal;
pub use layer::{Require, RequireLayer};
pub use module_report::ModuleReport;
pub use permission::{Permission, UserPermission};
pub use principal::{Application, Principal, Tenant, User};
pub use problem::Problem;
pub use readiness::Readiness;
pub use routes::Routes;
pub use tenants::ReloadableList;

pub use http::StatusCode;
pub use tenantry_allow_list::{ApprovedKeys, LockFault, ParseError as ApprovedKeysError, rfc3339};
pub use tenantry_authority::{
    Clock, FetchLimits, KeyMode, KeyRing, KeyRingBuilder, KeyRingError, KeySetStatus, LiveVerifier,
    MissOutcome, RefreshSchedule, RefresherHandle, WarmFailure, WarmReport,
};
pub use tenantry_token::{
    AccessToken, Algorithm, Audience, AudienceError, Authentication, Authority, AuthorityError,
    AuthorityKind, ClientId, ClientProof, Cloud, Credentials, Explanation, Guests, KeyAnswer, KeyFault,
    KeySet, KeySetError, KeySource, Limits, ListStatus, Membership, ObjectId, Outcome, ParseIdError, Policy,
    PolicyError, PrincipalKind, RefusedList, Rejection, SkippedKey, Step, StepReport, TenantDirectory,
    TenantId, TenantPolicy, TokenKind, UnixTime, Untrusted, VerificationKey, Verified, Verifier, Versions,
};
