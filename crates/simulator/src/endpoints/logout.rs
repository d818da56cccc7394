//! Sign-out: ends the browser's session, then returns to a registered page or shows one.

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Response, StatusCode};

use super::authorize::respond::{append, redirect};
use super::cookie;
use super::parameters::Parameters;
use crate::pages::{SignedOutPage, page};
use crate::state::Context;

/// `GET|POST /{t}/oauth2/v2.0/logout`, and the same without `v2.0/`.
pub(super) async fn sign_out(
    State(context): State<Context>,
    Path(_): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    if let Some(handle) = cookie::session(&headers) {
        context.state.sessions.sign_out(handle);
    }
    let parameters = Parameters::parse(&[query.unwrap_or_default().as_bytes(), &body]);
    let target = parameters.get("post_logout_redirect_uri").filter(|uri| is_registered(&context, uri));
    let response = match target {
        Some(uri) => redirect(&back(uri, parameters.get("state"))),
        None => page(StatusCode::OK, &SignedOutPage::default()),
    };
    cookie::without_session(response, &context.authority)
}

/// Any application's redirect URI will do: the request need not say whose it is.
fn is_registered(context: &Context, uri: &str) -> bool {
    context.state.world().applications().any(|application| application.platform_of(uri).is_some())
}

fn back(uri: &str, state: Option<&str>) -> String {
    match state {
        Some(state) => append(uri, '?', &[("state", state.to_owned())]),
        None => uri.to_owned(),
    }
}
