//! Which keys exist, who they sign for, and which of them the key documents show.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_lc_rs::rsa::KeyPair;
use serde::{Deserialize, Serialize};

use super::source::SavedEntry;
use super::{KeyError, KeySource, RsaPrivate, certificate};
use crate::encoding::base64url;
use crate::ids::{AppId, TenantId};

/// Label of the key that no document ever shows.
const UNPUBLISHED: &str = "unpublished 1";

/// Whose tokens a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyOwner {
    /// Every organisational tenant: they share their keys, as at Entra. The default.
    #[default]
    Organizations,
    /// The personal accounts tenant.
    Personal,
    /// Tokens for one application that has a key of its own, found by `?appid=`.
    Application(AppId),
    /// One external tenant.
    ExternalTenant(TenantId),
}

impl KeyOwner {
    /// What the labels of its keys start with.
    fn label(self) -> String {
        match self {
            Self::Organizations => "organizations".to_owned(),
            Self::Personal => "personal".to_owned(),
            Self::Application(app_id) => format!("application {app_id}"),
            Self::ExternalTenant(tenant) => format!("external tenant {tenant}"),
        }
    }
}

/// What a key is used for at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum KeyState {
    /// Published, and signs.
    Current,
    /// Published ahead of use.
    Next,
    /// Published, signs no more.
    Retired,
    /// In no document: never was, or was withdrawn.
    Unpublished,
}

/// What `POST /sim/keys/rotate` and [`crate::Simulator::rotate_keys`] shall do.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeyRotation {
    /// Whose keys to rotate. Default: those of the organisational tenants.
    pub owner: KeyOwner,
    /// Removes the retired keys from the documents, the one just replaced included, as after a compromise.
    /// Default `false`.
    pub withdraw: bool,
    /// Publishes a new key that signs nothing yet; the next rotation puts it to use. Default `false`.
    pub publish_only: bool,
}

/// The `kid`s of one owner after a rotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotatedKeys {
    /// Signs from now on.
    pub current: String,
    /// Published ahead of use.
    pub next: Vec<String>,
    /// Published, signs no more.
    pub retired: Vec<String>,
    /// Was published once and is not any more.
    pub withdrawn: Vec<String>,
}

/// A key with its certificate, ready to sign.
pub(crate) struct SigningKey {
    pub(crate) label: String,
    pub(crate) owner: KeyOwner,
    /// base64url(SHA-1(certificate)): `kid` and `x5t` alike, as at Entra.
    pub(crate) kid: String,
    pub(crate) private: RsaPrivate,
    pub(crate) pair: KeyPair,
    /// DER, for `x5c`.
    pub(crate) certificate: Vec<u8>,
}

impl SigningKey {
    fn load(source: &KeySource, label: &str, owner: KeyOwner) -> Result<Arc<Self>, KeyError> {
        let private = source.key(label)?;
        let certificate = certificate::self_signed(&private)?;
        let kid = base64url(digest(&SHA1_FOR_LEGACY_USE_ONLY, &certificate).as_ref());
        Ok(Arc::new(Self {
            label: label.to_owned(),
            owner,
            kid,
            pair: private.key_pair()?,
            private,
            certificate,
        }))
    }
}

/// One immutable state of the ring.
#[derive(Clone)]
pub(crate) struct KeyRing {
    entries: Vec<(Arc<SigningKey>, KeyState)>,
}

impl KeyRing {
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&SigningKey, KeyState)> {
        self.entries.iter().map(|(key, state)| (&**key, *state))
    }

    /// The keys that the documents show.
    pub(crate) fn published(&self) -> impl Iterator<Item = &SigningKey> {
        self.entries().filter(|(_, state)| *state != KeyState::Unpublished).map(|(key, _)| key)
    }

    /// The key that signs an owner's tokens now; `None` for an owner whose first key is still to be made.
    fn current(&self, owner: KeyOwner) -> Option<&Arc<SigningKey>> {
        // A rotation replaces it in one step.
        let mut current = self.entries.iter().filter(|(_, state)| *state == KeyState::Current);
        current.find(|(key, _)| key.owner == owner).map(|(key, _)| key)
    }

    /// A key that no validator can know.
    pub(crate) fn unpublished(&self) -> &SigningKey {
        self.entries().find(|(key, _)| key.label == UNPUBLISHED).map_or(&self.entries[0].0, |(key, _)| key)
    }

    fn kids(&self, owner: KeyOwner, wanted: KeyState) -> Vec<String> {
        self.entries()
            .filter(|(key, state)| key.owner == owner && *state == wanted && key.label != UNPUBLISHED)
            .map(|(key, _)| key.kid.clone())
            .collect()
    }

    fn move_all(&mut self, owner: KeyOwner, from: KeyState, to: KeyState) {
        for (key, state) in &mut self.entries {
            if key.owner == owner && *state == from && key.label != UNPUBLISHED {
                *state = to;
            }
        }
    }

    fn next_label(&self, owner: KeyOwner) -> String {
        let made = self.entries().filter(|(key, _)| key.owner == owner && key.label != UNPUBLISHED).count();
        format!("{} {}", owner.label(), made + 1)
    }
}

