//! Where a device asks for its codes (RFC 8628 §3.1). The person's pages are in `authorize/device.rs`.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Response};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::aadsts::{Aadsts, not_stored, unknown_tenant};
use super::authorize::{check_alias, missing, scope_text};
use super::claims_request::ClaimsRequest;
use super::parameters::Parameters;
use super::policy::Policy;
use crate::authority::Version;
use crate::devices::{DeviceRequest, INTERVAL_S, LIFETIME_S, Progress};
use crate::state::Context;

/// `POST /{t}/oauth2/v2.0/devicecode`
pub(super) async fn v2(
    State(context): State<Context>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    respond(&context, (&segment, Version::V2), &headers, &parameters(query, &body))
}

/// `POST /{t}/oauth2/devicecode`
pub(super) async fn v1(
    State(context): State<Context>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    respond(&context, (&segment, Version::V1), &headers, &parameters(query, &body))
}

fn parameters(query: Option<String>, body: &Bytes) -> Parameters {
    Parameters::parse(&[body, query.unwrap_or_default().as_bytes()])
}

fn respond(
    context: &Context,
    (segment, version): (&str, Version),
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Response<Body> {
    match request(context, (segment, version), parameters) {
        Ok(request) => {
            let (device_code, user_code) = context.state.devices.add(&context.state.random, request);
            let mut response = Json(answer(context, version, (&device_code, &user_code))).into_response();
            not_stored(&mut response);
            response
        }
        Err(refusal) => refusal.json(context, headers, parameters.get("client-request-id")),
    }
}

fn request(
    context: &Context,
    (segment, version): (&str, Version),
    parameters: &Parameters,
) -> Result<DeviceRequest, Aadsts> {
    let world = context.state.world();
    let slot = world.slot(segment).ok_or_else(|| unknown_tenant(segment).at_token_endpoint())?;
    let named = parameters.get("client_id").ok_or_else(|| missing("client_id"))?;
    let client = Policy::new(&context.state, &world).client(named)?;
    check_alias(client, slot)?;
    ClaimsRequest::parse(parameters.bounded("claims")?)?;
    // Version 1 names the resource, which is what the sign-in and the token request need.
    let scope = match version {
        Version::V1 => parameters.bounded("resource")?.ok_or_else(|| missing("resource"))?.to_owned(),
        Version::V2 => scope_text(parameters, version)?,
    };
    Ok(DeviceRequest {
        client: client.app_id,
        slot: segment.to_owned(),
        scope,
        claims: parameters.get("claims").map(ToOwned::to_owned),
        version,
        issued_at: context.state.clock.now(),
        progress: Progress::Waiting,
    })
}

fn answer(context: &Context, version: Version, (device_code, user_code): (&str, &str)) -> Value {
    let address = context.authority.device_page();
    let message = format!(
        "To sign in, use a web browser to open the page {address} and enter the code {user_code} to authenticate."
    );
    let mut answer = json!({ "device_code": device_code, "user_code": user_code, "message": message });
    match version {
        Version::V1 => {
            answer["verification_url"] = json!(address);
            answer["expires_in"] = json!(LIFETIME_S.to_string());
            answer["interval"] = json!(INTERVAL_S.to_string());
        }
        Version::V2 => {
            answer["verification_uri"] = json!(address);
            answer["expires_in"] = json!(LIFETIME_S);
            answer["interval"] = json!(INTERVAL_S);
        }
    }
    answer
}
