//! `authorization_code`: turns a code into tokens, once (RFC 6749 §4.1.3, RFC 7636 §4.6).

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Body;
use axum::http::Response;

use super::answer::{Delegated, tokens};
use super::{TokenCall, client_auth};
use crate::encoding::base64url;
use crate::endpoints::aadsts::{
    Aadsts, CODE_REDEEMED, GRANT_EXPIRED, INVALID_GRANT, OTHER_TENANT, REDIRECT_URI_CHANGED, WRONG_VERIFIER,
};
use crate::grants::{CODE_LIFETIME_S, Challenge, CodeGrant};
use crate::world::{Application, Slot};

pub(super) fn redeem(call: &TokenCall<'_, '_>) -> Result<Response<Body>, Aadsts> {
    let client = call.client()?;
    let code = call.required("code")?;
    let redirect_uri = call.required("redirect_uri")?;
    let (grant, proof) = call.context.state.grants.with_code(code, |grant| {
        let grant = grant.ok_or_else(|| {
            INVALID_GRANT.because("The provided value for the 'code' parameter is not valid.")
        })?;
        check(call, client, grant)?;
        let proof = client_auth::of_platform(call, client, grant.sign_in.platform)?;
        check_binding(call, grant, redirect_uri)?;
        grant.redeemed = true;
        Ok::<_, Aadsts>((grant.clone(), proof))
    })?;
    let tenant = call
        .world
        .tenant_by_id(grant.tenant)
        .ok_or_else(|| INVALID_GRANT.because("The tenant of the code is gone."))?;
    tokens(
        call,
        &Delegated {
            client,
            sign_in: &grant.sign_in,
            slot: Slot::Tenant(tenant),
            scope: &call.asked_scope(&grant.scope),
            proof,
            nonce: grant.nonce.clone(),
            wants_auth_time: grant.wants_auth_time,
            chain_started_at: call.context.state.clock.now(),
        },
    )
}

/// Is it this client's, unused, and not too old?
fn check(call: &TokenCall<'_, '_>, client: &Application, grant: &CodeGrant) -> Result<(), Aadsts> {
    if grant.sign_in.client != client.app_id || grant.version != call.version {
        return Err(INVALID_GRANT
            .because("The provided authorization code was not issued to this client at this endpoint."));
    }
    if grant.redeemed {
        return Err(CODE_REDEEMED
            .because("OAuth2 Authorization code was already redeemed, please retry with a new valid code."));
    }
    if call.context.state.clock.now() - grant.issued_at > CODE_LIFETIME_S {
        return Err(GRANT_EXPIRED.because("The provided authorization code has expired."));
    }
    match call.slot {
        Slot::Tenant(tenant) | Slot::Consumers(tenant) if tenant.id != grant.tenant => Err(OTHER_TENANT
            .because("The provided authorization code is intended to use against another tenant.")),
        _ => Ok(()),
    }
}

/// Is it the request the code was issued for?
fn check_binding(call: &TokenCall<'_, '_>, grant: &CodeGrant, redirect_uri: &str) -> Result<(), Aadsts> {
    if grant.redirect_uri != redirect_uri {
        return Err(REDIRECT_URI_CHANGED
            .because("The reply address does not match the one of the authorization request."));
    }
    let verifier = call.parameters.get("code_verifier").unwrap_or_default();
    let fits = match &grant.challenge {
        None => true,
        Some(Challenge::Plain(expected)) => equal(expected, verifier),
        Some(Challenge::S256(expected)) => {
            equal(expected, &base64url(digest(&SHA256, verifier.as_bytes()).as_ref()))
        }
    };
    match fits {
        true => Ok(()),
        false => Err(WRONG_VERIFIER.because(
            "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
        )),
    }
}

fn equal(one: &str, other: &str) -> bool {
    verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}
