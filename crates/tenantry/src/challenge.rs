//! What a refused caller is told: one generic answer for all causes (RFC 6750 §3, T-020).

use http::{HeaderValue, Response, StatusCode, header};
use tenantry_token::Rejection;

use crate::{Permission, Problem};

/// Seconds after which a caller may try again when keys are not at hand.
const RETRY_AFTER_S: &str = "30";

/// The answers of one API.
#[derive(Clone, Debug)]
pub(crate) struct Challenges {
    /// Status for tenants that are not let in: 401, or 403 where an operator prefers it (design contract).
    pub(crate) unlisted_tenant_status: StatusCode,
    /// `resource_metadata` parameter (RFC 9728 §5.1), already quoted.
    pub(crate) resource_metadata: Option<String>,
}

impl Challenges {
    /// The answer to a token that was refused, or to none.
    pub(crate) fn refuse<B: From<String>>(&self, rejection: &Rejection) -> Response<B> {
        match rejection {
            Rejection::NoToken => {
                let problem =
                    Problem::new(StatusCode::UNAUTHORIZED, "missing_token", "An access token is required");
                self.challenged(problem, None)
            }
            Rejection::SeveralCredentials => {
                let title = "The request carries more than one `Authorization` field";
                let problem = Problem::new(StatusCode::BAD_REQUEST, "invalid_request", title);
                self.challenged(problem, Some(r#"error="invalid_request""#.into()))
            }
            Rejection::KeysUnavailable { .. } => unavailable(),
            Rejection::Tenant { .. } => self.invalid_token(self.unlisted_tenant_status),
            _ => self.invalid_token(StatusCode::UNAUTHORIZED),
        }
    }

    /// The answer to a proven caller without the route's permission. Names the route's scopes, nothing of the caller's.
    pub(crate) fn forbid<B: From<String>>(&self, permission: &Permission) -> Response<B> {
        let title = "The access token does not carry the permission that this needs";
        let problem = Problem::new(StatusCode::FORBIDDEN, "insufficient_scope", title);
        let scopes = permission.scopes();
        let named = if is_quotable(&scopes) { format!(r#", scope="{scopes}""#) } else { String::new() };
        self.challenged(problem, Some(format!(r#"error="insufficient_scope"{named}"#)))
    }

    fn invalid_token<B: From<String>>(&self, status: StatusCode) -> Response<B> {
        let problem = Problem::new(status, "invalid_token", "The access token was refused");
        self.challenged(
            problem,
            Some(r#"error="invalid_token", error_description="The access token was refused""#.into()),
        )
    }

    fn challenged<B: From<String>>(&self, problem: Problem, error: Option<String>) -> Response<B> {
        let parameters: Vec<_> = self.resource_metadata.clone().into_iter().chain(error).collect();
        let challenge = format!("Bearer {}", parameters.join(", "));
        let mut response = problem.into_http();
        let value = HeaderValue::try_from(challenge.trim_end()).unwrap_or(HeaderValue::from_static("Bearer"));
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        response
    }
}

/// The provider is down and nothing of its is cached: not the token's fault (T-020).
fn unavailable<B: From<String>>() -> Response<B> {
    let title = "Access tokens cannot be checked at the moment";
    let mut response =
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", title).into_http();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
    response
}

/// The characters of a scope in a challenge (RFC 6750 §3): printable ASCII without quote and backslash.
fn is_quotable(scopes: &str) -> bool {
    !scopes.is_empty() && scopes.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'"' && b != b'\\')
}

#[cfg(test)]
mod tests {
    use super::Challenges;
    use crate::Permission;
    use http::{Response, StatusCode, header};
    use tenantry_token::Rejection;

    fn told(response: &Response<String>) -> (u16, &str) {
        let challenge =
            response.headers().get(header::WWW_AUTHENTICATE).map_or("", |value| value.to_str().unwrap());
        (response.status().as_u16(), challenge)
    }

    fn challenges() -> Challenges {
        Challenges { unlisted_tenant_status: StatusCode::UNAUTHORIZED, resource_metadata: None }
    }

    /// T-020: one answer for all causes, and nothing of the token in it.
    #[test]
    fn refusals_look_alike() {
        let tenant = "aaaaaaaa-0000-4000-8000-000000000001".parse().unwrap();
        let unlisted = challenges().refuse::<String>(&Rejection::Tenant { claimed: tenant });
        let forged = challenges().refuse::<String>(&Rejection::Signature { key_id: "secret-kid".into() });
        assert_eq!(told(&unlisted), told(&forged));
        assert_eq!(unlisted.body(), forged.body());
        assert!(!forged.body().contains("secret-kid") && !unlisted.body().contains("aaaaaaaa"));
        assert_eq!(
            told(&forged),
            (401, r#"Bearer error="invalid_token", error_description="The access token was refused""#)
        );
        assert_eq!(forged.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(forged.headers()[header::CONTENT_TYPE], "application/problem+json");
    }

    #[test]
    fn no_token_has_no_error_code() {
        assert_eq!(told(&challenges().refuse(&Rejection::NoToken)), (401, "Bearer"));
        let several = challenges().refuse(&Rejection::SeveralCredentials);
        assert_eq!(told(&several), (400, r#"Bearer error="invalid_request""#));
    }

    #[test]
    fn operators_may_choose() {
        let tenant = "aaaaaaaa-0000-4000-8000-000000000001".parse().unwrap();
        let own = Challenges {
            unlisted_tenant_status: StatusCode::FORBIDDEN,
            resource_metadata: Some(
                r#"resource_metadata="https://api.test/.well-known/oauth-protected-resource""#.into(),
            ),
        };
        assert_eq!(told(&own.refuse(&Rejection::Tenant { claimed: tenant })).0, 403);
        assert!(told(&own.refuse(&Rejection::NoToken)).1.starts_with("Bearer resource_metadata=\"https://"));
    }

    #[test]
    fn missing_permission_names_the_scope() {
        let forbidden = challenges().forbid(&Permission::users_with_scope("access_as_user").into());
        assert_eq!(told(&forbidden), (403, r#"Bearer error="insufficient_scope", scope="access_as_user""#));
        let odd = challenges().forbid(&Permission::users_with_scope("quo\"te").into());
        assert_eq!(told(&odd), (403, r#"Bearer error="insufficient_scope""#));
    }
}
