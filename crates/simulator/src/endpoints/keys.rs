//! Key documents (RFC 7517): version 2 with the issuer of each key, version 1 without.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Response};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::Version;
use super::metadata::unknown_tenant;
use super::parameters::Parameters;
use crate::authority::Authority;
use crate::encoding::base64;
use crate::keys::{KeyOwner, SigningKey};
use crate::state::Context;
use crate::world::{Application, Slot, TenantKind, World};

/// `GET /{t}/discovery/v2.0/keys`
pub(super) async fn v2(
    State(context): State<Context>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    document(&context, &segment, Version::V2, &Parameters::of_query(query))
        .unwrap_or_else(|| unknown_tenant(&context, &segment, &headers))
}

/// `GET /{t}/discovery/keys`
pub(super) async fn v1(
    State(context): State<Context>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    document(&context, &segment, Version::V1, &Parameters::of_query(query))
        .unwrap_or_else(|| unknown_tenant(&context, &segment, &headers))
}

fn document(
    context: &Context,
    segment: &str,
    version: Version,
    parameters: &Parameters,
) -> Option<Response<Body>> {
    let world = context.state.world();
    let slot = world.slot(segment)?;
    let named = parameters.get("appid").and_then(|id| id.parse().ok()).and_then(|id| world.client(id));
    let own = sole_owner(slot, named);
    // Whoever reads the document wants to check a token soon; without a key it is empty.
    let made = own.map(|owner| context.state.keys.current(owner)).transpose();
    let ring = context.state.keys.ring();
    let shown = ring.published().filter(|key| match own {
        Some(owner) => made.is_ok() && key.owner == owner,
        None => is_shown(key, slot, version),
    });
    let keys: Vec<Value> = shown.map(|key| jwk(key, version, &context.authority, &world)).collect();
    Some(Json(json!({ "keys": keys })).into_response())
}

/// The one whose keys alone are shown: an application with keys of its own, asked for by `?appid=`, or an external tenant.
fn sole_owner(slot: Slot<'_>, named: Option<&Application>) -> Option<KeyOwner> {
    match (slot, named) {
        (_, Some(application)) if application.own_signing_key => {
            Some(KeyOwner::Application(application.app_id))
        }
        (Slot::Tenant(tenant), _) if tenant.kind == TenantKind::External => {
            Some(KeyOwner::ExternalTenant(tenant.id))
        }
        _ => None,
    }
}

/// Version 2 documents show every shared key, as Entra's do. Personal accounts have no version 1 tokens, hence no keys there.
fn is_shown(key: &SigningKey, slot: Slot<'_>, version: Version) -> bool {
    let personal = matches!(slot, Slot::Consumers(_))
        || matches!(slot, Slot::Tenant(tenant) if tenant.kind == TenantKind::Personal);
    match key.owner {
        KeyOwner::Organizations => true,
        KeyOwner::Personal => version == Version::V2 || personal,
        KeyOwner::Application(_) | KeyOwner::ExternalTenant(_) => false,
    }
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

/// The issuer a key may sign for: a template for organisations, one tenant for personal accounts and external tenants.
pub(crate) fn key_issuer(owner: KeyOwner, authority: &Authority, world: &World) -> String {
    let tenant = match owner {
        KeyOwner::Organizations => None,
        KeyOwner::Personal => world.personal(),
        KeyOwner::ExternalTenant(tenant) => world.tenant_by_id(tenant),
        KeyOwner::Application(app_id) => world
            .client(app_id)
            .and_then(|application| world.tenant_by_id(application.home_tenant))
            .filter(|home| home.kind == TenantKind::External),
    };
    authority.v2_issuer(&tenant.map_or("{tenantid}".to_owned(), |tenant| tenant.id.to_string()))
}
