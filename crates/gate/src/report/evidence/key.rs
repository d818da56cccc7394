//! Ed25519 keys of whoever vouches for a run.

use std::{fmt, str::FromStr};

use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::hex;

/// `SubjectPublicKeyInfo` of an Ed25519 key, up to its 32 bytes (RFC 8410 §4).
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// A private key that signs evidence. `Debug` shows the public half alone (T-171).
pub struct SigningKey(Ed25519KeyPair);

/// A public key whose evidence counts, written `ed25519:` and base64.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VerifyingKey([u8; 32]);

/// Why a key cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Neither `ed25519:` and base64 nor PEM.
    #[error(
        "expected a public key: `ed25519:` and 44 characters of base64, or PEM, as `openssl pkey -pubout` writes it"
    )]
    Public,
    /// No `BEGIN PRIVATE KEY`.
    #[error("expected a private key in PEM, `-----BEGIN PRIVATE KEY-----`")]
    NotPem,
    /// `BEGIN ENCRYPTED PRIVATE KEY`.
    #[error("the private key is encrypted: decrypt it first, for example with `openssl pkey`")]
    Encrypted,
    /// A key of another kind.
    #[error("not an Ed25519 key, as `openssl genpkey -algorithm ed25519` makes it")]
    NotEd25519,
}

impl SigningKey {
    /// Reads PKCS#8 in PEM (RFC 5958, RFC 7468), as `openssl genpkey -algorithm ed25519` writes it.
    ///
    /// # Errors
    /// A [`KeyError`] that says what the text is instead.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        if pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") {
            return Err(KeyError::Encrypted);
        }
        let der = pem_body(pem, "PRIVATE KEY").ok_or(KeyError::NotPem)?;
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map(Self).map_err(|_| KeyError::NotEd25519)
    }

    /// The half that others may know.
    pub fn public(&self) -> VerifyingKey {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.0.public_key().as_ref());
        VerifyingKey(bytes)
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }
}

impl VerifyingKey {
    /// SHA-256 of its `SubjectPublicKeyInfo`, in hexadecimal: `openssl pkey -pubin -outform DER | sha256sum`.
    pub fn id(&self) -> String {
        hex(digest(&SHA256, &[&SPKI[..], &self.0].concat()).as_ref())
    }

    pub(super) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(message, signature).is_ok()
    }
}

/// The bytes between the lines of a PEM block with that label.
fn pem_body(pem: &str, label: &str) -> Option<Zeroizing<Vec<u8>>> {
    let (_, body) = pem.split_once(&format!("-----BEGIN {label}-----"))?;
    let (body, _) = body.split_once(&format!("-----END {label}-----"))?;
    let body = Zeroizing::new(body.split_ascii_whitespace().collect::<String>());
    STANDARD.decode(&*body).map(Zeroizing::new).ok()
}

impl FromStr for VerifyingKey {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let bytes = match (text.strip_prefix("ed25519:"), pem_body(text, "PUBLIC KEY")) {
            (Some(encoded), _) => STANDARD.decode(encoded.trim_end()).map_err(|_| KeyError::Public)?,
            (None, Some(der)) => der.strip_prefix(&SPKI).ok_or(KeyError::NotEd25519)?.to_vec(),
            (None, None) => return Err(KeyError::Public),
        };
        bytes.try_into().map(Self).map_err(|_| KeyError::Public)
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ed25519:{}", STANDARD.encode(self.0))
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({self})")
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(of {})", self.public())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples::PRIVATE_KEY;

    #[test]
    fn a_key_of_openssl_can_be_read() {
        let key = SigningKey::from_pem(PRIVATE_KEY).unwrap().public();
        assert_eq!(key.to_string(), "ed25519:Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=");
        let pem = "-----BEGIN PUBLIC KEY-----\r\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\r\n-----END PUBLIC KEY-----\r\n";
        assert_eq!([pem.parse(), key.to_string().parse()], [Ok(key), Ok(key)]);
    }

    #[test]
    fn other_keys_are_named() {
        let private = |pem: &str| SigningKey::from_pem(pem).unwrap_err();
        assert_eq!(private(""), KeyError::NotPem);
        assert_eq!(private("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"), KeyError::Encrypted);
        assert_eq!(private(&PRIVATE_KEY.replace("MC4C", "MC5C")), KeyError::NotEd25519);
        let public = |text: &str| text.parse::<VerifyingKey>().unwrap_err();
        assert_eq!(public(""), KeyError::Public);
        assert_eq!(public("ed25519:AAAA"), KeyError::Public);
        assert_eq!(
            public("-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----"),
            KeyError::NotEd25519
        );
    }

    /// T-171.
    #[test]
    fn debug_shows_the_public_half_alone() {
        let key = SigningKey::from_pem(PRIVATE_KEY).unwrap();
        assert_eq!(format!("{key:?}"), "SigningKey(of ed25519:Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=)");
    }
}
