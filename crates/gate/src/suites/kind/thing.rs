//! Things that look like bearer tokens and are not: bound tokens, events, wrappers, secrets of clients (T-016).

use serde_json::{Map, Value, json};

use super::case;
use crate::case::{Attempt, Case, Expect, Severity};
use crate::scene::Scene;
use crate::token::{Recipe, Signer, decode, encode};

pub(super) fn cases() -> Vec<Case> {
    [bound(), events(), strangers()].concat()
}

fn bound() -> Vec<Case> {
    vec![
        case("kind/bound-to-key", Severity::High)
            .says(
                "a token that is bound to its client's key, as plain bearer",
                "the binding is the protection: without the proof, whoever stole it could use it",
            )
            .by("RFC 9449 §7.2", &["T-016", "T-029"])
            .attempt(Expect::Refused, |scene| {
                let thumbprint = encode(scene.bytes("a key"));
                Recipe::good(scene).claim("cnf", json!({"jkt": thumbprint})).into()
            }),
        case("kind/bound-to-certificate", Severity::High)
            .says(
                "a token that is bound to its client's certificate, over a connection without one",
                "`cnf` has several members, and who knows that of one binding may not know the others",
            )
            .by("RFC 8705 §3", &["T-016"])
            .attempt(Expect::Refused, |scene| {
                let thumbprint = encode(scene.bytes("a certificate"));
                Recipe::good(scene).claim("cnf", json!({"x5t#S256": thumbprint})).into()
            }),
    ]
}

fn events() -> Vec<Case> {
    vec![
        case("kind/logout-token", Severity::Medium)
            .says(
                "a token whose `typ` says that it is a logout token",
                "all tokens of an authority have one key: `typ` is there to keep them apart",
            )
            .by("RFC 8725 §3.11; OpenID Connect Back-Channel Logout §2.4", &["T-016"])
            .attempt(Expect::Refused, |scene| Recipe::good(scene).header("typ", "logout+jwt").into()),
        case("kind/unknown-type", Severity::Medium)
            .says(
                "a token whose `typ` nobody has heard of",
                "a list of types to refuse is never complete",
            )
            .by("RFC 8725 §3.11", &["T-016"])
            .attempt(Expect::Refused, |scene| Recipe::good(scene).header("typ", "unheard-of+jwt").into()),
        case("kind/security-event", Severity::Medium)
            .says(
                "a security event whose `typ` is plain `JWT`",
                "older senders do not say what it is; `events` does",
            )
            .by("RFC 8417 §2.2; OpenID Connect Back-Channel Logout §2.4", &["T-016"])
            .attempt(Expect::Refused, |scene| {
                let event = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
                Recipe::good(scene).claim("events", event).into()
            }),
        case("kind/microsoft-api-token", Severity::Low)
            .says(
                "a token with a `nonce` in its header",
                "that is how tokens for Microsoft's own APIs look, which nobody else can verify or should take",
            )
            .by("Entra: Access tokens, tokens for Microsoft APIs", &["T-016"])
            .attempt(Expect::Refused, |scene| {
                Recipe::good(scene).header("nonce", encode(scene.bytes("a nonce"))).into()
            }),
    ]
}

fn strangers() -> Vec<Case> {
    vec![
        case("kind/actor-token", Severity::Critical)
            .says(
                "an unsigned token in the name of a listed tenant's member, with a genuine token of another tenant inside",
                "the signature inside says nothing of the words around it",
            )
            .by("CVE-2025-55241; RFC 8725 §3.1", &["T-005", "T-016"])
            .everywhere()
            .attempt(Expect::Refused, wrapped),
        case("kind/client-assertion", Severity::High)
            .says(
                "a client's own assertion, for this API and signed by the client's key",
                "a client proves itself with it at the authority; nobody has vouched for what it says",
            )
            .by("RFC 7523 §3; Entra: Certificate credentials", &["T-012", "T-016"])
            .attempt(Expect::Refused, |scene| {
                let client = scene.home.program.clone().unwrap_or_else(|| scene.guid("a client"));
                Recipe::good(scene)
                    .claim("iss", &*client)
                    .claim("sub", &*client)
                    .signed_by(Signer::Attacker)
                    .header("kid", "of the client's own certificate")
                    .into()
            }),
        case("kind/refresh-token", Severity::Low)
            .says(
                "opaque text, as refresh tokens look",
                "what is no token at all is refused like any other, and breaks nothing",
            )
            .by("RFC 6750 §3.1", &["T-002", "T-020"])
            .attempt(Expect::Malformed, |scene| {
                let opaque = [encode(scene.bytes("refresh")), encode(scene.bytes("token"))].concat();
                Recipe::verbatim(format!("1.A{opaque}-{opaque}")).into()
            }),
    ]
}

/// The form of CVE-2025-55241: `alg` is `none`, and `actortoken` holds somebody's real token.
fn wrapped(scene: &Scene) -> Attempt {
    let version = scene.api.version();
    let whom = json!({
        "iss": scene.issuer_of(&scene.home.tenant, version),
        "tid": scene.home.tenant,
        "oid": scene.home.member,
    });
    Attempt::placed([Recipe::of_member(scene, &scene.rogue)], move |tokens, shot| {
        let inside = tokens[0].split('.').nth(1).and_then(decode).unwrap_or_default();
        let mut claims: Map<String, Value> = serde_json::from_slice(&inside).unwrap_or_default();
        claims.extend(whom.as_object().cloned().unwrap_or_default());
        claims.insert("actortoken".to_owned(), json!(tokens[0]));
        let header = json!({"typ": "JWT", "alg": "none"});
        shot.bearer(&format!("{}.{}.", encode(header.to_string()), encode(json!(claims).to_string())))
    })
}
