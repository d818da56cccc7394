//! *oddities*: unusual, legal, and good: must pass. An API that refuses them is down for some of its callers (T-161).

mod claims;
mod form;
mod who;

use crate::case::{Attempt, Case, Expect, Severity, Suite};
use crate::scene::Scene;

fn oddity(id: &'static str, title: &'static str, reason: &'static str, make: fn(&Scene) -> Attempt) -> Case {
    Case::new(id, Suite::Oddities, Severity::Medium).says(title, reason).attempt(Expect::Passes, make)
}

pub(super) fn cases() -> Vec<Case> {
    [who::cases(), claims::cases(), form::cases()].concat()
}
