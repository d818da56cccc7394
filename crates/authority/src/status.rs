//! What an operator may want to know of a key set.

use tenantry_token::{Authority, TenantId, UnixTime};

use crate::{
    clock::age_s,
    slot::{Slot, Snapshot},
};

/// How one key set is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeySetStatus {
    /// Whose keys.
    pub authority: Authority,
    /// The one tenant that it is for; `None` for a document that all tenants of the authority share.
    pub tenant: Option<TenantId>,
    /// Whether tokens can be checked with it now.
    pub usable: bool,
    /// Usable keys in it.
    pub keys: usize,
    /// Seconds since it was fetched; `None` if it never was.
    pub age_s: Option<u64>,
    /// Why the last fetch failed, if it did: one escaped line.
    pub last_error: Option<String>,
}

impl KeySetStatus {
    pub(crate) fn read(authority: Authority, slot: &Slot, usable: bool, now: UnixTime) -> Self {
        let set = slot.snapshot();
        let age = |set: &Snapshot| u64::try_from(age_s(set.fetched_at, now)).unwrap_or(0);
        let tenant = slot.scope.tenant().or(authority.fixed_tenant());
        Self {
            authority,
            tenant,
            usable,
            keys: set.as_ref().map_or(0, |set| set.keys.len()),
            age_s: set.as_deref().map(age),
            last_error: slot.upkeep().last_error.as_ref().map(ToString::to_string),
        }
    }
}
