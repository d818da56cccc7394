//! What operators learn of each request: one structured event, nothing secret, a stranger's text escaped (T-113, T-114).

use tenantry_token::{Principal, Rejection, Untrusted};

/// A caller was let through.
pub(crate) fn accepted(principal: &Principal) {
    tracing::debug!(
        target: "tenantry::decision",
        verdict = "accepted",
        tenant = %principal.tenant(),
        client = %Untrusted::new(principal.client_id().as_str()),
        token_id = %Untrusted::new(principal.token_id().unwrap_or_default()),
    );
}

/// A proven caller lacked the route's permission.
pub(crate) fn forbidden(principal: &Principal) {
    tracing::info!(
        target: "tenantry::decision",
        verdict = "forbidden",
        code = "insufficient_scope",
        tenant = %principal.tenant(),
        client = %Untrusted::new(principal.client_id().as_str()),
    );
}

/// A token was refused, or none was sent.
pub(crate) fn refused(rejection: &Rejection) {
    tracing::info!(
        target: "tenantry::decision",
        verdict = "refused",
        code = rejection.code(),
        step = rejection.step().number(),
        reason = %rejection,
    );
}
