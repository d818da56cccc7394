//! What an answer means for what was expected.

use crate::case::{Answer, Expect};
use crate::report::{Finding, Outcome};
use crate::{Api, Probe};

/// Statuses that say "this request cannot be read", beside those of a refusal.
const UNREADABLE: &[u16] = &[400, 401, 413, 414, 431];

/// The outcome, and one line for people.
pub(super) fn judge(expect: Expect, answer: &Answer, probe: &Probe, api: &Api) -> (Outcome, String) {
    let status = answer.status;
    let as_expected = match expect {
        Expect::Passes => return passes(answer, probe, api),
        Expect::Refused => api.refusal.contains(&status),
        Expect::TenantRefused => api.unlisted_tenant.as_ref().unwrap_or(&api.refusal).contains(&status),
        Expect::Forbidden => status == 403 || api.refusal.contains(&status),
        Expect::Malformed => UNREADABLE.contains(&status) || api.refusal.contains(&status),
    };
    if as_expected { (Outcome::Held, format!("refused with {status}")) } else { wrongly(answer, probe) }
}

/// Whether the answer is the probe's success.
pub(super) fn let_in(answer: &Answer, probe: &Probe) -> bool {
    probe.lets_in(answer.status) && probe.contains.as_ref().is_none_or(|text| answer.body.contains(text))
}

fn passes(answer: &Answer, probe: &Probe, api: &Api) -> (Outcome, String) {
    let status = answer.status;
    match status {
        _ if let_in(answer, probe) => (Outcome::Held, format!("passed with {status}")),
        500.. => (Outcome::Failed(Finding::ServerError), format!("answered {status} to a good token")),
        _ if api.refusal.contains(&status) || status == 403 => {
            (Outcome::Failed(Finding::RefusedGood), format!("refused a good token with {status}"))
        }
        _ => (Outcome::Failed(Finding::WrongStatus), format!("answered {status} to a good token")),
    }
}

/// Whatever is neither a refusal nor a fault got past the check: a 404 or 422 comes from behind it.
fn wrongly(answer: &Answer, probe: &Probe) -> (Outcome, String) {
    let status = answer.status;
    let (finding, what) = match status {
        _ if let_in(answer, probe) => (Finding::Accepted, "let it in"),
        500.. => (Finding::ServerError, "broke"),
        404 | 405 | 409 | 415 | 422 => (Finding::Accepted, "let it past the check"),
        _ => (Finding::WrongStatus, "refused it in another way than asked for"),
    };
    (Outcome::Failed(finding), format!("{what}: {status}"))
}
