//! JSON bodies, and their refusals.

use axum::Json;
use axum::body::{Body as Content, Bytes};
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tenantry::{Problem, StatusCode};

use super::answer::unprocessable;

/// What a body may say. Unknown members are refused: a `tenant_id` in there is a misunderstanding worth an error.
pub(super) trait Shape: DeserializeOwned {
    /// The shape in words, for whoever got it wrong.
    const IN_WORDS: &str;
}

/// The body of `POST /api/tasks`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTask {
    pub(super) title: String,
    pub(super) completed: Option<bool>,
}

impl Shape for NewTask {
    const IN_WORDS: &str = "send `title`, a text, and if you like `completed`, true or false; nothing else";
}

/// The body of `PATCH /api/tasks/{id}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskChange {
    pub(super) title: Option<String>,
    pub(super) completed: Option<bool>,
}

impl Shape for TaskChange {
    const IN_WORDS: &str = "send `title`, a text, or `completed`, true or false, or both; nothing else";
}

/// A JSON body of a known shape.
pub(super) struct Body<T>(pub(super) T);

impl<T: Shape, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (head, content) = request.into_parts();
        let limited = Request::from_parts(head.clone(), content);
        let bytes =
            Bytes::from_request(limited, state).await.map_err(|rejection| unreadable(rejection.status()))?;
        // The parser would take a list for the members of an object, in their order.
        let is_list = bytes.trim_ascii_start().starts_with(b"[");
        let json = Json::from_request(Request::from_parts(head, Content::from(bytes)), state).await;
        match json {
            Ok(_) if is_list => Err(unprocessable(T::IN_WORDS)),
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(refuse::<T>(&rejection)),
        }
    }
}

/// Our words rather than the parser's: those would repeat what was sent.
fn refuse<T: Shape>(rejection: &JsonRejection) -> Problem {
    match rejection {
        JsonRejection::JsonDataError(_) => unprocessable(T::IN_WORDS),
        JsonRejection::JsonSyntaxError(_) => {
            Problem::new(StatusCode::BAD_REQUEST, "malformed_json", "The body is not valid JSON")
        }
        JsonRejection::MissingJsonContentType(_) => {
            let title = "The body must be JSON, and `Content-Type` must say so";
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", title)
        }
        other => unreadable(other.status()),
    }
}

fn unreadable(status: StatusCode) -> Problem {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(status, "body_too_large", "The body has more than 16 KiB")
        }
        _ => Problem::new(StatusCode::BAD_REQUEST, "unreadable_body", "The body could not be read"),
    }
}
