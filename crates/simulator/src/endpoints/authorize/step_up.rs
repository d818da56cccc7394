//! Is more proof wanted? The page of the simulated second factor, for an authentication context that the client demands.

use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode};

use super::request::{AuthorizeRequest, Prompt};
use super::{Attempt, Call, Step, authorize};
use crate::endpoints::aadsts::Aadsts;
use crate::pages::{StepUpPage, page};
use crate::sessions::SignedIn;

/// The page to be answered first; `None` when the session satisfies what is demanded.
pub(super) fn ask(
    attempt: &Attempt<'_, '_>,
    request: &AuthorizeRequest,
    (signed_in, handle): (&SignedIn, &str),
) -> Result<Option<Response<Body>>, Aadsts> {
    let Some(demanded) = request.claims.lacking(&signed_in.auth_contexts) else { return Ok(None) };
    if request.prompt == Prompt::None {
        request.claims.check(&signed_in.auth_contexts)?;
    }
    let account = attempt.policy.account(attempt.slot, signed_in.home, signed_in.user)?;
    let context = attempt.context;
    Ok(Some(page(
        StatusCode::OK,
        &StepUpPage {
            application: attempt.target.client.display_name.clone(),
            user: account.user.display_name.clone(),
            context: demanded.to_owned(),
            action: format!("{}/{}/step-up", context.authority.base(), attempt.slot.segment()),
            request: attempt.call.parameters.without(""),
            version: attempt.call.version.name(),
            ticket: context.state.tickets.issue(&shown(attempt, handle, signed_in, demanded)),
        },
    )))
}

/// The page came back. Without the ticket of one that this browser was shown, it proves nothing.
pub(super) fn prove(
    attempt: &Attempt<'_, '_>,
    request: &AuthorizeRequest,
    ticket: &str,
    ((handle, known), headers): ((&str, &[SignedIn]), &HeaderMap),
) -> Response<Body> {
    let state = &attempt.context.state;
    let proven = known.iter().filter(|_| !handle.is_empty()).find_map(|account| {
        let demanded = request.claims.lacking(&account.auth_contexts)?;
        let is_shown = state.tickets.is_valid(ticket, &shown(attempt, handle, account, demanded));
        is_shown.then(|| state.sessions.satisfy(handle, &account.session_id, demanded)).flatten()
    });
    let Some(account) = proven else { return attempt.signed_in_before(request, (handle, known)) };
    let call = Call {
        segment: attempt.slot.segment(),
        version: attempt.call.version,
        parameters: attempt.call.parameters.clone(),
        step: Step::Proven(account),
    };
    authorize(attempt.context, &call, headers)
}

/// What the page's answer depends on.
fn shown<'a>(
    attempt: &Attempt<'_, 'a>,
    handle: &'a str,
    account: &'a SignedIn,
    demanded: &'a str,
) -> [&'a str; 5] {
    [handle, "step-up", &account.session_id, demanded, &attempt.target.client.display_name]
}
