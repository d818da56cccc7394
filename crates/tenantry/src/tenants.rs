//! Directories of tenants beside the fixed list: one that can be replaced while running, and none at all.

use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use tenantry_token::{ListStatus, TenantDirectory, TenantId, TenantPolicy};

use crate::{AllowList, allow_list::next_change};

/// An allow-list that can be replaced while requests are served. Reads never wait (row 26, T-028).
///
/// ```
/// use std::sync::Arc;
/// use tenantry::{AllowList, ReloadableList, TenantDirectory};
///
/// let fabrikam = "bbbbbbbb-0000-4000-8000-000000000002".parse()?;
/// let tenants = Arc::new(ReloadableList::new(AllowList::new([fabrikam])));
/// assert!(tenants.admit(fabrikam).is_some());
/// tenants.replace(AllowList::default());
/// assert!(tenants.admit(fabrikam).is_none(), "the very next request is refused");
/// # Ok::<(), tenantry::ParseIdError>(())
/// ```
#[derive(Debug)]
pub struct ReloadableList {
    current: ArcSwap<AllowList>,
    revision: AtomicU64,
}

impl ReloadableList {
    /// Starts with `list`.
    pub fn new(list: AllowList) -> Self {
        Self { current: ArcSwap::from_pointee(list), revision: AtomicU64::new(next_change()) }
    }

    /// Puts `list` in the place of the current one. The next request is judged by it, cached verdicts included.
    pub fn replace(&self, list: AllowList) {
        self.current.store(list.into());
        self.revision.store(next_change(), Ordering::Release);
    }
}

impl TenantDirectory for ReloadableList {
    fn admit(&self, tenant: TenantId) -> Option<TenantPolicy> {
        self.current.load().admit(tenant)
    }

    fn revision(&self) -> u64 {
        // A locked list changes by itself as well. Every change has a larger number than all before it.
        self.revision.load(Ordering::Acquire).max(self.current.load().revision())
    }

    fn list_status(&self) -> Option<ListStatus> {
        self.current.load().status()
    }
}

/// Every organisation there is, personal accounts excepted. Chosen by
/// [`crate::AuthBuilder::open_to_every_tenant`] and by nothing else (row 25).
#[derive(Clone, Copy, Debug)]
pub(crate) struct EveryTenant;

impl TenantDirectory for EveryTenant {
    fn admit(&self, tenant: TenantId) -> Option<TenantPolicy> {
        (tenant != TenantId::PERSONAL_ACCOUNTS).then(TenantPolicy::default)
    }
}

#[cfg(test)]
mod tests {
    use super::{EveryTenant, ReloadableList};
    use crate::AllowList;
    use tenantry_token::{TenantDirectory, TenantId};

    /// T-011: open to organisations, not to personal accounts.
    #[test]
    fn open_mode_is_for_organisations() {
        assert!(EveryTenant.admit("aaaaaaaa-0000-4000-8000-000000000001".parse().unwrap()).is_some());
        assert!(EveryTenant.admit(TenantId::PERSONAL_ACCOUNTS).is_none());
    }

    #[test]
    fn every_replacement_is_a_revision() {
        let list = ReloadableList::new(AllowList::default());
        let before = list.revision();
        list.replace(AllowList::default());
        assert_ne!(before, list.revision());
    }
}
