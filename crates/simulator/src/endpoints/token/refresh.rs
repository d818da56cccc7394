//! `refresh_token`: new tokens for the same person and client, at any tenant where the person has an account.

use axum::body::Body;
use axum::http::Response;

use super::answer::{Delegated, tokens};
use super::{TokenCall, client_auth};
use crate::endpoints::aadsts::{Aadsts, INVALID_GRANT, REFRESH_EXPIRED, SPA_REFRESH_EXPIRED};
use crate::grants::{REFRESH_LIFETIME_S, RefreshGrant, SPA_LIFETIME_S};
use crate::world::Platform;

pub(super) fn renew(call: &TokenCall<'_, '_>) -> Result<Response<Body>, Aadsts> {
    let client = call.client()?;
    let handle = call.required("refresh_token")?;
    let grant =
        call.context.state.grants.refresh(handle).filter(|grant| grant.sign_in.client == client.app_id);
    let grant = grant.ok_or_else(|| {
        INVALID_GRANT
            .because("The provided value for the 'refresh_token' parameter is not valid for this client.")
    })?;
    let proof = client_auth::of_platform(call, client, grant.sign_in.platform)?;
    check_age(call.context.state.clock.now(), &grant)?;
    tokens(
        call,
        &Delegated {
            client,
            sign_in: &grant.sign_in,
            slot: call.slot,
            scope: &call.asked_scope(&grant.scope),
            proof,
            nonce: None,
            wants_auth_time: false,
            chain_started_at: grant.chain_started_at,
        },
    )
}

fn check_age(now: i64, grant: &RefreshGrant) -> Result<(), Aadsts> {
    if grant.sign_in.platform == Platform::Spa && now - grant.chain_started_at >= SPA_LIFETIME_S {
        return Err(SPA_REFRESH_EXPIRED.because("The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which cannot be extended."));
    }
    match now - grant.issued_at > REFRESH_LIFETIME_S {
        true => Err(REFRESH_EXPIRED.because("The refresh token has expired due to inactivity.")),
        false => Ok(()),
    }
}
