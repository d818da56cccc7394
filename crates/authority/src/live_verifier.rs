//! The one place where a token may cause a request for keys.

use std::sync::Arc;

use tenantry_token::{
    AccessToken, Authority, Credentials, KeySource, Rejection, TenantId, Verified, Verifier,
};

use crate::{Clock, KeyRing, MissOutcome};

/// A [`Verifier`] with the time, and with keys that are fetched again when a token needs them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct LiveVerifier {
    verifier: Verifier,
    ring: Arc<KeyRing>,
    clock: Clock,
}

impl LiveVerifier {
    /// Judges with `verifier`. Three things have to agree, or keys are fetched where nobody looks for them:
    ///
    /// * the verifier's key source is `ring` itself, not a copy or another ring;
    /// * ring and policy name the same authorities, and both ask the same tenant directory;
    /// * `clock` is the ring's ([`crate::KeyRingBuilder::clock`]), by which keys become too old.
    ///
    /// # Panics
    /// In debug builds, if the verifier's key source is not `ring`.
    pub fn new(verifier: Verifier, ring: Arc<KeyRing>, clock: Clock) -> Self {
        debug_assert!(
            std::ptr::addr_eq(Arc::as_ptr(verifier.keys()), Arc::as_ptr(&ring)),
            "the verifier must take its keys from this ring"
        );
        Self { verifier, ring, clock }
    }

    /// The verdict by what is in memory: never waits.
    ///
    /// # Errors
    /// As [`Verifier::verify`].
    pub fn verify_cached(&self, credentials: Credentials<'_>) -> Result<Verified<AccessToken>, Rejection> {
        self.verifier.verify(credentials, self.clock.now())
    }

    /// The verdict; where the key is not in memory, the tenant's keys are fetched once, within the bounds of
    /// [`KeyRing::refresh_after_miss`], and the token is judged again.
    ///
    /// The tenant has passed its gate by then, so that strangers cause no request (T-007, T-011, T-023).
    ///
    /// # Errors
    /// As [`Verifier::verify`].
    pub async fn verify(&self, credentials: Credentials<'_>) -> Result<Verified<AccessToken>, Rejection> {
        let revision = self.ring.revision();
        let refused = match self.verify_cached(credentials) {
            Err(refused) => refused,
            accepted => return accepted,
        };
        let Some((authority, tenant)) = missing_keys(&refused) else { return Err(refused) };
        let outcome = self.ring.refresh_after_miss(authority, tenant).await;
        // Another caller's refresh may have brought the key while this one was judged.
        if outcome == MissOutcome::Refreshed || self.ring.revision() != revision {
            self.verify_cached(credentials)
        } else {
            Err(refused)
        }
    }

    /// What it judges by.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// Where its keys come from.
    pub fn ring(&self) -> &Arc<KeyRing> {
        &self.ring
    }

    /// Where its time comes from.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}

/// Whose keys a token would need, if that is all that is wrong with it so far.
fn missing_keys(refused: &Rejection) -> Option<(&Authority, TenantId)> {
    match refused {
        Rejection::UnknownKey { authority, tenant, .. }
        | Rejection::KeysUnavailable { authority, tenant } => Some((authority, *tenant)),
        _ => None,
    }
}
