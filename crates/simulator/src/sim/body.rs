//! Bodies of the controls: JSON whatever the content type says, with mistakes named.

use axum::Json;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::json;

/// Reads a JSON body; an empty one is the default value.
pub(super) fn read_or_default<T: DeserializeOwned + Default>(body: &Bytes) -> Result<T, Response> {
    if body.iter().all(u8::is_ascii_whitespace) { Ok(T::default()) } else { read(body) }
}

/// Reads a JSON body.
pub(super) fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Response> {
    serde_json::from_slice(body).map_err(|error| problem(StatusCode::BAD_REQUEST, "body", &error.to_string()))
}

/// `{"error":"invalid_request","field":…,"message":…}`
pub(super) fn problem(status: StatusCode, field: &str, message: &str) -> Response {
    let error = if status == StatusCode::BAD_REQUEST { "invalid_request" } else { "refused" };
    (status, Json(json!({ "error": error, "field": field, "message": message }))).into_response()
}
