//! RSA signatures by a private JWK (RFC 7518 §3.3, §3.5, §6.3).

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512,
    RsaEncoding,
};
use serde::Deserialize;

use super::{decode, der};

/// The numbers of a private RSA key, base64url. No `Debug` of their values: reports may hold what has it.
#[derive(Clone, Deserialize)]
pub(crate) struct RsaJwk {
    pub(crate) n: String,
    pub(crate) e: String,
    d: String,
    p: String,
    q: String,
    dp: String,
    dq: String,
    qi: String,
}

impl RsaJwk {
    /// Signs `message` by the algorithm that `alg` names; by RS256 where it names none of RSA.
    pub(super) fn sign(&self, alg: &str, message: &[u8]) -> Result<Vec<u8>, String> {
        let pair = self.key_pair()?;
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(padding(alg), &SystemRandom::new(), message, &mut signature)
            .map_err(|_| "the key does not sign".to_owned())?;
        Ok(signature)
    }

    fn key_pair(&self) -> Result<KeyPair, String> {
        let [n, e, d, p, q, dp, dq, qi] =
            [&self.n, &self.e, &self.d, &self.p, &self.q, &self.dp, &self.dq, &self.qi]
                .map(|text| decode(text).unwrap_or_default());
        KeyPair::from_pkcs8(&der::private_key(&[n, e, d, p, q, dp, dq, qi]))
            .map_err(|error| error.to_string())
    }
}

impl std::fmt::Debug for RsaJwk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RsaJwk(…)")
    }
}

fn padding(alg: &str) -> &'static dyn RsaEncoding {
    match alg {
        "RS384" => &RSA_PKCS1_SHA384,
        "RS512" => &RSA_PKCS1_SHA512,
        "PS256" => &RSA_PSS_SHA256,
        "PS384" => &RSA_PSS_SHA384,
        "PS512" => &RSA_PSS_SHA512,
        _ => &RSA_PKCS1_SHA256,
    }
}
