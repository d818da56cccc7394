//! `POST /sim/switches`: the page's forms. Programs use the JSON controls instead.

use axum::Form;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::{Asked, directory};
use crate::clock::OFFSET_S_MAX;
use crate::faults::{Fault, FaultEndpoint};
use crate::pages::page;
use crate::state::Context;

#[derive(Deserialize)]
pub(in crate::sim) struct Change {
    switch: Switch,
    /// Of `clock`: seconds from the system's time.
    #[serde(default)]
    offset_s: String,
    /// Of `fault`.
    #[serde(default)]
    endpoint: FaultEndpoint,
}

/// The buttons.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Switch {
    NativeListOn,
    NativeListOff,
    Clock,
    Fault,
    NoFaults,
}

pub(in crate::sim) async fn change(
    State(context): State<Context>,
    Form(change): Form<Change>,
) -> Response<Body> {
    match apply(&context, &change) {
        Ok(()) => Redirect::to("/sim#switches").into_response(),
        Err(problem) => page(StatusCode::BAD_REQUEST, &directory(&context, &Asked::default(), Some(problem))),
    }
}

fn apply(context: &Context, change: &Change) -> Result<(), String> {
    let state = &context.state;
    match change.switch {
        Switch::NativeListOn => state.set_native_allow_list(true),
        Switch::NativeListOff => state.set_native_allow_list(false),
        Switch::Clock => state.clock.set_offset_s(offset_s(&change.offset_s)?),
        Switch::NoFaults => state.faults.replace(Vec::new())?,
        Switch::Fault => {
            let fault = Fault { endpoint: change.endpoint, status: Some(503), ..Fault::default() };
            state.faults.replace(state.faults.list().into_iter().chain([fault]).collect())?;
        }
    }
    Ok(())
}

fn offset_s(text: &str) -> Result<i64, String> {
    let offset_s =
        text.trim().parse::<i64>().map_err(|_| "The clock is moved by whole seconds.".to_owned())?;
    match offset_s.abs_diff(0) <= OFFSET_S_MAX.unsigned_abs() {
        true => Ok(offset_s),
        false => Err("The clock moves by a hundred years at most.".to_owned()),
    }
}
