//! Refusals that a person reads: the code, what it is about, and what to do.

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{Response, StatusCode};
use serde::Deserialize;

use super::aadsts::Aadsts;
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
    refusal.noted(page(StatusCode::BAD_REQUEST, &error))
}

#[derive(Deserialize)]
pub(super) struct Lookup {
    code: Option<String>,
}

/// `GET /error?code=n`: what a code means.
pub(super) async fn look_up(State(_): State<Context>, Query(lookup): Query<Lookup>) -> Response<Body> {
    let code = lookup.code.and_then(|code| code.parse().ok()).unwrap_or(0);
    let description = format!("AADSTS{code}");
    let (correlation_id, timestamp) = (String::new(), String::new());
    let error =
        ErrorPage { code, description, advice: advice(code), other_account: None, correlation_id, timestamp };
    page(StatusCode::OK, &error)
}

fn advice(code: u32) -> &'static str {
    match code {
        50011 => {
            "Send a redirect URI that is registered for the application, to the letter; for native clients any port of http://localhost will do."
        }
        50020 => {
            "The account is not in this tenant. Sign in with another one, address the account's home tenant, or invite it as a guest."
        }
        50126 | 50034 => "The names and passwords of this world are listed at /sim.",
        65001 => "Add a grant for this client and scope to the tenant's service principal in the world file.",
        500011 | 650052 => {
            "The API has no service principal in this tenant: consent to it there, or correct the resource's name."
        }
        700016 => {
            "The application has no service principal in this tenant, or is registered for another tenant's accounts only."
        }
        7000118 | 7000119 => {
            "The native list of allowed tenants keeps this tenant out. POST {\"enabled\":false} to /sim/native-allow-list to see whether the API's own check holds."
        }
        90002 => "Use a tenant id or a verified domain from /sim, or common, organizations, consumers.",
        900144 => "Add the parameter that is named above.",
        _ => {
            "See docs/reference/simulator.md for what the simulator does, and /sim for what is in its world."
        }
    }
}
