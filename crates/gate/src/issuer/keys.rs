//! The simulator's private keys (`GET /sim/keys`), so that a token can be wrong in its bytes and still genuinely signed.

use serde::Deserialize;

/// All keys, in all states.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Keys {
    pub(crate) keys: Vec<PublishedKey>,
}

/// One RSA key as a private JWK, and what it is for.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct PublishedKey {
    pub(crate) kid: String,
    /// `organizations`, `personal`, or an object naming an application or an external tenant.
    pub(crate) owner: serde_json::Value,
    /// `current`, `next`, `retired` or `unpublished`.
    pub(crate) state: String,
    /// `-----BEGIN PUBLIC KEY-----` …
    pub(crate) public_pem: String,
    #[serde(flatten)]
    pub(crate) private: crate::token::RsaJwk,
}

impl Keys {
    /// The key that a token names.
    pub(crate) fn named(&self, kid: &str) -> Option<&PublishedKey> {
        self.keys.iter().find(|key| key.kid == kid)
    }

    /// The first key of that owner in that state.
    pub(crate) fn of(&self, owner: &str, state: &str) -> Option<&PublishedKey> {
        self.keys.iter().find(|key| key.owner == owner && key.state == state)
    }
}
