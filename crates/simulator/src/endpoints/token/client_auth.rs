//! Proof that a request comes from its client, by the rules of the client's platform.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::{TokenCall, assertion};
use crate::encoding::from_base64;
use crate::endpoints::aadsts::{
    Aadsts, MALFORMED, NO_CREDENTIAL, ORIGIN_NEEDED, ORIGIN_NOT_ALLOWED, PUBLIC_CLIENT, SECRET_EXPIRED,
    WRONG_SECRET,
};
use crate::world::{Application, Platform};

/// How a client proved itself, as `azpacr` says it.
pub(super) type Proof = &'static str;

const PUBLIC: Proof = "0";
const BY_SECRET: Proof = "1";
const BY_ASSERTION: Proof = "2";

/// Checks a person's grant: `platform` is the one its code was sent to.
pub(super) fn of_platform(
    call: &TokenCall<'_, '_>,
    client: &Application,
    platform: Platform,
) -> Result<Proof, Aadsts> {
    match (platform, call.has_origin()) {
        (Platform::Spa, false) => Err(ORIGIN_NEEDED.because("Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.")),
        (Platform::Web | Platform::Native, true) => Err(ORIGIN_NOT_ALLOWED.because("Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type.")),
        (Platform::Web, false) => by_credential(call, client),
        (Platform::Spa, true) | (Platform::Native, false) => public(call),
    }
}

/// Checks a client that acts by itself.
pub(super) fn confidential(call: &TokenCall<'_, '_>, client: &Application) -> Result<Proof, Aadsts> {
    if call.has_origin() {
        return Err(ORIGIN_NOT_ALLOWED.because("Client credentials must not be used from a web page."));
    }
    if client.is_public() && !client.has_credentials() && has_credential(call)? {
        return public(call);
    }
    by_credential(call, client)
}

/// Checks a client that no redirect URI vouches for: installed programs hold nothing, others prove themselves.
pub(super) fn of_installed(call: &TokenCall<'_, '_>, client: &Application) -> Result<Proof, Aadsts> {
    match client.is_installed() && (!client.has_credentials() || !has_credential(call)?) {
        true => public(call),
        false => confidential(call, client),
    }
}

/// The platform that a client shall count as in what follows from a proof without a redirect URI.
pub(super) fn platform_of(proof: Proof) -> Platform {
    if proof == PUBLIC { Platform::Native } else { Platform::Web }
}

fn public(call: &TokenCall<'_, '_>) -> Result<Proof, Aadsts> {
    match has_credential(call)? {
        true => Err(PUBLIC_CLIENT.because(
            "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
        )),
        false => Ok(PUBLIC),
    }
}

fn has_credential(call: &TokenCall<'_, '_>) -> Result<bool, Aadsts> {
    let in_body = call.parameters.get("client_secret").or(call.parameters.get("client_assertion")).is_some();
    Ok(in_body || basic(call.headers)?.is_some())
}

fn by_credential(call: &TokenCall<'_, '_>, client: &Application) -> Result<Proof, Aadsts> {
    if let Some(assertion) = call.parameters.get("client_assertion") {
        return assertion::prove(call, client, assertion).map(|()| BY_ASSERTION);
    }
    let secret = call.parameters.get("client_secret").map(ToOwned::to_owned);
    let secret = secret.or(basic(call.headers)?.map(|(_, secret)| secret));
    let Some(secret) = secret.filter(|secret| !secret.is_empty()) else {
        return Err(NO_CREDENTIAL.because(
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        ));
    };
    // Every secret is compared, so that time tells nothing about their order.
    let fitting: Vec<_> = client.secrets.iter().filter(|known| known.text.matches(&secret)).collect();
    let now = call.context.state.clock.now();
    let wrong = || format!("Invalid client secret provided for application '{}'.", client.app_id);
    let expired =
        || format!("The provided client secret keys for application '{}' are expired.", client.app_id);
    match fitting.iter().any(|known| known.expires_at.is_none_or(|end| now < end)) {
        true => Ok(BY_SECRET),
        false if fitting.is_empty() => Err(WRONG_SECRET.because(wrong())),
        false => Err(SECRET_EXPIRED.because(expired())),
    }
}

/// Client id and secret of an `Authorization: Basic` header, both form-encoded inside (RFC 6749 §2.3.1).
pub(super) fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, Aadsts> {
    let Some(header) = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()) else {
        return Ok(None);
    };
    let Some((scheme, credentials)) = header.split_once(' ') else { return Ok(None) };
    if !scheme.eq_ignore_ascii_case("basic") {
        return Ok(None);
    }
    let decoded = from_base64(credentials.trim()).and_then(|bytes| String::from_utf8(bytes).ok());
    let pair = decoded.as_deref().and_then(|text| text.split_once(':'));
    let (user, secret) =
        pair.ok_or_else(|| MALFORMED.because("The Authorization header is not well-formed."))?;
    Ok(Some((form_decoded(user), form_decoded(secret))))
}

fn form_decoded(text: &str) -> String {
    url::form_urlencoded::parse(format!("v={}", text.replace('&', "%26")).as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}
