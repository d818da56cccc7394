//! Who signs a token.

use aws_lc_rs::signature::{self, KeyPair as _};
use aws_lc_rs::{hmac, rand::SystemRandom, rsa};
use serde_json::{Map, Value, json};

use super::{decode, der, encode};
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
    /// The DER of the published certificate or key.
    PublicDer,
    /// Any text: an empty one, `secret`, …
    Text(String),
}

/// A key pair that has nothing to do with the issuer, made once per run.
pub(crate) struct Attacker {
    rsa: rsa::KeyPair,
    ec: signature::EcdsaKeyPair,
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
            Self::Issuer | Self::KeyOf(_) | Self::Retired | Self::Unpublished | Self::Named(_) => {
                key.private.sign(alg, message)
            }
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
            Self::PublicDer => {
                let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
                let unpadded = base64.trim_end_matches('=').replace('+', "-").replace('/', "_");
                decode(&unpadded).ok_or("the simulator's public key is no PEM")?
            }
            Self::Text(text) => text.clone().into_bytes(),
        })
    }
}

fn mac(alg: &str, secret: &[u8], message: &[u8]) -> Vec<u8> {
    let algorithm = match alg {
        "HS384" => hmac::HMAC_SHA384,
        "HS512" => hmac::HMAC_SHA512,
        _ => hmac::HMAC_SHA256,
    };
    hmac::sign(&hmac::Key::new(algorithm, secret), message).as_ref().to_vec()
}

impl Attacker {
    /// New keys.
    pub(crate) fn new() -> Result<Self, String> {
        let failed = |_| "the attacker's keys cannot be made".to_owned();
        let rsa = rsa::KeyPair::generate(rsa::KeySize::Rsa2048).map_err(failed)?;
        let ec =
            signature::EcdsaKeyPair::generate(&signature::ECDSA_P256_SHA256_FIXED_SIGNING).map_err(failed)?;
        Ok(Self { rsa, ec })
    }

    /// The public RSA key as a JWK, for cases that put it where a validator might look.
    pub(crate) fn rsa_jwk(&self) -> Value {
        let [n, e] = der::public_numbers(self.rsa.public_key().as_ref()).unwrap_or_default();
        json!({"kty": "RSA", "n": encode(n), "e": encode(e)})
    }

    /// The public P-256 key as a JWK.
    pub(crate) fn ec_jwk(&self) -> Value {
        // An uncompressed point: 04, x, y (SEC 1 §2.3.3).
        let point = self.ec.public_key().as_ref();
        json!({"kty": "EC", "crv": "P-256", "x": encode(&point[1..33]), "y": encode(&point[33..65])})
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let mut bytes = vec![0; self.rsa.public_modulus_len()];
        let signed = self.rsa.sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut bytes);
        signed.map_err(|_| "the attacker's key does not sign".to_owned())?;
        Ok(bytes)
    }

    fn sign_ec(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let signed = self.ec.sign(&SystemRandom::new(), message);
        Ok(signed.map_err(|_| "the attacker's key does not sign".to_owned())?.as_ref().to_vec())
    }
}
