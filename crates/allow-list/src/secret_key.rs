//! A person's private key: read from PEM, never printed, wiped when it is dropped.

use std::fmt;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use zeroize::Zeroizing;

use crate::{KeyError, PublicKey};

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// An Ed25519 private key (RFC 8410). `Debug` shows the public half alone (T-171).
pub struct SecretKey {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

impl SecretKey {
    /// A new key, from the system's randomness.
    ///
    /// # Errors
    /// [`KeyError::NotMade`] if the system has none.
    pub fn generate() -> Result<Self, KeyError> {
        Self::of(Ed25519KeyPair::generate().map_err(|_| KeyError::NotMade)?)
    }

    /// Reads PKCS#8 in PEM, version 1 (as `openssl genpkey -algorithm ed25519` writes) or 2 (RFC 5958, RFC 7468).
    ///
    /// # Errors
    /// A [`KeyError`] that says what the text is instead.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        if pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") {
            return Err(KeyError::Encrypted);
        }
        let (_, body) = pem.split_once(BEGIN).ok_or(not_pkcs8(pem))?;
        let (body, _) = body.split_once(END).ok_or(KeyError::NotPem)?;
        let body = Zeroizing::new(body.split_ascii_whitespace().collect::<String>());
        let der = Zeroizing::new(base64_simd::STANDARD.decode_to_vec(&*body).map_err(|_| KeyError::NotPem)?);
        Self::of(Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(|_| KeyError::NotEd25519)?)
    }

    /// PKCS#8 version 1 in PEM: the secret itself, for a file that only its owner can read.
    ///
    /// # Errors
    /// [`KeyError::NotMade`] if the key cannot be written.
    pub fn to_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        let der = self.pair.to_pkcs8v1().map_err(|_| KeyError::NotMade)?;
        let body = Zeroizing::new(base64_simd::STANDARD.encode_to_string(der.as_ref()));
        Ok(Zeroizing::new(format!("{BEGIN}\n{}\n{END}\n", &*body)))
    }

    /// The half that others may know.
    pub fn public(&self) -> PublicKey {
        self.public
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }

    fn of(pair: Ed25519KeyPair) -> Result<Self, KeyError> {
        let bytes = pair.public_key().as_ref().try_into().map_err(|_| KeyError::NotEd25519)?;
        Ok(Self { public: PublicKey::new(bytes)?, pair })
    }
}

/// Other kinds of private keys in PEM have other first lines.
fn not_pkcs8(pem: &str) -> KeyError {
    if pem.contains("PRIVATE KEY-----") { KeyError::NotEd25519 } else { KeyError::NotPem }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(of {})", self.public)
    }
}

#[cfg(test)]
mod tests {
    use super::SecretKey;
    use crate::KeyError;

    /// The key of RFC 8410 §10.3, without and with its public half.
    const V1: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
    const V2: &str = "-----BEGIN PRIVATE KEY-----\nMHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\noB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB\nZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PRIVATE KEY-----\n";

    #[test]
    fn keys_of_openssl_can_be_read() {
        let key = SecretKey::from_pem(V1).unwrap();
        assert_eq!(key.public().to_string(), "ed25519:Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=");
        assert_eq!(SecretKey::from_pem(&key.to_pem().unwrap()).unwrap().public(), key.public());
        assert_eq!(SecretKey::from_pem(&V1.replace('\n', "\r\n")).unwrap().public(), key.public());
    }

    /// RFC 8410's second sample carries attributes, which AWS-LC does not read: refused, never misread.
    #[test]
    fn a_key_with_attributes_is_itself_or_refused() {
        let expected = SecretKey::from_pem(V1).unwrap().public();
        assert!(SecretKey::from_pem(V2).map_or(true, |key| key.public() == expected));
    }

    /// T-171: nothing of the secret in `Debug`.
    #[test]
    fn debug_shows_the_public_half_alone() {
        let shown = format!("{:?}", SecretKey::from_pem(V1).unwrap());
        assert_eq!(shown, "SecretKey(of ed25519:Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=)");
    }

    #[test]
    fn other_keys_are_named() {
        let refused = |pem: &str| SecretKey::from_pem(pem).unwrap_err();
        assert_eq!(refused(""), KeyError::NotPem);
        assert_eq!(refused("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"), KeyError::Encrypted);
        assert_eq!(refused("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"), KeyError::NotEd25519);
        assert_eq!(refused("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"), KeyError::NotPem);
        assert_eq!(refused(&V1.replace("MC4C", "MC5C")), KeyError::NotEd25519);
        assert_eq!(refused(&V1.replace("MC4C", "M!4C")), KeyError::NotPem);
    }
}
