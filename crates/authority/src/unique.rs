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
    /// By the place of their authority and their id: a key of one authority is never the object of another's.
    keys: HashMap<(usize, Box<str>), Vec<Weak<VerificationKey>>>,
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
        let mut keys: Vec<_> = set.keys().map(|key| self.key(id.0, key)).collect();
        keys.sort_by(|one, two| one.id().cmp(two.id()));
        let list = Arc::new(KeyList(keys.into()));
        self.lists.insert(id, Arc::downgrade(&list));
        list
    }

    fn key(&mut self, authority: usize, key: &Arc<VerificationKey>) -> Arc<VerificationKey> {
        let same_id = self.keys.entry((authority, key.id().into())).or_default();
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{KeyList, Unique};
    use crate::fetch::FetchError;
    use tenantry_token::{Authority, Cloud, KeySet};

    /// A document of two keys: one that is always the same, and one of its own.
    fn document(n: u8) -> Vec<u8> {
        let modulus = |fill: u8| {
            let bytes: Vec<_> = std::iter::repeat_n(fill | 0x81, 256).collect();
            base64_simd::URL_SAFE_NO_PAD.encode_to_string(bytes)
        };
        let jwk =
            |kid: u8, fill| format!(r#"{{"kty":"RSA","kid":"{kid}","n":"{}","e":"AQAB"}}"#, modulus(fill));
        format!(r#"{{"keys":[{},{}]}}"#, jwk(0, 0), jwk(n, n << 1)).into_bytes()
    }

    fn list(unique: &Unique, authority: usize, body: &[u8]) -> Result<Arc<KeyList>, FetchError> {
        let read = || Ok(KeySet::parse(body, &Authority::entra(Cloud::Worldwide))?);
        unique.list(authority, body, read)
    }

    /// Row 21.
    #[test]
    fn equal_documents_and_keys_are_stored_once() {
        let unique = Unique::default();
        let [one, same, other] = [1, 1, 2].map(|n| list(&unique, 0, &document(n)).unwrap());
        assert!(Arc::ptr_eq(&one, &same));
        assert!(!Arc::ptr_eq(&one, &other));
        assert!(Arc::ptr_eq(one.find("0").unwrap(), other.find("0").unwrap()));
        assert!(one.find("2").is_none() && other.find("2").is_some() && one.find("").is_none());
        // Another authority may read the same bytes in another way.
        let elsewhere = list(&unique, 1, &document(1)).unwrap();
        assert!(!Arc::ptr_eq(&one, &elsewhere));
        assert!(!Arc::ptr_eq(one.find("0").unwrap(), elsewhere.find("0").unwrap()), "T-013");
    }

    /// T-024: a provider that sends something new each time does not fill the memory.
    #[test]
    fn what_nobody_holds_is_forgotten() {
        let unique = Unique::default();
        for n in 1..100 {
            drop(list(&unique, 0, &document(n)).unwrap());
        }
        let known = unique.lock();
        assert!(
            known.lists.len() <= 16 && known.keys.len() <= 17,
            "{}, {}",
            known.lists.len(),
            known.keys.len()
        );
    }

    #[test]
    fn an_empty_document_is_no_set() {
        assert_eq!(list(&Unique::default(), 0, br#"{"keys":[]}"#).unwrap_err(), FetchError::NoKeys);
    }
}
