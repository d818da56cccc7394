//! The attacker's own keys, and everything of them that a validator might be made to believe.

use std::sync::{Arc, LazyLock};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::signature::{self, EcdsaKeyPair, KeyPair as _};
use aws_lc_rs::{rand::SystemRandom, rsa};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rcgen::{CertificateParams, PKCS_RSA_SHA256};
use serde_json::{Value, json};

use super::{der, encode};

/// Key pairs that have nothing to do with the issuer, made once per process.
pub(crate) struct Attacker {
    rsa: rsa::KeyPair,
    ec: EcdsaKeyPair,
    certificate: Vec<u8>,
}

impl Attacker {
    /// The id under which the attacker's documents show the RSA key. The issuer has no key of that name.
    pub(crate) const KID: &str = "attacker";

    /// The keys of this process. Making them takes longer than many a run of few cases.
    pub(crate) fn shared() -> Result<Arc<Self>, String> {
        static KEYS: LazyLock<Result<Arc<Attacker>, String>> =
            LazyLock::new(|| Attacker::new().map(Arc::new));
        KEYS.clone()
    }

    fn new() -> Result<Self, String> {
        let failed = |_| "the attacker's keys cannot be made".to_owned();
        let rsa = rsa::KeyPair::generate(rsa::KeySize::Rsa2048).map_err(failed)?;
        let ec = EcdsaKeyPair::generate(&signature::ECDSA_P256_SHA256_FIXED_SIGNING).map_err(failed)?;
        let certificate = self_signed(&rsa)?;
        Ok(Self { rsa, ec, certificate })
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

    /// The RSA key as a key document: [`Attacker::KID`] names it.
    pub(crate) fn jwks(&self) -> Value {
        let mut key = self.rsa_jwk();
        key["kid"] = json!(Self::KID);
        key["use"] = json!("sig");
        key["x5c"] = json!([self.certificate_base64()]);
        json!({ "keys": [key] })
    }

    /// A certificate for the RSA key by the RSA key, as `x5c` has it: base64 of the DER (RFC 7515 §4.1.6).
    pub(crate) fn certificate_base64(&self) -> String {
        STANDARD.encode(&self.certificate)
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let mut bytes = vec![0; self.rsa.public_modulus_len()];
        let signed = self.rsa.sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut bytes);
        signed.map_err(|_| "the attacker's key does not sign".to_owned())?;
        Ok(bytes)
    }

    pub(super) fn sign_ec(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let signed = self.ec.sign(&SystemRandom::new(), message);
        Ok(signed.map_err(|_| "the attacker's key does not sign".to_owned())?.as_ref().to_vec())
    }
}

fn self_signed(pair: &rsa::KeyPair) -> Result<Vec<u8>, String> {
    let pkcs8 =
        AsDer::<Pkcs8V1Der<'_>>::as_der(pair).map_err(|_| "the attacker's key has no DER".to_owned())?;
    let described = |error: rcgen::Error| format!("the attacker's certificate cannot be made: {error}");
    let pair = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8.as_ref().into(), &PKCS_RSA_SHA256);
    let params = CertificateParams::new(["attacker.example".to_owned()]).map_err(described)?;
    let certificate = params.self_signed(&pair.map_err(described)?).map_err(described)?;
    Ok(certificate.der().to_vec())
}
