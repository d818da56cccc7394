//! `GET`, `PUT /sim/world` and `POST /sim/reset`: the directory as a whole, as a world file.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::Answer;
use super::body::{self, Problem};
use super::switches::health;
use crate::error::SimulatorError;
use crate::state::Context;
use crate::world::World;

/// As TOML, or as JSON for those who accept `application/json`.
pub(super) async fn show(State(context): State<Context>, headers: HeaderMap) -> Response {
    let world = context.state.world();
    match accepts_json(&headers) {
        true => Json(&*world).into_response(),
        false => ([(CONTENT_TYPE, "application/toml")], world.to_toml()).into_response(),
    }
}

fn accepts_json(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("json"))
}

/// Replaces the directory by a world file, TOML or JSON whatever the content type says; answers as `/sim/health`.
pub(super) async fn put(State(context): State<Context>, body: Bytes) -> Answer {
    let is_json = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    let world = if is_json { from_json(&body)? } else { from_toml(&body)? };
    context.state.replace(world);
    Ok(health(State(context)).await)
}

fn from_json(body: &Bytes) -> Result<World, Problem> {
    let mut world: World = body::read(body)?;
    world.settle()?;
    Ok(world)
}

fn from_toml(body: &Bytes) -> Result<World, Problem> {
    let refused = |message: String| Problem::field("world", message);
    let text = std::str::from_utf8(body).map_err(|error| refused(error.to_string()))?;
    World::from_toml(text).map_err(|error| refused(error.to_string()))
}

/// Everything but the keys as it was at the start; answers as `/sim/health`.
pub(super) async fn reset(State(context): State<Context>) -> Result<Json<Value>, Problem> {
    let refused = |error: SimulatorError| Problem::field("world", error.to_string());
    context.state.reload().await.map_err(refused)?;
    context.state.forget();
    Ok(health(State(context)).await)
}
