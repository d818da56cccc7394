//! The tenants that an API lets in: a list fixed in the program, or one that two people signed and that is read from its
//! file again whenever it changes.
//!
//! Top-down: [`AllowList`] → `keeper.rs` decides which list is in force → `lock_file.rs` reads the file, `seen_file.rs` keeps
//! the highest revision over a restart, `watch.rs` is the thread. Requests see `in_force.rs` and nothing else.

mod fault;
mod in_force;
mod keeper;
mod lock_file;
mod options;
mod seen_file;
#[cfg(test)]
mod tests;
mod watch;

use std::{path::PathBuf, sync::Arc};

use tenantry_allow_list::ApprovedKeys;
use tenantry_token::{FixedList, ListStatus, TenantDirectory, TenantId, TenantPolicy};

pub(crate) use in_force::next_change;

pub use fault::{AllowListError, AllowListFault};
pub use options::LockOptions;
use watch::Watched;

/// The tenants that are let in. Clones share it; asking it is a read of memory.
///
/// A *fixed* list is given in the program. A *locked* one is a file that one person proposed and another reviewed
/// (`allow-list.lock`): it is read at the start, where anything wrong with it is an error, and again whenever the file changes,
/// within a second. What comes later and is not a sound, later revision is refused; the last good list stays in force, and
/// log and [`AllowList::status`] say so. When the list in force expires, nobody is let in any more.
///
/// ```no_run
/// # fn load() -> Result<(), Box<dyn std::error::Error>> {
/// use tenantry::{AllowList, ApprovedKeys};
///
/// let approved = ApprovedKeys::parse(&std::fs::read_to_string("/etc/my-api/approved-keys.toml")?)?;
/// let tenants = AllowList::locked("/etc/my-api/allow-list.lock", approved)?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct AllowList(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Fixed(Arc<FixedList>),
    Locked(Arc<Watched>),
}

impl AllowList {
    /// The given tenants, each with the default policy. None means nobody.
    pub fn new(tenants: impl IntoIterator<Item = TenantId>) -> Self {
        Self(Kind::Fixed(FixedList::new(tenants).into()))
    }

    /// The given tenants with their policies. Of a tenant named twice the first entry counts.
    pub fn with_policies(tenants: impl IntoIterator<Item = (TenantId, TenantPolicy)>) -> Self {
        Self(Kind::Fixed(FixedList::with_policies(tenants).into()))
    }

    /// The list in the lock at `path`, which counts if holders of `approved_keys` signed it. Looks for changes each second.
    ///
    /// `approved_keys` are not read again: a process that shall trust other keys is started again.
    ///
    /// # Errors
    /// [`AllowListError`] if the list does not count now: unsigned, half-signed, altered, expired, or not to be read.
    pub fn locked(path: impl Into<PathBuf>, approved_keys: ApprovedKeys) -> Result<Self, AllowListError> {
        Self::locked_with(path, approved_keys, LockOptions::new())
    }

    /// As [`AllowList::locked`], with `options`.
    ///
    /// # Errors
    /// As [`AllowList::locked`]; also if the list is older than the options allow.
    pub fn locked_with(
        path: impl Into<PathBuf>,
        approved_keys: ApprovedKeys,
        options: LockOptions,
    ) -> Result<Self, AllowListError> {
        let watched = Watched::start(path.into(), approved_keys, options)?;
        Ok(Self(Kind::Locked(watched.into())))
    }

    /// The tenants that are let in now, in order of their ids.
    pub fn tenants(&self) -> Vec<TenantId> {
        match &self.0 {
            Kind::Fixed(list) => list.tenants().collect(),
            Kind::Locked(watched) => watched.in_force().admitted().tenants.tenants().collect(),
        }
    }

    /// Which revision of a locked list is in force, until when, and what was refused since. `None` for a fixed list.
    pub fn status(&self) -> Option<ListStatus> {
        match &self.0 {
            Kind::Fixed(_) => None,
            Kind::Locked(watched) => Some(watched.in_force().status()),
        }
    }
}

/// Nobody.
impl Default for AllowList {
    fn default() -> Self {
        Self::new([])
    }
}

impl TenantDirectory for AllowList {
    fn admit(&self, tenant: TenantId) -> Option<TenantPolicy> {
        match &self.0 {
            Kind::Fixed(list) => list.admit(tenant),
            Kind::Locked(watched) => watched.in_force().admitted().tenants.admit(tenant),
        }
    }

    fn revision(&self) -> u64 {
        match &self.0 {
            Kind::Fixed(list) => list.revision(),
            Kind::Locked(watched) => watched.in_force().admitted().revision,
        }
    }

    fn list_status(&self) -> Option<ListStatus> {
        self.status()
    }
}
