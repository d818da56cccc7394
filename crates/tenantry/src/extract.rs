//! axum extractors: what a handler asks for is what it gets, or the request ends here.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header, request::Parts};
use tenantry_token::PrincipalKind;

use crate::{Application, Principal, Problem, Tenant, User};

/// Answer of an extractor that cannot give what the handler asks for.
#[derive(Debug)]
pub struct ExtractRefusal(Reason);

#[derive(Clone, Copy, Debug)]
enum Reason {
    /// The route has no permission attached, so nobody was verified: a mistake in the program, refused all the same.
    NobodyVerified,
    /// A user where an application is due, or the other way round.
    WrongKind,
}

impl IntoResponse for ExtractRefusal {
    fn into_response(self) -> Response {
        let (problem, challenge) = match self.0 {
            Reason::NobodyVerified => (
                Problem::new(StatusCode::UNAUTHORIZED, "missing_token", "An access token is required"),
                "Bearer",
            ),
            Reason::WrongKind => {
                let title = "This is not for this kind of caller";
                (
                    Problem::new(StatusCode::FORBIDDEN, "insufficient_scope", title),
                    r#"Bearer error="insufficient_scope""#,
                )
            }
        };
        let mut response = problem.into_response();
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        response
    }
}

fn verified(parts: &Parts) -> Result<Principal, ExtractRefusal> {
    parts.extensions.get::<Principal>().cloned().ok_or_else(|| {
        tracing::error!(
            path = parts.uri.path(),
            "a handler asks for the caller on a route without a permission"
        );
        ExtractRefusal(Reason::NobodyVerified)
    })
}

fn of_kind(parts: &Parts, kind: PrincipalKind) -> Result<Principal, ExtractRefusal> {
    let principal = verified(parts)?;
    if principal.kind() == kind { Ok(principal) } else { Err(ExtractRefusal(Reason::WrongKind)) }
}

impl<S: Sync> FromRequestParts<S> for Principal {
    type Rejection = ExtractRefusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ExtractRefusal> {
        verified(parts)
    }
}

impl<S: Sync> FromRequestParts<S> for Tenant {
    type Rejection = ExtractRefusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ExtractRefusal> {
        Ok(verified(parts)?.verified_tenant())
    }
}

impl<S: Sync> FromRequestParts<S> for User {
    type Rejection = ExtractRefusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ExtractRefusal> {
        of_kind(parts, PrincipalKind::User).map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Application {
    type Rejection = ExtractRefusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ExtractRefusal> {
        of_kind(parts, PrincipalKind::Application).map(Self)
    }
}
