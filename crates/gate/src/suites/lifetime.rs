//! *lifetime*: `exp`, `nbf`, `iat`. All are clear of the clock difference that the API forgives (T-015).

use serde_json::{Value, json};

use crate::case::{Attempt, Case, Expect, Need, Severity, Suite};
use crate::scene::Scene;
use crate::token::Recipe;

/// Seconds by which an attack keeps clear of what the API forgives.
const CLEAR: i64 = 60;
const HOUR: i64 = 3600;

pub(super) fn cases() -> Vec<Case> {
    [over(), early(), no_end(), ill_typed(), far()].concat()
}

fn lifetime(
    id: &'static str,
    title: &'static str,
    reason: &'static str,
    make: fn(&Scene) -> Attempt,
) -> Case {
    Case::new(id, Suite::Lifetime, Severity::High)
        .says(title, reason)
        .by("RFC 7519 §4.1.4", &["T-015"])
        .attempt(Expect::Refused, make)
}

/// A good token whose times `times` says, by the time of issue and what the API forgives, both in seconds.
fn timed(scene: &Scene, times: fn(i64, i64) -> Value) -> Attempt {
    retimed(Recipe::good(scene), scene, times)
}

/// The same for any token.
fn retimed(recipe: Recipe, scene: &Scene, times: fn(i64, i64) -> Value) -> Attempt {
    let leeway = i64::from(scene.api.leeway_s);
    let edited = recipe.adjusted(move |claims| {
        let now = claims.get("iat").and_then(Value::as_i64).unwrap_or_default();
        if let Value::Object(changed) = times(now, leeway) {
            claims.extend(changed);
        }
    });
    edited.into()
}

/// Times of a token that ended a minute before what is forgiven.
fn ended(now: i64, leeway: i64) -> Value {
    let end = now - leeway - CLEAR;
    json!({"iat": end - HOUR, "nbf": end - HOUR, "exp": end})
}

fn over() -> Vec<Case> {
    vec![
        lifetime(
            "lifetime/expired",
            "a token that expired a minute before what clocks may differ by",
            "a token is good until `exp`; a stolen one for no longer than that",
            |scene| timed(scene, ended),
        )
        .everywhere(),
        lifetime(
            "lifetime/expired-version-one",
            "an expired version 1 token",
            "each version of tokens has its own path through many validators, and each needs each check",
            |scene| retimed(Recipe::good(scene).of_version(scene, 1), scene, ended),
        )
        .needs(&[Need::VersionOne, Need::VersionTwo]),
        lifetime(
            "lifetime/expired-program",
            "an expired token of a program",
            "programs keep tokens in files and caches, where old ones are found",
            |scene| retimed(Recipe::of_application(scene, &scene.home), scene, ended),
        )
        .needs(&[Need::Applications, Need::Program]),
        lifetime(
            "lifetime/expired-as-text",
            "an expired token whose `exp` is a text",
            "where a wrong type counts as absent, and an absent end as no end, nothing expires",
            |scene| timed(scene, |now, leeway| json!({"exp": (now - leeway - CLEAR).to_string()})),
        )
        .by("CVE-2026-25537 (jsonwebtoken for Rust); RFC 7519 §2", &["T-015"]),
        lifetime(
            "lifetime/no-span",
            "a token whose `nbf` is after its `exp`, each within what clocks may differ by",
            "there is no moment at which it is good, whatever clock is right",
            |scene| timed(scene, |now, leeway| json!({"nbf": now + leeway / 2, "exp": now - leeway / 2})),
        )
        .by("RFC 7519 §4.1.4, §4.1.5; threat model T-015", &["T-015"])
        .of(Severity::Low),
    ]
}

fn early() -> Vec<Case> {
    vec![
        lifetime(
            "lifetime/not-yet-valid",
            "a token that becomes valid in an hour",
            "before `nbf` it is not good",
            |scene| {
                timed(scene, |now, leeway| json!({"nbf": now + leeway + HOUR, "exp": now + leeway + 2 * HOUR}))
            },
        )
        .by("RFC 7519 §4.1.5", &["T-015"]),
        lifetime(
            "lifetime/not-yet-valid-as-text",
            "a token that becomes valid in an hour, with `nbf` as a text",
            "a claim of the wrong type is not an absent claim",
            |scene| {
                timed(scene, |now, leeway| {
                    json!({"nbf": (now + leeway + HOUR).to_string(), "exp": now + leeway + 2 * HOUR})
                })
            },
        )
        .by("CVE-2026-25537 (jsonwebtoken for Rust); RFC 7519 §4.1.5", &["T-015"]),
        lifetime(
            "lifetime/issued-in-the-future",
            "a token that will be issued in an hour",
            "no honest issuer says that; a wrong clock may, and then its `exp` is wrong too",
            |scene| timed(scene, |now, leeway| json!({"iat": now + leeway + HOUR})),
        )
        .by("RFC 7519 §4.1.6; threat model T-015", &["T-015"])
        .of(Severity::Low),
    ]
}

