//! Client assertions (RFC 7523 §2.2): JWTs signed with a registered certificate, or issued by a trusted other.
//!
//! As tolerant as Entra, for what real clients send: padded parts, fractions or texts as times, thumbprints with
//! padding, and the same assertion many times.

use super::TokenCall;
use crate::endpoints::aadsts::{
    ASSERTION_AUDIENCE, ASSERTION_CLIENT, ASSERTION_EXPIRED, ASSERTION_MALFORMED, ASSERTION_REFUSED, Aadsts,
    MALFORMED, NO_FEDERATED_CREDENTIAL,
};
use crate::path::{Endpoint, RequestPath};
use crate::tokens::{Jwt, issued_here};
use crate::world::{Application, Certificate, Slot};

/// The one type there is.
const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Difference of clocks that is forgiven. Seconds; five minutes as at Entra.
const LEEWAY_S: i64 = 300;
/// Longest life. Seconds; clients use 10 to 30 minutes.
const LIFE_S_MAX: i64 = 86_400;

/// Whether `assertion` proves `client`.
pub(super) fn prove(call: &TokenCall<'_, '_>, client: &Application, assertion: &str) -> Result<(), Aadsts> {
    if call.parameters.get("client_assertion_type") != Some(TYPE) {
        return Err(MALFORMED.because(format!("The client_assertion_type must be '{TYPE}'.")));
    }
    let jwt = Jwt::parse(assertion)
        .ok_or_else(|| ASSERTION_MALFORMED.because("The client assertion is not a well-formed JWT."))?;
    let own = client.app_id.to_string();
    match jwt.text("iss").is_some_and(|issuer| issuer.eq_ignore_ascii_case(&own)) {
        true => by_certificate(call, client, &jwt),
        false if client.federated_credentials.is_empty() => Err(other_client(&own)),
        false => by_federation(call, client, &jwt),
    }
}

fn by_certificate(call: &TokenCall<'_, '_>, client: &Application, jwt: &Jwt<'_>) -> Result<(), Aadsts> {
    if !matches!(jwt.header("alg"), Some("RS256" | "PS256")) {
        return Err(ASSERTION_MALFORMED.because("The client assertion must be signed with RS256 or PS256."));
    }
    let certificate = client.certificates.iter().find(|certificate| is_named(certificate, jwt));
    let certificate = certificate.ok_or_else(|| {
        ASSERTION_REFUSED
            .because("The certificate of the client assertion is not registered on the application.")
    })?;
    if !certificate.public_key().is_some_and(|key| jwt.is_signed_by(&key)) {
        return Err(ASSERTION_REFUSED.because("The signature of the client assertion could not be verified."));
    }
    check_life(call, jwt)?;
    let own = client.app_id.to_string();
    if !jwt.text("sub").is_some_and(|subject| subject.eq_ignore_ascii_case(&own)) {
        return Err(other_client(&own));
    }
    match jwt.has_audience(|audience| is_token_endpoint(call, audience)) {
        true => Ok(()),
        false => Err(ASSERTION_AUDIENCE
            .because("The audience of the client assertion is neither the token endpoint nor the issuer of the tenant.")),
    }
}

fn other_client(own: &str) -> Aadsts {
    ASSERTION_CLIENT
        .because(format!("The issuer and subject of the client assertion must be the client id '{own}'."))
}

/// By thumbprint: SHA-256 or SHA-1 in base64url, padded or not, or SHA-1 in hexadecimal as `kid`.
fn is_named(certificate: &Certificate, jwt: &Jwt<'_>) -> bool {
    let names = |name: &str, thumbprint: &str| {
        jwt.header(name).is_some_and(|named| named.trim_end_matches('=') == thumbprint)
    };
    let sha1 = certificate.sha1_thumbprint();
    names("x5t#S256", &certificate.sha256_thumbprint())
        || names("x5t", &sha1)
        || names("kid", &sha1)
        || jwt.header("kid").is_some_and(|kid| kid.eq_ignore_ascii_case(&certificate.sha1_hex()))
}

fn check_life(call: &TokenCall<'_, '_>, jwt: &Jwt<'_>) -> Result<(), Aadsts> {
    let now = call.context.state.clock.now();
    let started = |name| jwt.seconds(name).is_none_or(|start| start <= now + LEEWAY_S);
    let ends = |end: i64| now < end.saturating_add(LEEWAY_S) && end <= now + LIFE_S_MAX + LEEWAY_S;
    match jwt.seconds("exp").is_some_and(ends) && started("nbf") && started("iat") {
        true => Ok(()),
        false => Err(ASSERTION_EXPIRED.because(format!(
            "The client assertion is not within its valid time range. Current time: {now}, its exp: {}.",
            jwt.seconds("exp").map_or("missing".to_owned(), |end| end.to_string())
        ))),
    }
}

/// Whether an audience is this endpoint by any of its names: the client may have resolved it through an alias or a
/// domain. The issuer counts as well.
fn is_token_endpoint(call: &TokenCall<'_, '_>, audience: &str) -> bool {
    let (Slot::Tenant(tenant) | Slot::Consumers(tenant)) = call.slot else {
        return is_in_tenant(call, audience, |_| true);
    };
    audience.trim_end_matches('/') == format!("https://sts.windows.net/{}", tenant.id)
        || is_in_tenant(call, audience, |slot| match slot {
            Slot::Tenant(named) | Slot::Consumers(named) => named.id == tenant.id,
            Slot::Common | Slot::Organizations => true,
        })
}

fn is_in_tenant(call: &TokenCall<'_, '_>, audience: &str, fits: impl Fn(Slot<'_>) -> bool) -> bool {
    let lower = audience.to_ascii_lowercase();
    let path = call.context.authorities().find_map(|authority| lower.strip_prefix(authority.base()));
    let Some(path) = path.filter(|path| path.starts_with('/')) else { return false };
    let parsed = RequestPath::parse(path);
    let issuer = path.trim_end_matches('/').ends_with("/v2.0") && path.matches('/').count() <= 3;
    (parsed.endpoint == Endpoint::Token || issuer) && call.world.slot(parsed.slot).is_some_and(fits)
}

/// Matches a foreign token with what the application trusts. The simulator opens no connections, so that it knows the
/// keys of one issuer only: itself.
fn by_federation(call: &TokenCall<'_, '_>, client: &Application, jwt: &Jwt<'_>) -> Result<(), Aadsts> {
    let trusted = client.federated_credentials.iter().find(|credential| {
        jwt.text("iss") == Some(&*credential.issuer)
            && jwt.text("sub") == Some(&*credential.subject)
            && jwt.has_audience(|audience| credential.audiences.iter().any(|known| known == audience))
    });
    if trusted.is_none() {
        return Err(NO_FEDERATED_CREDENTIAL.because(
            "No federated identity record matches issuer, subject and audience of the presented assertion.",
        ));
    }
    check_life(call, jwt)?;
    issued_here(call.context, call.world, jwt).map(drop).map_err(|_| {
        NO_FEDERATED_CREDENTIAL.because(
            "The signature of the presented assertion could not be verified: of all issuers the simulator knows only its own keys.",
        )
    })
}
