//! Refusals that a person reads: the code, what it is about, and what to do.

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{Response, StatusCode};

use super::aadsts::Aadsts;
use super::explanations;
use super::parameters::Parameters;
use crate::pages::{ErrorPage, page};
use crate::state::Context;

/// The error page. `other_account` leads back to the sign-in.
pub(super) fn shown(context: &Context, refusal: &Aadsts, other_account: Option<String>) -> Response<Body> {
    let error = ErrorPage {
        code: refusal.cause.code,
        description: refusal.description(),
        advice: advice(refusal.cause.code),
        other_account,
        correlation_id: context.state.random.guid().to_string(),
        timestamp: context.state.clock.timestamp(),
    };
    page(StatusCode::BAD_REQUEST, &error)
}

/// `GET /error?code=n`: what a code means.
pub(super) async fn look_up(State(_): State<Context>, RawQuery(query): RawQuery) -> Response<Body> {
    let code = Parameters::of_query(query).get("code").and_then(|code| code.parse().ok()).unwrap_or(0);
    let meaning = explanations::of(code).map_or("Unknown code.", |(meaning, _)| meaning);
    let description = format!("AADSTS{code}: {meaning}");
    let (correlation_id, timestamp) = (String::new(), String::new());
    let error =
        ErrorPage { code, description, advice: advice(code), other_account: None, correlation_id, timestamp };
    page(StatusCode::OK, &error)
}

fn advice(code: u32) -> &'static str {
    explanations::of(code).map_or(GENERAL, |(_, advice)| advice)
}

/// Advice on a code that the simulator does not raise.
const GENERAL: &str =
    "This simulator raises the codes in docs/reference/simulator-errors.md, and this is none of them.";
