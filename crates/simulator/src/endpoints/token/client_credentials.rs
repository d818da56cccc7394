//! `client_credentials`: a token for an application by itself (RFC 6749 §4.4).

use axum::body::Body;
use axum::http::Response;
use serde_json::json;

use super::answer::finished;
use super::{TokenCall, client_auth};
use crate::authority::Version;
use crate::endpoints::aadsts::{Aadsts, DEFAULT_SCOPE_NEEDED, TENANT_NEEDED};
use crate::endpoints::authorize::missing;
use crate::endpoints::policy::Flow;
use crate::endpoints::scope::{Asked, Scope};
use crate::endpoints::signing::signed;
use crate::tokens::{AccessToken, Circumstances, Stamp, Subject, audience};
use crate::world::{Slot, Tenant};

pub(super) fn issue(call: &TokenCall<'_, '_>) -> Result<Response<Body>, Aadsts> {
    let client = call.client()?;
    let tenant = tenant(call)?;
    let principal = call.policy.admit(client, tenant, Flow::AppOnly)?;
    let proof = client_auth::confidential(call, client)?;
    let asked = resource(call)?;
    let resource = call.policy.resource(&asked, tenant, Flow::AppOnly)?;
    let state = &call.context.state;
    let circumstances =
        Circumstances { client_capabilities: call.claims.capabilities.clone(), ..Circumstances::default() };
    let lifetime_s = Stamp::lifetime_at(resource, &circumstances.client_capabilities, &state.random);
    let stamp = Stamp::new(&state.random, state.clock.now(), lifetime_s);
    let version = Version::of_resource(resource, tenant);
    let token = AccessToken {
        subject: Subject::Application { tenant, object_id: principal.id.to_string() },
        version,
        audience: audience(resource, &asked.resource, version),
        client: client.app_id.to_string(),
        client_proof: proof,
        scopes: Vec::new(),
        roles: call.policy.app_only(principal, resource, tenant)?,
        resource: Some(resource),
        circumstances,
    };
    // No `scope` and no `client_info`, though clients ask for the latter: MSAL would miss its cache on every call.
    let answer = json!({
        "token_type": "Bearer",
        "expires_in": stamp.lifetime_s,
        "ext_expires_in": stamp.lifetime_s,
        "access_token": signed(call.context, (tenant, resource), version, &token.claims(&call.context.authority, &stamp))?,
    });
    Ok(finished(call, answer, &asked.resource, &stamp))
}

fn tenant<'w>(call: &TokenCall<'_, 'w>) -> Result<&'w Tenant, Aadsts> {
    match call.slot {
        Slot::Tenant(tenant) => Ok(tenant),
        _ => Err(TENANT_NEEDED.because("The grant type is not supported over the /common or /consumers endpoints. Please use a tenant-specific endpoint.")),
    }
}

/// The one API of `{resource}/.default`, or of version 1's `resource`.
fn resource(call: &TokenCall<'_, '_>) -> Result<Asked, Aadsts> {
    if let (Version::V1, Some(resource)) = (call.version, call.parameters.get("resource")) {
        return Ok(Asked { resource: resource.to_owned(), names: Vec::new(), default: true });
    }
    let scope = Scope::parse(call.parameters.get("scope").ok_or_else(|| missing("scope"))?);
    match scope.resources() {
        [only] if only.default && only.names.is_empty() && scope.oidc().next().is_none() => Ok(only.clone()),
        _ => Err(DEFAULT_SCOPE_NEEDED.because("The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).")),
    }
}
