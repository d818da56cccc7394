//! On-behalf-of (Entra, "OAuth 2.0 On-Behalf-Of flow"): an API turns the token it was called with into one for the next API.

use axum::body::Body;
use axum::http::Response;

use super::answer::{Delegated, tokens};
use super::{TokenCall, client_auth};
use crate::endpoints::aadsts::{
    Aadsts, GRANT_ASSERTION_AUDIENCE, GRANT_ASSERTION_EXPIRED, GRANT_ASSERTION_MALFORMED,
    GRANT_ASSERTION_REFUSED, MALFORMED, ON_BEHALF_OF_REFUSED,
};
use crate::grants::SignIn;
use crate::tokens::{Jwt, NotOurs, issued_here};
use crate::world::{Account, Application, Platform, Slot, Tenant};

pub(super) fn exchange(call: &TokenCall<'_, '_>) -> Result<Response<Body>, Aadsts> {
    let client = call.client()?;
    if call.required("requested_token_use")? != "on_behalf_of" {
        return Err(MALFORMED.because("The requested_token_use must be 'on_behalf_of'."));
    }
    let assertion = call.required("assertion")?;
    let scope = call.required_scope()?;
    let proof = client_auth::confidential(call, client)?;
    let jwt = Jwt::parse(assertion)
        .ok_or_else(|| GRANT_ASSERTION_MALFORMED.because("The assertion is not a well-formed JWT."))?;
    let tenant = check(call, client, &jwt)?;
    let account = person(call, tenant, &jwt)?;
    let delegated = Delegated {
        client,
        sign_in: &sign_in(call, client, (&account, &jwt)),
        slot: Slot::Tenant(tenant),
        scope: &scope,
        proof,
        nonce: None,
        wants_auth_time: false,
        chain_started_at: call.context.state.clock.now(),
    };
    tokens(call, &delegated)
}

/// A token of this simulator, in its life, for this client, and of the tenant that the path names.
fn check<'w>(call: &TokenCall<'_, 'w>, client: &Application, jwt: &Jwt<'_>) -> Result<&'w Tenant, Aadsts> {
    if client.own_signing_key {
        return Err(GRANT_ASSERTION_REFUSED
            .because("Tokens for an application with a signing key of its own cannot be exchanged."));
    }
    let tenant = issued_here(call.context, call.world, jwt).map_err(|problem| match problem {
        NotOurs::Forged => GRANT_ASSERTION_REFUSED.because("The assertion failed signature validation."),
        NotOurs::Expired => {
            GRANT_ASSERTION_EXPIRED.because("The assertion is not within its valid time range.")
        }
    })?;
    if !jwt.has_audience(|audience| client.is_named(audience)) {
        return Err(GRANT_ASSERTION_AUDIENCE.because(format!(
            "The assertion audience does not match the client app presenting the assertion. It must be the app id or an App ID URI of '{}'.",
            client.app_id
        )));
    }
    match call.slot {
        Slot::Tenant(named) | Slot::Consumers(named) if named.id != tenant.id => Err(GRANT_ASSERTION_REFUSED
            .because(format!(
                "The assertion is of the tenant '{}', which the address does not name.",
                tenant.id
            ))),
        _ => Ok(tenant),
    }
}

/// The person in the assertion: delegated permissions and an object id make an access token of one.
fn person<'w>(call: &TokenCall<'_, 'w>, tenant: &'w Tenant, jwt: &Jwt<'_>) -> Result<Account<'w>, Aadsts> {
    if jwt.text("scp").is_none_or(str::is_empty) || jwt.text("idtyp") == Some("app") {
        return Err(ON_BEHALF_OF_REFUSED
            .because("The assertion is no access token with delegated permissions of a person."));
    }
    let account = jwt.text("oid").and_then(|oid| call.world.account(tenant, oid));
    account.ok_or_else(|| {
        GRANT_ASSERTION_REFUSED.because("The person in the assertion is unknown in its tenant.")
    })
}

fn sign_in(
    call: &TokenCall<'_, '_>,
    client: &Application,
    (account, jwt): (&Account<'_>, &Jwt<'_>),
) -> SignIn {
    let state = &call.context.state;
    let session = jwt.text("sid").map(ToOwned::to_owned);
    SignIn {
        home: account.home.id,
        user: account.home_user.id,
        client: client.app_id,
        // Middle tiers are confidential whatever redirect URIs they have.
        platform: Platform::Web,
        session_id: session.unwrap_or_else(|| state.random.guid().to_string()),
        auth_time: jwt.seconds("auth_time").or(jwt.seconds("iat")).unwrap_or_else(|| state.clock.now()),
        password_mark: account.home_user.password.mark(),
        auth_contexts: jwt.texts("acrs").map(ToOwned::to_owned).collect(),
        client_capabilities: call.claims.capabilities.clone(),
    }
}
