//! in-toto Statement v1: binds what is said to the bytes of one report.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{EvidenceFault, SignedEvidence};
use crate::report::Report;

const STATEMENT: &str = "https://in-toto.io/Statement/v1";
/// What our predicate means, and in which version.
const PREDICATE: &str = "urn:tenantry:gate-evidence:v1";

/// Members that it does not know are ignored, as in-toto asks of every reader.
#[derive(Deserialize, Serialize)]
pub(super) struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    pub(super) predicate: SignedEvidence,
}

#[derive(Deserialize, Serialize)]
struct Subject {
    name: String,
    digest: BTreeMap<String, String>,
}

/// Read before the predicate, so that another kind of statement is told from a broken one.
#[derive(Deserialize)]
struct TypesOnly {
    #[serde(rename = "_type")]
    kind: String,
    #[serde(rename = "predicateType")]
    predicate_type: String,
}

impl Statement {
    pub(super) fn of(report: &Report) -> Self {
        let predicate = SignedEvidence::of(report);
        let digest = report.digest();
        let hex = digest.strip_prefix("sha256:").unwrap_or(&digest).to_owned();
        let subject = Subject { name: predicate.target.clone(), digest: [("sha256".to_owned(), hex)].into() };
        Self {
            kind: STATEMENT.to_owned(),
            subject: vec![subject],
            predicate_type: PREDICATE.to_owned(),
            predicate,
        }
    }

    pub(super) fn json(&self) -> Vec<u8> {
        // Numbers, texts and lists alone: there is nothing in a statement that JSON cannot say.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads what a trusted key signed.
    pub(super) fn parse(payload: &[u8]) -> Result<Self, EvidenceFault> {
        let malformed = |error: serde_json::Error| EvidenceFault::Statement(error.to_string());
        let types: TypesOnly = serde_json::from_slice(payload).map_err(malformed)?;
        for (found, expected) in [(types.kind, STATEMENT), (types.predicate_type, PREDICATE)] {
            if found != expected {
                let shown = found.escape_debug().take(200).collect::<String>();
                return Err(EvidenceFault::Statement(format!("its type is `{shown}`, not `{expected}`")));
            }
        }
        serde_json::from_slice(payload).map_err(malformed)
    }

    /// Whether its one subject is the report with that digest.
    pub(super) fn check_digest(&self, found: &str) -> Result<(), EvidenceFault> {
        let [subject] = &self.subject[..] else {
            return Err(EvidenceFault::Statement(format!("it has {} subjects, not one", self.subject.len())));
        };
        let signed = subject.digest.get("sha256").map(|hex| format!("sha256:{hex}"));
        let signed =
            signed.ok_or_else(|| EvidenceFault::Statement("its subject has no SHA-256".to_owned()))?;
        if signed == found {
            Ok(())
        } else {
            Err(EvidenceFault::ReportAltered { found: found.to_owned(), signed })
        }
    }
}
