//! Step 5: the key that the header names, if it is this issuer's.

use std::sync::Arc;

use crate::{Algorithm, KeyAnswer, KeySource, Rejection, VerificationKey, issuer::Origin};

/// Finds the key; never another one instead (T-006, T-009, T-013).
pub(crate) fn key(
    keys: &dyn KeySource,
    origin: Origin<'_>,
    key_id: &str,
    algorithm: Algorithm,
) -> Result<Arc<VerificationKey>, Rejection> {
    let (authority, tenant) = (origin.authority, origin.claimed_tenant);
    let key = match keys.key(authority, tenant, key_id) {
        KeyAnswer::Key(key) => key,
        KeyAnswer::Unknown => {
            return Err(Rejection::UnknownKey {
                authority: authority.clone(),
                tenant,
                key_id: key_id.into(),
            });
        }
        KeyAnswer::Unavailable => {
            return Err(Rejection::KeysUnavailable { authority: authority.clone(), tenant });
        }
    };
    // The key knows its algorithm, which is on its own authority's list: the header only gets to agree.
    if key.algorithm() != algorithm {
        return Err(Rejection::KeyAlgorithm { key_id: key_id.into(), found: algorithm.name() });
    }
    if !key.fits(authority, tenant) {
        return Err(Rejection::KeyIssuer { key_id: key_id.into(), tenant });
    }
    Ok(key)
}
