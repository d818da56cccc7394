//! Refusals in Graph's shape (Microsoft Graph, "Error responses and resource types").

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::reply::{Ids, Reply};
use crate::world::WorldError;

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GraphError {
    status: StatusCode,
    code: &'static str,
    message: String,
    details: Vec<Value>,
    headers: Vec<(&'static str, String)>,
}

impl GraphError {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        Self { status, code, message: message.into(), details: Vec::new(), headers: Vec::new() }
    }

    /// 400 of the directory: a value breaks a rule.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(400, "Request_BadRequest", message)
    }

    /// 400 of the front door: the request cannot be read.
    pub(super) fn unreadable(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// 400: a query that only the index of advanced queries, or nothing here, answers.
    pub(super) fn unsupported_query(message: impl Into<String>) -> Self {
        Self::new(400, "Request_UnsupportedQuery", message)
    }

    /// 401: the token proves nothing.
    pub(super) fn token(message: impl Into<String>) -> Self {
        Self::new(401, "InvalidAuthenticationToken", message)
    }

    /// 403: the token does not carry the permission, or the person lacks the role.
    pub(super) fn denied() -> Self {
        let message = "Insufficient privileges to complete the operation.";
        Self::new(403, "Authorization_RequestDenied", message)
    }

    /// 404: no such object, or it has not arrived yet.
    pub(super) fn not_found(id: &str) -> Self {
        let shown: String = id.chars().take(120).collect();
        let message = format!(
            "Resource '{shown}' does not exist or one of its queried reference-property objects are not present."
        );
        Self::new(404, "Request_ResourceNotFound", message)
    }

    /// 400: the object, or the value that must be unique, is there already.
    pub(super) fn conflicting(property: &str) -> Self {
        let message = format!("Another object with the same value for property {property} already exists.");
        Self::new(400, "Request_MultipleObjectsWithSameKeyValue", message).detail("ObjectConflict", property)
    }

    /// Adds what exactly is wrong.
    pub(super) fn detail(mut self, code: &str, target: &str) -> Self {
        self.details.push(json!({ "code": code, "message": self.message, "target": target }));
        self
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// 401 answers say where tokens come from (RFC 6750 §3).
    pub(super) fn challenged(self, base: &str) -> Self {
        let challenge = format!(
            "Bearer realm=\"\", authorization_uri=\"{base}/common/oauth2/authorize\", \
            client_id=\"00000003-0000-0000-c000-000000000000\""
        );
        match self.status {
            StatusCode::UNAUTHORIZED => self.header("www-authenticate", challenge),
            _ => self,
        }
    }

    pub(super) fn reply(self, ids: &Ids) -> Reply {
        let mut error = json!({
            "code": self.code,
            "message": self.message,
            "innerError": { "date": ids.date, "request-id": ids.request, "client-request-id": ids.client },
        });
        if !self.details.is_empty() {
            error["details"] = Value::Array(self.details);
        }
        let mut reply = Reply::json(self.status.as_u16(), json!({ "error": error }));
        reply.headers.extend(self.headers);
        reply
    }
}

impl From<WorldError> for GraphError {
    fn from(error: WorldError) -> Self {
        Self::bad(format!("The change would contradict the simulated directory: {error}"))
    }
}
