//! The keys of all authorities, as requests read them: memory only, without waiting.

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use tenantry_token::{Authority, KeyAnswer, KeySource, TenantDirectory, TenantId, UnixTime};

use crate::{
    Clock, KeyRingBuilder, KeySetStatus, RefreshSchedule,
    document::{Documents, Scope},
    fetch::Fetcher,
    slot::{Slot, Snapshot},
    store::Store,
    tenant_map::TenantMap,
    unique::Unique,
};

/// Signing keys of the configured authorities, in memory and kept fresh. Share it in an [`Arc`].
///
/// Reading ([`KeySource::key`]) takes no lock, allocates nothing and never waits. Keys arrive by [`KeyRing::warm`] at the
/// start, by [`KeyRing::spawn_refresher`] in the background, and by [`KeyRing::refresh_after_miss`]. A failed fetch and a
/// key that is not found never remove anything; a key goes when its authority stops publishing it, or when its set is too
/// old ([`RefreshSchedule`]). What is held is bounded by the admitted tenants, whatever callers send (T-024).
pub struct KeyRing {
    pub(crate) shelves: Vec<Shelf>,
    pub(crate) tenants: Arc<dyn TenantDirectory>,
    pub(crate) schedule: RefreshSchedule,
    pub(crate) clock: Clock,
    pub(crate) fetcher: Fetcher,
    pub(crate) store: Option<Store>,
    pub(crate) unique: Unique,
    revision: AtomicU64,
    /// No set becomes too old before this.
    next_end: AtomicI64,
    salt: RandomState,
    /// Sets that are in memory and not yet on disk.
    pub(crate) unkept: tokio::sync::watch::Sender<usize>,
}

/// What makes up a ring besides its shelves.
pub(crate) struct Parts {
    pub(crate) tenants: Arc<dyn TenantDirectory>,
    pub(crate) schedule: RefreshSchedule,
    pub(crate) clock: Clock,
    pub(crate) fetcher: Fetcher,
    pub(crate) store: Option<Store>,
}

/// The key sets of one authority.
pub(crate) struct Shelf {
    pub(crate) documents: Documents,
    slots: Slots,
}

enum Slots {
    One(Arc<Slot>),
    PerTenant(TenantMap<Slot>),
}

impl Shelf {
    pub(crate) fn new(documents: Documents) -> Self {
        let slots = if documents.is_single() {
            Slots::One(Arc::new(Slot::new(Scope::Whole)))
        } else {
            Slots::PerTenant(TenantMap::new())
        };
        Self { documents, slots }
    }

    fn read<T>(&self, tenant: TenantId, read: impl FnOnce(&Arc<Slot>) -> T) -> Option<T> {
        match &self.slots {
            Slots::One(slot) => self.documents.scope_of(tenant).map(|_| read(slot)),
            Slots::PerTenant(slots) => slots.read(tenant, read),
        }
    }

    /// The slot for an admitted tenant, made if there is none yet.
    fn open(&self, tenant: TenantId) -> Option<Arc<Slot>> {
        let scope = self.documents.scope_of(tenant)?;
        Some(match &self.slots {
            Slots::One(slot) => slot.clone(),
            Slots::PerTenant(slots) => slots.get_or_insert(tenant, || Slot::new(scope)),
        })
    }

    pub(crate) fn slots(&self) -> Vec<Arc<Slot>> {
        match &self.slots {
            Slots::One(slot) => vec![slot.clone()],
            Slots::PerTenant(slots) => slots.values(),
        }
    }

    /// Drops the slots of tenants that are not to be kept; says whose.
    pub(crate) fn prune(&self, keep: impl Fn(TenantId) -> bool) -> Vec<TenantId> {
        match &self.slots {
            Slots::One(_) => Vec::new(),
            Slots::PerTenant(slots) => slots.retain(keep),
        }
    }
}

impl KeyRing {
    /// A ring for the keys of `authorities`, fetched only for tenants that `tenants` admits.
    pub fn builder(
        authorities: impl IntoIterator<Item = Authority>,
        tenants: Arc<dyn TenantDirectory>,
    ) -> KeyRingBuilder {
        KeyRingBuilder::new(authorities.into_iter().collect(), tenants)
    }

