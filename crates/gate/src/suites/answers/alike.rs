//! Refusals of different causes, compared. Whoever can tell them apart learns who is on the list, and how far a forgery came.

use serde_json::{Map, Value, json};

use super::{Refusal, case, expected, forged, refusal, told};
use crate::case::{Answer, Case, Expect, Need, Observed, Severity};
use crate::token::{Recipe, Signer};
use crate::{GateError, Scene, Stage};

pub(super) fn cases() -> Vec<Case> {
    [tenant_cases(), token_cases()].concat()
}

fn alike(id: &'static str, severity: Severity, title: &'static str, reason: &'static str) -> Case {
    case(id, severity).says(title, reason).by("threat model T-020; CWE-204", &["T-020"])
}

fn unlisted(scene: &Scene) -> Recipe {
    Recipe::of_member(scene, &scene.rogue)
}

/// A token of a tenant that is in nobody's directory.
fn unheard_of(scene: &Scene) -> Recipe {
    let tenant = scene.guid("answers/unheard-of");
    let issuer = scene.issuer_of(&tenant, scene.api.version());
    Recipe::good(scene).claim("tid", tenant).claim("iss", issuer)
}

fn tenant_cases() -> Vec<Case> {
    const LISTED: &str = "the list of customers is nobody's business, and answers must not spell it out";
    let tenant = |id, title| alike(id, Severity::Medium, title, LISTED);
    vec![
        tenant(
            "answers/unlisted-like-forged",
            "a genuine token of an unlisted organisation is refused like a forged one",
        )
        .script(Expect::Refused, |stage| Box::pin(across_tenants(stage, unlisted))),
        tenant(
            "answers/forged-of-unlisted",
            "forged tokens of a listed and an unlisted organisation are refused alike",
        )
        .script(Expect::Refused, |stage| {
            Box::pin(across_tenants(stage, |scene| unlisted(scene).signed_by(Signer::Attacker)))
        }),
        tenant(
            "answers/unknown-like-unlisted",
            "a tenant that nobody has heard of is refused like an unlisted one",
        )
        .script(Expect::TenantRefused, |stage| Box::pin(compared(stage, unlisted, unheard_of))),
        tenant("answers/suspended-like-unlisted", "a suspended tenant is refused like an unlisted one")
            .needs(&[Need::Suspended])
            .script(Expect::TenantRefused, |stage| {
                let suspended = |scene: &Scene| {
                    Recipe::of_member(scene, scene.suspended.as_ref().unwrap_or(&scene.rogue))
                };
                Box::pin(compared(stage, unlisted, suspended))
            }),
    ]
}

fn token_cases() -> Vec<Case> {
    const STEP: &str = "an answer that names the check which failed helps to get past it";
    let token = |id, title| alike(id, Severity::Low, title, STEP);
    vec![
        token("answers/expired-like-forged", "an expired token is refused like a forged one")
            .script(Expect::Refused, |stage| {
                Box::pin(compared(stage, forged, |scene| Recipe::good(scene).living_s(-7200)))
            }),
        token("answers/audience-like-forged", "a token for another API is refused like a forged one").script(
            Expect::Refused,
            |stage| {
                let other = |scene: &Scene| Recipe::good(scene).claim("aud", scene.guid("answers/audience"));
                Box::pin(compared(stage, forged, other))
            },
        ),
        token(
            "answers/unknown-key-like-forged",
            "a token under an unknown `kid` is refused like a forged one",
        )
        .script(Expect::Refused, |stage| {
            let other = |scene: &Scene| forged(scene).header("kid", scene.guid("answers/unknown-key"));
            Box::pin(compared(stage, forged, other))
        }),
        token("answers/unsigned-like-forged", "an unsigned token is refused like a forged one").script(
            Expect::Refused,
            |stage| {
                let other =
                    |scene: &Scene| Recipe::good(scene).header("alg", "none").signed_by(Signer::Nobody);
                Box::pin(compared(stage, forged, other))
            },
        ),
    ]
}

/// A forged token's refusal beside another tenant's: pointless where `api.unlisted-tenant` asks for another status.
async fn across_tenants(stage: &Stage, other: fn(&Scene) -> Recipe) -> Result<Observed, GateError> {
    let api = &stage.scene().api;
    match api.unlisted_tenant.as_ref().is_some_and(|statuses| *statuses != api.refusal) {
        true => Ok(Observed::Unclear("`api.unlisted-tenant` asks for a status of its own".to_owned())),
        false => compared(stage, forged, other).await,
    }
}

