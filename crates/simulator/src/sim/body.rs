//! Bodies of the controls: JSON whatever the content type says, with mistakes named.

use axum::Json;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::json;

/// A refusal of a control: `{"error":…,"field":…,"message":…}`.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    error: &'static str,
    field: &'static str,
    message: String,
}

impl Problem {
    /// 400: `field` of the request makes no sense.
    pub(super) fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error: "invalid_request", field, message: message.into() }
    }

    /// 403: the caller is a web page of somebody else.
    pub(super) fn foreign() -> Self {
        let message = "web pages of other origins may not use the controls".to_owned();
        Self { status: StatusCode::FORBIDDEN, error: "refused", field: "origin", message }
    }

    /// 507: the state directory became unusable, or the system has no entropy. Not the caller's fault.
    pub(super) fn state(message: String) -> Self {
        Self { status: StatusCode::INSUFFICIENT_STORAGE, error: "state", field: "state", message }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.error, "field": self.field, "message": self.message });
        (self.status, Json(body)).into_response()
    }
}

/// Reads a JSON body; an empty one is the default value.
pub(super) fn read_or_default<T: DeserializeOwned + Default>(body: &Bytes) -> Result<T, Problem> {
    if body.iter().all(u8::is_ascii_whitespace) { Ok(T::default()) } else { read(body) }
}

/// Reads a JSON body.
pub(super) fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| Problem::field("body", error.to_string()))
}