/// The ring of a running simulator.
pub(crate) struct Keys {
    source: KeySource,
    ring: RwLock<Arc<KeyRing>>,
    /// Held while a new key is made, so that two rotations cannot make the same one and readers need not wait.
    rotating: Mutex<()>,
}

impl Keys {
    /// Loads or makes the keys. Slow (generation) when they are new; call it where blocking is allowed.
    pub(crate) fn open(source: KeySource) -> Result<Self, KeyError> {
        let mut layout = source.ring();
        if layout.is_empty() {
            layout = first_layout();
        }
        let labels: Vec<&str> = layout.iter().map(|entry| entry.label.as_str()).collect();
        source.prepare(&labels)?;
        let load =
            |entry: &SavedEntry| Ok((SigningKey::load(&source, &entry.label, entry.owner)?, entry.state));
        let entries = layout.iter().map(load).collect::<Result<_, KeyError>>()?;
        Ok(Self { source, ring: RwLock::new(Arc::new(KeyRing { entries })), rotating: Mutex::new(()) })
    }

    pub(crate) fn source(&self) -> &KeySource {
        &self.source
    }

    pub(crate) fn ring(&self) -> Arc<KeyRing> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The key that signs an owner's tokens now. An application's or external tenant's first one is made when it is
    /// asked for, which takes a moment.
    ///
    /// # Errors
    /// [`KeyError`]: it can neither be made nor kept.
    pub(crate) fn current(&self, owner: KeyOwner) -> Result<Arc<SigningKey>, KeyError> {
        let known = self.ring().current(owner).cloned();
        known.map_or_else(|| self.first(owner), Ok)
    }

    fn first(&self, owner: KeyOwner) -> Result<Arc<SigningKey>, KeyError> {
        let _alone = self.rotating.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ring = KeyRing::clone(&self.ring());
        if let Some(made_meanwhile) = ring.current(owner) {
            return Ok(Arc::clone(made_meanwhile));
        }
        let key = SigningKey::load(&self.source, &ring.next_label(owner), owner)?;
        ring.entries.push((Arc::clone(&key), KeyState::Current));
        self.source.keep_ring(saved(&ring))?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        Ok(key)
    }

    /// Rotates one owner's keys. Slow (generation); call it where blocking is allowed.
    pub(crate) fn rotate(&self, how: KeyRotation) -> Result<RotatedKeys, KeyError> {
        self.current(how.owner)?;
        let _alone = self.rotating.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ring = KeyRing::clone(&self.ring());
        let waiting = !ring.kids(how.owner, KeyState::Next).is_empty();
        if how.publish_only || !waiting {
            let label = ring.next_label(how.owner);
            ring.entries.push((SigningKey::load(&self.source, &label, how.owner)?, KeyState::Next));
        }
        if !how.publish_only {
            promote(&mut ring, how.owner);
        }
        if how.withdraw {
            ring.move_all(how.owner, KeyState::Retired, KeyState::Unpublished);
        }
        self.source.keep_ring(saved(&ring))?;
        let answer = rotated(&ring, how.owner);
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        Ok(answer)
    }
}

/// The oldest waiting key signs; the one before it retires.
fn promote(ring: &mut KeyRing, owner: KeyOwner) {
    ring.move_all(owner, KeyState::Current, KeyState::Retired);
    let mut waiting =
        ring.entries.iter_mut().filter(|(key, state)| key.owner == owner && *state == KeyState::Next);
    if let Some((_, state)) = waiting.next() {
        *state = KeyState::Current;
    }
}

fn rotated(ring: &KeyRing, owner: KeyOwner) -> RotatedKeys {
    RotatedKeys {
        current: ring.current(owner).map(|key| key.kid.clone()).unwrap_or_default(),
        next: ring.kids(owner, KeyState::Next),
        retired: ring.kids(owner, KeyState::Retired),
        withdrawn: ring.kids(owner, KeyState::Unpublished),
    }
}

fn saved(ring: &KeyRing) -> Vec<SavedEntry> {
    let entry = |(key, state): (&SigningKey, KeyState)| SavedEntry {
        label: key.label.clone(),
        owner: key.owner,
        state,
    };
    ring.entries().map(entry).collect()
}

/// Two keys for organisations, because Entra always shows several, one for personal accounts, one for nobody.
fn first_layout() -> Vec<SavedEntry> {
    let entry = |label: &str, owner, state| SavedEntry { label: label.to_owned(), owner, state };
    vec![
        entry("organizations 1", KeyOwner::Organizations, KeyState::Retired),
        entry("organizations 2", KeyOwner::Organizations, KeyState::Current),
        entry("personal 1", KeyOwner::Personal, KeyState::Current),
        entry(UNPUBLISHED, KeyOwner::Organizations, KeyState::Unpublished),
    ]
}
