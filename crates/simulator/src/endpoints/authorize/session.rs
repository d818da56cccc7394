//! Who is it? An account that this browser signed in before, or a name and password typed now.

use super::request::{AuthorizeRequest, Prompt};
use super::{Attempt, Typed};
use crate::endpoints::aadsts::{Aadsts, USER_UNKNOWN, WRONG_PASSWORD};
use crate::sessions::SignedIn;
use crate::tokens::login_hint;

/// What the browser's sessions are good for.
pub(super) enum Choice {
    Account(SignedIn),
    /// None fits, several do, or the client wants a page.
    Ask,
}

/// What the form proved.
pub(super) enum Found {
    /// An account picked among those of the session.
    Known(SignedIn),
    /// A password was typed.
    Proven(SignedIn),
    /// Nobody, with the reason; no reason when the password is still to come.
    Nobody(Option<Aadsts>),
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

pub(super) fn prove(attempt: &Attempt<'_, '_>, typed: &Typed, known: &[SignedIn]) -> Found {
    if let Some(picked) = &typed.account {
        let account = known.iter().find(|account| account.session_id == *picked);
        return account.map_or(Found::Nobody(None), |account| Found::Known(account.clone()));
    }
    let (Some(name), Some(password)) = (&typed.user_name, &typed.password) else {
        return Found::Nobody(None);
    };
    let Some(account) = attempt.world.home_account(name.trim()) else {
        return Found::Nobody(Some(
            USER_UNKNOWN.because("The user account does not exist in this simulator."),
        ));
    };
    if !account.home_user.password.matches(password) {
        return Found::Nobody(Some(WRONG_PASSWORD.because("Invalid user name or password.")));
    }
    let state = &attempt.context.state;
    Found::Proven(SignedIn {
        home: account.home.id,
        user: account.home_user.id,
        session_id: state.random.guid().to_string(),
        at: state.clock.now(),
    })
}
