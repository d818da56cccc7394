//! *placement*: where in the request the token is. There is one place, one `Authorization` field with `Bearer` and one token
//! (T-021): two places are two parsers, and most others end up in logs and histories.
//!
//! `elsewhere.rs` is good tokens in other places, `field.rs` what else the field may say, `without.rs` requests without a token
//! that want to be let in for another reason, `detour.rs` other methods and spellings of the path.

mod detour;
mod elsewhere;
mod field;
mod without;

use crate::case::{Case, Severity, Suite};

const fn case(id: &'static str, severity: Severity) -> Case {
    Case::new(id, Suite::Placement, severity)
}

pub(super) fn cases() -> Vec<Case> {
    [elsewhere::cases(), field::cases(), without::cases(), detour::cases()].concat()
}
