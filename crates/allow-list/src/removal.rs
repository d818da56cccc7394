//! Taking tenants off at once, with one signature. It can do nothing else (T-097).

use serde::{Deserialize, Serialize};
use tenantry_token::{TenantId, UnixTime};

use crate::{
    ApprovedKey, ApprovedKeys, Digest, Head, LockFault, Signer, date,
    signature::{Role, Signature},
    statement::{FORMAT, to_json},
    text,
};

/// Most characters of a reason.
const REASON_CHARS_MAX: usize = 500;

/// One `[[removal]]` of a lock, not yet proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemovalTable {
    revision: u64,
    previous: Digest,
    #[serde(with = "date")]
    issued: UnixTime,
    reason: String,
    tenants: Vec<TenantId>,
    remover: Signature,
}

/// What the remover signs.
#[derive(Clone, Debug)]
pub(crate) struct RemovalContent {
    pub(crate) after: Head,
    pub(crate) issued: UnixTime,
    pub(crate) reason: String,
    /// Sorted, each once, at least one.
    pub(crate) tenants: Vec<TenantId>,
}

/// A removal that the holder of an approved key signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    head: Head,
    issued: UnixTime,
    reason: String,
    tenants: Vec<TenantId>,
    remover: ApprovedKey,
}

// Members are declared in the order of RFC 8785 §3.2.3.
#[derive(Serialize)]
struct CanonicalRemoval<'a> {
    format: u64,
    issued: UnixTime,
    previous: Digest,
    reason: &'a str,
    revision: u64,
    tenants: &'a [TenantId],
}

impl RemovalContent {
    fn revision(&self) -> u64 {
        self.after.revision.saturating_add(1)
    }

    fn check(&self) -> Result<(), LockFault> {
        let faulty = |message: &str| LockFault::malformed(format!("removal {}: {message}", self.revision()));
        text::check_present(&self.reason, REASON_CHARS_MAX)
            .map_err(|fault| faulty(&format!("the reason {fault}")))?;
        let sorted = self.tenants.is_sorted_by(|one, next| one < next);
        if self.tenants.is_empty() || !sorted {
            Err(faulty("the tenants are not sorted, each once"))
        } else {
            Ok(())
        }
    }

    fn canonical(&self) -> Vec<u8> {
        to_json(&CanonicalRemoval {
            format: FORMAT,
            issued: self.issued,
            previous: self.after.digest,
            reason: &self.reason,
            revision: self.revision(),
            tenants: &self.tenants,
        })
    }

    /// The removal as it stands in a lock, signed.
    pub(crate) fn sign(self, signer: &Signer<'_>) -> Result<RemovalTable, LockFault> {
        self.check()?;
        let remover = Signature::make(Role::Remover, &self.canonical(), signer);
        Ok(RemovalTable {
            revision: self.revision(),
            previous: self.after.digest,
            issued: self.issued,
            reason: self.reason,
            tenants: self.tenants,
            remover,
        })
    }
}

impl RemovalTable {
    /// What the file says this link is, unproven.
    pub(crate) fn head(&self) -> Head {
        let after = Head { revision: self.revision.saturating_sub(1), digest: self.previous };
        let digest = Digest::of(&self.content(after).canonical());
        Head { revision: self.revision, digest }
    }

    /// Whether it says that it is the very next revision after `head`.
    pub(crate) fn follows(&self, head: Head) -> bool {
        self.previous == head.digest && head.revision.checked_add(1) == Some(self.revision)
    }

    fn content(&self, after: Head) -> RemovalContent {
        let (reason, tenants) = (self.reason.clone(), self.tenants.clone());
        RemovalContent { after, issued: self.issued, reason, tenants }
    }

    /// Proves that this removal follows `after`, and that the holder of an approved key signed it.
    pub(crate) fn verify(&self, after: Head, approved: &ApprovedKeys) -> Result<Removal, LockFault> {
        let content = self.content(after);
        if !self.follows(after) {
            return Err(LockFault::BrokenChain { revision: self.revision });
        }
        content.check()?;
        let remover = self.remover.verify(Role::Remover, &content.canonical(), approved)?.clone();
        let RemovalContent { issued, reason, tenants, .. } = content;
        Ok(Removal { head: self.head(), issued, reason, tenants, remover })
    }
}

impl Removal {
    /// Its revision and digest.
    pub fn head(&self) -> Head {
        self.head
    }

    /// When it was signed.
    pub fn issued_at(&self) -> UnixTime {
        self.issued
    }

    /// Why, in the remover's words.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Who is off the list since, sorted.
    pub fn tenants(&self) -> &[TenantId] {
        &self.tenants
    }

    /// Who signed it.
    pub fn remover(&self) -> &ApprovedKey {
        &self.remover
    }
}
