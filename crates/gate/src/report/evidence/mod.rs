//! Signed evidence of a run: an in-toto statement in a DSSE envelope, to be kept beside the report and checked offline.
//!
//! `predicate.rs` is what is said of the run, `statement.rs` binds it to the report's bytes, `envelope.rs` is the signature, `key.rs` whose.

mod envelope;
mod key;
mod predicate;
mod statement;

use super::{Report, ReportError, hex};

pub use key::{KeyError, SigningKey, VerifyingKey};
pub use predicate::{EvidenceGate, EvidenceList, EvidenceModule, SignedEvidence};

use envelope::Envelope;
use statement::Statement;

/// Why evidence does not count.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceFault {
    /// Not a DSSE envelope.
    #[error("not a DSSE envelope: {0}")]
    Envelope(String),
    /// There is no signature in it.
    #[error("nobody signed it")]
    Unsigned,
    /// None of the signatures is by a key that is trusted here.
    #[error("signed by nobody who is trusted here, but by the key `{0}`")]
    UnknownKey(String),
    /// The signature names a trusted key and does not fit: key, type or content was altered.
    #[error("the signature of the trusted key `{0}` does not fit the content")]
    Signature(String),
    /// Signed, and something else than an in-toto statement.
    #[error("the signed content is of the type `{0}`, not an in-toto statement")]
    PayloadType(String),
    /// Signed, and not a statement about a report of ours.
    #[error("the signed statement is not one about a report of `tenantry gate`: {0}")]
    Statement(String),
    /// The report is not the one that was signed.
    #[error("the report is not the one that was signed: its digest is `{found}`, signed is `{signed}`")]
    ReportAltered {
        /// `sha256:` and hexadecimal.
        found: String,
        /// The same.
        signed: String,
    },
    /// The digest fits, and the bytes are no report that this version can read.
    #[error("the signed report cannot be read: {0}")]
    Report(#[from] ReportError),
    /// The statement says something else than the report that it names.
    #[error("the signed statement and the report that it names contradict each other")]
    Contradiction,
}

impl SignedEvidence {
    /// Signs what a run came to, whatever that is: evidence of a failed run is evidence too. The same report and key give
    /// the same text. To be kept beside [`Report::json`], whose bytes it names.
    pub fn sign(report: &Report, key: &SigningKey) -> String {
        Envelope::seal(&Statement::of(report).json(), key).json()
    }

    /// Checks evidence against the bytes of a report, offline. One signature by one of `trusted` is enough; others are
    /// not looked at. What comes back is what was signed: its verdict, target, versions and times are the caller's to judge.
    ///
    /// # Errors
    /// [`EvidenceFault`], which says what was altered or missing.
    pub fn verify(
        envelope: &str,
        report_json: &str,
        trusted: &[VerifyingKey],
    ) -> Result<Self, EvidenceFault> {
        let payload = Envelope::parse(envelope)?.open(trusted)?;
        let statement = Statement::parse(&payload)?;
        statement.check_digest(&super::digest::sha256(report_json.as_bytes()))?;
        let report = Report::parse(report_json)?;
        if Self::of(&report) == statement.predicate {
            Ok(statement.predicate)
        } else {
            Err(EvidenceFault::Contradiction)
        }
    }
}

#[cfg(test)]
mod tests;
