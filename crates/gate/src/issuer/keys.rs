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
    /// Whether it was published when we looked before.
    #[serde(skip)]
    pub(crate) withdrawn: bool,
    /// `-----BEGIN PUBLIC KEY-----` …
    pub(crate) public_pem: String,
    /// The certificate that key documents carry, base64 of its DER.
    #[serde(default)]
    pub(crate) x5c: Vec<String>,
    #[serde(flatten)]
    pub(crate) private: crate::token::RsaJwk,
}

impl Keys {
    /// The key that a token names.
    pub(crate) fn named(&self, kid: &str) -> Option<&PublishedKey> {
        self.keys.iter().find(|key| key.kid == kid)
    }

    /// A key that no document ever showed, as far as we saw.
    pub(crate) fn never_published(&self) -> Option<&PublishedKey> {
        self.keys.iter().find(|key| key.state == "unpublished" && !key.withdrawn)
    }

    /// Marks what was published in `before` and is not any more.
    pub(crate) fn compare(&mut self, before: &Self) {
        let was_published = |key: &PublishedKey| key.state != "unpublished" || key.withdrawn;
        for key in self.keys.iter_mut().filter(|key| key.state == "unpublished") {
            key.withdrawn = before.named(&key.kid).is_some_and(was_published);
        }
    }

    /// The first key of that owner in that state.
    pub(crate) fn of(&self, owner: &str, state: &str) -> Option<&PublishedKey> {
        self.keys.iter().find(|key| key.owner == owner && key.state == state)
    }
}
