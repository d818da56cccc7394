//! Keys in memory: sorted lists, with what is equal stored once, however many tenants publish it (row 21).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use aws_lc_rs::digest::{SHA256, digest};
use tenantry_token::{KeySet, VerificationKey};

use crate::fetch::FetchError;

/// The keys of one document, in order of their ids.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct KeyList(Box<[Arc<VerificationKey>]>);

impl KeyList {
    /// The key with exactly this id.
    pub(crate) fn find(&self, key_id: &str) -> Option<&Arc<VerificationKey>> {
        let at = self.0.binary_search_by(|key| key.id().cmp(key_id)).ok()?;
        Some(&self.0[at])
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// A document by the place of its authority and its SHA-256: equal only if the bytes are.
type DocumentId = (usize, [u8; 32]);

/// Knows every key list and key in use, by content. Forgets what nobody holds.
#[derive(Default)]
pub(crate) struct Unique(Mutex<Known>);

#[derive(Default)]
struct Known {
    lists: HashMap<DocumentId, Weak<KeyList>>,
    keys: HashMap<Box<str>, Vec<Weak<VerificationKey>>>,
    sweep_at: usize,
}

impl Unique {
    /// The keys of `body`, the one list for all documents with the same bytes; `read` reads a new one.
    ///
    /// A document without a usable key is an error: whatever it is, it is no reason to let go of the keys at hand.
    pub(crate) fn list(
        &self,
        authority: usize,
        body: &[u8],
        read: impl FnOnce() -> Result<KeySet, FetchError>,
    ) -> Result<Arc<KeyList>, FetchError> {
        let id = document_id(authority, body);
        if let Some(present) = self.lock().lists.get(&id).and_then(Weak::upgrade) {
            return Ok(present);
        }
        // Parsed without holding the lock: others may be fetching too.
        let set = read()?;
        if set.keys().len() == 0 {
            return Err(FetchError::NoKeys);
        }
        Ok(self.lock().add(id, &set))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn add(&mut self, id: DocumentId, set: &KeySet) -> Arc<KeyList> {
        if self.lists.len() >= self.sweep_at {
            self.sweep();
        }
        let mut keys: Vec<_> = set.keys().map(|key| self.key(key)).collect();
        keys.sort_by(|one, two| one.id().cmp(two.id()));
        let list = Arc::new(KeyList(keys.into()));
        self.lists.insert(id, Arc::downgrade(&list));
        list
    }

    fn key(&mut self, key: &Arc<VerificationKey>) -> Arc<VerificationKey> {
        let same_id = self.keys.entry(key.id().into()).or_default();
        if let Some(present) = same_id.iter().filter_map(Weak::upgrade).find(|present| present == key) {
            return present;
        }
        same_id.push(Arc::downgrade(key));
        key.clone()
    }

    /// Forgets what is no longer held. Runs whenever the number of lists has doubled.
    fn sweep(&mut self) {
        self.lists.retain(|_, list| list.strong_count() > 0);
        self.keys.retain(|_, keys| {
            keys.retain(|key| key.strong_count() > 0);
            !keys.is_empty()
        });
        self.sweep_at = (2 * self.lists.len()).max(16);
    }
}

fn document_id(authority: usize, body: &[u8]) -> DocumentId {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, body).as_ref());
    (authority, hash)
}
