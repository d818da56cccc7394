//! Requests without a token that want to be let in for another reason: because of the method, where they say that they come from,
//! whom they say that they are, or how little they say.

use super::case;
use crate::case::{Attempt, Case, Expect, Severity, Shot};

/// A request of nobody's, as `edit` changes it.
fn nobody(edit: fn(Shot) -> Shot) -> Attempt {
    Attempt::placed([], move |_, shot| edit(shot))
}

pub(super) fn cases() -> Vec<Case> {
    [empty_cases(), claimed_cases(), detour_cases()].concat()
}

fn empty_cases() -> Vec<Case> {
    const NOTHING: &str = "an empty credential is no credential, and no crash";
    let empty =
        |id, title| case(id, Severity::High).says(title, NOTHING).by("RFC 6750 §2.1", &["T-020", "T-021"]);
    vec![
        empty("placement/empty-bearer", "`Bearer` and nothing after it")
            .attempt(Expect::Malformed, |_| nobody(|shot| shot.field("authorization", "Bearer"))),
        empty("placement/empty-field", "an empty `Authorization` field")
            .attempt(Expect::Malformed, |_| nobody(|shot| shot.field("authorization", ""))),
        empty("placement/null-bearer", "`Bearer null`, as scripts send it that have no token")
            .attempt(Expect::Malformed, |_| nobody(|shot| shot.bearer("null"))),
        empty("placement/bytes", "`Bearer` and bytes that are no text").attempt(Expect::Malformed, |_| {
            nobody(|shot| shot.field("authorization", b"Bearer \xff\xfe\x80.\xc0\xaf.\xf5".to_vec()))
        }),
    ]
}

fn claimed_cases() -> Vec<Case> {
    const SAID: &str = "whoever can reach the API can say this; only a token is proof";
    let claimed = |id, title, source| case(id, Severity::Critical).says(title, SAID).by(source, &["T-021"]);
    vec![
        claimed(
            "placement/principal-fields",
            "no token, and `X-MS-CLIENT-PRINCIPAL-ID` and its kin",
            "App Service: identity fields of its sign-in",
        )
        .attempt(Expect::Malformed, |scene| {
            let member = scene.home.member.clone().unwrap_or_default();
            Attempt::placed([], move |_, shot| {
                let principal = r#"{"auth_typ":"aad","claims":[]}"#;
                shot.field("x-ms-client-principal-id", member.clone())
                    .field("x-ms-client-principal-name", "attacker")
                    .field("x-ms-client-principal-idp", "aad")
                    .field("x-ms-client-principal", crate::token::encode(principal))
            })
        }),
        claimed(
            "placement/forwarded-user",
            "no token, and `X-Forwarded-User`, `X-Remote-User` and their kin",
            "CVE-2025-64484",
        )
        .attempt(Expect::Malformed, |_| {
            nobody(|shot| {
                let names = [
                    "x-forwarded-user",
                    "x-forwarded-email",
                    "x-remote-user",
                    "x-auth-request-user",
                    "x-user-id",
                ];
                names.iter().fold(shot, |shot, name| shot.field(name, "admin"))
            })
        }),
        claimed(
            "placement/from-inside",
            "no token, and `X-Forwarded-For` says that it comes from this machine",
            "CVE-2026-40575",
        )
        .attempt(Expect::Malformed, |_| {
            nobody(|shot| {
                shot.field("x-forwarded-for", "127.0.0.1")
                    .field("x-real-ip", "127.0.0.1")
                    .field("forwarded", "for=127.0.0.1;host=localhost")
            })
        }),
        claimed("placement/health-check", "no token, and the user agent of a health check", "CVE-2026-34457")
            .attempt(Expect::Malformed, |_| {
                nobody(|shot| shot.field("user-agent", "kube-probe/1.34 GoogleHC/1.0"))
            }),
    ]
}

fn detour_cases() -> Vec<Case> {
    const JUDGED: &str = "what is judged and what is served must be the same request";
    let detour = |id, title, source| case(id, Severity::High).says(title, JUDGED).by(source, &["T-021"]);
    vec![
        detour(
            "placement/method-override",
            "no token, and `X-HTTP-Method-Override: OPTIONS`",
            "threat model T-021; CWE-650",
        )
        .attempt(Expect::Malformed, |_| {
            nobody(|shot| {
                shot.field("x-http-method-override", "OPTIONS").field("x-method-override", "OPTIONS")
            })
        }),
        detour(
            "placement/preflight-fields",
            "no token, and the fields of a preflight on an ordinary request",
            "Fetch standard, CORS preflight; threat model T-042",
        )
        .attempt(Expect::Malformed, |_| {
            nobody(|shot| {
                shot.field("origin", "https://attacker.example").field("access-control-request-method", "GET")
            })
        }),
        detour(
            "placement/original-url",
            "no token, and `X-Original-URL` names a public path",
            "CVE-2026-40575",
        )
        .attempt(Expect::Malformed, |_| {
            nobody(|shot| {
                ["x-original-url", "x-rewrite-url", "x-forwarded-uri"]
                    .iter()
                    .fold(shot, |shot, name| shot.field(name, "/"))
            })
        }),
    ]
}