fn no_end() -> Vec<Case> {
    vec![
        lifetime(
            "lifetime/no-end",
            "a token without `exp`",
            "the claim is optional in the standard, and many libraries look at it only if it is there",
            |scene| Recipe::good(scene).without("exp").into(),
        )
        .by("RFC 7519 §4.1.4; RFC 9068 §2.2", &["T-015"]),
        lifetime("lifetime/null", "`exp` is null", "null is not for ever", |scene| {
            Recipe::good(scene).claim("exp", json!(null)).into()
        }),
        lifetime(
            "lifetime/zero",
            "`exp` is 0",
            "where zero counts as nothing, a token from 1970 has no end",
            |scene| Recipe::good(scene).claim("exp", json!(0)).into(),
        ),
        lifetime(
            "lifetime/negative",
            "`exp` is -1",
            "read without its sign, it is the last second there is",
            |scene| Recipe::good(scene).claim("exp", json!(-1)).into(),
        ),
    ]
}

fn ill_typed() -> Vec<Case> {
    vec![
        lifetime(
            "lifetime/text",
            "`exp` is a text with a time to come",
            "texts compare by their letters: `9` is later than any date",
            |scene| timed(scene, |now, _| json!({"exp": (now + HOUR).to_string()})),
        )
        .by("RFC 7519 §2, §4.1.4; threat model T-015", &["T-015"])
        .of(Severity::Medium),
        lifetime(
            "lifetime/date",
            "`exp` is a date in words",
            "what becomes no number is neither before nor after now, so that no comparison refuses it",
            |scene| Recipe::good(scene).claim("exp", "2999-12-31T23:59:59Z").into(),
        )
        .by("RFC 7519 §2, §4.1.4", &["T-015"]),
        lifetime(
            "lifetime/list",
            "`exp` is a list with a time to come",
            "languages that make numbers of lists compare it, and others take it for absent",
            |scene| timed(scene, |now, _| json!({"exp": [now + HOUR]})),
        )
        .by("RFC 7519 §2, §4.1.4", &["T-015"])
        .of(Severity::Medium),
    ]
}

fn far() -> Vec<Case> {
    let far = |id, title, reason, make| {
        lifetime(id, title, reason, make)
            .by("threat model T-015; Entra: Configurable token lifetimes", &["T-015"])
            .of(Severity::Medium)
    };
    vec![
        far(
            "lifetime/ten-years",
            "a token that is good for ten years",
            "authorities issue for a day or so: who caps it bounds the harm of one that is misled",
            |scene| timed(scene, |now, _| json!({"exp": now + 10 * 365 * 24 * HOUR})),
        ),
        far(
            "lifetime/milliseconds",
            "an expired token whose `exp` is in milliseconds",
            "read as seconds it is 50 000 years away, which few calendars can hold",
            |scene| timed(scene, |now, leeway| json!({"exp": (now - leeway - CLEAR) * 1000})),
        ),
        far(
            "lifetime/largest-number",
            "`exp` is the largest number of 64 bits",
            "what is added to it runs over: into the past, or into a crash",
            |scene| Recipe::good(scene).claim("exp", json!(i64::MAX)).into(),
        ),
        far(
            "lifetime/wraps",
            "2 to the 64th is added to a good `exp`",
            "cut off to 64 bits it is the good one",
            |scene| Recipe::good(scene).claims_text(|text| wrapping(&text)).into(),
        ),
        far(
            "lifetime/infinite",
            "`exp` is 1e999",
            "legal JSON that becomes infinity: never reached, and no number to reckon with",
            |scene| Recipe::good(scene).claim_literally("exp", "1e999").into(),
        ),
    ]
}

/// The same claims with an `exp` that differs above 64 bits.
fn wrapping(text: &str) -> String {
    let claims: Value = serde_json::from_str(text).unwrap_or_default();
    let end = claims["exp"].as_u64().unwrap_or_default();
    text.replace(&format!("\"exp\":{end}"), &format!("\"exp\":{}", u128::from(end) + (1 << 64)))
}
