//! `/sim/graph`: replication lag and throttling of Microsoft Graph.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Answer;
use super::body::{self, Problem};
use crate::graph::{LAG_MS_MAX, Limit, WINDOW_S_MAX};
use crate::state::Context;

/// What is absent is off.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default)]
    replication_lag_ms: u64,
    #[serde(default)]
    throttle: Option<Limit>,
}

pub(super) async fn show(State(context): State<Context>) -> Json<Value> {
    let graph = &context.state.graph;
    Json(json!({ "replication_lag_ms": graph.lag.lag_ms(), "throttle": graph.throttle.limit() }))
}

pub(super) async fn set(State(context): State<Context>, body: Bytes) -> Answer {
    let wanted: Wanted = body::read(&body)?;
    if wanted.replication_lag_ms > LAG_MS_MAX {
        return Err(Problem::field("replication_lag_ms", format!("at most {LAG_MS_MAX}")));
    }
    if wanted.throttle.is_some_and(|limit| !(1..=WINDOW_S_MAX).contains(&limit.window_s)) {
        return Err(Problem::field("throttle.window_s", format!("1 to {WINDOW_S_MAX}")));
    }
    context.state.graph.lag.set_lag_ms(wanted.replication_lag_ms);
    context.state.graph.throttle.set(wanted.throttle);
    Ok(show(State(context)).await)
}
