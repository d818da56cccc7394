//! What the router refuses by itself, in words: clients read JSON, and an empty answer tells nobody what went wrong.

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, Response, StatusCode};

use super::aadsts::{ADDRESS_UNKNOWN, Aadsts, MALFORMED, WRONG_METHOD};
use crate::state::Context;

/// Gives a bare refusal a body in Entra's shape; any other answer stays as it is.
pub(crate) fn worded(context: &Context, request: &HeaderMap, response: Response<Body>) -> Response<Body> {
    let status = response.status();
    if !status.is_client_error() || is_worded(response.headers()) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let (words, body) = refusal(status).with_status(status).json(context, request, None).into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.extend(words.headers);
    parts.extensions.extend(words.extensions);
    Response::from_parts(parts, body)
}

/// JSON and pages are ours; plain text is the router's.
fn is_worded(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    ["application/json", "text/html"].iter().any(|ours| kind.starts_with(ours))
}

fn refusal(status: StatusCode) -> Aadsts {
    match status {
        StatusCode::NOT_FOUND => ADDRESS_UNKNOWN.because("There is nothing at this address."),
        StatusCode::METHOD_NOT_ALLOWED => WRONG_METHOD.because("The endpoint does not accept this method."),
        StatusCode::PAYLOAD_TOO_LARGE => MALFORMED.because("The request body is too large."),
        StatusCode::REQUEST_TIMEOUT => MALFORMED.because("The request body did not arrive in time."),
        _ => MALFORMED.because("The request or its address is malformed or invalid."),
    }
}
