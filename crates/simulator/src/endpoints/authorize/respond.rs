//! Takes an answer to the client, by the response mode it asked for (OAuth 2.0 Multiple Response Types §2.1).

use axum::body::Body;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;

use crate::devices::Progress;
use crate::endpoints::aadsts::{self, Aadsts};
use crate::endpoints::advice::shown;
use crate::pages::{DeviceDonePage, FormPostPage, page};
use crate::state::Context;
use crate::world::{Application, Platform};

/// How parameters travel to the redirect URI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ResponseMode {
    Query,
    Fragment,
    FormPost,
    /// To a device that polls, and showed this code; the person reads how it ended.
    Device(String),
}

/// Where an answer goes: only made of a registered client and one of its redirect URIs.
#[derive(Debug, Clone)]
pub(super) struct Target<'w> {
    pub(super) client: &'w Application,
    pub(super) redirect_uri: String,
    pub(super) platform: Platform,
    pub(super) mode: ResponseMode,
    /// Returned byte for byte.
    pub(super) state: Option<String>,
    pub(super) wants_client_info: bool,
}

impl Target<'_> {
    /// Sends `fields` and the state.
    pub(super) fn answer(&self, mut fields: Vec<(&'static str, String)>) -> Response<Body> {
        if let Some(state) = &self.state {
            fields.push(("state", state.clone()));
        }
        match &self.mode {
            ResponseMode::Device(_) => page(StatusCode::OK, &DeviceDonePage { accepted: false }),
            ResponseMode::FormPost => {
                page(StatusCode::OK, &FormPostPage { action: &self.redirect_uri, fields: &fields })
            }
            ResponseMode::Query => redirect(&append(&self.redirect_uri, '?', &fields)),
            ResponseMode::Fragment => redirect(&append(&self.redirect_uri, '#', &fields)),
        }
    }

    /// Sends a refusal.
    pub(super) fn refuse(&self, context: &Context, refusal: &Aadsts) -> Response<Body> {
        let answer = match &self.mode {
            ResponseMode::Device(user_code) => refused_device(context, user_code, refusal),
            _ => self.answer(refused(context, refusal)),
        };
        refusal.noted(answer)
    }

    /// The address that a refusal is redirected to; none where it is posted.
    pub(super) fn way_back(&self, context: &Context, refusal: &Aadsts) -> Option<String> {
        let mut fields = refused(context, refusal);
        fields.extend(self.state.clone().map(|state| ("state", state)));
        match self.mode {
            ResponseMode::FormPost | ResponseMode::Device(_) => None,
            ResponseMode::Query => Some(append(&self.redirect_uri, '?', &fields)),
            ResponseMode::Fragment => Some(append(&self.redirect_uri, '#', &fields)),
        }
    }
}

/// A person who declines ends the device's wait; any other refusal can be mended while it waits on.
fn refused_device(context: &Context, user_code: &str, refusal: &Aadsts) -> Response<Body> {
    if refusal.cause != aadsts::CONSENT_DECLINED {
        return shown(context, refusal, None);
    }
    context.state.devices.decide(user_code, Progress::Declined, context.state.clock.now());
    page(StatusCode::OK, &DeviceDonePage { accepted: false })
}

/// The parameters of a refusal.
fn refused(context: &Context, refusal: &Aadsts) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("error", error_name(refusal).to_owned()),
        ("error_description", described(context, refusal)),
        ("error_uri", context.authority.error_page(refusal.cause.code)),
    ];
    fields.extend(refusal.suberror().map(|suberror| ("suberror", suberror.to_owned())));
    fields.extend(refusal.claims.clone().map(|claims| ("claims", claims)));
    if refusal.cause == aadsts::CONSENT_DECLINED {
        fields.push(("error_subcode", "cancel".to_owned()));
    }
    fields
}

/// A refusal's text with the ids that Entra puts behind it.
pub(in crate::endpoints) fn described(context: &Context, refusal: &Aadsts) -> String {
    format!(
        "{} Trace ID: {} Correlation ID: {} Timestamp: {}",
        refusal.description(),
        context.state.random.guid(),
        context.state.random.guid(),
        context.state.clock.timestamp()
    )
}

/// The authorize endpoint has names of its own for some causes.
fn error_name(refusal: &Aadsts) -> &'static str {
    match refusal.cause {
        aadsts::USER_NOT_IN_TENANT
        | aadsts::USER_DISABLED
        | aadsts::USER_NOT_ASSIGNED
        | aadsts::CONSENT_REQUIRED => "interaction_required",
        aadsts::CLIENT_NOT_ALLOWED | aadsts::RESOURCE_NOT_ALLOWED => "access_denied",
        cause => cause.error,
    }
}

/// A redirect URI with parameters behind it.
pub(crate) fn append(uri: &str, separator: char, fields: &[(&'static str, String)]) -> String {
    let separator = if separator == '?' && uri.contains('?') { '&' } else { separator };
    let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    format!("{uri}{separator}{encoded}")
}

pub(crate) fn redirect(location: &str) -> Response<Body> {
    let mut response = StatusCode::FOUND.into_response();
    // Registered URIs were parsed and parameters are encoded, so only a non-ASCII registration can fail here.
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    aadsts::not_stored(&mut response);
    response
}