    pub(crate) fn assemble(shelves: Vec<Shelf>, parts: Parts) -> Self {
        let Parts { tenants, schedule, clock, fetcher, store } = parts;
        let (revision, next_end) = (AtomicU64::new(0), AtomicI64::new(i64::MAX));
        let (unique, salt) = (Unique::default(), RandomState::new());
        let unkept = tokio::sync::watch::Sender::new(0);
        Self { shelves, tenants, schedule, clock, fetcher, store, unique, revision, next_end, salt, unkept }
    }

    /// Every key set that the ring holds or tried to fetch, in no particular order. For readiness checks and operators.
    pub fn status(&self) -> Vec<KeySetStatus> {
        let now = self.clock.now();
        let of_shelf = |shelf: &Shelf| {
            let authority = shelf.documents.authority().clone();
            let status = move |slot: Arc<Slot>| {
                KeySetStatus::read(authority.clone(), &slot, slot.is_usable(&self.schedule, now), now)
            };
            shelf.slots().into_iter().map(status).collect::<Vec<_>>()
        };
        self.shelves.iter().flat_map(of_shelf).collect()
    }

    /// The place of an authority and its slot for `tenant`, if both are ours. The only way to a new slot (T-007, T-024).
    pub(crate) fn admitted_slot(
        &self,
        authority: &Authority,
        tenant: TenantId,
    ) -> Option<(usize, Arc<Slot>)> {
        let at = self.shelves.iter().position(|shelf| shelf.documents.authority() == authority)?;
        self.tenants.admit(tenant)?;
        Some((at, self.shelves[at].open(tenant)?))
    }

    /// The slot for a document, if it is one that this ring would fetch.
    pub(crate) fn slot_at(&self, at: usize, scope: Scope) -> Option<Arc<Slot>> {
        let shelf = &self.shelves[at];
        match (&shelf.slots, scope.tenant()) {
            (Slots::One(slot), None) => Some(slot.clone()),
            (Slots::PerTenant(_), Some(tenant)) if self.tenants.admit(tenant).is_some() => shelf.open(tenant),
            _ => None,
        }
    }

    /// Puts a fetched set where requests find it.
    pub(crate) fn install(&self, slot: &Slot, set: Arc<Snapshot>) {
        let end = self.schedule.end(set.fetched_at);
        self.next_end.fetch_min(end.as_secs(), Ordering::SeqCst);
        if slot.replace(set) {
            self.keys_changed();
        }
    }

    pub(crate) fn keys_changed(&self) {
        self.revision.fetch_add(1, Ordering::SeqCst);
    }

    /// A number that spreads the refreshes of sets fetched together.
    pub(crate) fn salt(&self, slot: &Slot, now: UnixTime) -> u64 {
        self.salt.hash_one((slot.scope, now))
    }

    /// Lets go of sets that became too old since the last look, so that the revision tells of it. Looks at all sets, but
    /// only when the first of them may be over.
    fn expire(&self) {
        let (now, next) = (self.clock.now(), self.next_end.load(Ordering::SeqCst));
        let turn = |next| self.next_end.compare_exchange(next, i64::MAX, Ordering::SeqCst, Ordering::SeqCst);
        if now.as_secs() < next || turn(next).is_err() {
            return;
        }
        for slot in self.shelves.iter().flat_map(Shelf::slots) {
            if slot.expire(&self.schedule, now) {
                self.keys_changed();
            }
            if let Some(set) = slot.snapshot() {
                self.next_end.fetch_min(self.schedule.end(set.fetched_at).as_secs(), Ordering::SeqCst);
            }
        }
    }
}

impl KeySource for KeyRing {
    fn key(&self, authority: &Authority, tenant: TenantId, key_id: &str) -> KeyAnswer {
        let now = self.clock.now();
        let shelf = self.shelves.iter().find(|shelf| shelf.documents.authority() == authority);
        shelf
            .and_then(|shelf| shelf.read(tenant, |slot| slot.answer(key_id, &self.schedule, now)))
            .unwrap_or(KeyAnswer::Unavailable)
    }

    fn revision(&self) -> u64 {
        self.expire();
        self.revision.load(Ordering::SeqCst)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let authorities: Vec<_> = self.shelves.iter().map(|shelf| shelf.documents.authority()).collect();
        f.debug_struct("KeyRing").field("authorities", &authorities).finish_non_exhaustive()
    }
}
