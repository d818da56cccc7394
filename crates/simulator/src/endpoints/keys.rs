//! Key documents (RFC 7517): version 2 with the issuer of each key, version 1 without.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::Version;
use super::metadata::unknown_tenant;
use crate::authority::Authority;
use crate::encoding::base64;
use crate::keys::{KeyOwner, SigningKey};
use crate::state::Context;
use crate::world::{Slot, TenantKind, World};

/// `GET /{t}/discovery/v2.0/keys`
pub(super) async fn v2(
    State(context): State<Context>,
    Path(segment): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    document(&context, &segment, Version::V2).unwrap_or_else(|| unknown_tenant(&context, &segment, &headers))
}

/// `GET /{t}/discovery/keys`
pub(super) async fn v1(
    State(context): State<Context>,
    Path(segment): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    document(&context, &segment, Version::V1).unwrap_or_else(|| unknown_tenant(&context, &segment, &headers))
}

fn document(context: &Context, segment: &str, version: Version) -> Option<Response<Body>> {
    let world = context.state.world();
    let slot = world.slot(segment)?;
    let ring = context.state.keys.ring();
    let shown = ring.published().filter(|key| is_shown(key, slot, version));
    let keys: Vec<Value> = shown.map(|key| jwk(key, version, &context.authority, &world)).collect();
    Some(Json(json!({ "keys": keys })).into_response())
}

/// Version 2 documents show every key, as Entra's do. Personal accounts have no version 1 tokens, hence no keys there.
fn is_shown(key: &SigningKey, slot: Slot<'_>, version: Version) -> bool {
    let personal = matches!(slot, Slot::Consumers(_))
        || matches!(slot, Slot::Tenant(tenant) if tenant.kind == TenantKind::Personal);
    version == Version::V2 || key.owner == KeyOwner::Organizations || personal
}

/// A public key as published. There is no `alg`, as at Entra: validators must know that it is RS256.
pub(crate) fn jwk(key: &SigningKey, version: Version, authority: &Authority, world: &World) -> Value {
    let mut jwk = json!({
        "kty": "RSA",
        "use": "sig",
        "kid": key.kid,
        "x5t": key.kid,
        "n": key.private.modulus(),
        "e": key.private.exponent(),
        "x5c": [base64(&key.certificate)],
    });
    if version == Version::V2 {
        jwk["issuer"] = json!(key_issuer(key.owner, authority, world));
        jwk["cloud_instance_name"] = json!(authority.host_and_port());
    }
    jwk
}

/// The issuer a key may sign for: a template for organisations, one tenant for personal accounts.
pub(crate) fn key_issuer(owner: KeyOwner, authority: &Authority, world: &World) -> String {
    match (owner, world.personal()) {
        (KeyOwner::Personal, Some(tenant)) => authority.v2_issuer(&tenant.id.to_string()),
        _ => authority.v2_issuer("{tenantid}"),
    }
}
