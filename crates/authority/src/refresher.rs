//! Keeps the sets at hand fresh, and forgets those of tenants that are no longer ours.

use std::sync::{Arc, Weak};

use tokio::task::JoinHandle;

use crate::{KeyRing, ring::Shelf, slot::Slot};

/// The background refresh of a [`KeyRing`]. Ends when dropped.
#[derive(Debug)]
#[must_use = "the refresh ends when this is dropped"]
pub struct RefresherHandle(JoinHandle<()>);

impl Drop for RefresherHandle {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl KeyRing {
    /// Refreshes sets in the background for as long as the handle lives: once per interval, give or take a tenth;
    /// failed ones sooner, backing off. Must be called within a Tokio runtime.
    ///
    /// Without it, sets are fetched only by [`KeyRing::warm`] and after a miss, and a withdrawn key may stay good until its
    /// set is refused for its age: every service should run it.
    pub fn spawn_refresher(self: &Arc<Self>) -> RefresherHandle {
        RefresherHandle(tokio::spawn(run(Arc::downgrade(self), self.schedule.tick())))
    }

    /// One round of the refresher: forgets the sets of tenants that are no longer admitted and fetches those that are due.
    /// Returns how many were due. For programs that keep their own schedule, and for tests.
    pub async fn refresh_due(self: &Arc<Self>) -> usize {
        self.prune();
        let now = self.clock.now();
        let places = self.shelves.iter().enumerate();
        let due: Vec<_> = places
            .flat_map(|(at, shelf)| shelf.slots().into_iter().map(move |slot| (at, slot)))
            .filter(|(at, slot)| self.serves(&self.shelves[*at], slot) && slot.is_due(now))
            .collect();
        self.fetch_all(&due).await;
        due.len()
    }

    /// T-024: memory and disk follow the directory.
    fn prune(&self) {
        for shelf in &self.shelves {
            let gone = shelf.prune(|tenant| self.tenants.admit(tenant).is_some());
            if !gone.is_empty() {
                self.keys_changed();
                tracing::debug!(authority = %shelf.documents.authority(), tenants = gone.len(), "keys forgotten");
            }
            for tenant in gone {
                self.forget_kept(shelf, tenant);
            }
        }
    }

    /// The document of an authority's one tenant is left alone while that tenant is not admitted.
    fn serves(&self, shelf: &Shelf, slot: &Slot) -> bool {
        let tenant = slot.scope.tenant().or(shelf.documents.authority().fixed_tenant());
        tenant.is_none_or(|tenant| self.tenants.admit(tenant).is_some())
    }
}

async fn run(ring: Weak<KeyRing>, tick: std::time::Duration) {
    loop {
        tokio::time::sleep(tick).await;
        match ring.upgrade() {
            Some(ring) => drop(ring.refresh_due().await),
            None => return,
        }
    }
}
