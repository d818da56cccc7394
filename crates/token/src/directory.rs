//! Tenants whose tokens we take: plain reads of memory, asked before any key is looked for.

use crate::{TenantId, UnixTime};

/// Whether people of another organisation, invited into a tenant, may act in it (claims `acct`, `idp`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Guests {
    /// Guests act as members of the tenant that invited them and issued the token. The default.
    #[default]
    Allowed,
    /// Tokens of guests are refused.
    Refused,
}

/// What an allowed tenant may do here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TenantPolicy {
    /// Whether its guests are let in.
    pub guests: Guests,
}

/// Is this tenant ours and active, and what may it do? Answers from memory, at once, on every request (T-011).
pub trait TenantDirectory: Send + Sync {
    /// The policy of `tenant`, or `None` if it is unknown, suspended or in any other way not to be let in. The three
    /// look alike to callers.
    fn admit(&self, tenant: TenantId) -> Option<TenantPolicy>;

    /// A number that changes whenever an answer of [`TenantDirectory::admit`] may have changed (T-022, T-028).
    fn revision(&self) -> u64 {
        0
    }

    /// Which reviewed and locked list the answers rest on. `None`, the default: on none.
    fn list_status(&self) -> Option<ListStatus> {
        None
    }
}

/// What a reviewed and locked list of tenants says of itself, for operators and release gates. It names no tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListStatus {
    /// Number of the revision in force. Counts up from 1.
    pub revision: u64,
    /// Digest of its canonical content: `sha256:` and 64 hexadecimal digits.
    pub digest: String,
    /// When it ends. From then on nobody is admitted.
    pub expires_at: UnixTime,
    /// Whether it is in force now. An expired list is not: nobody is admitted.
    pub usable: bool,
    /// When it was read.
    pub read_at: UnixTime,
    /// What came after it and was refused, so that it is in force still.
    pub refused: Option<RefusedList>,
}

/// A newer list that was refused (T-094).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedList {
    /// Stable code of the reason.
    pub code: &'static str,
    /// The reason, for operators: one line. It may name those who signed.
    pub reason: String,
    /// When it was first met.
    pub since: UnixTime,
}

/// A fixed list of tenants, sorted, 17 bytes each. Empty means nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FixedList(Box<[(TenantId, TenantPolicy)]>);

impl FixedList {
    /// The given tenants, each with the default policy.
    pub fn new(tenants: impl IntoIterator<Item = TenantId>) -> Self {
        Self::with_policies(tenants.into_iter().map(|tenant| (tenant, TenantPolicy::default())))
    }

    /// The given tenants with their policies. Of a tenant named twice the first entry counts.
    pub fn with_policies(tenants: impl IntoIterator<Item = (TenantId, TenantPolicy)>) -> Self {
        let mut tenants: Vec<_> = tenants.into_iter().collect();
        tenants.sort_by_key(|(tenant, _)| *tenant);
        tenants.dedup_by_key(|(tenant, _)| *tenant);
        Self(tenants.into())
    }

    /// The tenants on the list, in order of their ids.
    pub fn tenants(&self) -> impl ExactSizeIterator<Item = TenantId> + '_ {
        self.0.iter().map(|(tenant, _)| *tenant)
    }
}

impl TenantDirectory for FixedList {
    fn admit(&self, tenant: TenantId) -> Option<TenantPolicy> {
        let at = self.0.binary_search_by_key(&tenant, |(listed, _)| *listed).ok()?;
        Some(self.0[at].1)
    }
}

#[cfg(test)]
mod tests {
    use super::{FixedList, Guests, TenantDirectory, TenantPolicy};
    use crate::TenantId;

    fn tenant(n: u32) -> TenantId {
        format!("aaaaaaaa-0000-4000-8000-{n:012}").parse().unwrap()
    }

    /// T-011, T-043: an empty list is nobody, not everybody.
    #[test]
    fn only_listed_tenants_are_admitted() {
        let list = FixedList::new((0..100).rev().filter(|n| n % 2 == 0).map(tenant));
        assert!((0..100).all(|n| list.admit(tenant(n)).is_some() == (n % 2 == 0)));
        assert!(FixedList::default().admit(tenant(0)).is_none());
        assert!(list.admit(TenantId::PERSONAL_ACCOUNTS).is_none());
        assert_eq!(list.tenants().len(), 50);
    }

    #[test]
    fn the_first_entry_of_a_tenant_counts() {
        let strict = TenantPolicy { guests: Guests::Refused };
        let list = FixedList::with_policies([(tenant(1), strict), (tenant(1), TenantPolicy::default())]);
        assert_eq!(list.admit(tenant(1)), Some(strict));
    }
}
