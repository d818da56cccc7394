//! Why a lock does not count. The codes are stable: readiness, logs and tests key on them.

use tenantry_token::{TenantId, UnixTime};

use crate::{Digest, EntryFault, ParseError, PublicKey, date::rfc3339};

/// Why an allow-list is not to be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LockFault {
    /// Not of the format, larger than its bound, or against a rule that no signature could mend.
    #[error("{0}")]
    Malformed(ParseError),
    /// Of a later format than this program knows.
    #[error("format {0} of the lock is not known here: a later version of tenantry made it")]
    Format(u64),
    /// A tenant that cannot be listed.
    #[error("{0}")]
    Entry(EntryFault),
    /// Nobody signed.
    #[error("nobody signed this list")]
    Unsigned,
    /// One signature where two are due.
    #[error("signed by `{0}` alone: a second person must review it")]
    HalfSigned(String),
    /// Proposed and reviewed with one key.
    #[error("proposed and reviewed with one key, of `{0}`")]
    SameKey(String),
    /// Proposed and reviewed by one person, who has two keys.
    #[error("proposed and reviewed by one person, `{0}`, with two keys")]
    SamePerson(String),
    /// Signed with a key that is not approved.
    #[error("the key {0} is not approved")]
    UnknownKey(PublicKey),
    /// The name beside a signature is not the name of the key's holder.
    #[error("a signature is said to be by `{said}`, and its key is held by `{holder}`")]
    SignerName {
        /// As the file has it.
        said: String,
        /// As the approved keys have it.
        holder: String,
    },
    /// The content is not what was signed, or the signature was made for something else.
    #[error(
        "the {part} is not what `{signer}` signed: it was altered, or the signature is of something else"
    )]
    BadSignature {
        /// `proposal`, `review` or `removal`.
        part: &'static str,
        /// Whose signature it should be.
        signer: String,
    },
    /// Its time is over.
    #[error("expired at {}: propose and review it again", rfc3339(*.0))]
    Expired(UnixTime),
    /// It, or a removal in it, was made in the future.
    #[error("issued at {}, which is in the future", rfc3339(*.0))]
    NotYetValid(UnixTime),
    /// Meant to be valid for longer than anybody should sign for.
    #[error("valid for {0} days: more than 400 are not taken")]
    LifetimeTooLong(i64),
    /// The proposal was not reviewed and locked in time.
    #[error("the proposal had to be locked by {}: propose it again", rfc3339(*.0))]
    ProposalExpired(UnixTime),
    /// A removal that does not follow what stands before it.
    #[error("removal {revision} does not follow what stands before it")]
    BrokenChain {
        /// The removal's revision.
        revision: u64,
    },
    /// A removal of a tenant that is not on the list.
    #[error("revision {revision} removes `{tenant}`, which is not on the list")]
    RemovesUnlisted {
        /// The removal's revision.
        revision: u64,
        /// The tenant.
        tenant: TenantId,
    },
    /// An earlier revision than one that was seen: a roll-back.
    #[error("revision {found} is older than revision {seen}, which was seen before")]
    OlderRevision {
        /// The offered one.
        found: u64,
        /// The one seen before.
        seen: u64,
    },
    /// Another list than the one that was seen under a revision's number.
    #[error("revision {revision} is {found}, and was {seen} when it was seen before")]
    Forked {
        /// The revision of which there are two.
        revision: u64,
        /// What the offered list says it was.
        found: Digest,
        /// What was seen.
        seen: Digest,
    },
}

impl LockFault {
    pub(crate) fn malformed(message: impl Into<String>) -> Self {
        Self::Malformed(ParseError::whole(message))
    }

    /// A stable word for logs, metrics, readiness and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) | Self::Entry(_) => "malformed",
            Self::Format(_) => "unknown_format",
            Self::Unsigned => "unsigned",
            Self::HalfSigned(_) => "half_signed",
            Self::SameKey(_) => "same_key",
            Self::SamePerson(_) => "same_person",
            Self::UnknownKey(_) => "unknown_key",
            Self::SignerName { .. } => "signer_name",
            Self::BadSignature { .. } => "bad_signature",
            Self::Expired(_) => "expired",
            Self::NotYetValid(_) => "not_yet_valid",
            Self::LifetimeTooLong(_) => "lifetime_too_long",
            Self::ProposalExpired(_) => "proposal_expired",
            Self::BrokenChain { .. } => "broken_chain",
            Self::RemovesUnlisted { .. } => "removes_unlisted",
            Self::OlderRevision { .. } => "older_revision",
            Self::Forked { .. } => "forked",
        }
    }
}
