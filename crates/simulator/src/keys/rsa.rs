//! One RSA private key: its numbers, its JWK, and the forms that aws-lc-rs and rcgen read.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use num_bigint::BigUint;
use serde::{Deserialize, Serialize};

use super::{KeyError, der};
use crate::encoding::{base64url, from_base64url, pem};

/// The eight numbers of a two-prime RSA key, big-endian, without leading zeros (RFC 8017 §3.2).
#[derive(Clone)]
pub(crate) struct RsaPrivate {
    pub(super) n: Vec<u8>,
    pub(super) e: Vec<u8>,
    pub(super) d: Vec<u8>,
    pub(super) p: Vec<u8>,
    pub(super) q: Vec<u8>,
    pub(super) dp: Vec<u8>,
    pub(super) dq: Vec<u8>,
    pub(super) qi: Vec<u8>,
}

/// The members of a private RSA JWK (RFC 7518 §6.3). Those for the Chinese remainder theorem may be left out.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct RsaJwk {
    pub(crate) n: String,
    pub(crate) e: String,
    pub(crate) d: String,
    pub(crate) p: String,
    pub(crate) q: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) dp: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) dq: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) qi: Option<String>,
}

impl RsaPrivate {
    /// A fresh 2048-bit key from aws-lc-rs.
    pub(super) fn generate() -> Result<Self, KeyError> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generate)?;
        let pkcs8 =
            AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&pair).map_err(|_| KeyError::Generate)?;
        let [n, e, d, p, q, dp, dq, qi] = der::integers(pkcs8.as_ref()).ok_or(KeyError::Generate)?;
        Ok(Self { n, e, d, p, q, dp, dq, qi })
    }

    /// `PrivateKeyInfo`, unencrypted.
    pub(crate) fn pkcs8(&self) -> Vec<u8> {
        der::pkcs8(&[&self.n, &self.e, &self.d, &self.p, &self.q, &self.dp, &self.dq, &self.qi])
    }

    /// Ready to sign. aws-lc-rs checks that the numbers belong together.
    pub(crate) fn key_pair(&self) -> Result<KeyPair, KeyError> {
        KeyPair::from_pkcs8(&self.pkcs8()).map_err(|rejected| KeyError::Rejected(rejected.to_string()))
    }

    /// `-----BEGIN PUBLIC KEY-----`, the text that algorithm confusion uses as an HMAC secret.
    pub(crate) fn public_pem(&self) -> String {
        pem("PUBLIC KEY", &der::public_key_info(&self.n, &self.e))
    }

    pub(crate) fn modulus(&self) -> String {
        base64url(&self.n)
    }

    pub(crate) fn exponent(&self) -> String {
        base64url(&self.e)
    }

    pub(crate) fn to_jwk(&self) -> RsaJwk {
        let text = |bytes: &Vec<u8>| base64url(bytes);
        RsaJwk {
            n: text(&self.n),
            e: text(&self.e),
            d: text(&self.d),
            p: text(&self.p),
            q: text(&self.q),
            dp: Some(text(&self.dp)),
            dq: Some(text(&self.dq)),
            qi: Some(text(&self.qi)),
        }
    }

    pub(crate) fn from_jwk(jwk: &RsaJwk) -> Result<Self, KeyError> {
        let read = |name, text: &str| {
            let bytes = from_base64url(text).ok_or(KeyError::Member(name))?;
            Ok::<_, KeyError>(der::trimmed(&bytes).to_vec())
        };
        let (d, p, q) = (read("d", &jwk.d)?, read("p", &jwk.p)?, read("q", &jwk.q)?);
        let [dp, dq, qi] = match (&jwk.dp, &jwk.dq, &jwk.qi) {
            (Some(dp), Some(dq), Some(qi)) => [read("dp", dp)?, read("dq", dq)?, read("qi", qi)?],
            // RFC 7518 §6.3.2: all of them or none.
            _ => remainders(&d, &p, &q)
                .ok_or_else(|| KeyError::Rejected("`p` or `q` is no prime".to_owned()))?,
        };
        Ok(Self { n: read("n", &jwk.n)?, e: read("e", &jwk.e)?, d, p, q, dp, dq, qi })
    }
}

/// d mod (p-1), d mod (q-1) and the inverse of q modulo p (RFC 8017 §3.2).
fn remainders(d: &[u8], p: &[u8], q: &[u8]) -> Option<[Vec<u8>; 3]> {
    let [d, p, q] = [d, p, q].map(BigUint::from_bytes_be);
    let one = BigUint::from(1_u8);
    if p <= one || q <= one {
        return None;
    }
    let numbers = [&d % (&p - &one), &d % (&q - &one), q.modinv(&p)?];
    Some(numbers.map(|number| number.to_bytes_be()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_key_survives_its_jwk() {
        let key = RsaPrivate::generate().unwrap();
        let again = RsaPrivate::from_jwk(&key.to_jwk()).unwrap();
        assert_eq!(key.pkcs8(), again.pkcs8());
        assert!(again.key_pair().is_ok());
        assert!(key.public_pem().starts_with("-----BEGIN PUBLIC KEY-----\nMIIBIjAN"));
    }

    #[test]
    fn what_follows_from_the_primes_may_be_left_out() {
        let key = RsaPrivate::generate().unwrap();
        let short = RsaJwk { dp: None, dq: None, qi: None, ..key.to_jwk() };
        assert_eq!(RsaPrivate::from_jwk(&short).unwrap().pkcs8(), key.pkcs8());
        for prime in ["AA", "AQ"] {
            let wrong = RsaJwk { p: prime.to_owned(), ..short.clone() };
            assert!(RsaPrivate::from_jwk(&wrong).is_err(), "{prime}");
        }
    }

    #[test]
    fn a_key_with_a_wrong_number_is_refused() {
        let mut key = RsaPrivate::generate().unwrap();
        key.d[3] ^= 1;
        assert!(key.key_pair().is_err());
    }
}
