//! What nobody may be told: parts of the token, the list, what the API is made of.

use super::{case, expected, forged, looked_at, nothing, told};
use crate::case::{Answer, Case, Expect, Observed, Severity};
use crate::token::Recipe;
use crate::{Attempt, GateError, Scene, Stage};

pub(super) fn cases() -> Vec<Case> {
    [echo_cases(), inside_cases()].concat()
}

fn echo_cases() -> Vec<Case> {
    const ECHO: &str =
        "what a stranger sent is not repeated: not in pages, not in logs of proxies, not to whoever listens";
    let echo = |id, severity, title| {
        case(id, severity).says(title, ECHO).by("threat model T-020; CWE-209", &["T-020"])
    };
    vec![
        echo("answers/echo-of-audience", Severity::Low, "a token for another API: is its audience repeated")
            .script(Expect::Refused, |stage| {
                Box::pin(echoed(stage, |scene, mark| Recipe::good(scene).claim("aud", mark).into()))
            }),
        echo("answers/echo-of-issuer", Severity::Low, "a token of another issuer: is its issuer repeated")
            .script(Expect::Refused, |stage| {
                Box::pin(echoed(stage, |scene, mark| {
                    Recipe::good(scene).claim("iss", format!("https://attacker.example/{mark}")).into()
                }))
            }),
        echo("answers/echo-of-key-id", Severity::Low, "a token under an unknown `kid`: is it repeated")
            .script(Expect::Refused, |stage| {
                Box::pin(echoed(stage, |scene, mark| forged(scene).header("kid", mark).into()))
            }),
        echo("answers/echo-of-person", Severity::Medium, "a forged token: are names and ids in it repeated")
            .script(Expect::Refused, |stage| {
                Box::pin(echoed(stage, |scene, mark| {
                    let recipe = forged(scene).claim("name", mark).claim("preferred_username", mark);
                    recipe.claim("oid", mark).claim("sub", mark).into()
                }))
            }),
        echo("answers/echo-of-token", Severity::Medium, "a text that is no token: is it repeated")
            .script(Expect::Malformed, |stage| {
                Box::pin(echoed(stage, |_, mark| Recipe::verbatim(format!("gate.{mark}.gate")).into()))
            }),
    ]
}

fn inside_cases() -> Vec<Case> {
    let source = "threat model T-020; CWE-209";
    vec![
        case("answers/list-not-told", Severity::Medium)
            .says(
                "an unlisted organisation's token: does the refusal name a listed tenant",
                "who else is a customer is nobody's business",
            )
            .by(source, &["T-011", "T-020"])
            .script(Expect::TenantRefused, |stage| Box::pin(list_not_told(stage))),
        case("answers/nothing-of-the-inside", Severity::Low)
            .says(
                "broken tokens: does a refusal show stack traces, paths or libraries",
                "what an API is made of says which holes to try",
            )
            .by(source, &["T-020"])
            .script(Expect::Malformed, |stage| Box::pin(nothing_of_the_inside(stage))),
        case("answers/no-cookie", Severity::Low)
            .says(
                "no token: does a refusal set a cookie",
                "a stranger has no session, and gets none by being refused",
            )
            .by("threat model T-020", &["T-020"])
            .script(Expect::Refused, |stage| {
                Box::pin(looked_at(stage, nothing(), |answer| match answer.values("set-cookie").next() {
                    Some(_) => told("a cookie was set"),
                    None => expected("no cookie"),
                }))
            }),
    ]
}

/// Sends a mark that is in nothing else, and looks for it in the answer.
async fn echoed(stage: &Stage, attempt: fn(&Scene, &str) -> Attempt) -> Result<Observed, GateError> {
    let mark = stage.scene().guid("answers/echo");
    looked_at(stage, attempt(stage.scene(), &mark), |answer| match has(answer, &mark) {
        true => told("what was sent is repeated in the answer"),
        false => expected("nothing repeated"),
    })
    .await
}

/// Whether a text is somewhere in an answer, in any letter case.
fn has(answer: &Answer, text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let mut parts = answer.fields.iter().map(|(_, value)| value).chain([&answer.body]);
    parts.any(|part| part.to_ascii_lowercase().contains(&text))
}

async fn list_not_told(stage: &Stage) -> Result<Observed, GateError> {
    let scene = stage.scene();
    let listed = || [Some(&scene.home), scene.partner.as_ref()].into_iter().flatten();
    looked_at(stage, Recipe::of_member(scene, &scene.rogue), |answer| {
        let named = |name: &String| !name.is_empty() && has(answer, name);
        match listed().any(|cast| named(&cast.tenant) || named(&cast.domain)) {
            true => told("the refusal names a listed tenant"),
            false => expected("no listed tenant is named"),
        }
    })
    .await
}

/// Marks of stack traces, source files and libraries of many languages. None is a word that a refusal needs.
const INSIDE: &[&str] = &[
    "traceback (most recent",
    "   at ",
    ".java:",
    ".py\"",
    ".js:",
    ".go:",
    ".rs:",
    ".cs:line",
    "node_modules",
    "site-packages",
    "panicked at",
    "goroutine ",
    "idx10",
    "jsonwebtokenerror",
    "jwt malformed",
    "invalid compact",
    "unexpected token",
    "expecting value",
    "pyjwt",
    "nimbus",
    "io.jsonwebtoken",
    "microsoft.identitymodel",
    "invalidalgorithm",
    "stack trace",
    "/usr/",
    "/home/",
    "/app/",
];

async fn nothing_of_the_inside(stage: &Stage) -> Result<Observed, GateError> {
    let scene = stage.scene();
    let broken = [
        Recipe::verbatim("gate"),
        Recipe::verbatim("!.!.!"),
        Recipe::good(scene).header_text(|_| "{".to_owned()),
        Recipe::good(scene).claims_text(|_| "[".to_owned()),
    ];
    for recipe in broken {
        let seen = looked_at(stage, recipe, |answer| match INSIDE.iter().find(|mark| has(answer, mark)) {
            Some(mark) => told(format!("the refusal shows `{}`", mark.trim())),
            None => expected("nothing of the inside"),
        });
        match seen.await? {
            Observed::AsExpected(_) => {}
            other => return Ok(other),
        }
    }
    Ok(expected("nothing of the inside"))
}
