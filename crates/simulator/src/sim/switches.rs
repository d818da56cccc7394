//! Health, faults, clock and the native allow-list.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Answer;
use super::body::{self, Problem};
use crate::clock::{OFFSET_S_MAX, TooFar};
use crate::error::SimulatorError;
use crate::state::Context;

pub(super) async fn health(State(context): State<Context>) -> Json<Value> {
    Json(json!({
        "status": "ok",
        "simulator": true,
        "version": env!("CARGO_PKG_VERSION"),
        "base": context.authority.base(),
        "now": context.state.clock.now(),
        "world": context.state.source.report(&context.state.world()),
    }))
}

/// Reads the world again from where it came, and answers as [`health`] does.
pub(super) async fn reload(State(context): State<Context>) -> Answer {
    let refused = |error: SimulatorError| Problem::field("world", error.to_string());
    context.state.reload().await.map_err(refused)?;
    Ok(health(State(context)).await)
}

pub(super) async fn faults(State(context): State<Context>) -> Json<Value> {
    Json(json!({ "faults": context.state.faults.list() }))
}

/// Replaces every rule by a list, `{"faults": list}`, or a single rule.
pub(super) async fn set_faults(State(context): State<Context>, body: Bytes) -> Answer {
    let rules = body::read_several(&body, "faults")?;
    context.state.faults.replace(rules).map_err(|problem| Problem::field("faults", problem))?;
    Ok(faults(State(context)).await)
}

pub(super) async fn clear_faults(State(context): State<Context>) -> Answer {
    context.state.faults.replace(Vec::new()).map_err(|problem| Problem::field("faults", problem))?;
    Ok(faults(State(context)).await)
}

/// Exactly one of the two.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    offset_s: Option<i64>,
    now: Option<Moment>,
}

/// Unix seconds, or a date as in RFC 3339.
#[derive(Deserialize)]
#[serde(untagged)]
enum Moment {
    Seconds(i64),
    Text(String),
}

pub(super) async fn clock(State(context): State<Context>) -> Json<Value> {
    Json(json!({ "now": context.state.clock.now(), "offset_s": context.state.clock.offset_s() }))
}

pub(super) async fn set_clock(State(context): State<Context>, body: Bytes) -> Answer {
    let clock = &context.state.clock;
    match body::read::<ClockChange>(&body)? {
        ClockChange { offset_s: Some(offset_s), now: None }
            if offset_s.abs_diff(0) <= OFFSET_S_MAX.unsigned_abs() =>
        {
            clock.set_offset_s(offset_s);
        }
        ClockChange { offset_s: Some(_), now: None } => {
            return Err(Problem::field("offset_s", "more than a hundred years"));
        }
        ClockChange { offset_s: None, now: Some(moment) } => {
            let moved = clock.set_now(unix_seconds(&moment)?);
            moved.map_err(|TooFar| Problem::field("now", "more than a hundred years from now"))?;
        }
        _ => return Err(Problem::field("offset_s", "give exactly one of `offset_s` and `now`")),
    }
    Ok(self::clock(State(context)).await)
}

fn unix_seconds(moment: &Moment) -> Result<i64, Problem> {
    match moment {
        Moment::Seconds(seconds) => Ok(*seconds),
        Moment::Text(text) => OffsetDateTime::parse(text, &Rfc3339)
            .map(OffsetDateTime::unix_timestamp)
            .map_err(|error| Problem::field("now", format!("neither Unix seconds nor RFC 3339: {error}"))),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NativeAllowList {
    enabled: bool,
}

pub(super) async fn native_allow_list(State(context): State<Context>) -> Json<Value> {
    Json(json!({ "enabled": context.state.native_allow_list() }))
}

pub(super) async fn set_native_allow_list(State(context): State<Context>, body: Bytes) -> Answer {
    let change: NativeAllowList = body::read(&body)?;
    context.state.set_native_allow_list(change.enabled);
    Ok(native_allow_list(State(context)).await)
}
