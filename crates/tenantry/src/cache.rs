//! Verdicts remembered, so that a token seen again costs a look-up instead of a signature check (design §4, T-022).

use std::sync::Arc;

use quick_cache::{Weighter, sync::Cache};
use tenantry_token::{Guests, Membership, Principal, TenantDirectory, UnixTime, Verifier};

/// Bytes that an entry takes beside its token, roughly: principal and bookkeeping.
const ENTRY_OVERHEAD_BYTES: u64 = 700;
/// Bytes that each role takes beside its text, roughly: a token can hold thousands of short ones.
const ROLE_OVERHEAD_BYTES: u64 = 64;
/// For sizing the table: a token of Entra has about this many bytes.
const TYPICAL_ENTRY_BYTES: u64 = 4_000;

/// Accepted tokens and their principals. Refusals are never remembered.
///
/// The key is the whole token: a randomly keyed hash finds the entry, a full comparison confirms it, so that near copies
/// never hit. An entry lives as long as the token, the keys and the list of tenants stay what they were.
pub(crate) struct VerdictCache {
    entries: Cache<Box<str>, Arc<Entry>, ByBytes>,
}

pub(crate) struct Entry {
    principal: Arc<Principal>,
    basis: Basis,
}

/// What a verdict rests on besides the token itself. To be read before the verdict is made: if it changes meanwhile, the
/// entry is stale from the start.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Basis {
    keys: u64,
    tenants: u64,
}

impl Basis {
    pub(crate) fn of(verifier: &Verifier) -> Self {
        Self { keys: verifier.keys().revision(), tenants: verifier.tenants().revision() }
    }
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Box<str>, Arc<Entry>> for ByBytes {
    fn weight(&self, token: &Box<str>, entry: &Arc<Entry>) -> u64 {
        let methods = &entry.principal.authentication();
        let texts = entry.principal.roles().count() + methods.methods.len() + methods.contexts.len();
        2 * token.len() as u64 + ENTRY_OVERHEAD_BYTES + ROLE_OVERHEAD_BYTES * texts as u64
    }
}

impl VerdictCache {
    /// A cache of at most about `bytes` bytes.
    pub(crate) fn new(bytes: u64) -> Self {
        let entries = usize::try_from(bytes / TYPICAL_ENTRY_BYTES).unwrap_or(usize::MAX).max(16);
        Self { entries: Cache::with_weighter(entries, bytes, ByBytes) }
    }

    /// The principal of `token`, if it was accepted before and everything that made it acceptable still holds.
    pub(crate) fn get(&self, token: &str, verifier: &Verifier, now: UnixTime) -> Option<Arc<Principal>> {
        let entry = self.entries.get(token)?;
        let ends = entry.principal.expires_at().plus_secs(verifier.policy().leeway_s().into());
        let holds = now < ends
            && entry.basis == Basis::of(verifier)
            && admitted(&**verifier.tenants(), &entry.principal);
        if !holds {
            self.entries.remove(token);
            return None;
        }
        Some(entry.principal.clone())
    }

    pub(crate) fn insert(&self, token: &str, principal: Arc<Principal>, basis: Basis) {
        self.entries.insert(token.into(), Arc::new(Entry { principal, basis }));
    }
}

/// The tenant gate, asked again on every hit.
fn admitted(tenants: &dyn TenantDirectory, principal: &Principal) -> bool {
    let guests_matter = principal.membership() == Membership::Guest;
    tenants.admit(principal.tenant()).is_some_and(|policy| !guests_matter || policy.guests == Guests::Allowed)
}
