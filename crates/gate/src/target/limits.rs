//! `[limits]`: bounds of a run, so that an attack stays a test (T-163).

use serde::{Deserialize, Serialize};

use super::{TargetError, wrong};

/// Bounds of a run.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Limits {
    /// Requests to the target at the same time. 1 to 64; default 8.
    pub concurrency: usize,
    /// Requests to the target in all. 100 to 100 000; default 5000.
    pub requests: u64,
    /// Requests to the target in one second. 1 to 10 000; default 500.
    pub requests_per_s: u32,
    /// The longest wait for an answer, in seconds. 1 to 60; default 10.
    pub answer_s: u64,
    /// The longest run, in seconds. 10 to 3600; default 600.
    pub run_s: u64,
    /// How long the target may take to notice new or withdrawn keys, in seconds. 0 to 600; default 5.
    pub key_refresh_s: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrency: 8,
            requests: 5000,
            requests_per_s: 500,
            answer_s: 10,
            run_s: 600,
            key_refresh_s: 5,
        }
    }
}

impl Limits {
    pub(super) fn check(&self) -> Result<(), TargetError> {
        let within = |key, value: u64, from: u64, to: u64| match (from..=to).contains(&value) {
            true => Ok(()),
            false => Err(wrong(&format!("limits.{key}"), format!("{from} to {to}, not {value}"))),
        };
        within("concurrency", self.concurrency as u64, 1, 64)?;
        within("requests", self.requests, 100, 100_000)?;
        within("requests-per-s", self.requests_per_s.into(), 1, 10_000)?;
        within("answer-s", self.answer_s, 1, 60)?;
        within("run-s", self.run_s, 10, 3600)?;
        within("key-refresh-s", self.key_refresh_s, 0, 600)
    }
}