/// One cause's refusal beside another's. The first is asked for twice, to see what changes by itself: dates, trace ids.
async fn compared(
    stage: &Stage,
    usual: fn(&Scene) -> Recipe,
    other: fn(&Scene) -> Recipe,
) -> Result<Observed, GateError> {
    let scene = stage.scene();
    let answers: [Refusal; 3] = [
        refusal(stage, usual(scene)).await?,
        refusal(stage, usual(scene)).await?,
        refusal(stage, other(scene)).await?,
    ];
    Ok(match answers {
        [Ok(usual), Ok(again), Ok(other)] => match difference(&usual, &again, &other) {
            Some(difference) => told(format!("the two differ in {difference}")),
            None => expected("refused alike"),
        },
        [Err(instead), ..] | [_, Err(instead), _] | [.., Err(instead)] => instead,
    })
}

/// In what `other` differs, beyond what changes from `usual` to `again`.
fn difference(usual: &Answer, again: &Answer, other: &Answer) -> Option<&'static str> {
    let fields = |answer: &Answer, name| answer.values(name).map(str::to_owned).collect::<Vec<_>>();
    let differ =
        |name| fields(usual, name) != fields(other, name) && fields(usual, name) == fields(again, name);
    if usual.status != other.status {
        return Some("status");
    }
    if differ("www-authenticate") {
        return Some("the challenge");
    }
    if differ("content-type") {
        return Some("the body's type");
    }
    let steady = Steady::of(&usual.body, &again.body);
    (steady.part(&usual.body) != steady.part(&other.body)).then_some("the body")
}

/// What of a body does not change by itself.
enum Steady {
    All,
    /// Members of an object, but for these.
    Without(Vec<String>),
    /// Text whose words with digits change.
    Words,
}

impl Steady {
    fn of(usual: &str, again: &str) -> Self {
        if usual == again {
            return Self::All;
        }
        match (object(usual), object(again)) {
            (Some(usual), Some(again)) => {
                let changes = usual.iter().filter(|(name, value)| again.get(*name) != Some(value));
                Self::Without(changes.map(|(name, _)| name.clone()).collect())
            }
            _ => Self::Words,
        }
    }

    fn part(&self, body: &str) -> String {
        match (self, object(body)) {
            (Self::Without(changing), Some(mut members)) => {
                changing.iter().for_each(|name| drop(members.remove(name)));
                json!(members).to_string()
            }
            (Self::Words, _) => without_numbers(body),
            _ => body.to_owned(),
        }
    }
}

fn object(body: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(body).ok()
}

fn without_numbers(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.contains(|c: char| c.is_ascii_digit())).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::difference;
    use crate::case::Answer;

    fn answer(challenge: &str, body: &str) -> Answer {
        Answer {
            status: 401,
            fields: vec![("www-authenticate".to_owned(), challenge.to_owned())],
            body: body.to_owned(),
            took: std::time::Duration::ZERO,
        }
    }

    fn bodies(usual: &str, again: &str, other: &str) -> Option<&'static str> {
        let [usual, again, other] = [usual, again, other].map(|body| answer("Bearer", body));
        difference(&usual, &again, &other)
    }

    /// T-020: what changes from one refusal to the next says nothing; everything else does.
    #[test]
    fn what_changes_by_itself_is_no_difference() {
        assert_eq!(bodies("refused", "refused", "refused"), None);
        assert_eq!(bodies("refused", "refused", "expired"), Some("the body"));
        let trace = |id, code| format!(r#"{{"trace":"{id}","code":{code}}}"#);
        assert_eq!(bodies(&trace("a", 1), &trace("b", 1), &trace("c", 1)), None);
        assert_eq!(bodies(&trace("a", 1), &trace("b", 1), &trace("c", 2)), Some("the body"));
        assert_eq!(
            bodies("refused at 12:01 (a1b2)", "refused at 12:02 (c3d4)", "refused at 12:03 (e5f6)"),
            None
        );
        assert_eq!(bodies("no 1", "no 2", "never 3"), Some("the body"));
        let (one, two) = (answer("Bearer", ""), answer("Bearer error=\"expired\"", ""));
        assert_eq!(difference(&one, &one, &two), Some("the challenge"));
        assert_eq!(difference(&one, &one, &Answer { status: 403, ..one.clone() }), Some("status"));
    }
}
