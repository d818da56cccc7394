//! Entra's error codes and the two shapes they are answered in: JSON here, redirects and pages in `authorize`.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, PRAGMA};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::pages::Problem;
use crate::requests::RefusalCode;
use crate::state::Context;

/// A cause that Entra has a number for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cause {
    pub(crate) code: u32,
    /// The OAuth `error`.
    pub(crate) error: &'static str,
    /// Status at the token endpoint.
    status: StatusCode,
    suberror: Option<&'static str>,
}

const fn cause(code: u32, error: &'static str) -> Cause {
    Cause { code, error, status: StatusCode::BAD_REQUEST, suberror: None }
}

const fn unauthorized(code: u32) -> Cause {
    Cause { code, error: "invalid_client", status: StatusCode::UNAUTHORIZED, suberror: None }
}

pub(crate) const REDIRECT_URI_UNKNOWN: Cause = cause(50011, "invalid_request");
pub(crate) const USER_NOT_IN_TENANT: Cause = cause(50020, "invalid_grant");
pub(crate) const GRANT_ASSERTION_REFUSED: Cause = cause(50013, "invalid_grant");
pub(crate) const GRANT_ASSERTION_MALFORMED: Cause = cause(50027, "invalid_grant");
pub(crate) const ASSERTION_MALFORMED: Cause = unauthorized(50027);
pub(crate) const USER_UNKNOWN: Cause = cause(50034, "invalid_grant");
pub(crate) const INSTANCE_UNKNOWN: Cause = cause(50049, "invalid_instance");
pub(crate) const USER_DISABLED: Cause = cause(50057, "invalid_grant");
pub(crate) const NO_SESSION: Cause = cause(50058, "login_required");
pub(crate) const RESOURCE_DISABLED: Cause = cause(500014, "invalid_resource");
pub(crate) const USER_NOT_ASSIGNED: Cause = cause(50105, "invalid_grant");
pub(crate) const CLIENT_NOT_ASSIGNED: Cause = cause(501051, "invalid_grant");
pub(crate) const STEP_UP_NEEDED: Cause =
    Cause { suberror: Some("basic_action"), ..cause(50076, "interaction_required") };
pub(crate) const REDIRECT_URI_CHANGED: Cause = cause(500112, "invalid_grant");
pub(crate) const WRONG_PASSWORD: Cause = cause(50126, "invalid_grant");
pub(crate) const BAD_CHALLENGE_SIZE: Cause = cause(50147, "invalid_request");
pub(crate) const BAD_CHALLENGE_METHOD: Cause = cause(50149, "invalid_request");
pub(crate) const WRONG_VERIFIER: Cause = cause(501481, "invalid_grant");
pub(crate) const PASSWORD_CHANGED: Cause =
    Cause { suberror: Some("bad_token"), ..cause(50173, "invalid_grant") };
pub(crate) const SINGLE_TENANT: Cause = cause(50194, "invalid_request");
pub(crate) const RESOURCE_NOT_FOUND: Cause = cause(500011, "invalid_resource");
pub(crate) const GRANT_ASSERTION_AUDIENCE: Cause = cause(500131, "invalid_grant");
pub(crate) const GRANT_ASSERTION_EXPIRED: Cause = cause(500133, "invalid_grant");
pub(crate) const CODE_REDEEMED: Cause = cause(54005, "invalid_grant");
pub(crate) const CONSENT_REQUIRED: Cause =
    Cause { suberror: Some("consent_required"), ..cause(65001, "invalid_grant") };
pub(crate) const CONSENT_DECLINED: Cause = cause(65004, "access_denied");
pub(crate) const RESOURCE_NOT_IN_TENANT: Cause = cause(650052, "invalid_resource");
pub(crate) const RESOURCE_NOT_LISTED: Cause = cause(650057, "invalid_resource");
pub(crate) const APPLICATION_NARROWED: Cause = cause(650059, "unauthorized_client");
pub(crate) const INVALID_GRANT: Cause = cause(70000, "invalid_grant");
pub(crate) const APPLICATION_DISABLED: Cause = cause(70001, "unauthorized_client");
pub(crate) const GRANT_TYPE_UNSUPPORTED: Cause = cause(70003, "unsupported_grant_type");
pub(crate) const RESPONSE_TYPE_UNSUPPORTED: Cause = cause(700054, "unsupported_response_type");
pub(crate) const RESPONSE_MODE_UNSUPPORTED: Cause = cause(70007, "invalid_request");
pub(crate) const GRANT_EXPIRED: Cause = cause(70008, "invalid_grant");
pub(crate) const REFRESH_EXPIRED: Cause = cause(700082, "invalid_grant");
pub(crate) const SPA_REFRESH_EXPIRED: Cause = cause(700084, "invalid_grant");
pub(crate) const INVALID_SCOPE: Cause = cause(70011, "invalid_scope");
pub(crate) const DEVICE_PENDING: Cause = cause(70016, "authorization_pending");
pub(crate) const DEVICE_DECLINED: Cause = cause(70017, "authorization_declined");
pub(crate) const USER_CODE_WRONG: Cause = cause(70018, "bad_verification_code");
pub(crate) const DEVICE_CODE_WRONG: Cause = cause(70019, "bad_verification_code");
pub(crate) const DEVICE_CODE_EXPIRED: Cause = cause(70020, "expired_token");
pub(crate) const NO_FEDERATED_CREDENTIAL: Cause =
    Cause { error: "unauthorized_client", ..unauthorized(70021) };
