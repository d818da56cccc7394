//! All cases, one file for each suite.
//!
//! A case is never a copy of another with a new name: each is here because some validator that passes all others could
//! fail it (T-160).

mod control;
mod memory;
mod tenancy;

use crate::Case;

/// Every case, in the order of suites and files.
pub fn all() -> Vec<Case> {
    [control::cases(), memory::cases(), tenancy::cases()].concat()
}
