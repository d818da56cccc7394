//! Error bodies as `application/problem+json` (RFC 9457).

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// One error, told to a caller in the words of RFC 9457, with a stable `code` for programs.
///
/// ```
/// use tenantry::{Problem, StatusCode};
///
/// let problem = Problem::new(StatusCode::NOT_FOUND, "not_found", "There is no such task");
/// assert_eq!(problem.to_json(), r#"{"type":"about:blank","title":"There is no such task","status":404,"code":"not_found"}"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    #[serde(serialize_with = "as_number")]
    status: StatusCode,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

fn as_number<S: serde::Serializer>(status: &StatusCode, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u16(status.as_u16())
}

impl Problem {
    /// A problem with a status, a stable code in `snake_case`, and a sentence that is the same for all its occurrences.
    pub fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self { kind: "about:blank", title, status, code, detail: None }
    }

    /// Adds what is particular to this occurrence. It goes to the caller: nothing internal, nothing of others.
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The body.
    pub fn to_json(&self) -> String {
        // Texts and a number: there is nothing that could fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The whole response, not to be stored by any cache (T-020).
    pub(crate) fn into_http<B: From<String>>(self) -> http::Response<B> {
        let mut response = http::Response::new(B::from(self.to_json()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.into_http()
    }
}
