//! Who is told how far a run has come.

use crate::CaseResult;

/// Is told how far a run has come.
pub trait Observer: Send + Sync {
    /// So many cases will be reported.
    fn planned(&self, _cases: usize) {}
    /// One is done.
    fn finished(&self, _result: &CaseResult) {}
}

/// Nobody.
#[derive(Clone, Copy, Debug)]
pub struct Quiet;

impl Observer for Quiet {}