pub(crate) const OTHER_TENANT: Cause = cause(700005, "invalid_grant");
pub(crate) const CLIENT_NOT_IN_TENANT: Cause = cause(700016, "unauthorized_client");
pub(crate) const ASSERTION_CLIENT: Cause = unauthorized(700021);
pub(crate) const SEVERAL_RESOURCES: Cause = cause(700022, "invalid_scope");
pub(crate) const ASSERTION_AUDIENCE: Cause = unauthorized(700023);
pub(crate) const ASSERTION_EXPIRED: Cause = unauthorized(700024);
pub(crate) const PUBLIC_CLIENT: Cause = unauthorized(700025);
pub(crate) const ASSERTION_REFUSED: Cause = unauthorized(700027);
pub(crate) const CLIENT_DISABLED: Cause = cause(7000112, "unauthorized_client");
pub(crate) const ON_BEHALF_OF_REFUSED: Cause = cause(7000114, "invalid_grant");
pub(crate) const RESOURCE_NOT_ALLOWED: Cause = cause(7000118, "invalid_grant");
pub(crate) const CLIENT_NOT_ALLOWED: Cause = cause(7000119, "invalid_grant");
pub(crate) const WRONG_SECRET: Cause = unauthorized(7000215);
pub(crate) const NO_CREDENTIAL: Cause = unauthorized(7000218);
pub(crate) const SECRET_EXPIRED: Cause = unauthorized(7000222);
pub(crate) const PRINCIPAL_MISSING: Cause = unauthorized(7000229);
pub(crate) const TENANT_NOT_FOUND: Cause = cause(90002, "invalid_tenant");
pub(crate) const TENANT_EMPTY: Cause = cause(900021, "invalid_tenant");
pub(crate) const TENANT_MALFORMED: Cause = cause(900023, "invalid_tenant");
pub(crate) const NOT_RECORDED: Cause = cause(90013, "invalid_request");
pub(crate) const ADDRESS_UNKNOWN: Cause =
    Cause { status: StatusCode::NOT_FOUND, ..cause(90023, "invalid_request") };
pub(crate) const ADMIN_ONLY: Cause = cause(90093, "access_denied");
pub(crate) const ADMIN_NEEDED: Cause = cause(90094, "access_denied");
pub(crate) const ADMIN_REQUEST_NEEDED: Cause = cause(90095, "access_denied");
pub(crate) const NO_KEY: Cause =
    Cause { status: StatusCode::SERVICE_UNAVAILABLE, ..cause(90033, "temporarily_unavailable") };
pub(crate) const CLAIMS_MALFORMED: Cause = cause(90100, "invalid_request");
pub(crate) const PARAMETER_MISSING: Cause = cause(900144, "invalid_request");
pub(crate) const NO_REPLY_ADDRESS: Cause = cause(900971, "invalid_request");
pub(crate) const WRONG_METHOD: Cause = cause(900561, "invalid_request");
pub(crate) const RESOURCE_PARAMETER: Cause = cause(901002, "invalid_request");
pub(crate) const TENANT_NEEDED: Cause = cause(9001023, "invalid_request");
pub(crate) const DEFAULT_SCOPE_NEEDED: Cause = cause(1002012, "invalid_scope");
pub(crate) const MALFORMED: Cause = cause(9002313, "invalid_request");
pub(crate) const CHALLENGE_NEEDED: Cause = cause(9002325, "invalid_request");
pub(crate) const ORIGIN_NOT_ALLOWED: Cause = cause(9002326, "invalid_request");
pub(crate) const PERSONAL_ONLY: Cause = cause(9002331, "invalid_request");
pub(crate) const ORGANIZATIONS_ONLY: Cause = cause(9002332, "invalid_request");
pub(crate) const ORIGIN_NEEDED: Cause = cause(9002327, "invalid_request");

impl Cause {
    /// The cause with the facts of this request.
    pub(crate) fn because(self, text: impl Into<String>) -> Aadsts {
        Aadsts { cause: self, text: text.into(), claims: None }
    }
}

