//! The third part: another's, changed, cut, longer, or spelled differently. And what it signs, changed.

use serde_json::json;

use super::{case, edited, parts};
use crate::Scene;
use crate::case::{Attempt, Case, Expect, Severity};
use crate::token::{Recipe, decode, encode};

pub(super) fn cases() -> Vec<Case> {
    [changed_cases(), wrong_cases(), length_cases(), spelling_cases()].concat()
}

/// A good token with another third part.
fn resigned(scene: &Scene, edit: impl Fn(&str) -> String + Send + Sync + 'static) -> Recipe {
    Recipe::good(scene).text(move |token| {
        let [header, claims, signature] = parts(&token);
        format!("{header}.{claims}.{}", edit(signature))
    })
}

/// A good token with other bytes in its third part.
fn with_bytes(scene: &Scene, edit: impl Fn(Vec<u8>) -> Vec<u8> + Send + Sync + 'static) -> Attempt {
    resigned(scene, move |signature| encode(edit(decode(signature).unwrap_or_default()))).into()
}

fn changed_cases() -> Vec<Case> {
    const SIGNED: &str = "header and claims are what is signed: one byte of them changed, and nothing is";
    let source = "RFC 7515 §5.2; RFC 8725 §3.3";
    vec![
        case("forgery/changed-claims", Severity::Critical)
            .says("a good token whose person was changed after signing", SIGNED)
            .by(source, &["T-001", "T-010"])
            .attempt(Expect::Refused, |scene| {
                let stranger = scene.guid("forgery/changed-claims");
                let recipe = Recipe::good(scene).text(move |token| {
                    let [header, claims, signature] = parts(&token);
                    let claims = edited(claims, |claims| claims["oid"] = json!(stranger));
                    format!("{header}.{claims}.{signature}")
                });
                recipe.into()
            }),
        case("forgery/moved-tenant", Severity::Critical)
            .says(
                "an unlisted organisation's token, its tenant changed to a listed one after signing",
                SIGNED,
            )
            .by(source, &["T-010", "T-011"])
            .attempt(Expect::Refused, |scene| {
                let (rogue, home) = (scene.rogue.tenant.clone(), scene.home.tenant.clone());
                let recipe = Recipe::of_member(scene, &scene.rogue).text(move |token| {
                    let [header, claims, signature] = parts(&token);
                    let text = String::from_utf8(decode(claims).unwrap_or_default()).unwrap_or_default();
                    format!("{header}.{}.{signature}", encode(text.replace(&rogue, &home)))
                });
                recipe.into()
            }),
        case("forgery/changed-header", Severity::Medium)
            .says("a good token with one more header member, added after signing", SIGNED)
            .by(source, &["T-010"])
            .attempt(Expect::Refused, |scene| {
                let recipe = Recipe::good(scene).text(|token| {
                    let [header, claims, signature] = parts(&token);
                    format!("{}.{claims}.{signature}", edited(header, |header| header["gate"] = json!(1)))
                });
                recipe.into()
            }),
        case("forgery/signature-of-another", Severity::Critical)
            .says(
                "the signature of another good token",
                "a signature is for one text, and not for its signer's other ones",
            )
            .by(source, &["T-010", "T-022"])
            .attempt(Expect::Refused, |scene| {
                Attempt::placed([Recipe::good(scene), Recipe::good(scene).living_s(3000)], |tokens, shot| {
                    let ([header, claims, _], [_, _, signature]) = (parts(&tokens[0]), parts(&tokens[1]));
                    shot.bearer(&format!("{header}.{claims}.{signature}"))
                })
            }),
    ]
}

fn wrong_cases() -> Vec<Case> {
    let source = "RFC 7515 §5.2; RFC 8017 §8.2.2";
    vec![
        case("forgery/one-bit", Severity::Critical)
            .says(
                "a good token with one bit of its signature changed",
                "a signature is right or wrong, and not nearly right",
            )
            .by(source, &["T-010"])
            .attempt(Expect::Refused, |scene| {
                with_bytes(scene, |mut bytes| {
                    let middle = bytes.len() / 2;
                    bytes[middle] ^= 1;
                    bytes
                })
            }),
        case("forgery/zeros", Severity::Critical)
            .says("a signature of zeros", "zero to any power is zero: what comes out has to be looked at")
            .by("RFC 8017 §8.2.2; CVE-2022-21449", &["T-010"])
            .attempt(Expect::Refused, |scene| with_bytes(scene, |bytes| vec![0; bytes.len()])),
        case("forgery/one", Severity::Critical)
            .says("a signature that is the number 1", "one to any power is one, without any padding")
            .by(source, &["T-010"])
            .attempt(Expect::Refused, |scene| {
                with_bytes(scene, |bytes| [vec![0; bytes.len() - 1], vec![1]].concat())
            }),
        case("forgery/checksum", Severity::Critical)
            .says(
                "a plain hash in the signature's place",
                "a checksum proves that nothing broke, and not who wrote it",
            )
            .by("RFC 7515 §5.2", &["T-010"])
            .attempt(Expect::Refused, |scene| {
                let recipe = Recipe::good(scene).text(|token| {
                    let [header, claims, _] = parts(&token);
                    let signed = format!("{header}.{claims}");
                    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, signed.as_bytes());
                    format!("{signed}.{}", encode(hash))
                });
                recipe.into()
            }),
    ]
}

