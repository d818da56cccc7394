//! The published keys of listed tenants: fetched when needed, refreshed in the background, at most one fetch in a pause.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;

use reqwest::Client;

use super::{Hole, Holes};
use crate::Config;
use crate::jose::{self, Key};

pub(super) struct KeyRing {
    config: Config,
    holes: Holes,
    http: Client,
    tenants: Mutex<HashMap<String, Slot>>,
    /// Held by whoever fetches. Those whose key is there do not wait for it.
    fetching: tokio::sync::Mutex<()>,
}

/// One tenant's keys, and when they were last asked for.
#[derive(Clone)]
struct Slot {
    keys: Arc<Vec<Key>>,
    asked: Instant,
}

impl KeyRing {
    /// Refreshes itself until it is dropped.
    pub(super) fn new(config: Config, holes: Holes, http: Client) -> Arc<Self> {
        let (tenants, fetching) = (Mutex::default(), tokio::sync::Mutex::default());
        let ring = Arc::new(Self { config, holes, http, tenants, fetching });
        if !holes.has(Hole::NeverRefreshes) && !holes.has(Hole::KeepsWithdrawnKeys) {
            tokio::spawn(refresh(Arc::downgrade(&ring), ring.config.key_refresh));
        }
        ring
    }

    /// The keys of `tenant`, with `kid` among them if it is published. Empty when there are none to be had.
    pub(super) async fn keys(&self, tenant: &str, kid: &str) -> Arc<Vec<Key>> {
        if let Some(keys) = self.known(tenant, kid) {
            return keys;
        }
        let _alone = self.fetching.lock().await;
        if let Some(keys) = self.known(tenant, kid) {
            return keys;
        }
        if self.holes.has(Hole::MissEvicts) {
            self.slots().remove(tenant);
        }
        let slot = self.slots().get(tenant).cloned();
        match slot {
            Some(slot) if self.is_resting(&slot) => slot.keys,
            _ => self.fetch(tenant).await,
        }
    }

    fn known(&self, tenant: &str, kid: &str) -> Option<Arc<Vec<Key>>> {
        let slots = self.slots();
        let keys = &slots.get(tenant)?.keys;
        let enough = keys.iter().any(|key| key.kid == kid) || self.holes.has(Hole::NeverRefreshes);
        enough.then(|| keys.clone())
    }

    /// An unknown `kid` may make one fetch in a pause, and no more (T-023).
    fn is_resting(&self, slot: &Slot) -> bool {
        !self.holes.has(Hole::RefetchesWithoutBound) && slot.asked.elapsed() < self.config.key_cool_down
    }

    /// Asks the provider. What is known stays when it does not answer.
    async fn fetch(&self, tenant: &str) -> Arc<Vec<Key>> {
        let address = format!("{}/{tenant}/discovery/v2.0/keys", self.config.authority);
        let fetched = jose::fetch(&self.http, &address).await.ok();
        let mut slots = self.slots();
        let known = slots.get(tenant).map(|slot| slot.keys.clone()).unwrap_or_default();
        let keys = match fetched {
            Some(fetched) if self.holes.has(Hole::KeepsWithdrawnKeys) => {
                Arc::new(fetched.into_iter().chain(known.iter().cloned()).collect())
            }
            Some(fetched) => Arc::new(fetched),
            None => known,
        };
        let slot = Slot { keys: keys.clone(), asked: Instant::now() };
        slots.insert(tenant.to_owned(), slot);
        keys
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<String, Slot>> {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Withdrawn keys are gone after this span, whether or not anybody asks.
async fn refresh(ring: Weak<KeyRing>, every: std::time::Duration) {
    loop {
        tokio::time::sleep(every).await;
        let Some(ring) = ring.upgrade() else { return };
        let tenants: Vec<String> = ring.slots().keys().cloned().collect();
        let _alone = ring.fetching.lock().await;
        for tenant in tenants {
            ring.fetch(&tenant).await;
        }
    }
}
