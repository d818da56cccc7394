//! Sign-out: ends the browser's session, tells the applications (OpenID Connect Front-Channel Logout 1.0), then returns
//! to a registered page or shows one.

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Response, StatusCode};

use super::authorize::respond::{append, redirect};
use super::cookie;
use super::parameters::Parameters;
use crate::pages::{SignedOutPage, page};
use crate::sessions::SignedIn;
use crate::state::Context;
use crate::tokens::{Jwt, login_hint};
use crate::world::World;

/// `GET|POST /{t}/oauth2/v2.0/logout`, and the same without `v2.0/`.
pub(super) async fn sign_out(
    State(context): State<Context>,
    Path(_): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let parameters = Parameters::parse(&[query.unwrap_or_default().as_bytes(), &body]);
    let world = context.state.world();
    let handle = cookie::session(&headers).unwrap_or_default();
    let known = context.state.sessions.accounts(Some(handle), context.state.clock.now());
    let leaving = leaving(&world, &known, &parameters);
    context.state.sessions.sign_out(handle, &leaving);
    let target = parameters.get("post_logout_redirect_uri").filter(|uri| is_registered(&world, uri));
    let continue_to = target.map(|uri| back(uri, parameters.get("state")));
    let front_channel: Vec<String> = leaving.iter().flat_map(|account| told(&world, account)).collect();
    let response = match continue_to {
        Some(address) if front_channel.is_empty() => redirect(&address),
        continue_to => page(StatusCode::OK, &SignedOutPage { front_channel, continue_to }),
    };
    match leaving.len() < known.len() {
        true => response,
        false => cookie::without_session(response, &context.authority),
    }
}

/// The account that the application names by `logout_hint` or an ID token; every account when it names none that is here.
fn leaving(world: &World, known: &[SignedIn], parameters: &Parameters) -> Vec<SignedIn> {
    let hint = parameters.get("logout_hint");
    let token = parameters.get("id_token_hint").and_then(Jwt::parse);
    let session_id = token.as_ref().and_then(|token| token.text("sid"));
    let named = known.iter().find(|account| {
        let hinted = hint.is_some_and(|hint| answers_to(world, account, hint));
        hinted || session_id == Some(&*account.session_id)
    });
    named.map_or_else(|| known.to_vec(), |account| vec![account.clone()])
}

fn answers_to(world: &World, account: &SignedIn, hint: &str) -> bool {
    let home = world.tenant_by_id(account.home);
    let account = home.and_then(|home| world.seen_from(home, account.home, account.user));
    account.is_some_and(|account| login_hint(&account) == hint || account.user.upn.eq_ignore_ascii_case(hint))
}

/// Sign-out pages of the applications that an account was signed in to. The session is named, the issuer is not, as at
/// Entra.
fn told(world: &World, account: &SignedIn) -> Vec<String> {
    let clients = account.clients.iter().filter_map(|id| world.client(*id));
    let pages = clients.filter_map(|client| client.logout_url.as_deref());
    pages.map(|page| append(page, '?', &[("sid", account.session_id.clone())])).collect()
}

/// Any application's redirect URI will do: the request need not say whose it is.
fn is_registered(world: &World, uri: &str) -> bool {
    world.applications().any(|application| application.platform_of(uri).is_some())
}

fn back(uri: &str, state: Option<&str>) -> String {
    match state {
        Some(state) => append(uri, '?', &[("state", state.to_owned())]),
        None => uri.to_owned(),
    }
}
