//! What `alg` says. Entra signs with RS256 alone, so that every other value is a lie or somebody else's.

use serde_json::{Value, json};

use super::{case, parts};
use crate::Scene;
use crate::case::{Case, Expect, Severity};
use crate::token::{Recipe, Signer};

pub(super) fn cases() -> Vec<Case> {
    [unsigned_cases(), renamed_cases(), other_cases()].concat()
}

/// A good token's claims, unsigned under that `alg`.
fn unsigned(scene: &Scene, alg: impl Into<Value>) -> Recipe {
    Recipe::good(scene).header("alg", alg).signed_by(Signer::Nobody)
}

/// A genuine token in every byte but for what `alg` says of its signature, which is RS256.
fn renamed(scene: &Scene, alg: impl Into<Value>) -> Recipe {
    Recipe::good(scene).header("alg", alg)
}

fn unsigned_cases() -> Vec<Case> {
    vec![
        case("forgery/none", Severity::Critical)
            .says("an unsigned token: `alg` is `none`", "without a signature anybody is anybody")
            .by("RFC 7518 §3.6; RFC 8725 §2.1; CVE-2015-9235", &["T-005"])
            .everywhere()
            .attempt(Expect::Refused, |scene| unsigned(scene, "none").into()),
        case("forgery/none-capital", Severity::Critical)
            .says("unsigned, `alg` is `None`", "a list of what is forbidden forgets spellings")
            .by("RFC 8725 §3.1", &["T-005"])
            .attempt(Expect::Refused, |scene| unsigned(scene, "None").into()),
        case("forgery/none-upper-case", Severity::Critical)
            .says("unsigned, `alg` is `NONE`", "a list of what is forbidden forgets spellings")
            .by("RFC 8725 §3.1", &["T-005"])
            .attempt(Expect::Refused, |scene| unsigned(scene, "NONE").into()),
        case("forgery/none-mixed-case", Severity::Critical)
            .says("unsigned, `alg` is `nOnE`", "who lists three spellings of `none` forgets the others")
            .by("RFC 8725 §3.1", &["T-005"])
            .attempt(Expect::Refused, |scene| unsigned(scene, "nOnE").into()),
        case("forgery/none-with-space", Severity::Critical)
            .says("unsigned, `alg` is `none` and a space", "compared before trimming, used after it")
            .by("RFC 7515 §4.1.1: names are compared exactly", &["T-005"])
            .attempt(Expect::Refused, |scene| unsigned(scene, "none ").into()),
        case("forgery/none-without-key-id", Severity::Critical)
            .says(
                "unsigned, and no `kid` in the header",
                "without a key to look for, nothing may be looked up",
            )
            .by("RFC 7519 §6; RFC 8725 §3.1", &["T-005", "T-009"])
            .attempt(Expect::Refused, |scene| {
                unsigned(scene, "none").without_header("kid").without_header("x5t").into()
            }),
        case("forgery/none-of-two-parts", Severity::Critical)
            .says("unsigned, without the last dot", "some parsers call two parts an unsecured token")
            .by("RFC 7519 §6.1; RFC 7515 §7.1", &["T-002", "T-005"])
            .attempt(Expect::Refused, |scene| {
                unsigned(scene, "none").text(|token| token.trim_end_matches('.').to_owned()).into()
            }),
        case("forgery/stripped", Severity::Critical)
            .says(
                "a good token without its signature, still `RS256`",
                "an empty signature is not a missing check",
            )
            .by("RFC 7515 §5.2; RFC 8725 §3.3", &["T-002", "T-010"])
            .attempt(Expect::Refused, |scene| Recipe::good(scene).text(|token| stripped(&token)).into()),
        case("forgery/algorithm-empty", Severity::Critical)
            .says("unsigned, `alg` is an empty text", "an empty name is no name for the default algorithm")
            .by("RFC 7515 §4.1.1", &["T-005"])
            .attempt(Expect::Refused, |scene| unsigned(scene, "").into()),
        case("forgery/algorithm-null", Severity::Critical)
            .says("unsigned, `alg` is null", "the value must be a text, and null is not a default")
            .by("RFC 7515 §4.1.1", &["T-005"])
            .attempt(Expect::Refused, |scene| unsigned(scene, Value::Null).into()),
    ]
}

fn renamed_cases() -> Vec<Case> {
    vec![
        case("forgery/none-with-signature", Severity::High)
            .says(
                "`alg` is `none`, and a genuine signature follows",
                "who sees a signature may forget what was said of it",
            )
            .by("RFC 8725 §3.1; RFC 7518 §3.6", &["T-005"])
            .attempt(Expect::Refused, |scene| renamed(scene, "none").into()),
        case("forgery/algorithm-missing", Severity::Medium)
            .says(
                "a genuine signature, and no `alg`",
                "`alg` must be there; a default is the verifier's guess",
            )
            .by("RFC 7515 §4.1.1", &["T-005"])
            .attempt(Expect::Refused, |scene| Recipe::good(scene).without_header("alg").into()),
        case("forgery/algorithm-lower-case", Severity::Low)
            .says(
                "a genuine signature, `alg` is `rs256`",
                "names are compared exactly; two spellings are two meanings",
            )
            .by("RFC 7515 §4.1.1", &["T-005"])
            .attempt(Expect::Refused, |scene| renamed(scene, "rs256").into()),
        case("forgery/algorithm-list", Severity::Medium)
            .says("a genuine signature, `alg` is a list with `RS256`", "the value must be a text")
            .by("RFC 7515 §4.1.1; RFC 8725 §3.1", &["T-005"])
            .attempt(Expect::Refused, |scene| renamed(scene, json!(["RS256"])).into()),
        case("forgery/algorithm-of-another", Severity::Medium)
            .says(
                "an RS256 signature, and `alg` says `HS256`",
                "an algorithm that is announced and not used is not checked",
            )
            .by("RFC 8725 §3.1", &["T-005"])
            .attempt(Expect::Refused, |scene| renamed(scene, "HS256").into()),
    ]
}

fn other_cases() -> Vec<Case> {
    vec![
        case("forgery/rs512", Severity::Low)
            .says("the issuer's key, used with RS512", "a key is for one algorithm, and Entra's is for RS256")
            .by("RFC 8725 §3.1; Entra: token signing", &["T-005", "T-006"])
            .attempt(Expect::Refused, |scene| Recipe::good(scene).header("alg", "RS512").into()),
        case("forgery/ps256", Severity::Low)
            .says(
                "the issuer's key, used with PS256",
                "a key is for one padding: two open it to attacks across them",
            )
            .by("RFC 8725 §3.1; RFC 8017 §8", &["T-005", "T-006"])
            .attempt(Expect::Refused, |scene| Recipe::good(scene).header("alg", "PS256").into()),
    ]
}

/// The token with nothing after its second dot.
fn stripped(token: &str) -> String {
    let [header, claims, _] = parts(token);
    format!("{header}.{claims}.")
}
