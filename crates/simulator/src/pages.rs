//! The pages a person sees. Server-rendered, no external assets, escaped by the templates.

use askama::Template;
use axum::body::Body;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;

use crate::world::Tenant;

/// The sign-in form, with an account picker when the browser has sessions.
///
/// Field names and element ids are those that scripts for the real page use.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignInPage<'a> {
    pub(crate) application: &'a str,
    /// Tenant or alias that is signed in to.
    pub(crate) place: &'a str,
    pub(crate) action: String,
    /// The authorize request, to be checked again when the form arrives.
    pub(crate) request: &'a str,
    pub(crate) version: &'a str,
    pub(crate) user_name: String,
    pub(crate) problem: Option<String>,
    pub(crate) accounts: Vec<PickableAccount>,
}

/// One button of the account picker.
pub(crate) struct PickableAccount {
    pub(crate) session_id: String,
    pub(crate) name: String,
    pub(crate) upn: String,
}

/// A refusal that must not be redirected, or that a person should read.
#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage {
    pub(crate) code: u32,
    pub(crate) description: String,
    pub(crate) advice: &'static str,
    pub(crate) other_account: Option<String>,
    pub(crate) correlation_id: String,
    pub(crate) timestamp: String,
}

/// After sign-out, when the application named no page to return to.
#[derive(Template)]
#[template(path = "signed_out.html")]
pub(crate) struct SignedOutPage;

/// The answer in `response_mode=form_post`: a form that submits itself.
#[derive(Template)]
#[template(path = "form_post.html")]
pub(crate) struct FormPostPage<'a> {
    pub(crate) action: &'a str,
    pub(crate) fields: &'a [(&'static str, String)],
    pub(crate) nonce: String,
}

/// The page at `/`.
#[derive(Template)]
#[template(path = "index.html")]
pub(crate) struct IndexPage<'a> {
    pub(crate) base: &'a str,
    pub(crate) tenants: &'a [Tenant],
}

/// Renders a page that runs no script.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response<Body> {
    respond(
        status,
        template,
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    )
}

/// Renders the page whose one script carries `nonce`. It may stand in a frame: hidden renewals get it there.
pub(crate) fn form_post(template: &FormPostPage<'_>) -> Response<Body> {
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-{}'; base-uri 'none'",
        template.nonce
    );
    respond(StatusCode::OK, template, &policy)
}

fn respond(status: StatusCode, template: &impl Template, policy: &str) -> Response<Body> {
    // Writing to a String fails only if a template does, and these have no fallible parts.
    let mut response = (status, template.render().unwrap_or_default()).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("cache-control", HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_renders_marked_and_escaped() {
        let evil = "<script>alert(1)</script>\"'";
        let accounts = vec![PickableAccount { session_id: evil.into(), name: evil.into(), upn: evil.into() }];
        let sign_in = SignInPage {
            application: evil,
            place: evil,
            action: evil.into(),
            request: evil,
            version: "v2",
            user_name: evil.into(),
            problem: Some(evil.into()),
            accounts,
        };
        let error = ErrorPage {
            code: 50011,
            description: evil.into(),
            advice: "Register it.",
            other_account: Some(evil.into()),
            correlation_id: evil.into(),
            timestamp: evil.into(),
        };
        let form = FormPostPage { action: evil, fields: &[("state", evil.to_owned())], nonce: "n".into() };
        let pages = [sign_in.render(), error.render(), form.render(), SignedOutPage.render()];
        for page in pages {
            let page = page.unwrap();
            assert!(!page.contains("<script>alert"), "{page}");
            assert!(page.contains("Simulator, for development only"));
        }
    }
}
