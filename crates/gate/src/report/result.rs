//! What came of one case at one probe.

use serde::{Deserialize, Serialize};

use crate::{Expect, Severity, Suite};

/// What came of one case at one probe.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CaseResult {
    /// Id of the case: `tenancy/rogue-tenant`.
    pub id: String,
    /// What it is about.
    pub suite: Suite,
    /// The probe that it met.
    pub probe: String,
    /// What was presented.
    pub title: String,
    /// Why a sound API does what is expected.
    pub reason: String,
    /// Who says so.
    pub source: String,
    /// Requirements of the threat model.
    pub threats: Vec<String>,
    /// How bad a failure is.
    pub severity: Severity,
    /// What a sound API does.
    pub expected: Expect,
    /// What this one did.
    pub outcome: Outcome,
    /// Status of the answer, where one decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// One line for people. Bounded, printable, and without tokens.
    pub detail: String,
    /// Until the answer, in milliseconds.
    pub took_ms: u64,
}

/// What the target did.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "why")]
pub enum Outcome {
    /// What was expected.
    Held,
    /// Something else.
    Failed(Finding),
    /// The case was not run, and why.
    Skipped(String),
}

/// In which way a target failed.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// It let a token in that it must refuse.
    Accepted,
    /// It refused a good token.
    RefusedGood,
    /// It refused, with another status than asked for.
    WrongStatus,
    /// It answered 500 or above, or closed the connection.
    ServerError,
    /// It took longer than permitted, or did not answer.
    TooSlow,
    /// It told the caller what only the operator may know.
    Told,
    /// It asked its authority for things that it need not ask for, or too often.
    AskedTooMuch,
    /// It showed one tenant's data to another.
    Leaked,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Counts {
    /// Held.
    pub held: usize,
    /// Failed.
    pub failed: usize,
    /// Skipped.
    pub skipped: usize,
}

impl CaseResult {
    /// Whether the target failed it.
    pub fn failed(&self) -> bool {
        matches!(self.outcome, Outcome::Failed(_))
    }
}

impl Counts {
    /// Together.
    pub const fn all(&self) -> usize {
        self.held + self.failed + self.skipped
    }

    pub(super) fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Held => self.held += 1,
            Outcome::Failed(_) => self.failed += 1,
            Outcome::Skipped(_) => self.skipped += 1,
        }
    }
}
