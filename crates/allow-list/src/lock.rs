//! `allow-list.lock`: the signed list as a file. `allow-list.proposed` is the same file before the second signature.

use std::fmt;

use serde::{Deserialize, Serialize};
use tenantry_token::{TenantId, UnixTime};

use crate::{
    Digest, Entry, Head, LockFault, Signer, Statement, Term, date,
    parse::{self, ParseError},
    removal::{RemovalContent, RemovalTable},
    signature::{Role, Signature},
    statement::FORMAT,
    wire::EntryTable,
};

/// A list as its file says it, **not yet proven**: [`Lock::verify`] proves it, or says why it does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    pub(crate) statement: Statement,
    pub(crate) proposer: Option<Signature>,
    pub(crate) reviewer: Option<Signature>,
    pub(crate) removals: Vec<RemovalTable>,
}

const HEADER: &str = "\
# Made by `tenantry allow-list lock`; do not edit: any change voids the signatures.
# Change `allow-list.toml`, have it proposed and reviewed, and lock it again.

";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LockFile {
    revision: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<Digest>,
    #[serde(with = "date")]
    issued: UnixTime,
    #[serde(with = "date")]
    review_by: UnixTime,
    #[serde(with = "date")]
    expires: UnixTime,
    format: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    proposer: Option<Signature>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewer: Option<Signature>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tenant: Vec<EntryTable>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    removal: Vec<RemovalTable>,
}

/// Read before anything else, so that a later format is told from a broken file.
#[derive(Deserialize)]
struct FormatOnly {
    format: u64,
}

impl Lock {
    /// Most bytes of a lock: 4 MiB.
    pub const BYTES_MAX: usize = 4 << 20;

    /// Reads a lock. Nothing in it is proven yet.
    ///
    /// # Errors
    /// [`LockFault::Malformed`] with line and caret, [`LockFault::Format`], or as for [`Statement::new`].
    pub fn parse(text: &str) -> Result<Self, LockFault> {
        let FormatOnly { format } = parse::toml(text, Self::BYTES_MAX).map_err(LockFault::Malformed)?;
        if format != FORMAT {
            return Err(LockFault::Format(format));
        }
        let file: LockFile = parse::toml(text, Self::BYTES_MAX).map_err(LockFault::Malformed)?;
        let term = Term { issued: file.issued, expires: file.expires, review_by: file.review_by };
        let entries = file.tenant.into_iter().map(Entry::from).collect();
        let statement = Statement::from_parts(file.revision, file.previous, term, entries)?;
        Ok(Self { statement, proposer: file.proposer, reviewer: file.reviewer, removals: file.removal })
    }

    /// A proposal: `statement` with its first signature.
    ///
    /// # Errors
    /// [`LockFault::Malformed`] if the file would be larger than its bound.
    pub fn propose(statement: Statement, signer: &Signer<'_>) -> Result<Self, LockFault> {
        let proposer = Some(Signature::make(Role::Proposer, &statement.canonical(), signer));
        Self { statement, proposer, reviewer: None, removals: Vec::new() }.within_bounds()
    }

    /// This proposal with its second signature.
    ///
    /// # Errors
    /// As for [`Lock::verify_proposal`]; [`LockFault::SameKey`] and [`LockFault::SamePerson`] if the proposer reviews.
    pub fn review(mut self, signer: &Signer<'_>, now: UnixTime) -> Result<Self, LockFault> {
        self.verify_proposal(signer.approved, now)?;
        self.reviewer = Some(Signature::make(Role::Reviewer, &self.statement.canonical(), signer));
        self.verify(signer.approved, now)?;
        self.within_bounds()
    }

    /// This list without `tenants`, as its next revision: one signature is enough (T-097).
    ///
    /// # Errors
    /// [`LockFault::RemovesUnlisted`] and [`LockFault::Malformed`] for what cannot be removed; as for
    /// [`Lock::verify_signatures`] if this lock is not a sound one.
    pub fn remove(
        mut self,
        tenants: &[TenantId],
        reason: &str,
        signer: &Signer<'_>,
        now: UnixTime,
    ) -> Result<Self, LockFault> {
        let after = self.verify_signatures(signer.approved)?.head();
        let mut tenants = tenants.to_vec();
        tenants.sort();
        tenants.dedup();
        let content = RemovalContent { after, issued: now, reason: reason.to_owned(), tenants };
        self.removals.push(content.sign(signer)?);
        self.verify_signatures(signer.approved)?;
        self.within_bounds()
    }

    /// The list that the signatures cover, removals left aside, **not yet proven**.
    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    /// The last revision in the file, **not yet proven**.
    pub fn head(&self) -> Head {
        self.removals.last().map_or(self.statement.head, RemovalTable::head)
    }

    /// Whether tenants were removed since the review, **not yet proven**.
    pub fn has_removals(&self) -> bool {
        !self.removals.is_empty()
    }

    /// Whether this says that it is the very next revision after `in_force`, or the first after none.
    pub fn follows_directly(&self, in_force: Option<Head>) -> bool {
        match self.removals.split_last() {
            Some((last, [])) => last.follows(self.statement.head) && in_force == Some(self.statement.head),
            Some((last, [.., before])) => last.follows(before.head()) && in_force == Some(before.head()),
            None => self.statement.follows(in_force),
        }
    }

    fn within_bounds(self) -> Result<Self, LockFault> {
        let bytes = self.to_string().len();
        match bytes > Self::BYTES_MAX {
            true => Err(LockFault::Malformed(ParseError::whole(format!(
                "has more than {} bytes",
                Self::BYTES_MAX
            )))),
            false => Ok(self),
        }
    }

    fn file(&self) -> LockFile {
        LockFile {
            revision: self.statement.head.revision,
            previous: self.statement.previous,
            issued: self.statement.term.issued,
            review_by: self.statement.term.review_by,
            expires: self.statement.term.expires,
            format: FORMAT,
            proposer: self.proposer.clone(),
            reviewer: self.reviewer.clone(),
            tenant: self.statement.entries.iter().map(EntryTable::from).collect(),
            removal: self.removals.clone(),
        }
    }
}

/// The text of the file: the same for the same list, one tenant to a table, sorted, so that a difference is readable.
impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = toml::to_string(&self.file()).map_err(|_| fmt::Error)?;
        write!(f, "{HEADER}{text}")
    }
}
