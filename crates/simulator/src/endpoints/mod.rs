//! Entra's own endpoints. Every one takes a tenant id, a verified domain or an alias as its first path segment.

mod aadsts;
mod discovery;
mod keys;
mod metadata;

use axum::Router;
use axum::routing::get;

pub(crate) use self::keys::{jwk, key_issuer};
use crate::authority::Version;
use crate::state::Context;

/// Everything outside `/sim`.
pub(crate) fn router(context: Context) -> Router {
    Router::new()
        .route("/{t}/v2.0/.well-known/openid-configuration", get(metadata::v2))
        .route("/{t}/.well-known/openid-configuration", get(metadata::v1))
        .route("/{t}/discovery/v2.0/keys", get(keys::v2))
        .route("/{t}/discovery/keys", get(keys::v1))
        .route("/{t}/discovery/instance", get(discovery::instance))
        .route("/{t}/userrealm/{user}", get(discovery::user_realm))
        .with_state(context)
}
