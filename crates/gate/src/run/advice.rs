//! What to look at first when good tokens are refused. The simulator's log tells more than the API's answer does.

use super::Stage;
use crate::report::{CaseResult, Finding, Outcome};
use crate::{GateError, Suite};

/// Requests of the simulator's log that are looked through.
const LOG: usize = 1000;

/// Adds advice to each failure of the suite `control`.
pub(super) async fn add(results: &mut [CaseResult], stage: &Stage) -> Result<(), GateError> {
    let log = stage.issuer().requests(LOG).await?;
    let trusted = log.requests.iter().any(|request| matches!(&*request.endpoint, "metadata" | "keys"));
    let home = results.iter().filter(|result| result.id == "control/good-token");
    let home_passes = home.clone().count() > 0 && home.into_iter().all(|result| !result.failed());
    for result in results.iter_mut().filter(|result| result.suite == Suite::Control) {
        let Outcome::Failed(finding) = result.outcome else { continue };
        let advice = advice(&result.id, finding, result.status, home_passes);
        let base = stage.issuer().base();
        let advice = match finding {
            Finding::RefusedGood | Finding::ServerError if !trusted => {
                format!("nobody asked the simulator for keys: the API trusts another authority than {base}")
            }
            _ => advice.to_owned(),
        };
        result.detail = format!("{}; {advice}", result.detail);
    }
    Ok(())
}

fn advice(id: &str, finding: Finding, status: Option<u16>, home_passes: bool) -> &'static str {
    match (id, finding, status) {
        (_, Finding::Accepted, _) => "choose a probe that needs a token",
        ("control/partner-token", ..) if home_passes => {
            "the home tenant's passes: is the second one of `[tenants]` on the API's own list?"
        }
        ("control/application-token", ..) if home_passes => {
            "people's pass: say `applications = false` if programs may not call"
        }
        (_, Finding::RefusedGood, Some(403)) => {
            "who it is counts, and the permission does not: compare `scope` and `role` in `[api]`"
        }
        (_, Finding::RefusedGood, _) => {
            "it knows the simulator's keys: compare `client-id`, `app-id-uri` and `versions` in `[api]`, and `[tenants]`, with \
             its configuration"
        }
        (_, Finding::ServerError, _) => "its own log says why",
        _ => "compare `method`, `path`, `body` and `success` of the probe",
    }
}

#[cfg(test)]
mod tests {
    use super::advice;
    use crate::report::Finding;

    #[test]
    fn each_cause_has_its_own_advice() {
        let good = "control/good-token";
        assert!(advice(good, Finding::RefusedGood, Some(401), false).contains("`client-id`"));
        assert!(advice(good, Finding::RefusedGood, Some(403), false).contains("`role`"));
        assert!(advice(good, Finding::WrongStatus, Some(404), false).contains("`path`"));
        assert!(advice("control/partner-token", Finding::RefusedGood, Some(401), true).contains("own list"));
        assert!(
            advice("control/partner-token", Finding::RefusedGood, Some(401), false).contains("`client-id`")
        );
        assert!(advice("control/no-token", Finding::Accepted, Some(200), true).contains("needs a token"));
    }
}
