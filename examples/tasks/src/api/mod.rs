//! The routes, who may use them, and what all answers have in common.

mod answer;
mod body;
mod caller;
mod me;
mod tasks;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, Method, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use tenantry::{Auth, Permission, Principal, Routes};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::{Config, Origin, Role, Store};

/// The delegated scope that the API's registration defines.
const SCOPE: &str = "access_as_user";
/// No task is longer.
const BODY_BYTES_MAX: usize = 16 << 10;

const READERS: &[Role] = &Role::ALL;
const EDITORS: &[Role] = &[Role::Admin, Role::Editor];
const ADMINS: &[Role] = &[Role::Admin];

/// What handlers share.
#[derive(Debug)]
struct Api {
    store: Store,
    default_role: Option<Role>,
}

/// The tasks API over `store`, protected by `auth`. Of `config` it reads the default role, the origins, and whether to tell
/// its version.
///
/// Routes: `GET /healthz`, `GET /readyz` (and `GET /.well-known/tenantry`, if told) for everybody; `GET /api/me`, `GET|POST /api/tasks`, `GET|PATCH|DELETE /api/tasks/{id}` for callers
/// with permission. All errors are RFC 9457 problems.
pub fn app(config: &Config, auth: &Auth, store: Store) -> Router {
    let api = Arc::new(Api { store, default_role: config.default_role });
    let asked = auth.clone();
    let routes = routes(config.default_role).public_get("/readyz", async move || asked.readiness());
    let routes = if config.well_known { routes.tell_version() } else { routes };
    around(routes.protect(auth).with_state(api), config)
}

/// `GET /api/me` with `caller` put in by hand and nothing checked: what the bench compares [`app`] with.
#[doc(hidden)]
pub fn unchecked_for_the_bench(config: &Config, caller: &Principal, store: Store) -> Router {
    let api = Arc::new(Api { store, default_role: config.default_role });
    let route = axum::routing::get(me::show).layer(Extension(caller.clone()));
    around(Router::new().route("/api/me", route).with_state(api), config)
}

/// What all answers have in common.
fn around(routes: Router, config: &Config) -> Router {
    let app = routes
        .fallback(async || answer::no_such_page())
        .method_not_allowed_fallback(async || answer::method_not_allowed())
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(CatchPanicLayer::custom(|_| answer::internal_error().into_response()))
        .layer(map_response(with_common_headers));
    // Outside everything else: a preflight carries no token, and pages may read refusals.
    if config.origins.is_empty() { app } else { app.layer(cors(&config.origins)) }
}

fn routes(default_role: Option<Role>) -> Routes<Arc<Api>> {
    let of = |roles: &[Role]| permission(roles, default_role);
    let anybody_known = Permission::users_with_scope(SCOPE).or_applications_with_role(names(READERS));
    Routes::new()
        .public_get("/healthz", async || "ok\n")
        .get("/api/me", anybody_known, me::show)
        .get("/api/tasks", of(READERS), tasks::list)
        .post("/api/tasks", of(EDITORS), tasks::create)
        .get("/api/tasks/{id}", of(READERS), tasks::show)
        .patch("/api/tasks/{id}", of(EDITORS), tasks::change)
        .delete("/api/tasks/{id}", of(ADMINS), tasks::delete)
}

/// People need the scope and a role; an application that calls for itself needs a role. People without any role pass where
/// the default role does.
fn permission(roles: &[Role], default_role: Option<Role>) -> Permission {
    let people = Permission::users_with_scope(SCOPE);
    let people = if default_role.is_some_and(|default| roles.contains(&default)) {
        people.and_role_or_none(names(roles))
    } else {
        people.and_role(names(roles))
    };
    people.or_applications_with_role(names(roles))
}

fn names(roles: &[Role]) -> impl Iterator<Item = &'static str> {
    roles.iter().map(|role| role.name())
}

/// An explicit list, no reflection, no wildcard, no credentials: tokens travel in `Authorization` only (T-042).
fn cors(origins: &[Origin]) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins.iter().map(|origin| origin.header().clone())))
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::LINK, header::LOCATION, header::WWW_AUTHENTICATE])
        .max_age(Duration::from_secs(600))
}

/// Answers are one caller's business: no cache keeps them, no browser guesses what they are.
async fn with_common_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
