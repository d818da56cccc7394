//! Entra's own endpoints. Every one takes a tenant id, a verified domain or an alias as its first path segment.

mod aadsts;
mod admin_consent;
mod advice;
mod authorize;
mod claims_request;
mod consent_items;
mod cookie;
mod decision;
mod device;
mod discovery;
mod explanations;
mod fallback;
mod keys;
mod logout;
mod metadata;
mod parameters;
mod policy;
mod scope;
mod sign_in;
mod signing;
mod token;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode};
use axum::routing::{get, post};

pub(crate) use self::fallback::worded;
pub(crate) use self::keys::{jwk, key_issuer};
pub(crate) use self::parameters::Parameters;
use crate::authority::Version;
use crate::pages::{NativeClientPage, page};
use crate::sim;
use crate::state::Context;

/// Everything outside `/sim`.
pub(crate) fn router(context: Context) -> Router {
    Router::new()
        .route("/", get(sim::from_the_root))
        .route("/error", get(advice::look_up))
        .route("/{t}/v2.0/.well-known/openid-configuration", get(metadata::v2))
        .route("/{t}/.well-known/openid-configuration", get(metadata::v1))
        .route("/{t}/discovery/v2.0/keys", get(keys::v2))
        .route("/{t}/discovery/keys", get(keys::v1))
        .route("/{t}/discovery/instance", get(discovery::instance))
        .route("/{t}/userrealm/{user}", get(discovery::user_realm))
        .route("/{t}/oauth2/v2.0/authorize", get(authorize::v2).post(authorize::v2))
        .route("/{t}/oauth2/authorize", get(authorize::v1).post(authorize::v1))
        .route("/{t}/login", post(authorize::sign_in))
        .route("/{t}/consent", post(authorize::consent))
        .route("/{t}/v2.0/adminconsent", get(admin_consent::v2).post(admin_consent::form_v2))
        .route("/{t}/adminconsent", get(admin_consent::v1).post(admin_consent::form_v1))
        .route("/{t}/oauth2/v2.0/token", post(token::v2).get(token::wrong_method))
        .route("/{t}/oauth2/token", post(token::v1).get(token::wrong_method))
        .route("/{t}/oauth2/v2.0/devicecode", post(device::v2).get(token::wrong_method))
        .route("/{t}/oauth2/devicecode", post(device::v1).get(token::wrong_method))
        .route("/{t}/oauth2/deviceauth", get(authorize::device::enter).post(authorize::device::entered))
        .route("/device", get(authorize::device::enter).post(authorize::device::entered))
        .route("/{t}/step-up", post(authorize::step_up))
        .route("/{t}/oauth2/nativeclient", get(native_client))
        .route("/{t}/oauth2/v2.0/logout", get(logout::sign_out).post(logout::sign_out))
        .route("/{t}/oauth2/logout", get(logout::sign_out).post(logout::sign_out))
        .with_state(context)
}

/// `GET /{t}/oauth2/nativeclient`
async fn native_client() -> Response<Body> {
    page(StatusCode::OK, &NativeClientPage)
}

/// A host was asked about another tenant than its own.
pub(crate) fn not_here(context: &Context, headers: &HeaderMap) -> Response<Body> {
    let refusal =
        aadsts::TENANT_NOT_FOUND.because("This host belongs to one external tenant and knows no other.");
    refusal.json(context, headers, None)
}
