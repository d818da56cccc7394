//! Bodies of the controls: JSON whatever the content type says, with mistakes named.

use std::borrow::Cow;

use axum::Json;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::world::WorldError;

/// A refusal of a control: `{"error":…,"field":…,"message":…}`.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    error: &'static str,
    field: Cow<'static, str>,
    message: String,
}

impl Problem {
    /// 400: `field` of the request makes no sense.
    pub(super) fn field(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        let (field, message) = (field.into(), message.into());
        Self { status: StatusCode::BAD_REQUEST, error: "invalid_request", field, message }
    }

    /// 404: `field` of the path names nothing.
    pub(super) fn not_found(field: &'static str, message: &str) -> Self {
        let message = message.to_owned();
        Self { status: StatusCode::NOT_FOUND, error: "not_found", field: field.into(), message }
    }

    /// 409: `field` would be there twice.
    pub(super) fn conflict(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        let (field, message) = (field.into(), message.into());
        Self { status: StatusCode::CONFLICT, error: "conflict", field, message }
    }

    #[cfg(test)]
    pub(super) fn named(&self) -> &str {
        &self.field
    }

    /// 403: the caller is a web page of somebody else.
    pub(super) fn foreign() -> Self {
        let message = "web pages of other origins may not use the controls".to_owned();
        Self { status: StatusCode::FORBIDDEN, error: "refused", field: "origin".into(), message }
    }

    /// A refusal of the router: nothing at the address, or the wrong method.
    pub(super) fn unanswered(status: StatusCode) -> Self {
        let message = "there is no such control, or it does not take this method".to_owned();
        Self { status, error: "invalid_request", field: "path".into(), message }
    }

    /// 507: the state directory became unusable, or the system has no entropy. Not the caller's fault.
    pub(super) fn state(message: String) -> Self {
        Self { status: StatusCode::INSUFFICIENT_STORAGE, error: "state", field: "state".into(), message }
    }
}

impl From<WorldError> for Problem {
    /// What a change would have broken.
    fn from(error: WorldError) -> Self {
        let field = error.what().replace(' ', "_").to_ascii_lowercase();
        match error {
            WorldError::Twice { .. } => Self::conflict(field, error.to_string()),
            _ => Self::field(field, error.to_string()),
        }
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

/// Reads a JSON object.
pub(super) fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    is_object(&serde_json::from_slice(body).map_err(|error| unreadable(&error))?)?;
    // Read again from the text, whose mistakes have a line and a column.
    serde_json::from_slice(body).map_err(|error| unreadable(&error))
}

/// Reads one JSON object, a list of them, or a list inside `{"name": …}`.
pub(super) fn read_several<T: DeserializeOwned>(body: &Bytes, name: &str) -> Result<Vec<T>, Problem> {
    let read: Value = serde_json::from_slice(body).map_err(|error| unreadable(&error))?;
    let objects = match read {
        Value::Array(objects) => objects,
        Value::Object(mut wrapped) if wrapped.len() == 1 && wrapped.contains_key(name) => {
            match wrapped.remove(name) {
                Some(Value::Array(objects)) => objects,
                _ => return Err(Problem::field("body", format!("`{name}` must be a list"))),
            }
        }
        one => vec![one],
    };
    objects.iter().try_for_each(is_object)?;
    let one = |object| serde_json::from_value(object).map_err(|error| unreadable(&error));
    objects.into_iter().map(one).collect()
}

/// To serde a list of a struct's members, in order, is as good as an object; to a reader of the documentation it is not.
fn is_object(value: &Value) -> Result<(), Problem> {
    match value.is_object() {
        true => Ok(()),
        false => Err(Problem::field("body", "must be a JSON object")),
    }
}

fn unreadable(error: &serde_json::Error) -> Problem {
    Problem::field("body", error.to_string())
}
