//! `device_code`: a device asks whether its person is done (RFC 8628 §3.4).

use axum::body::Body;
use axum::http::Response;

use super::answer::{Delegated, tokens};
use super::{TokenCall, client_auth};
use crate::authority::Version;
use crate::devices::{DeviceRequest, LIFETIME_S, Progress};
use crate::endpoints::aadsts::{
    Aadsts, CODE_REDEEMED, DEVICE_CODE_EXPIRED, DEVICE_CODE_WRONG, DEVICE_DECLINED, DEVICE_PENDING,
    INVALID_GRANT, OTHER_TENANT,
};
use crate::endpoints::authorize::version_1_scope;
use crate::grants::SignIn;
use crate::ids::TenantId;
use crate::world::{Application, Slot};

pub(super) fn redeem(call: &TokenCall<'_, '_>) -> Result<Response<Body>, Aadsts> {
    let client = call.client()?;
    // Version 1 calls it `code`.
    let code = call.parameters.get("device_code").or(call.parameters.get("code"));
    let code = code.map_or_else(|| call.required("device_code"), Ok)?;
    let proof = client_auth::of_installed(call, client)?;
    let (sign_in, tenant, scope) = call.context.state.devices.with(code, |request| {
        let request = request.ok_or_else(unknown)?;
        let (sign_in, tenant) = check(call, client, request)?;
        request.progress = Progress::Redeemed;
        let scope = match request.version {
            Version::V1 => version_1_scope(&request.scope),
            Version::V2 => request.scope.clone(),
        };
        Ok::<_, Aadsts>((sign_in, tenant, scope))
    })?;
    let sign_in = SignIn { platform: client_auth::platform_of(proof), ..sign_in };
    let tenant = call.world.tenant_by_id(tenant);
    let delegated = Delegated {
        client,
        sign_in: &sign_in,
        slot: Slot::Tenant(tenant.ok_or_else(|| INVALID_GRANT.because("The tenant of the code is gone."))?),
        scope: &call.asked_scope(&scope),
        proof,
        nonce: None,
        wants_auth_time: false,
        chain_started_at: call.context.state.clock.now(),
    };
    tokens(call, &delegated)
}

fn unknown() -> Aadsts {
    DEVICE_CODE_WRONG
        .because("The provided value for the 'device_code' parameter is not valid for this client.")
}

/// The sign-in that the device may have now.
fn check(
    call: &TokenCall<'_, '_>,
    client: &Application,
    request: &DeviceRequest,
) -> Result<(SignIn, TenantId), Aadsts> {
    if request.client != client.app_id || request.version != call.version {
        return Err(unknown());
    }
    let (sign_in, tenant) = match &request.progress {
        Progress::Redeemed => {
            return Err(CODE_REDEEMED.because("The device code was already redeemed; ask for another one."));
        }
        Progress::Declined => {
            return Err(DEVICE_DECLINED.because("The person declined to sign the device in."));
        }
        _ if call.context.state.clock.now() - request.issued_at >= LIFETIME_S => {
            return Err(DEVICE_CODE_EXPIRED.because("The device code has expired; ask for another one."));
        }
        Progress::Waiting => {
            return Err(DEVICE_PENDING
                .because("OAuth 2.0 device flow error. Authorization is pending. Continue polling."));
        }
        Progress::Accepted(sign_in, tenant) => (sign_in, *tenant),
    };
    match call.slot {
        Slot::Tenant(named) | Slot::Consumers(named) if named.id != tenant => {
            Err(OTHER_TENANT.because("The provided device code is intended to use against another tenant."))
        }
        _ => Ok(((**sign_in).clone(), tenant)),
    }
}
