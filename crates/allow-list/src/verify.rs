//! Whether a lock counts: the rules, in the order in which they are asked.
//!
//! 1. the proposer's and the reviewer's signatures, each in its own role, over the same content, by approved keys;
//! 2. by two keys, and by two people;
//! 3. each removal: it follows what stands before it, an approved key signed it, and it names tenants on the list;
//! 4. the time: not from the future, not over.
//!
//! What a file may look like at all is asked before, in `lock.rs` and `statement.rs`; whether it may follow a list that
//! was in force, after, in [`LockedList::follows`].

use tenantry_token::UnixTime;

use crate::{
    ApprovedKey, ApprovedKeys, Lock, LockFault, LockedList, Removal,
    signature::{Role, Signature},
};

impl Lock {
    /// The proven list, if it counts at `now`.
    ///
    /// Whoever has seen an earlier list asks [`LockedList::follows`] as well: an old lock verifies, too, until it expires.
    ///
    /// # Errors
    /// The [`LockFault`] of the first rule that it breaks.
    pub fn verify(&self, approved: &ApprovedKeys, now: UnixTime) -> Result<LockedList, LockFault> {
        let list = self.verify_signatures(approved)?;
        list.check_time(now)?;
        Ok(list)
    }

    /// The proven list, **whatever the time**: for showing what expired, and for proposing what follows. Who admits
    /// tenants wants [`Lock::verify`].
    ///
    /// # Errors
    /// The [`LockFault`] of the first rule that it breaks.
    pub fn verify_signatures(&self, approved: &ApprovedKeys) -> Result<LockedList, LockFault> {
        let (proposer, reviewer) = match (&self.proposer, &self.reviewer) {
            (None, None) => return Err(LockFault::Unsigned),
            (Some(one), None) | (None, Some(one)) => return Err(LockFault::HalfSigned(one.name.clone())),
            (Some(proposer), Some(reviewer)) => (proposer, reviewer),
        };
        let proposer = self.signer(Role::Proposer, proposer, approved)?;
        let reviewer = self.signer(Role::Reviewer, reviewer, approved)?;
        check_two_people(proposer, reviewer)?;
        let list = LockedList::new(self.statement.clone(), proposer.clone(), reviewer.clone());
        self.removals.iter().try_fold(list, |list, table| {
            let removal: Removal = table.verify(list.head(), approved)?;
            list.without(removal)
        })
    }

    /// Who proposed this, if it is a proposal that can still be reviewed at `now`.
    ///
    /// # Errors
    /// The [`LockFault`] of the first rule that it breaks; [`LockFault::ProposalExpired`] after its `review_by`.
    pub fn verify_proposal<'k>(
        &self,
        approved: &'k ApprovedKeys,
        now: UnixTime,
    ) -> Result<&'k ApprovedKey, LockFault> {
        let proposer = self.proposer.as_ref().ok_or(LockFault::Unsigned)?;
        let proposer = self.signer(Role::Proposer, proposer, approved)?;
        check_issued(self.statement.term.issued, now)?;
        self.check_review_time(now)?;
        Ok(proposer)
    }

    /// Whether a proposal can still be reviewed and locked at `now`.
    ///
    /// # Errors
    /// [`LockFault::ProposalExpired`] after its `review_by`.
    pub fn check_review_time(&self, now: UnixTime) -> Result<(), LockFault> {
        let review_by = self.statement.term.review_by;
        if now > review_by { Err(LockFault::ProposalExpired(review_by)) } else { Ok(()) }
    }

    fn signer<'k>(
        &self,
        role: Role,
        signature: &Signature,
        approved: &'k ApprovedKeys,
    ) -> Result<&'k ApprovedKey, LockFault> {
        signature.verify(role, &self.statement.canonical(), approved)
    }
}

fn check_two_people(proposer: &ApprovedKey, reviewer: &ApprovedKey) -> Result<(), LockFault> {
    if proposer.public() == reviewer.public() {
        return Err(LockFault::SameKey(proposer.name().to_owned()));
    }
    if proposer.is_person(reviewer.name()) {
        return Err(LockFault::SamePerson(proposer.name().to_owned()));
    }
    Ok(())
}

/// How far ahead of ours a signer's clock may be. Seconds.
const CLOCK_AHEAD_S: i64 = 300;

pub(crate) fn check_issued(issued: UnixTime, now: UnixTime) -> Result<(), LockFault> {
    if issued > now.plus_secs(CLOCK_AHEAD_S) { Err(LockFault::NotYetValid(issued)) } else { Ok(()) }
}
