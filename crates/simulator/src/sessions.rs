//! Browser sessions: who signed in behind a cookie.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::ids::{AppId, ObjectId, TenantId};
use crate::kept::Kept;
#[cfg(feature = "sqlite")]
use crate::kept::Persist;

/// Name of the session cookie.
pub(crate) const COOKIE: &str = "SIMSESSION";
/// Sessions kept; the oldest are forgotten first.
const SESSIONS_MAX: usize = 10_000;
/// Accounts kept per session.
const ACCOUNTS_MAX: usize = 20;
/// Life of a session. Seconds; 24 h as at Entra.
const LIFETIME_S: i64 = 24 * 3600;

/// An account that typed its password in this browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignedIn {
    pub(crate) home: TenantId,
    pub(crate) user: ObjectId,
    /// The `sid` claim of this account's tokens.
    pub(crate) session_id: String,
    /// When the password was typed. Unix seconds.
    pub(crate) at: i64,
    /// The password that was typed, unrecognisable.
    pub(crate) password_mark: String,
    /// Authentication contexts that the person satisfied since.
    pub(crate) auth_contexts: BTreeSet<String>,
    /// Applications that were told who it is: they are told of the sign-out too.
    pub(crate) clients: BTreeSet<AppId>,
}

/// All sessions.
pub(crate) struct Sessions(Mutex<Kept<Vec<SignedIn>>>);

impl Default for Sessions {
    fn default() -> Self {
        Self(Mutex::new(Kept::new(SESSIONS_MAX)))
    }
}

impl Sessions {
    #[cfg(feature = "sqlite")]
    pub(crate) fn persisted(&self) -> &dyn Persist {
        &self.0
    }

    /// Accounts behind a cookie, latest sign-in first; none when the cookie is unknown or old.
    pub(crate) fn accounts(&self, handle: Option<&str>, now: i64) -> Vec<SignedIn> {
        let store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let accounts = handle.and_then(|handle| store.get(handle)).cloned().unwrap_or_default();
        accounts.into_iter().filter(|account| now - account.at < LIFETIME_S).collect()
    }

    /// Starts the session `handle` with the accounts of `previous`, whose cookie ends here, and the new one in front.
    pub(crate) fn sign_in(&self, handle: &str, previous: Option<&str>, account: SignedIn) {
        let mut store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut accounts = previous.and_then(|previous| store.remove(previous)).unwrap_or_default();
        accounts.retain(|known| (known.home, known.user) != (account.home, account.user));
        accounts.insert(0, account);
        accounts.truncate(ACCOUNTS_MAX);
        store.add(handle.to_owned(), accounts);
    }

    /// Writes down that an application was told of an account of a session.
    pub(crate) fn note_client(&self, handle: &str, session_id: &str, client: AppId) {
        let mut store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let accounts = store.get_mut(handle).into_iter().flatten();
        for account in accounts.filter(|account| account.session_id == session_id) {
            account.clients.insert(client);
        }
    }

    /// Writes down that an account of a session satisfied an authentication context; the account as it is then.
    pub(crate) fn satisfy(&self, handle: &str, session_id: &str, context: &str) -> Option<SignedIn> {
        let mut store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let accounts = store.get_mut(handle)?;
        let account = accounts.iter_mut().find(|account| account.session_id == session_id)?;
        account.auth_contexts.insert(context.to_owned());
        Some(account.clone())
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Ends the part of a session that belongs to some of its accounts, and all of it when none remains.
    pub(crate) fn sign_out(&self, handle: &str, leaving: &[SignedIn]) {
        let mut store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(accounts) = store.get_mut(handle) else { return };
        accounts.retain(|account| leaving.iter().all(|gone| gone.session_id != account.session_id));
        if accounts.is_empty() {
            store.remove(handle);
        }
    }
}

/// The session cookie's value in a `Cookie` header.
pub(crate) fn cookie_in(header: &str) -> Option<&str> {
    header
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}
