//! `/sim/tenants/…`, `/sim/applications/…`: everything in the directory, seen and changed in the words of a world file.
//!
//! A request names a place (`place.rs`); what shall be there is checked as a world file is (`kind.rs`); the change is made
//! to the place's tenant or application as a whole (`change.rs`), so that the rules of a world hold at every moment.

mod change;
mod kind;
mod place;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use self::place::Place;
use super::body::{self, Problem};
use crate::state::Context;

/// Things in an answer, unless the request says otherwise.
const LIMIT: usize = 1_000;

/// `GET` of a collection: `?skip=` and `?limit=`, with the `total`.
pub(super) async fn list(State(context): State<Context>, uri: Uri) -> Result<Json<Value>, Problem> {
    let place = Place::of(&uri)?;
    let number = |name: &'static str, default: usize| match place.query(name) {
        None => Ok(default),
        Some(text) => text.parse().map_err(|_| Problem::field(name, "must be a number")),
    };
    let (skip, limit) = (number("skip", 0)?, number("limit", LIMIT)?);
    let world = context.state.world();
    let (total, things) = change::things(&world, &place, skip..skip.saturating_add(limit))?;
    Ok(Json(json!({ place.kind().collection(): things, "total": total })))
}

pub(super) async fn show(State(context): State<Context>, uri: Uri) -> Result<Json<Value>, Problem> {
    let place = Place::of(&uri)?;
    change::thing(&context.state.world(), &place).map(Json)
}

/// Makes a thing. An id that is left out is invented.
pub(super) async fn create(
    State(context): State<Context>,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Problem> {
    let place = Place::of(&uri)?;
    let kind = place.kind();
    let mut members = object(&body)?;
    if let Some(id) = kind.inventable_id() {
        members.entry(id).or_insert_with(|| json!(context.state.random.guid()));
    }
    let thing = kind.read(members)?;
    let there = place.with_thing(&thing);
    let made = change::change(&context, &there, |now| match now {
        None => Ok(Some(thing)),
        Some(_) => Err(Problem::conflict(kind.singular(), "is there already; change it with PUT or PATCH")),
    })?;
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

/// Puts a thing in its place, whether or not there was one.
pub(super) async fn put(State(context): State<Context>, uri: Uri, body: Bytes) -> Result<Response, Problem> {
    let place = Place::of(&uri)?;
    let given = object(&body)?;
    let mut status = StatusCode::OK;
    let put = change::change(&context, &place, |now| {
        let mut members = place.identity(now.as_ref())?;
        if now.is_none() {
            status = StatusCode::CREATED;
        }
        members.extend(given);
        place.kind().read(members).map(Some)
    })?;
    Ok((status, Json(put)).into_response())
}

/// Changes the members that are given, `null` takes one away (RFC 7396).
pub(super) async fn patch(
    State(context): State<Context>,
    uri: Uri,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let place = Place::of(&uri)?;
    let given = Value::Object(object(&body)?);
    let patched = change::change(&context, &place, |now| {
        let mut thing = now.ok_or_else(|| place.not_found())?;
        merge(&mut thing, given);
        let Value::Object(members) = thing else { return Err(place.not_found()) };
        place.kind().read(members).map(Some)
    });
    patched.map(Json)
}

/// Takes a thing away, and what refers to it within its tenant.
pub(super) async fn remove(State(context): State<Context>, uri: Uri) -> Result<StatusCode, Problem> {
    let place = Place::of(&uri)?;
    change::change(&context, &place, |now| match now {
        Some(_) => Ok(None),
        None => Err(place.not_found()),
    })?;
    Ok(StatusCode::NO_CONTENT)
}

fn object(body: &Bytes) -> Result<Map<String, Value>, Problem> {
    match body::read::<Value>(body)? {
        Value::Object(members) => Ok(members),
        _ => Err(Problem::field("body", "must be a JSON object")),
    }
}

/// JSON merge patch (RFC 7396 §2).
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let Some(members) = target.as_object_mut() else { return };
    for (name, value) in patch {
        match value {
            Value::Null => drop(members.remove(&name)),
            value => merge(members.entry(name).or_insert(Value::Null), value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merge_patch_does_what_its_standard_says() {
        // RFC 7396 appendix A.
        for (target, patch, result) in [
            (json!({"a":"b"}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"b"}), json!({"b":"c"}), json!({"a":"b","b":"c"})),
            (json!({"a":"b"}), json!({"a":null}), json!({})),
            (json!({"a":["b"]}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":{"b":"c"}}), json!({"a":{"b":"d","c":null}}), json!({"a":{"b":"d"}})),
            (json!({"e":null}), json!({"a":1}), json!({"e":null,"a":1})),
            (json!({}), json!({"a":{"bb":{"ccc":null}}}), json!({"a":{"bb":{}}})),
        ] {
            let mut merged = target.clone();
            merge(&mut merged, patch.clone());
            assert_eq!(merged, result, "{target} {patch}");
        }
    }
}
