//! What else might open the door or keep an answer: caches, redirects, other methods, other origins.

use super::{case, expected, forged, looked_at, told};
use crate::case::{Answer, Attempt, Case, Expect, Observed, Severity, Shot};
use crate::report::Finding;
use crate::token::Recipe;
use crate::{GateError, Stage};

pub(super) fn cases() -> Vec<Case> {
    [kept_cases(), method_cases()].concat()
}

fn kept_cases() -> Vec<Case> {
    vec![
        case("answers/not-cacheable", Severity::Low)
            .says(
                "a forged token: may a cache keep the refusal",
                "a refusal that is kept shuts out whoever comes next",
            )
            .by("RFC 9111 §3, §4.2; RFC 9110 §15.1", &["T-020"])
            .script(Expect::Refused, |stage| {
                Box::pin(looked_at(stage, forged(stage.scene()), not_cacheable))
            }),
        case("answers/no-redirect", Severity::Low)
            .says(
                "no token, asked for as a page: is the caller sent elsewhere",
                "programs that follow take a sign-in page for data, and send their token along",
            )
            .by("threat model T-020; RFC 6750 §3", &["T-020"])
            .script(Expect::Refused, |stage| {
                let page = |_: &[String], shot: Shot| shot.field("accept", "text/html,application/xhtml+xml");
                Box::pin(looked_at(stage, Attempt::placed([], page), |answer| match answer.status {
                    300..=399 => Observed::Otherwise(Finding::WrongStatus, "sent elsewhere".to_owned()),
                    status => expected(&format!("refused with {status}")),
                }))
            }),
        case("answers/other-origins", Severity::Low)
            .says(
                "a page of another origin: is it let in by name, with credentials",
                "an origin that is repeated is no list of origins",
            )
            .by("Fetch standard, CORS protocol; threat model T-042", &["T-042"])
            .script(Expect::Refused, |stage| {
                let of_page = |_: &[String], shot: Shot| shot.field("origin", ORIGIN);
                Box::pin(looked_at(stage, Attempt::placed([], of_page), not_let_in_by_name))
            }),
    ]
}

const ORIGIN: &str = "https://attacker.example";

/// Without a date of expiry a 401 is not kept anyway, and what `Authorization` was sent with is kept by no shared cache.
fn not_cacheable(answer: &Answer) -> Observed {
    let control: Vec<_> = answer
        .values("cache-control")
        .flat_map(|value| value.split(','))
        .map(|directive| directive.trim().to_ascii_lowercase())
        .collect();
    let forbids = |directive: &String| directive == "no-store" || directive.starts_with("no-cache");
    let is_age = |directive: &String| {
        let age = directive.strip_prefix("max-age=").or_else(|| directive.strip_prefix("s-maxage="));
        age.is_some_and(|age| age.trim_matches('"') != "0")
    };
    let permits = |directive: &String| directive == "public" || is_age(directive);
    match control.iter().any(permits) && !control.iter().any(forbids) {
        true => told("a cache may keep the refusal"),
        false => expected("no cache may keep it"),
    }
}

fn not_let_in_by_name(answer: &Answer) -> Observed {
    let named = answer.values("access-control-allow-origin").any(|origin| origin.trim() == ORIGIN);
    let credentials = answer.values("access-control-allow-credentials").any(|value| value.trim() == "true");
    match named && credentials {
        true => Observed::Otherwise(Finding::Accepted, "any origin is repeated, with credentials".to_owned()),
        false => expected("the origin is not let in"),
    }
}

fn method_cases() -> Vec<Case> {
    const METHOD: &str = "a door that is closed for one method is closed for its siblings";
    let method = |id, title| {
        case(id, Severity::High)
            .says(title, METHOD)
            .by("RFC 9110 §9.3.2, §9.3.7; CWE-650", &["T-020", "T-043"])
    };
    vec![
        method("answers/head", "`HEAD` without a token")
            .script(Expect::Malformed, |stage| Box::pin(head(stage))),
        method("answers/options", "`OPTIONS` without a token")
            .script(Expect::Malformed, |stage| Box::pin(options(stage))),
    ]
}

async fn head(stage: &Stage) -> Result<Observed, GateError> {
    if stage.scene().probe.method != "GET" {
        return Ok(Observed::Unclear("the probe is no `GET`".to_owned()));
    }
    let head = |_: &[String], shot: Shot| Shot { method: "HEAD".to_owned(), ..shot };
    let answer = stage.present(&Attempt::placed([], head), &stage.scene().probe).await?;
    Ok(match answer {
        Ok(answer) if answer.status < 300 => {
            Observed::Otherwise(Finding::Accepted, format!("answered {}", answer.status))
        }
        Ok(answer) if answer.status >= 500 => {
            Observed::Otherwise(Finding::ServerError, format!("answered {}", answer.status))
        }
        Ok(answer) => expected(&format!("refused with {}", answer.status)),
        Err(silence) => Observed::Otherwise(Finding::ServerError, silence),
    })
}

/// A preflight is answered without a token, and without data: what a good token gets must not be in it.
async fn options(stage: &Stage) -> Result<Observed, GateError> {
    let scene = stage.scene();
    let good = stage.present(&Recipe::good(scene).into(), &scene.probe).await?;
    let options = |_: &[String], shot: Shot| Shot { method: "OPTIONS".to_owned(), body: None, ..shot };
    let asked = stage.present(&Attempt::placed([], options), &scene.probe).await?;
    Ok(match (good, asked) {
        (_, Ok(answer)) if answer.status >= 500 => {
            Observed::Otherwise(Finding::ServerError, format!("answered {}", answer.status))
        }
        (Ok(good), Ok(answer)) if !good.body.is_empty() && answer.body == good.body => {
            Observed::Otherwise(Finding::Accepted, "gave what a good token gets".to_owned())
        }
        (_, Ok(answer)) => expected(&format!("no data, status {}", answer.status)),
        (_, Err(silence)) => Observed::Otherwise(Finding::ServerError, silence),
    })
}
