//! Good tokens in other places: URLs are logged, cookies come along by themselves, and fields that a proxy is meant to set can be
//! set by anybody.

use super::case;
use crate::Scene;
use crate::case::{Attempt, Case, Expect, Severity, Shot};
use crate::token::Recipe;

pub(super) fn cases() -> Vec<Case> {
    [request_cases(), field_cases()].concat()
}

/// A good token, put where `place` puts it.
fn placed(scene: &Scene, place: fn(Shot, &str) -> Shot) -> Attempt {
    Attempt::placed([Recipe::good(scene)], move |tokens, shot| place(shot, &tokens[0]))
}

fn request_cases() -> Vec<Case> {
    vec![
        case("placement/query", Severity::Medium)
            .says("a good token in the query", "addresses are logged, bookmarked and sent on as referrers")
            .by("RFC 9700 §4.3.2; RFC 6750 §2.3", &["T-021"])
            .attempt(Expect::Malformed, |scene| {
                placed(scene, |shot, token| {
                    let joint = if shot.path.contains('?') { '&' } else { '?' };
                    Shot { path: format!("{}{joint}access_token={token}&token={token}", shot.path), ..shot }
                })
            }),
        case("placement/cookie", Severity::High)
            .says("a good token in a cookie", "browsers send cookies along with what other pages ask for")
            .by("RFC 9700 §4.7; threat model T-021", &["T-021"])
            .attempt(Expect::Malformed, |scene| {
                placed(scene, |shot, token| {
                    shot.field("cookie", format!("access_token={token}; token={token}; jwt={token}"))
                })
            }),
        case("placement/form", Severity::Medium)
            .says("a good token in a form body", "other pages may send forms, and bodies are logged")
            .by("RFC 6750 §2.2; threat model T-021", &["T-021"])
            .attempt(Expect::Malformed, |scene| {
                placed(scene, |shot, token| {
                    let mut shot = shot.field("content-type", "application/x-www-form-urlencoded");
                    shot.fields
                        .retain(|(name, value)| name != "content-type" || value.ends_with(b"urlencoded"));
                    Shot { body: Some(format!("access_token={token}").into_bytes()), ..shot }
                })
            }),
        case("placement/sub-protocol", Severity::Low)
            .says(
                "a good token in `Sec-WebSocket-Protocol`",
                "a way round browsers' limits for one protocol is a second door for all",
            )
            .by("RFC 6455 §11.3.4; threat model T-021", &["T-021"])
            .attempt(Expect::Malformed, |scene| {
                placed(scene, |shot, token| shot.field("sec-websocket-protocol", format!("bearer, {token}")))
            }),
    ]
}

fn field_cases() -> Vec<Case> {
    const PROXY: &str = "fields that a proxy sets can be set by anybody who gets round it, or in front of it";
    let field = |id, title| {
        case(id, Severity::Medium).says(title, PROXY).by("RFC 6750 §2; threat model T-021", &["T-021"])
    };
    vec![
        field("placement/x-access-token", "a good token in `X-Access-Token` and `X-Auth-Token`").attempt(
            Expect::Malformed,
            |scene| {
                placed(scene, |shot, token| shot.field("x-access-token", token).field("x-auth-token", token))
            },
        ),
        field("placement/app-service", "a good token in `X-MS-TOKEN-AAD-ACCESS-TOKEN`")
            .attempt(Expect::Malformed, |scene| {
                placed(scene, |shot, token| shot.field("x-ms-token-aad-access-token", token))
            }),
        field("placement/forwarded-access-token", "a good token in `X-Forwarded-Access-Token`")
            .attempt(Expect::Malformed, |scene| {
                placed(scene, |shot, token| shot.field("x-forwarded-access-token", token))
            }),
        field("placement/proxy-authorization", "a good token in `Proxy-Authorization`")
            .attempt(Expect::Malformed, |scene| {
                placed(scene, |shot, token| shot.field("proxy-authorization", format!("Bearer {token}")))
            }),
        field("placement/original-authorization", "a good token in `X-Original-Authorization`").attempt(
            Expect::Malformed,
            |scene| {
                placed(scene, |shot, token| shot.field("x-original-authorization", format!("Bearer {token}")))
            },
        ),
    ]
}
