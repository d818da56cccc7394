//! Unusual claims.

use serde_json::{Value, json};

use super::oddity;
use crate::case::{Case, Need, Severity};
use crate::scene::Scene;
use crate::token::Recipe;

/// Group ids that make a token of about 8 KiB: 39 bytes each as JSON, a third more in base64url.
const GROUPS: usize = 125;

pub(super) fn cases() -> Vec<Case> {
    [permissions(), memberships(), unknown(), times()].concat()
}

fn permissions() -> Vec<Case> {
    vec![
        oddity(
            "oddities/many-scopes",
            "the scope between others",
            "a client that was granted more has a longer list, in no order",
            |scene| {
                let scopes = format!("Files.Read {} a b.c", scene.api.scope);
                Recipe::good(scene).claim("scp", scopes).into()
            },
        )
        .needs(&[Need::Scope])
        .by("RFC 6749 §3.3; Entra: Access token claims reference, `scp`", &["T-018"]),
        oddity(
            "oddities/unknown-roles",
            "the role between others that the API does not know",
            "roles are added at the registration before the API learns of them",
            |scene| {
                let roles = json!(["Unheard.Of", scene.api.role, "ünïcode role", ""]);
                Recipe::good(scene).claim("roles", roles).into()
            },
        )
        .needs(&[Need::Role])
        .by("Entra: App roles", &["T-018"]),
    ]
}

fn memberships() -> Vec<Case> {
    vec![
        oddity(
            "oddities/many-groups",
            "a token of about 8 KiB, for somebody in many groups",
            "up to 200 groups are in the token itself",
            |scene| Recipe::good(scene).claim("groups", groups(scene)).into(),
        )
        .by("threat model T-003; Entra: Groups overage", &["T-003"]),
        oddity(
            "oddities/groups-elsewhere",
            "a token that says where the groups are to be asked for",
            "with more than 200 groups there is a pointer, and the rest of the token is as good as ever",
            |scene| {
                let endpoint = format!("{}/users/somebody/getMemberObjects", scene.authority);
                Recipe::good(scene)
                    .claim("_claim_names", json!({"groups": "src1"}))
                    .claim("_claim_sources", json!({"src1": {"endpoint": endpoint}}))
                    .into()
            },
        )
        .by("OpenID Connect Core §5.6.2; Entra: Groups overage", &["T-025"]),
    ]
}

fn groups(scene: &Scene) -> Vec<String> {
    (0..GROUPS).map(|number| scene.guid(&format!("group {number}"))).collect()
}

fn unknown() -> Vec<Case> {
    vec![
        oddity(
            "oddities/unknown-claims",
            "claims that nobody knows: null, lists, objects, names of any letters",
            "new claims appear without notice, and are nobody's business until they are",
            |scene| {
                Recipe::good(scene)
                    .claim("xms_new", json!(null))
                    .claim("xms_deep", json!({"a": [{"b": [[], {}, null, -0.5e-3]}], "": ""}))
                    .claim("ключ с пробелом", json!(["\u{0}", "\u{fffd}", "\u{10ffff}"]))
                    .claim("xms_tid", json!({"tid": scene.rogue.tenant}))
                    .into()
            },
        )
        .by("RFC 7519 §4; Entra: Access token claims reference", &["T-004"]),
        oddity(
            "oddities/big-number",
            "a number of thirty digits in a claim that nobody knows",
            "JSON's numbers have no bounds, and this one is not asked for",
            |scene| Recipe::good(scene).claim_literally("xms_big", "123456789012345678901234567890").into(),
        )
        .by("RFC 8259 §6", &["T-004"])
        .of(Severity::Low),
        oddity(
            "oddities/agent",
            "a token with the facets of an agent's identity",
            "texts of numbers beside the usual claims; who acts is told by those",
            |scene| {
                Recipe::good(scene)
                    .claim("xms_act_fct", "9 3")
                    .claim("xms_sub_fct", "2 3")
                    .claim("xms_idrel", "1 30")
                    .claim("xms_ftd", "dGVzdA")
                    .into()
            },
        )
        .by("Entra: Agent identity token claims", &["T-004"])
        .of(Severity::Low),
    ]
}

fn times() -> Vec<Case> {
    vec![
        oddity(
            "oddities/long-life",
            "a token that is good for 28 hours",
            "clients that bear being cut off get them (`xms_cc` with `cp1`)",
            |scene| Recipe::good(scene).living_s(28 * 3600).claim("xms_cc", json!(["cp1"])).into(),
        )
        .by("Entra: Continuous access evaluation", &["T-015"]),
        oddity(
            "oddities/signed-in-long-ago",
            "a token whose `iat` is ten hours before its `nbf`",
            "`iat` is when the person signed in; sessions last",
            |scene| {
                let earlier = |claims: &mut serde_json::Map<String, Value>| {
                    let issued = claims.get("iat").and_then(Value::as_i64).unwrap_or_default();
                    claims.insert("iat".to_owned(), json!(issued - 10 * 3600));
                };
                Recipe::good(scene).adjusted(earlier).into()
            },
        )
        .by("Entra: Access token claims reference, `iat`", &["T-015"]),
        oddity(
            "oddities/fractions",
            "times with fractions of seconds",
            "a NumericDate may be any JSON number",
            |scene| {
                let halves = |claims: &mut serde_json::Map<String, Value>| {
                    for time in ["iat", "nbf", "exp"] {
                        let whole = claims.get(time).and_then(Value::as_i64).unwrap_or_default();
                        claims.insert(time.to_owned(), json!(whole as f64 - 0.5));
                    }
                };
                Recipe::good(scene).adjusted(halves).into()
            },
        )
        .by("RFC 7519 §2", &["T-015"])
        .of(Severity::Low),
    ]
}
