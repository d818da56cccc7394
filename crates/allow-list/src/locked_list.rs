//! A list that two people signed, less what one of them has removed since.

use tenantry_token::UnixTime;

use crate::{ApprovedKey, Digest, Entry, LockFault, Removal, Statement, verify::check_issued};

/// A revision and the digest of its content: what a later one must follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// From 1.
    pub revision: u64,
    /// Of the canonical content.
    pub digest: Digest,
}

/// A proven list. Only [`Lock::verify`](crate::Lock::verify) and its kin make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedList {
    statement: Statement,
    proposer: ApprovedKey,
    reviewer: ApprovedKey,
    removals: Vec<Removal>,
    entries: Vec<Entry>,
}

impl LockedList {
    pub(crate) fn new(statement: Statement, proposer: ApprovedKey, reviewer: ApprovedKey) -> Self {
        let entries = statement.entries.clone();
        Self { statement, proposer, reviewer, removals: Vec::new(), entries }
    }

    /// This list after `removal`. The entries can only become fewer here, and nowhere else do they change.
    pub(crate) fn without(mut self, removal: Removal) -> Result<Self, LockFault> {
        for tenant in removal.tenants() {
            let unlisted = LockFault::RemovesUnlisted { revision: removal.head().revision, tenant: *tenant };
            let at = self.entries.binary_search_by_key(tenant, |entry| entry.id).map_err(|_| unlisted)?;
            self.entries.remove(at);
        }
        self.removals.push(removal);
        Ok(self)
    }

    /// The last revision: the reviewed one, or the last removal's.
    pub fn revision(&self) -> u64 {
        self.head().revision
    }

    /// The digest of the last revision's canonical content.
    pub fn digest(&self) -> Digest {
        self.head().digest
    }

    /// Revision and digest together.
    pub fn head(&self) -> Head {
        self.removals.last().map_or(self.statement.head, Removal::head)
    }

    /// When the list was proposed. Removals have times of their own.
    pub fn issued_at(&self) -> UnixTime {
        self.statement.term.issued
    }

    /// From when on it no longer counts. A removal does not prolong it.
    pub fn expires_at(&self) -> UnixTime {
        self.statement.term.expires
    }

    /// The tenants that may enter, sorted by id: those that were reviewed, less those removed since.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What two people signed, removals left aside.
    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    /// Who proposed it.
    pub fn proposer(&self) -> &ApprovedKey {
        &self.proposer
    }

    /// Who reviewed it: another key, and another person.
    pub fn reviewer(&self) -> &ApprovedKey {
        &self.reviewer
    }

    /// What was removed since, in order.
    pub fn removals(&self) -> &[Removal] {
        &self.removals
    }

    /// Whether it counts at `now`. To be asked again as time goes by.
    ///
    /// # Errors
    /// [`LockFault::Expired`] from `expires_at` on; [`LockFault::NotYetValid`] if it, or a removal, was issued more
    /// than five minutes after `now`.
    pub fn check_time(&self, now: UnixTime) -> Result<(), LockFault> {
        check_issued(self.issued_at(), now)?;
        self.removals.iter().try_for_each(|removal| check_issued(removal.issued_at(), now))?;
        if now >= self.expires_at() { Err(LockFault::Expired(self.expires_at())) } else { Ok(()) }
    }

    /// Whether it may take the place of `earlier`, which was in force: the same list, or a later one, and where both
    /// name a revision, the same content under its number. Revisions in between need not have been seen.
    ///
    /// # Errors
    /// [`LockFault::OlderRevision`] for a roll-back, a removal taken out again among them; [`LockFault::Forked`] if
    /// the lists have different pasts.
    pub fn follows(&self, earlier: &Self) -> Result<(), LockFault> {
        self.follows_head(earlier.head())
    }

    /// As [`LockedList::follows`], where of the earlier list only revision and digest were kept: over a restart.
    ///
    /// # Errors
    /// As for [`LockedList::follows`].
    pub fn follows_head(&self, seen: Head) -> Result<(), LockFault> {
        if self.revision() < seen.revision {
            return Err(LockFault::OlderRevision { found: self.revision(), seen: seen.revision });
        }
        match self.digest_of(seen.revision) {
            Some(found) if found != seen.digest => {
                Err(LockFault::Forked { revision: seen.revision, found, seen: seen.digest })
            }
            _ => Ok(()),
        }
    }

    /// What this list says a revision's digest was, for those that it names: its removals', its own, and the one before.
    fn digest_of(&self, revision: u64) -> Option<Digest> {
        let own = self.statement.head;
        if revision.checked_add(1) == Some(own.revision) {
            return self.statement.previous;
        }
        let mut heads = self.removals.iter().map(Removal::head).chain([own]);
        heads.find(|head| head.revision == revision).map(|head| head.digest)
    }
}
