//! A map from tenants that is read without waiting and written by copying.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

use arc_swap::ArcSwap;
use tenantry_token::TenantId;

/// Parts that are copied on their own, so that the hundred-thousandth tenant costs a copy of a few hundred entries.
const PARTS: usize = 256;

type Part<V> = HashMap<TenantId, Arc<V>>;

/// Values per tenant. Reading takes no lock and allocates nothing.
pub(crate) struct TenantMap<V> {
    parts: Box<[ArcSwap<Part<V>>]>,
    hasher: RandomState,
}

impl<V> TenantMap<V> {
    pub(crate) fn new() -> Self {
        let parts = (0..PARTS).map(|_| ArcSwap::default()).collect();
        Self { parts, hasher: RandomState::new() }
    }

    fn part(&self, tenant: TenantId) -> &ArcSwap<Part<V>> {
        let hash = self.hasher.hash_one(tenant) % PARTS as u64;
        &self.parts[usize::try_from(hash).unwrap_or(0)]
    }

    /// What `read` makes of the tenant's value.
    pub(crate) fn read<T>(&self, tenant: TenantId, read: impl FnOnce(&Arc<V>) -> T) -> Option<T> {
        self.part(tenant).load().get(&tenant).map(read)
    }

    /// The tenant's value, which `make` makes if there is none.
    pub(crate) fn get_or_insert(&self, tenant: TenantId, make: impl FnOnce() -> V) -> Arc<V> {
        if let Some(present) = self.read(tenant, Arc::clone) {
            return present;
        }
        let (mine, part) = (Arc::new(make()), self.part(tenant));
        part.rcu(|part| {
            let mut copy = Part::clone(part);
            copy.entry(tenant).or_insert_with(|| mine.clone());
            copy
        });
        // Another thread's, if it came first.
        self.read(tenant, Arc::clone).unwrap_or(mine)
    }

    /// Drops the values of all tenants but those to `keep`; says whose were dropped.
    pub(crate) fn retain(&self, keep: impl Fn(TenantId) -> bool) -> Vec<TenantId> {
        let mut dropped = Vec::new();
        for part in &self.parts {
            let out: Vec<_> = part.load().keys().copied().filter(|tenant| !keep(*tenant)).collect();
            if !out.is_empty() {
                part.rcu(|part| {
                    let mut copy = Part::clone(part);
                    copy.retain(|tenant, _| !out.contains(tenant));
                    copy
                });
                dropped.extend(out);
            }
        }
        dropped
    }

    /// All values, in no particular order.
    pub(crate) fn values(&self) -> Vec<Arc<V>> {
        self.parts.iter().flat_map(|part| part.load().values().cloned().collect::<Vec<_>>()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::TenantMap;
    use tenantry_token::TenantId;

    fn tenant(n: u32) -> TenantId {
        format!("aaaaaaaa-0000-4000-8000-{n:012}").parse().unwrap()
    }

    #[test]
    fn holds_what_was_put_in_and_no_more() {
        let map = TenantMap::new();
        for n in 0..1000 {
            assert_eq!(*map.get_or_insert(tenant(n), || n), n);
        }
        assert_eq!(*map.get_or_insert(tenant(7), || 99), 7, "the first value stays");
        assert_eq!(map.read(tenant(5000), |_| ()), None);
        let even = |id: TenantId| id.to_string().ends_with(['0', '2', '4', '6', '8']);
        assert_eq!(map.retain(even).len(), 500);
        assert_eq!(map.values().len(), 500);
        assert_eq!(map.read(tenant(7), |_| ()), None);
    }

    /// Whoever comes first, all get the same value.
    #[test]
    fn racing_inserts_agree() {
        let map = TenantMap::new();
        let seen: Vec<usize> = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..8)
                .map(|n| {
                    scope.spawn({
                        let map = &map;
                        move || *map.get_or_insert(tenant(1), || n)
                    })
                })
                .collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        assert!(seen.iter().all(|value| *value == seen[0]), "{seen:?}");
    }
}
