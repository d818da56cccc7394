//! `password`: name and password in the client's hands (RFC 6749 §4.3). Discouraged, and still in use for tests.

use axum::body::Body;
use axum::http::Response;

use super::answer::{Delegated, tokens};
use super::{TokenCall, client_auth};
use crate::endpoints::aadsts::{Aadsts, TENANT_NEEDED};
use crate::endpoints::sign_in::proven;
use crate::grants::SignIn;
use crate::sessions::SignedIn;
use crate::world::{Application, Platform, Slot, TenantKind};

pub(super) fn sign_in(call: &TokenCall<'_, '_>) -> Result<Response<Body>, Aadsts> {
    let client = call.client()?;
    let (name, password) = (call.required("username")?, call.required("password")?);
    let scope = call.required_scope()?;
    let proof = client_auth::of_installed(call, client)?;
    let signed_in = proven(&call.context.state, call.world, (name, password))?;
    let personal =
        call.world.tenant_by_id(signed_in.home).is_some_and(|home| home.kind == TenantKind::Personal);
    if personal || matches!(call.slot, Slot::Consumers(_)) {
        return Err(TENANT_NEEDED.because("The grant type is not supported for personal accounts."));
    }
    let sign_in = of(client, client_auth::platform_of(proof), signed_in, call);
    let delegated = Delegated {
        client,
        sign_in: &sign_in,
        slot: call.slot,
        scope: &scope,
        proof,
        nonce: None,
        wants_auth_time: false,
        chain_started_at: call.context.state.clock.now(),
    };
    tokens(call, &delegated)
}

fn of(client: &Application, platform: Platform, signed_in: SignedIn, call: &TokenCall<'_, '_>) -> SignIn {
    SignIn {
        home: signed_in.home,
        user: signed_in.user,
        client: client.app_id,
        platform,
        session_id: signed_in.session_id,
        auth_time: signed_in.at,
        password_mark: signed_in.password_mark,
        auth_contexts: signed_in.auth_contexts,
        client_capabilities: call.claims.capabilities.clone(),
    }
}
