//! Every answer that is not what was asked for, as an RFC 9457 problem. None tells anything of other tenants.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use tenantry::{Problem, StatusCode};

use crate::StoreError;

/// Why a handler has nothing to give.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Says everything itself.
    Problem(Problem),
    /// The database's trouble: logged, not told.
    Store(StoreError),
}

/// What handlers answer.
pub(super) type Answer<T> = Result<T, Refusal>;

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Store(error) => {
                tracing::error!(%error, "the store did not answer");
                if error.is_temporary() { unavailable() } else { internal_error().into_response() }
            }
        }
    }
}

/// The same for an id that nobody has and for another tenant's: there is nothing to probe (T-144).
pub(super) fn no_such_task() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "There is no such task")
}

pub(super) fn no_such_page() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address")
}

pub(super) fn method_not_allowed() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "This address does not know this method",
    )
}

/// `detail` is what to send instead.
pub(super) fn unprocessable(detail: &str) -> Problem {
    let title = "The body does not describe a task";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_task", title).with_detail(detail)
}

/// `detail` is what to send instead.
pub(super) fn invalid_query(detail: &str) -> Problem {
    let title = "The query cannot be understood";
    Problem::new(StatusCode::BAD_REQUEST, "invalid_query", title).with_detail(detail)
}

/// Unreachable by way of the routes, whose permissions ask for a role; refused all the same.
pub(super) fn no_role() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "insufficient_scope", "This needs an app role")
}

pub(super) fn internal_error() -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "Something went wrong on our side")
}

fn unavailable() -> Response {
    let title = "Tasks are not available at the moment";
    let mut response =
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", title).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}
