//! What requests see of a locked list: swapped as a whole, read without waiting (T-028).

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use arc_swap::{ArcSwap, ArcSwapOption, Guard};
use tenantry_token::{FixedList, ListStatus, RefusedList, UnixTime};

/// Numbers for [`tenantry_token::TenantDirectory::revision`]: no two changes in this process share one, so that a list put in
/// the place of another never looks like it.
static CHANGES: AtomicU64 = AtomicU64::new(1);

pub(crate) fn next_change() -> u64 {
    CHANGES.fetch_add(1, Ordering::Relaxed)
}

/// Who is admitted, and what operators are told.
#[derive(Debug)]
pub(super) struct InForce {
    admitted: ArcSwap<Admitted>,
    status: ArcSwap<ListStatus>,
    /// How often the file was looked at.
    looks: AtomicU64,
    /// Said while the file cannot be looked at.
    stalled: ArcSwapOption<RefusedList>,
}

/// Tenants, and the number of the change that put them here.
#[derive(Debug)]
pub(super) struct Admitted {
    pub(super) tenants: FixedList,
    pub(super) revision: u64,
    /// From when on nobody is admitted; `None` once that is so.
    ends_at: Option<UnixTime>,
}

impl Admitted {
    fn until(ends_at: UnixTime, tenants: FixedList) -> Self {
        Self { tenants, revision: next_change(), ends_at: Some(ends_at) }
    }

    fn nobody() -> Self {
        Self { tenants: FixedList::default(), revision: next_change(), ends_at: None }
    }

    fn is_over(&self, now: UnixTime) -> bool {
        self.ends_at.is_some_and(|end| now >= end)
    }
}

impl InForce {
    pub(super) fn new(tenants: FixedList, status: ListStatus) -> Self {
        let admitted = Admitted::until(status.expires_at, tenants);
        Self {
            admitted: ArcSwap::from_pointee(admitted),
            status: ArcSwap::from_pointee(status),
            looks: AtomicU64::new(0),
            stalled: ArcSwapOption::empty(),
        }
    }

    pub(super) fn admitted(&self) -> Guard<Arc<Admitted>> {
        self.admitted.load()
    }

    /// Whether the list has not come to its end.
    pub(super) fn is_usable(&self) -> bool {
        self.admitted.load().ends_at.is_some()
    }

    pub(super) fn status(&self) -> ListStatus {
        let mut status = ListStatus::clone(&self.status.load());
        status.usable = self.is_usable();
        if let Some(stalled) = &*self.stalled.load() {
            status.refused = Some(RefusedList::clone(stalled));
        }
        status
    }

    pub(super) fn looks(&self) -> u64 {
        self.looks.load(Ordering::Relaxed)
    }

    /// The file was looked at, whatever came of it.
    pub(super) fn looked(&self) {
        self.looks.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn is_stalled(&self) -> bool {
        self.stalled.load().is_some()
    }

    /// Says that the file cannot be looked at, before anything else; or no longer.
    pub(super) fn tell_stalled(&self, stalled: Option<RefusedList>) {
        self.stalled.store(stalled.map(Arc::new));
    }

    /// The next request is judged by `tenants`, remembered verdicts included.
    pub(super) fn admit(&self, tenants: FixedList, ends_at: UnixTime) {
        self.admitted.store(Admitted::until(ends_at, tenants).into());
    }

    /// Admits nobody if the list is over, and leaves alone one that takes its place at this moment.
    pub(super) fn end_if_over(&self, now: UnixTime) {
        if self.admitted.load().is_over(now) {
            let nobody = Arc::new(Admitted::nobody());
            self.admitted.rcu(|current| if current.is_over(now) { nobody.clone() } else { current.clone() });
        }
    }

    pub(super) fn admit_nobody(&self) {
        self.admitted.store(Admitted::nobody().into());
    }

    pub(super) fn tell(&self, status: ListStatus) {
        self.status.store(status.into());
    }
}
