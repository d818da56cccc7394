//! `GET /sim/keys`, `POST /sim/keys/rotate`, `GET /sim/ca.pem`.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::body::{self, Problem};
use crate::authority::Version;
use crate::endpoints::{jwk, key_issuer};
use crate::error::SimulatorError;
use crate::keys::{KeyError, KeyRotation, KeyState, RotatedKeys, SigningKey};
use crate::server::blocking;
use crate::state::Context;
use crate::tls;

/// Every key with its private half: development only. First keys that nobody needed so far are made now.
pub(super) async fn list(State(context): State<Context>) -> Result<Json<Value>, Problem> {
    let state = Arc::clone(&context.state);
    let made = blocking(move || {
        let owners = state.world().key_owners();
        Ok(owners.into_iter().try_for_each(|owner| state.keys.current(owner).map(drop))?)
    });
    made.await.map_err(|error| Problem::state(error.to_string()))?;
    let ring = context.state.keys.ring();
    let keys: Vec<Value> = ring.entries().map(|(key, state)| private_jwk(&context, key, state)).collect();
    Ok(Json(json!({ "keys": keys })))
}

fn private_jwk(context: &Context, key: &SigningKey, state: KeyState) -> Value {
    let world = context.state.world();
    let mut jwk = jwk(key, Version::V2, &context.authority, &world);
    if let (Value::Object(members), Ok(Value::Object(private))) =
        (&mut jwk, serde_json::to_value(key.private.to_jwk()))
    {
        members.extend(private);
    }
    jwk["state"] = json!(state);
    jwk["owner"] = json!(key.owner);
    jwk["issuer"] = json!(key_issuer(key.owner, &context.authority, &world));
    jwk["public_pem"] = json!(key.private.public_pem());
    jwk
}

pub(super) async fn rotate(
    State(context): State<Context>,
    body: Bytes,
) -> Result<Json<RotatedKeys>, Problem> {
    let how: KeyRotation = body::read_or_default(&body)?;
    let state = Arc::clone(&context.state);
    let rotated = blocking(move || state.rotate_keys(how)).await;
    rotated.map(Json).map_err(|error| match error {
        SimulatorError::Key(KeyError::NoOwner(_)) => Problem::field("owner", error.to_string()),
        error => Problem::state(error.to_string()),
    })
}

pub(super) async fn authority_pem(State(context): State<Context>) -> Response {
    let state = Arc::clone(&context.state);
    match blocking(move || Ok(tls::authority_pem(state.keys.source())?)).await {
        Ok(pem) => ([(CONTENT_TYPE, "application/x-pem-file")], pem).into_response(),
        Err(error) => Problem::state(error.to_string()).into_response(),
    }
}
