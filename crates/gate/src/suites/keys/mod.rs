//! *keys*: rotation, withdrawal, outages, floods. Whether the API follows its authority, and asks it for no more than it must.
//!
//! Each case is a script that nothing else disturbs. `provider.rs` is what they share: new keys, what the API asked for, and the
//! authority's misbehaviour, which always ends with the script. Keys that the scripts publish stay published, and the one that signs
//! at the end is one that the API has learned.
//!
//! Many validators rest between two fetches for unknown keys, for half a minute or five. What cannot be told within
//! `limits.key-refresh-s` for that reason is said to be unclear, and counts as skipped.

mod flood;
mod outbound;
mod provider;
mod rotation;
mod trouble;

use crate::Case;
use crate::case::{Severity, Suite};

const fn case(id: &'static str, severity: Severity) -> Case {
    Case::new(id, Suite::Keys, severity)
}

/// Rotation first: whoever rests between two fetches has one left then.
pub(super) fn cases() -> Vec<Case> {
    [rotation::cases(), trouble::cases(), outbound::cases(), flood::cases()].concat()
}
