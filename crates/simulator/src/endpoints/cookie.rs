//! The session cookie.

use axum::body::Body;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Response};

use crate::authority::Authority;
use crate::sessions::{self, SignedIn};
use crate::state::Context;

/// The session handle that the browser sent.
pub(super) fn session(headers: &HeaderMap) -> Option<&str> {
    headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).find_map(sessions::cookie_in)
}

/// Sets the cookie. Hidden frames of other sites need `SameSite=None`, which browsers take over HTTPS only.
fn with_session(response: Response<Body>, handle: &str, authority: &Authority) -> Response<Body> {
    set(response, &format!("{}={handle}; Path=/; HttpOnly{}", sessions::COOKIE, site(authority)))
}

/// Notes that somebody proved themselves in the session `previous`, and gives `answer` the handle of the one that
/// takes its place.
pub(super) fn renewed(
    context: &Context,
    previous: &str,
    account: &SignedIn,
    answer: impl FnOnce(&str) -> Response<Body>,
) -> Response<Body> {
    let fresh = context.state.random.handle();
    context.state.sessions.sign_in(&fresh, Some(previous), account.clone());
    with_session(answer(&fresh), &fresh, &context.authority)
}

/// Removes the cookie.
pub(super) fn without_session(response: Response<Body>, authority: &Authority) -> Response<Body> {
    set(response, &format!("{}=; Path=/; HttpOnly; Max-Age=0{}", sessions::COOKIE, site(authority)))
}

fn site(authority: &Authority) -> &'static str {
    if authority.is_https() { "; Secure; SameSite=None" } else { "; SameSite=Lax" }
}

fn set(mut response: Response<Body>, cookie: &str) -> Response<Body> {
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
