//! Answers: status, headers and JSON, alone or as part of a batch.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;
use serde_json::Value;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::state::State;

/// What a JSON answer of Graph calls itself.
pub(super) const JSON: &str =
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Content,
}

/// What an answer holds.
#[derive(Debug, Clone)]
pub(super) enum Content {
    Nothing,
    Json(Value),
    /// A bare number.
    Text(String),
}

impl Reply {
    pub(super) fn json(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body: Content::Json(body) }
    }

    /// 204.
    pub(super) fn nothing() -> Self {
        Self { status: 204, headers: Vec::new(), body: Content::Nothing }
    }

    pub(super) fn text(text: String) -> Self {
        Self { status: 200, headers: Vec::new(), body: Content::Text(text) }
    }

    pub(super) fn at(mut self, location: String) -> Self {
        self.headers.push(("location", location));
        self
    }

    pub(super) fn content_type(&self) -> Option<&'static str> {
        match self.body {
            Content::Nothing => None,
            Content::Json(_) => Some(JSON),
            Content::Text(_) => Some("text/plain"),
        }
    }

    pub(super) fn response(self, ids: &Ids) -> Response<Body> {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let kind = self.content_type();
        let mut response = match self.body {
            Content::Nothing => status.into_response(),
            Content::Json(body) => (status, body.to_string()).into_response(),
            Content::Text(body) => (status, body).into_response(),
        };
        let headers = response.headers_mut();
        headers.remove(CONTENT_TYPE);
        let own = [
            ("request-id", ids.request.as_str()),
            ("client-request-id", &ids.client),
            ("odata-version", "4.0"),
        ];
        let kind = kind.map(|kind| ("content-type", kind));
        let named = self.headers.iter().map(|(name, value)| (*name, value.as_str()));
        for (name, value) in own.into_iter().chain(kind).chain(named) {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        response
    }
}

/// What ties an answer to its request.
#[derive(Debug, Clone)]
pub(super) struct Ids {
    pub(super) request: String,
    pub(super) client: String,
    pub(super) date: String,
}

impl Ids {
    /// The client's own id where it sent a decent one.
    pub(super) fn new(state: &State, headers: &HeaderMap) -> Self {
        let request = state.random.guid().to_string();
        let sent = headers.get("client-request-id").and_then(|id| id.to_str().ok());
        let client = sent.filter(|id| id.len() <= 64).map_or_else(|| request.clone(), ToOwned::to_owned);
        let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
        let moment = OffsetDateTime::from_unix_timestamp(state.clock.now()).ok();
        let date = moment.and_then(|moment| moment.format(format).ok()).unwrap_or_default();
        Self { request, client, date }
    }
}

/// A moment as Graph writes it: `2026-01-31T10:20:30Z`.
pub(super) fn date_time(unix_seconds: i64) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    let moment = OffsetDateTime::from_unix_timestamp(unix_seconds).ok();
    moment.and_then(|moment| moment.format(format).ok()).unwrap_or_default()
}

/// Reads a moment of RFC 3339. Unix seconds.
pub(super) fn unix_seconds(text: &str) -> Option<i64> {
    let format = &time::format_description::well_known::Rfc3339;
    OffsetDateTime::parse(text, format).ok().map(OffsetDateTime::unix_timestamp)
}
