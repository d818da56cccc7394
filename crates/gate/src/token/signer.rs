//! Who signs a token.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use super::{Attacker, decode};
use crate::issuer::PublishedKey;

/// Who signs a token, after its header and claims were changed.
#[derive(Clone, Debug, Default)]
pub enum Signer {
    /// The key that the issuer really uses for this tenant. The token is genuine in every byte.
    #[default]
    Issuer,
    /// A published key of the issuer that is for others: `organizations` or `personal`. Its `kid` is named truthfully.
    KeyOf(&'static str),
    /// A key that the issuer once used and still publishes.
    Retired,
    /// The retired key, under the name of the current one.
    Misnamed,
    /// A key of the issuer's that no document ever showed, named truthfully.
    Unpublished,
    /// The issuer's key of that id, whatever it is for: one that is published ahead, for example.
    Named(String),
    /// The attacker's own RSA key. The header's `kid` stays as it is, which claims the issuer's.
    Attacker,
    /// The attacker's own P-256 key, for `ES256`.
    AttackerEc,
    /// HMAC with this secret, by the header's `alg` (HS256 where it names none).
    Hmac(HmacSecret),
    /// Nobody: the third part is empty.
    Nobody,
    /// These bytes.
    Bytes(Vec<u8>),
}

/// What an attacker who has only public data uses as an HMAC secret (CVE-2015-9235).
#[derive(Clone, Debug)]
pub enum HmacSecret {
    /// The public key as PEM, as libraries hold it.
    PublicPem,
    /// The public key as PEM without the final line feed.
    PublicPemTrimmed,
    /// The modulus, as the JWKS has it.
    Modulus,
    /// The public key as a JWK, as the JWKS has it.
    Jwk,
    /// The public key as DER.
    PublicDer,
    /// The modulus as a number, big-endian.
    ModulusBytes,
    /// The published certificate as PEM, lines of 64 characters: what libraries make of `x5c`.
    CertificatePem,
    /// Any text: an empty one, `secret`, …
    Text(String),
}

impl Signer {
    /// Writes into the header what this signer says of itself; a case's own changes come after.
    pub(super) fn announce(&self, key: &PublishedKey, header: &mut Map<String, Value>) {
        let alg = match self {
            Self::AttackerEc => "ES256",
            Self::Hmac(_) => "HS256",
            _ => "RS256",
        };
        header.insert("alg".to_owned(), json!(alg));
        header.insert("kid".to_owned(), json!(key.kid));
        if header.contains_key("x5t") {
            header.insert("x5t".to_owned(), json!(key.kid));
        }
    }

    /// The signature of `message`. `alg` is what the header ended up with.
    pub(super) fn sign(
        &self,
        alg: &str,
        message: &[u8],
        (key, attacker): (&PublishedKey, &Attacker),
    ) -> Result<Vec<u8>, String> {
        match self {
            Self::Issuer
            | Self::KeyOf(_)
            | Self::Retired
            | Self::Misnamed
            | Self::Unpublished
            | Self::Named(_) => key.private.sign(alg, message),
            Self::Attacker => attacker.sign(message),
            Self::AttackerEc => attacker.sign_ec(message),
            Self::Hmac(secret) => Ok(mac(alg, &secret.bytes(key)?, message)),
            Self::Nobody => Ok(Vec::new()),
            Self::Bytes(bytes) => Ok(bytes.clone()),
        }
    }
}

impl HmacSecret {
    fn bytes(&self, key: &PublishedKey) -> Result<Vec<u8>, String> {
        let pem = &key.public_pem;
        Ok(match self {
            Self::PublicPem => pem.clone().into_bytes(),
            Self::PublicPemTrimmed => pem.trim_end().as_bytes().to_vec(),
            Self::Modulus => key.private.n.clone().into_bytes(),
            Self::Jwk => json!({"e": key.private.e, "kid": key.kid, "kty": "RSA", "n": key.private.n})
                .to_string()
                .into_bytes(),
            Self::ModulusBytes => decode(&key.private.n).ok_or("the simulator's modulus is not base64url")?,
            Self::PublicDer => der_of(pem)?,
            Self::CertificatePem => certificate_pem(key)?.into_bytes(),
            Self::Text(text) => text.clone().into_bytes(),
        })
    }
}

/// What stands between the lines of dashes.
fn der_of(pem: &str) -> Result<Vec<u8>, String> {
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(base64).map_err(|_| "the simulator's public key is no PEM".to_owned())
}

fn certificate_pem(key: &PublishedKey) -> Result<String, String> {
    let base64 = key.x5c.first().ok_or("the simulator's key has no certificate")?;
    let lines: Vec<_> = base64.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    Ok(format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n")))
}

fn mac(alg: &str, secret: &[u8], message: &[u8]) -> Vec<u8> {
    let algorithm = match alg {
        "HS384" => hmac::HMAC_SHA384,
        "HS512" => hmac::HMAC_SHA512,
        _ => hmac::HMAC_SHA256,
    };
    hmac::sign(&hmac::Key::new(algorithm, secret), message).as_ref().to_vec()
}
