//! What a release needs beside attacks that fail: an approved auth module, and an allow-list that two people signed.

use serde::{Deserialize, Serialize};

use super::Verdict;

/// One of the three promotion gates.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PromotionGate {
    /// 1: attacks are refused. 2: the module's version is approved. 3: the allow-list is reviewed, locked and enforced.
    pub number: u8,
    /// What it asks, in a few words.
    pub title: String,
    /// What it came to.
    pub verdict: Verdict,
    /// Why, a sentence each, for whoever approves the release. Never empty.
    pub reasons: Vec<String>,
}

impl PromotionGate {
    /// Whether pipelines are to show it as a fault: it failed, or it is the first, which always has to be proven. Gates 2 and 3
    /// have to be where somebody asks for them, which exit codes tell; here they are visible, and no pass (T-162).
    pub(super) fn is_fault(&self) -> bool {
        match self.verdict {
            Verdict::Passed => false,
            Verdict::Failed => true,
            Verdict::NotProven => self.number == 1,
        }
    }

    /// Why, in one line.
    pub(super) fn why(&self) -> String {
        format!("{}: {}", self.verdict.word(), self.reasons.join("; "))
    }
}

/// The auth module that a target is built with.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ModuleVersion {
    /// Name of the package.
    pub name: String,
    /// Version, as the source spells it.
    pub version: String,
    /// Where it was read: `/.well-known/tenantry`, or the name of a lock file.
    pub from: String,
    /// Whether it is on the list of approved versions.
    pub approval: Approval,
}

/// Whether a version is approved.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Approval {
    /// It is on the list.
    Approved,
    /// There is a list, and it is not on it.
    NotApproved,
    /// There was no list to compare it with.
    NotCompared,
}

/// What is known of the locked allow-list.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AllowListFacts {
    /// Its number, counted up from 1.
    pub revision: u64,
    /// `sha256:` and the SHA-256 of its canonical content, in hexadecimal.
    pub digest: String,
    /// From when on it no longer counts, Unix seconds.
    pub expires_at: u64,
    /// Who proposed it: a name, or the key's.
    pub proposer: String,
    /// Who reviewed it.
    pub reviewer: String,
    /// How many tenants may enter.
    pub tenants: u64,
    /// How many times tenants were removed since the review, each with one signature.
    pub removals: u64,
}
