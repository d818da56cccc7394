//! Who is told how far a run has come.

use crate::CaseResult;

/// Is told how far a run has come.
pub trait Observer: Send + Sync {
    /// So many cases will be reported.
    fn planned(&self, _cases: usize) {}
    /// One is done.
    fn finished(&self, _result: &CaseResult) {}
    /// So many tokens will be tried to find out which tenants the target lets in.
    fn enforcing(&self, _tokens: usize) {}
    /// One of them was.
    fn enforced(&self) {}
}

/// Nobody.
#[derive(Clone, Copy, Debug)]
pub struct Quiet;

impl Observer for Quiet {}
