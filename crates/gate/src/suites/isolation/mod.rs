//! *isolation*: a thing that one listed tenant made, looked for by another that is listed as well. Both have good tokens: what is
//! tested is what lies behind the check of tokens (row 100).
//!
//! `reads.rs` looks, `writes.rs` changes, `claims.rs` says to be somebody else, `names.rs` has
//! somebody else's names, `counts.rs` counts. How it is done is in `crate::isolation`.

mod claims;
mod counts;
mod names;
mod reads;
mod writes;

use crate::Case;
use crate::case::{Need, Severity, Suite};

const fn case(id: &'static str, severity: Severity) -> Case {
    Case::new(id, Suite::Isolation, severity).needs(&[Need::Partner])
}

/// Planting first, without which nothing else means anything.
pub(super) fn cases() -> Vec<Case> {
    [reads::cases(), writes::cases(), claims::cases(), names::cases(), counts::cases()].concat()
}
