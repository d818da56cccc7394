//! Authorization codes and refresh tokens: opaque handles to what was granted.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::authority::Version;
use crate::ids::{AppId, ObjectId, TenantId};
use crate::kept::Kept;
#[cfg(feature = "sqlite")]
use crate::kept::Persist;
use crate::world::Platform;

/// Life of a code. Seconds; about ten minutes at Entra.
pub(crate) const CODE_LIFETIME_S: i64 = 600;
/// Life of a refresh token that is not used. Seconds; 90 days at Entra.
pub(crate) const REFRESH_LIFETIME_S: i64 = 90 * 86_400;
/// Life of a single-page application's refresh tokens, from the sign-in on. Seconds; 24 h at Entra.
pub(crate) const SPA_LIFETIME_S: i64 = 86_400;
/// Codes and refresh tokens kept, each; the oldest are forgotten first.
const KEPT_MAX: usize = 20_000;

/// A sign-in that a client may turn into tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SignIn {
    pub(crate) home: TenantId,
    pub(crate) user: ObjectId,
    pub(crate) client: AppId,
    pub(crate) platform: Platform,
    pub(crate) session_id: String,
    pub(crate) auth_time: i64,
    /// The password that was typed, unrecognisable: what follows from the sign-in ends when it is changed.
    pub(crate) password_mark: String,
    /// Authentication contexts that the person satisfied.
    pub(crate) auth_contexts: BTreeSet<String>,
    /// What the client said at the sign-in that it can do.
    pub(crate) client_capabilities: Vec<String>,
}

/// What an authorization code stands for.
#[derive(Debug, Clone)]
pub(crate) struct CodeGrant {
    pub(crate) sign_in: SignIn,
    /// The tenant whose token was asked for.
    pub(crate) tenant: TenantId,
    pub(crate) scope: String,
    pub(crate) redirect_uri: String,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) wants_auth_time: bool,
    pub(crate) version: Version,
    pub(crate) issued_at: i64,
    pub(crate) redeemed: bool,
}

/// The client's proof key (RFC 7636 §4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Challenge {
    S256(String),
    Plain(String),
}

/// What a refresh token stands for: a person and a client, no resource and no tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RefreshGrant {
    pub(crate) sign_in: SignIn,
    /// Scope of the answer when the client asks for none.
    pub(crate) scope: String,
    pub(crate) issued_at: i64,
    /// When the first one of the chain was issued.
    pub(crate) chain_started_at: i64,
}

/// The handles given out. Codes are too short-lived to survive a restart.
pub(crate) struct GrantStore {
    codes: Mutex<Kept<CodeGrant>>,
    refresh: Mutex<Kept<RefreshGrant>>,
}

impl Default for GrantStore {
    fn default() -> Self {
        Self { codes: Mutex::new(Kept::new(KEPT_MAX)), refresh: Mutex::new(Kept::new(KEPT_MAX)) }
    }
}

impl GrantStore {
    /// The refresh tokens, which survive a restart.
    #[cfg(feature = "sqlite")]
    pub(crate) fn persisted(&self) -> &dyn Persist {
        &self.refresh
    }

    pub(crate) fn clear(&self) {
        self.codes.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.refresh.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(crate) fn add_code(&self, handle: String, grant: CodeGrant) {
        self.codes.lock().unwrap_or_else(PoisonError::into_inner).add(handle, grant);
    }

    /// Looks at the grant behind a code, and may mark it as redeemed, while nobody else can.
    pub(crate) fn with_code<T>(&self, code: &str, act: impl FnOnce(Option<&mut CodeGrant>) -> T) -> T {
        act(self.codes.lock().unwrap_or_else(PoisonError::into_inner).get_mut(code))
    }

    pub(crate) fn add_refresh(&self, handle: String, grant: RefreshGrant) {
        self.refresh.lock().unwrap_or_else(PoisonError::into_inner).add(handle, grant);
    }

    pub(crate) fn refresh(&self, handle: &str) -> Option<RefreshGrant> {
        self.refresh.lock().unwrap_or_else(PoisonError::into_inner).get(handle).cloned()
    }
}