/// The refusal of a path whose first segment is no tenant of this simulator.
pub(crate) fn unknown_tenant(segment: &str) -> Aadsts {
    let shown: String = segment.chars().take(100).collect();
    match Uuid::try_parse(segment) {
        Ok(id) if id.is_nil() => {
            TENANT_EMPTY.because(format!("Requested tenant identifier '{shown}' is not valid: it is empty."))
        }
        Err(_) if !is_host_name(segment) => TENANT_MALFORMED.because(format!(
            "Specified tenant identifier '{shown}' is neither a valid DNS name nor a tenant id."
        )),
        _ => TENANT_NOT_FOUND
            .because(format!("Tenant '{shown}' not found in this simulator. Check the tenant id or domain.")),
    }
}

fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.contains('.') && text.split('.').all(is_label)
}

/// A refusal: the cause and what it is about.
///
/// Some words make MSAL for JavaScript believe that a person is needed (`consent_required`, `login_required`, …);
/// texts must not contain them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Aadsts {
    pub(crate) cause: Cause,
    pub(crate) text: String,
    /// What the client shall ask for at the authorize endpoint, as its `claims` parameter.
    pub(crate) claims: Option<String>,
}

impl Aadsts {
    /// Whether an interactive request gets this one by redirect: the client can do something about it.
    pub(crate) fn is_for_the_client(&self) -> bool {
        self.cause == INVALID_SCOPE
    }

    /// Tells the client which claims to ask for.
    pub(crate) fn demanding(self, claims: &Value) -> Self {
        Self { claims: Some(claims.to_string()), ..self }
    }

    pub(crate) fn suberror(&self) -> Option<&'static str> {
        self.cause.suberror
    }

    /// The same refusal under another status.
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.cause.status = status;
        self
    }

    /// The token endpoint has another `error` for an unknown tenant than the metadata endpoint.
    pub(crate) fn at_token_endpoint(mut self) -> Self {
        self.cause.error = "invalid_request";
        self
    }

    /// Entra's JSON answer.
    pub(crate) fn json(
        &self,
        context: &Context,
        headers: &HeaderMap,
        correlation_id: Option<&str>,
    ) -> Response<Body> {
        let trace_id = context.state.random.guid().to_string();
        let sent = correlation_id.or_else(|| headers.get("client-request-id")?.to_str().ok());
        let body = self.body(context, &trace_id, &correlation(context, sent));
        let mut response = (self.cause.status, axum::Json(body)).into_response();
        not_stored(&mut response);
        for (name, value) in
            [("x-ms-request-id", trace_id), ("x-ms-clitelem", format!("1,{},0,,", self.cause.code))]
        {
            if let Ok(value) = value.parse() {
                response.headers_mut().insert(name, value);
            }
        }
        self.noted(response)
    }

    /// Leaves the code for the request log.
    pub(crate) fn noted(&self, mut response: Response<Body>) -> Response<Body> {
        response.extensions_mut().insert(RefusalCode(self.cause.code));
        response
    }

    fn body(&self, context: &Context, trace_id: &str, correlation_id: &str) -> Value {
        let timestamp = context.state.clock.timestamp();
        let mut body = json!({
            "error": self.cause.error,
            "error_description": format!(
                "{} Trace ID: {trace_id} Correlation ID: {correlation_id} Timestamp: {timestamp}", self.description()
            ),
            "error_codes": [self.cause.code],
            "timestamp": timestamp,
            "trace_id": trace_id,
            "correlation_id": correlation_id,
            "error_uri": context.authority.error_page(self.cause.code),
        });
        if let Some(suberror) = self.cause.suberror {
            body["suberror"] = json!(suberror);
        }
        if let Some(claims) = &self.claims {
            body["claims"] = json!(claims);
        }
        body
    }

    /// For a form that is shown again.
    pub(crate) fn problem(self) -> Problem {
        Problem { code: self.cause.code, text: self.description() }
    }

    /// `AADSTSnnnnn: text`, on one line.
    pub(crate) fn description(&self) -> String {
        format!("AADSTS{}: {}", self.cause.code, self.text)
    }
}

/// Keeps an answer out of every cache.
pub(crate) fn not_stored(response: &mut Response<Body>) {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store, no-cache"));
    headers.insert(PRAGMA, axum::http::HeaderValue::from_static("no-cache"));
}

/// The client's own id when it sent a GUID, a new one otherwise.
pub(crate) fn correlation(context: &Context, sent: Option<&str>) -> String {
    let sent = sent.and_then(|id| Uuid::try_parse(id).ok());
    sent.unwrap_or_else(|| context.state.random.guid()).to_string()
}
