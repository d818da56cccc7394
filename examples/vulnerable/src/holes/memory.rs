//! Verdicts that are remembered too loosely. Without a hole nothing is: each token is judged anew (T-022).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Hole, Holes};
use crate::jose::{Object, Parts, Spelling};

/// Claims of good tokens, by a part of the token.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<HashMap<String, Object>>);

impl Memory {
    /// The claims of an earlier token that looks the same, for whoever does not look closely.
    pub(super) fn recall(&self, token: &str, holes: Holes) -> Option<Object> {
        self.verdicts().get(&key(token, holes)?).cloned()
    }

    pub(super) fn keep(&self, token: &str, holes: Holes, claims: &Object) {
        if let Some(key) = key(token, holes) {
            self.verdicts().insert(key, claims.clone());
        }
    }

    fn verdicts(&self) -> MutexGuard<'_, HashMap<String, Object>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is taken for the token.
fn key(token: &str, holes: Holes) -> Option<String> {
    let (signed, signature) = token.rsplit_once('.')?;
    if holes.has(Hole::RemembersBySignature) {
        return Some(signature.to_owned());
    }
    if holes.has(Hole::RemembersByClaims) {
        return Some(signed.split_once('.')?.1.to_owned());
    }
    let id = || Some(Parts::of(token, Spelling::Canonical)?.claims.get("uti")?.as_str()?.to_owned());
    if holes.has(Hole::RemembersByTokenId) { id() } else { None }
}
