//! Why a command ended early: something could not be done, or something was refused.

use std::path::Path;

use serde_json::{Value, json};
use tenantry_allow_list::{LockFault, ParseError};

use crate::terminal::{BAD, BOLD, styled};

/// How a command ended early.
#[derive(Debug)]
pub(super) enum Stop {
    /// A file could not be read or written: nothing is known about the list. Exit code 1.
    Failed(anyhow::Error),
    /// The list, or the request, is not to be had. Exit code 2.
    Refused(Refusal),
}

/// What is wrong, and what to do about it.
#[derive(Debug)]
pub(super) struct Refusal {
    code: &'static str,
    reason: String,
    advice: &'static str,
}

impl Refusal {
    pub(super) fn new(code: &'static str, reason: impl Into<String>, advice: &'static str) -> Self {
        Self { code, reason: reason.into(), advice }
    }

    /// The fault of `file`.
    pub(super) fn of_lock(file: &Path, fault: &LockFault) -> Self {
        Self::new(fault.code(), format!("`{}`: {fault}", file.display()), advice(fault))
    }

    /// A file that people write, and that is not sound.
    pub(super) fn of_text(file: &Path, fault: &ParseError) -> Self {
        Self::new("unsound", format!("`{}`: {fault}", file.display()), "")
    }

    /// On standard error.
    pub(super) fn print(&self) {
        anstream::eprintln!("{}: {}", styled(&format!("refused ({})", self.code), BAD), self.reason);
        if !self.advice.is_empty() {
            anstream::eprintln!("{} {}", styled("what to do:", BOLD), self.advice);
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({ "valid": false, "code": self.code, "reason": self.reason, "advice": self.advice })
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<anyhow::Error> for Stop {
    fn from(fault: anyhow::Error) -> Self {
        Self::Failed(fault)
    }
}

/// Without a file of its own: while something is being signed.
impl From<LockFault> for Stop {
    fn from(fault: LockFault) -> Self {
        Refusal::new(fault.code(), fault.to_string(), advice(&fault)).into()
    }
}

const RESTORE: &str =
    "do not use this file; restore the last good one from version control, and find out who changed it";

fn advice(fault: &LockFault) -> &'static str {
    match fault.code() {
        "unsigned" | "half_signed" => {
            "another approver runs `tenantry allow-list review`, then anybody `tenantry allow-list lock`"
        }
        "same_key" | "same_person" => "somebody else, with a key of their own, has to review it",
        "unknown_key" => {
            "have somebody sign whose key is approved, or have the key approved (`[[key]]` in approved-keys.toml)"
        }
        "signer_name" => {
            "restore the file; if somebody's name changed in the approved keys, propose and review again"
        }
        "expired" => "run `propose`, `review` and `lock` again; the tenants may stay as they are",
        "proposal_expired" => "run `tenantry allow-list propose` again",
        "not_yet_valid" => "compare this machine's clock with that of the one it was signed on",
        "unknown_format" => "use the version of tenantry that made it, or a later one",
        "lifetime_too_long" => "propose it for a shorter time",
        _ => RESTORE,
    }
}
