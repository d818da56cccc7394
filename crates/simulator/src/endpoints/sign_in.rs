//! What every page behind a sign-in shares: the form's fields, the proof by password, the accounts to pick from.

use std::collections::BTreeSet;

use super::aadsts::{Aadsts, USER_DISABLED, USER_UNKNOWN, WRONG_PASSWORD};
use super::parameters::Parameters;
use crate::pages::PickableAccount;
use crate::sessions::SignedIn;
use crate::state::State;
use crate::tokens::hinted;
use crate::world::World;

/// What a person typed or picked on the sign-in page. Not `Debug`: it holds a password.
#[derive(Clone)]
pub(super) struct Typed {
    /// The session id of an account of the picker.
    pub(super) account: Option<String>,
    pub(super) user_name: Option<String>,
    password: Option<String>,
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

impl Typed {
    /// The fields by the names of the real page, or by the names people expect.
    pub(super) fn read(form: &Parameters) -> Self {
        let first = |names: &[&str]| names.iter().find_map(|name| form.get(name)).map(ToOwned::to_owned);
        Self {
            account: first(&["account"]),
            user_name: first(&["loginfmt", "login", "username"]),
            password: first(&["passwd", "password"]),
        }
    }

    /// Whose form it is: `known` are the accounts of the browser's session.
    pub(super) fn prove(&self, state: &State, world: &World, known: &[SignedIn]) -> Found {
        if let Some(picked) = &self.account {
            let account = known.iter().find(|account| account.session_id == *picked);
            return account.map_or(Found::Nobody(None), |account| Found::Known(account.clone()));
        }
        let (Some(name), Some(password)) = (&self.user_name, &self.password) else {
            return Found::Nobody(None);
        };
        match proven(state, world, (name, password)) {
            Ok(account) => Found::Proven(account),
            Err(problem) => Found::Nobody(Some(problem)),
        }
    }
}

pub(super) fn proven(
    state: &State,
    world: &World,
    (name, password): (&str, &str),
) -> Result<SignedIn, Aadsts> {
    let account = world
        .home_account(name.trim())
        .ok_or_else(|| USER_UNKNOWN.because("The user account does not exist in this simulator."))?;
    if !account.home_user.password.matches(password) {
        return Err(WRONG_PASSWORD.because("Invalid user name or password."));
    }
    if !account.home_user.enabled {
        return Err(USER_DISABLED.because("The user account is disabled."));
    }
    Ok(SignedIn {
        home: account.home.id,
        user: account.home_user.id,
        session_id: state.random.guid().to_string(),
        at: state.clock.now(),
        password_mark: account.home_user.password.mark(),
        auth_contexts: BTreeSet::new(),
        clients: BTreeSet::new(),
    })
}

/// Accounts of a session that are still good: there, enabled, and with the password that was typed.
pub(super) fn still_good(world: &World, mut known: Vec<SignedIn>) -> Vec<SignedIn> {
    known.retain(|signed_in| {
        let home = world.tenant_by_id(signed_in.home);
        let account = home.and_then(|home| world.seen_from(home, signed_in.home, signed_in.user));
        account.is_some_and(|account| {
            account.user.enabled && account.user.password.mark() == signed_in.password_mark
        })
    });
    known
}

/// What a `login_hint` puts into the form: the name itself, or that of the account that an ID token's claim means.
pub(super) fn user_name(world: &World, hint: &str) -> Option<String> {
    if hint.contains('@') {
        return Some(hint.to_owned());
    }
    let (user, home) = hinted(hint)?;
    let account = world.seen_from(world.tenant_by_id(home)?, home, user)?;
    Some(account.user.upn.clone())
}

/// The buttons of the account picker.
pub(super) fn pickable(world: &World, known: &[SignedIn]) -> Vec<PickableAccount> {
    let account = |known: &SignedIn| {
        let home = world.tenant_by_id(known.home)?;
        let account = world.seen_from(home, known.home, known.user)?;
        Some(PickableAccount {
            session_id: known.session_id.clone(),
            name: account.user.display_name.clone(),
            upn: account.user.upn.clone(),
        })
    };
    known.iter().filter_map(account).collect()
}