fn length_cases() -> Vec<Case> {
    const LENGTH: &str = "a signature is exactly as long as its key's modulus";
    let source = "RFC 8017 §8.2.2, step 1";
    vec![
        case("forgery/truncated", Severity::Critical)
            .says("a good token without its last four characters", "what was cut off was signed off too")
            .by("RFC 8017 §8.2.2, step 1; CVE-2026-27840", &["T-010"])
            .attempt(Expect::Refused, |scene| {
                resigned(scene, |signature| signature[..signature.len().saturating_sub(4)].to_owned()).into()
            }),
        case("forgery/appended-byte", Severity::Medium)
            .says("a good signature and one byte more", LENGTH)
            .by(source, &["T-010"])
            .attempt(Expect::Refused, |scene| with_bytes(scene, |bytes| [bytes, vec![0]].concat())),
        case("forgery/leading-zero", Severity::Medium)
            .says("a good signature after a byte of zero, which is the same number", LENGTH)
            .by(source, &["T-010"])
            .attempt(Expect::Refused, |scene| with_bytes(scene, |bytes| [vec![0], bytes].concat())),
    ]
}

/// Other spellings of the same bytes. None lets anybody in who was out; each breaks what remembers or forbids tokens by their text.
fn spelling_cases() -> Vec<Case> {
    const ONE: &str =
        "a token has one spelling, or what remembers, counts or forbids tokens can be got round";
    let source = "RFC 7515 §2: base64url without padding or other characters; RFC 4648 §3.3, §3.5";
    let spelled = |id, title, make| {
        case(id, Severity::Low).says(title, ONE).by(source, &["T-002"]).attempt(Expect::Malformed, make)
    };
    vec![
        spelled("forgery/spare-bits", "a good signature with its spare last bits set", |scene| {
            resigned(scene, with_spare_bits).into()
        }),
        spelled("forgery/padding", "a good signature with `=` at its end", |scene| {
            resigned(scene, |signature| {
                let missing = signature.len().next_multiple_of(4) - signature.len();
                format!("{signature}{}", "=".repeat(missing))
            })
            .into()
        }),
        spelled("forgery/standard-alphabet", "a good signature in base64 instead of base64url", |scene| {
            resigned(scene, |signature| signature.replace('-', "+").replace('_', "/")).into()
        }),
        spelled("forgery/foreign-character", "a good signature with a `~` in the middle", |scene| {
            resigned(scene, |signature| {
                let (one, two) = signature.split_at(signature.len() / 2);
                format!("{one}~{two}")
            })
            .into()
        }),
    ]
}

/// 256 bytes leave four bits of the last character unused; the next character of the alphabet differs in the lowest of them only.
fn with_spare_bits(signature: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = signature.split_at(signature.len().saturating_sub(1));
    let value = ALPHABET.iter().position(|&c| last.as_bytes() == [c]).unwrap_or_default();
    format!("{rest}{}", char::from(ALPHABET[value | 1]))
}

#[cfg(test)]
mod tests {
    use super::{decode, encode, with_spare_bits};

    /// Lenient decoders read the same bytes: otherwise the case would test the signature check again.
    #[test]
    fn spare_bits_spell_the_same_bytes() {
        use base64::{Engine as _, alphabet, engine::GeneralPurpose, engine::GeneralPurposeConfig};
        let lenient = GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(base64::engine::DecodePaddingMode::RequireNone);
        let lenient = GeneralPurpose::new(&alphabet::URL_SAFE, lenient);
        for last in [0u8, 7, 128, 255] {
            let bytes = [vec![9; 255], vec![last]].concat();
            let respelled = with_spare_bits(&encode(&bytes));
            assert_ne!(respelled, encode(&bytes));
            assert_eq!(lenient.decode(&respelled).unwrap(), bytes);
            assert_eq!(decode(&respelled), None);
        }
    }
}
