//! Which of the accounts that this browser signed in before does the request mean?

use super::Attempt;
use super::request::{AuthorizeRequest, Prompt};
use crate::sessions::SignedIn;
use crate::tokens::login_hint;

/// What the browser's sessions are good for.
pub(super) enum Choice {
    Account(SignedIn),
    /// None fits, several do, or the client wants a page.
    Ask,
}

/// The accounts that the request's `domain_hint` leaves: personal ones, those of organisations, or those of one domain. A
/// domain that nobody verified says nothing.
pub(super) fn within_domain(
    attempt: &Attempt<'_, '_>,
    request: &AuthorizeRequest,
    known: &[SignedIn],
) -> Vec<SignedIn> {
    let hint = request.domain_hint.as_deref().unwrap_or_default().to_ascii_lowercase();
    let named = attempt.world.tenant(&hint).map(|tenant| tenant.id);
    let personal = attempt.world.personal().map(|tenant| tenant.id);
    let fits = |account: &&SignedIn| match hint.as_str() {
        "consumers" => Some(account.home) == personal,
        "organizations" => Some(account.home) != personal,
        _ => named.is_none_or(|home| account.home == home),
    };
    known.iter().filter(fits).cloned().collect()
}

/// The one account that fits the request's hints.
pub(super) fn choose(attempt: &Attempt<'_, '_>, request: &AuthorizeRequest, known: &[SignedIn]) -> Choice {
    if matches!(request.prompt, Prompt::Login | Prompt::SelectAccount) {
        return Choice::Ask;
    }
    let now = attempt.context.state.clock.now();
    let mut fitting = known.iter().filter(|account| {
        let hinted = request.login_hint.as_deref().is_none_or(|hint| answers_to(attempt, account, hint));
        let session = request.session_id.as_deref().is_none_or(|session| session == account.session_id);
        let recent = request.max_age_s.is_none_or(|age| now - account.at <= age);
        hinted && session && recent
    });
    match (fitting.next(), fitting.next()) {
        (Some(account), None) => Choice::Account(account.clone()),
        _ => Choice::Ask,
    }
}

/// A hint is a UPN, an address, or the opaque `login_hint` claim of an earlier ID token.
fn answers_to(attempt: &Attempt<'_, '_>, known: &SignedIn, hint: &str) -> bool {
    let home = attempt.world.tenant_by_id(known.home);
    let account = home.and_then(|home| attempt.world.seen_from(home, known.home, known.user));
    let named = attempt.world.home_account(hint);
    account.is_some_and(|account| {
        login_hint(&account) == hint
            || named.is_some_and(|named| {
                (named.home.id, named.home_user.id) == (account.home.id, account.home_user.id)
            })
    })
}
