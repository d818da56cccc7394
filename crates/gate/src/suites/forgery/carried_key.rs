//! Keys and addresses of keys that a token brings along. Nothing in a token says which key is right, and nothing in it may cause a
//! request (T-007): the addresses lead to the canary, which serves the attacker's keys to whoever asks.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{case, forged};
use crate::Scene;
use crate::case::{Attempt, Case, Expect, Severity};
use crate::token::{Attacker, Recipe, Signer};

pub(super) fn cases() -> Vec<Case> {
    [key_cases(), address_cases(), claim_cases()].concat()
}

const OWN_KEY: &str = "a key that a token brings along proves that its sender has a key, and nothing else";
const ADDRESS: &str = "an address in a token is its sender's choice: not trusted, and not even asked";

fn attack(id: &'static str, title: &'static str, make: fn(&Scene) -> Attempt) -> Case {
    case(id, Severity::Critical).says(title, "").attempt(Expect::Refused, make)
}

fn carried(id: &'static str, title: &'static str, make: fn(&Scene) -> Attempt) -> Case {
    let source = "RFC 8725 §3.10; RFC 7515 §4.1.3, §4.1.6; CVE-2018-0114";
    Case { reason: OWN_KEY, ..attack(id, title, make) }.by(source, &["T-007"])
}

fn followed(id: &'static str, title: &'static str, make: fn(&Scene) -> Attempt) -> Case {
    let source = "RFC 8725 §3.10; RFC 7515 §4.1.2, §4.1.5; threat model T-007";
    Case { reason: ADDRESS, ..attack(id, title, make) }.by(source, &["T-007"])
}

/// Signed by the attacker under the attacker's own `kid`, with one more header member.
fn pointing(scene: &Scene, member: &str, value: impl Into<Value>) -> Attempt {
    forged(scene).header("kid", Attacker::KID).without_header("x5t").header(member, value).into()
}

fn key_cases() -> Vec<Case> {
    vec![
        carried("forgery/key-in-header", "the attacker's key in `jwk`, under the issuer's `kid`", |scene| {
            forged(scene).header("jwk", scene.attacker.rsa_jwk()).into()
        }),
        carried(
            "forgery/unknown-key-in-header",
            "the attacker's key in `jwk`, under a `kid` of its own",
            |scene| {
                let mut jwk = scene.attacker.rsa_jwk();
                jwk["kid"] = json!(Attacker::KID);
                pointing(scene, "jwk", jwk)
            },
        ),
        carried("forgery/elliptic-key-in-header", "the attacker's P-256 key in `jwk`, with ES256", |scene| {
            let recipe = Recipe::good(scene).signed_by(Signer::AttackerEc);
            recipe.header("jwk", scene.attacker.ec_jwk()).into()
        }),
        carried(
            "forgery/certificate-in-header",
            "the attacker's certificate in `x5c`, under the issuer's `kid`",
            |scene| forged(scene).header("x5c", json!([scene.attacker.certificate_base64()])).into(),
        ),
        carried(
            "forgery/unknown-certificate-in-header",
            "the attacker's certificate in `x5c`, and no `kid`",
            |scene| {
                let recipe = forged(scene).without_header("kid").without_header("x5t");
                recipe.header("x5c", json!([scene.attacker.certificate_base64()])).into()
            },
        ),
        carried(
            "forgery/key-in-data-address",
            "the attacker's key document in `jku`, as a `data:` address",
            |scene| {
                let document = STANDARD.encode(scene.attacker.jwks().to_string());
                pointing(scene, "jku", format!("data:application/json;base64,{document}"))
            },
        ),
    ]
}

fn address_cases() -> Vec<Case> {
    vec![
        followed("forgery/key-address", "`jku` leads to the attacker's key document", |scene| {
            pointing(scene, "jku", scene.lure("forgery/key-address"))
        }),
        followed(
            "forgery/key-address-like-ours",
            "`jku` begins like the authority's, and leads elsewhere",
            |scene| {
                // What stands before the `@` is a user name (RFC 3986 §3.2.1).
                let lure = scene.lure("forgery/key-address-like-ours").replace("http://", "@");
                pointing(scene, "jku", format!("{}{lure}", scene.authority))
            },
        ),
        followed("forgery/certificate-address", "`x5u` leads to the attacker's certificate", |scene| {
            pointing(scene, "x5u", format!("{}.pem", scene.lure("forgery/certificate-address")))
        }),
        followed("forgery/key-id-address", "`kid` is an address of the attacker's", |scene| {
            forged(scene).header("kid", scene.lure("forgery/key-id-address")).without_header("x5t").into()
        }),
    ]
}

fn claim_cases() -> Vec<Case> {
    vec![
        followed("forgery/issuer-of-the-attacker", "`iss` is a provider of the attacker's, with metadata and keys", |scene| {
            let issuer = format!("{}/{}/v2.0", scene.lure("forgery/issuer-of-the-attacker"), scene.home.tenant);
            forged(scene).claim("iss", issuer).header("kid", Attacker::KID).without_header("x5t").into()
        })
        .by("RFC 8725 §3.8, §3.10; OpenID Connect Discovery 1.0 §4.3", &["T-007", "T-012"]),
        case("forgery/claim-source", Severity::Medium)
            .says(
                "a good token whose groups are said to be at an address of the attacker's",
                "too many groups are a pointer: such a token is good, and its pointer is not followed blindly",
            )
            .by("OpenID Connect Core §5.6.2; RFC 8725 §2.9; Entra: groups overage", &["T-025"])
            .attempt(Expect::Passes, |scene| {
                let source = json!({"src1": {"endpoint": scene.lure("forgery/claim-source")}});
                let recipe = Recipe::good(scene).claim("_claim_names", json!({"groups": "src1"}));
                recipe.claim("_claim_sources", source).into()
            }),
    ]
}
