//! What an answer means for what was expected.

use crate::case::{Answer, Expect};
use crate::report::{Finding, Outcome};
use crate::{Api, Probe};

/// Statuses that say "this request cannot be read", beside those of a refusal.
const UNREADABLE: &[u16] = &[400, 401, 413, 414, 431];

/// The outcome, and one line for people.
pub(crate) fn judge(expect: Expect, answer: &Answer, probe: &Probe, api: &Api) -> (Outcome, String) {
    let status = answer.status;
    let as_expected = match expect {
        Expect::Passes => return passes(answer, probe, api),
        Expect::Refused => api.refusal.contains(&status),
        Expect::TenantRefused => unlisted(api).contains(&status),
        Expect::Forbidden => status == 403 || api.refusal.contains(&status),
        // A parser that reads it all the same may come upon another tenant.
        Expect::Malformed => {
            [UNREADABLE, &api.refusal, unlisted(api)].iter().any(|statuses| statuses.contains(&status))
        }
    };
    if as_expected { (Outcome::Held, format!("refused with {status}")) } else { wrongly(answer, probe) }
}

fn unlisted(api: &Api) -> &[u16] {
    api.unlisted_tenant.as_ref().unwrap_or(&api.refusal)
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
        200..300 => (Finding::Accepted, "let it in"),
        _ if let_in(answer, probe) => (Finding::Accepted, "let it in"),
        500.. => (Finding::ServerError, "broke"),
        404 | 405 | 409 | 415 | 422 => (Finding::Accepted, "let it past the check"),
        _ => (Finding::WrongStatus, "refused it in another way than asked for"),
    };
    (Outcome::Failed(finding), format!("{what}: {status}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::judge;
    use crate::case::{Answer, Expect};
    use crate::report::{Finding, Outcome};
    use crate::{Probe, Target};

    fn verdict(expect: Expect, status: u16) -> Option<Finding> {
        let text = "name = \"x\"\nurl = \"http://localhost\"\n[api]\nclient-id = \"x\"\nunlisted-tenant = [403]\n\
                    [[probe]]\npath = \"/x\"\nsuccess = [201]\n";
        let target = Target::parse(text).unwrap();
        let answer = Answer { status, fields: Vec::new(), body: String::new(), took: Duration::ZERO };
        let probe: &Probe = &target.probes[0];
        match judge(expect, &answer, probe, &target.api).0 {
            Outcome::Failed(finding) => Some(finding),
            _ => None,
        }
    }

    /// T-020, T-160: only a refusal is a refusal.
    #[test]
    fn statuses_are_read_strictly() {
        for (expect, status, finding) in [
            (Expect::Refused, 401, None),
            (Expect::Refused, 403, Some(Finding::WrongStatus)),
            (Expect::Refused, 302, Some(Finding::WrongStatus)),
            (Expect::Refused, 200, Some(Finding::Accepted)),
            (Expect::Refused, 201, Some(Finding::Accepted)),
            (Expect::Refused, 404, Some(Finding::Accepted)),
            (Expect::Refused, 500, Some(Finding::ServerError)),
            (Expect::TenantRefused, 403, None),
            (Expect::TenantRefused, 401, Some(Finding::WrongStatus)),
            (Expect::Forbidden, 403, None),
            (Expect::Forbidden, 401, None),
            (Expect::Malformed, 431, None),
            (Expect::Malformed, 200, Some(Finding::Accepted)),
            (Expect::Passes, 201, None),
            (Expect::Passes, 200, Some(Finding::WrongStatus)),
            (Expect::Passes, 401, Some(Finding::RefusedGood)),
            (Expect::Passes, 503, Some(Finding::ServerError)),
        ] {
            assert_eq!(verdict(expect, status), finding, "{expect:?} {status}");
        }
    }
}
