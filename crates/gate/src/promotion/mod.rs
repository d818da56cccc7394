//! Whether an API may be promoted: the three gates of seed 000, each with its reasons.
//!
//! `attacks.rs` is gate 1, `modules/` gate 2, `list.rs` gate 3; `enforcement.rs` finds out which list a target enforces, and
//! `well_known.rs` what it says of itself. Files, signatures and the time are the caller's: what is handed in are facts.

mod attacks;
mod enforcement;
mod list;
mod modules;
mod well_known;

use time::{Date, OffsetDateTime};

use crate::report::Report;
use crate::{Severity, Target};

pub use enforcement::{Behaviour, behaviour};
pub use list::{Enforced, ListEvidence, ReviewedList, ReviewedTenant};
pub use modules::{ApprovedModules, ApprovedModulesError, Ecosystem, FoundModule, LockFileError, modules_in};
pub use well_known::{ModuleReport, ToldList};

/// Most listed tenants that are tried: of a longer list, as many at even distances.
const LISTED_MAX: usize = 200;

/// What the gates are judged by, beside the attacks.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Failures below this are told, and do not decide.
    pub fail_on: Severity,
    /// The approved versions, if somebody handed them in.
    pub approved: Option<ApprovedModules>,
    /// Modules of lock files.
    pub modules: Vec<FoundModule>,
    /// The locked list, if somebody handed it in.
    pub list: ListEvidence,
    /// What the target said and did.
    pub behaviour: Behaviour,
    /// Unix seconds.
    pub now: u64,
}

/// Judges all three gates for `target`, and writes them into its report with module and list.
pub fn promote(report: &mut Report, target: &Target, facts: &Facts) {
    let told = facts.behaviour.told.as_ref();
    let modules: Vec<_> = facts.modules.iter().cloned().chain(told.map(ModuleReport::found)).collect();
    let (second, module) = modules::judge(facts.approved.as_ref(), &modules, day(facts.now));
    report.module = module;
    if let ListEvidence::Reviewed(list) = &facts.list {
        report.allow_list = Some(list.facts.clone());
    }
    report.requests += facts.behaviour.requests;
    report.gates = vec![
        attacks::judge(report, target, facts.fail_on),
        second,
        list::judge(&facts.list, &facts.behaviour.enforced, told, facts.now),
    ];
}

/// The day, in UTC.
fn day(unix: u64) -> Date {
    let seconds = i64::try_from(unix).ok();
    let time = seconds.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    time.map_or(Date::MAX, OffsetDateTime::date)
}
