//! Public keys of people who may propose and review.

use std::{fmt, str::FromStr};

use aws_lc_rs::signature::{ED25519, ED25519_PUBLIC_KEY_LEN, UnparsedPublicKey};

/// An Ed25519 public key (RFC 8032), written `ed25519:` and base64.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey([u8; ED25519_PUBLIC_KEY_LEN]);

/// Why a key could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Not `ed25519:` and base64 of 32 bytes.
    #[error("expected `ed25519:` and 44 characters of base64, as `tenantry allow-list key` prints it")]
    Public,
    /// A point of small order: a signature under it can be made without any secret.
    #[error("this public key is one of the few under which anybody can sign")]
    Weak,
    /// No `BEGIN PRIVATE KEY`.
    #[error("expected a private key in PEM, `-----BEGIN PRIVATE KEY-----`")]
    NotPem,
    /// `BEGIN ENCRYPTED PRIVATE KEY`.
    #[error("the private key is encrypted: decrypt it first, for example with `openssl pkey`")]
    Encrypted,
    /// A private key, but not an Ed25519 one in PKCS#8.
    #[error("not an Ed25519 key in PKCS#8, as `openssl genpkey -algorithm ed25519` writes it")]
    NotEd25519,
    /// The system gave no randomness.
    #[error("no key could be made")]
    NotMade,
}

impl PublicKey {
    pub(crate) fn new(bytes: [u8; ED25519_PUBLIC_KEY_LEN]) -> Result<Self, KeyError> {
        if is_small_order(&bytes) { Err(KeyError::Weak) } else { Ok(Self(bytes)) }
    }

    /// Whether `signature` is this key's over `message` (RFC 8032 §5.1.7).
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(message, signature).is_ok()
    }
}

/// The points of small order, without the sign bit: 0, 1, −1, the two of order 8, and the encodings of 0 and 1
/// that are not reduced (RFC 8032 §5.1.3 leaves it to us to refuse them).
fn is_small_order(key: &[u8; 32]) -> bool {
    const ORDER_8: [[u8; 32]; 2] = [
        *b"\x26\xe8\x95\x8f\xc2\xb2\x27\xb0\x45\xc3\xf4\x89\xf2\xef\x98\xf0\xd5\xdf\xac\x05\xd3\xc6\x33\x39\xb1\x38\x02\x88\x6d\x53\xfc\x05",
        *b"\xc7\x17\x6a\x70\x3d\x4d\xd8\x4f\xba\x3c\x0b\x76\x0d\x10\x67\x0f\x2a\x20\x53\xfa\x2c\x39\xcc\xc6\x4e\xc7\xfd\x77\x92\xac\x03\x7a",
    ];
    let mut y = *key;
    y[31] &= 0x7f;
    let all_but_first = |first: u8, middle: u8, last: u8| {
        y[0] == first && y[1..31].iter().all(|byte| *byte == middle) && y[31] == last
    };
    let zero_or_one = all_but_first(0, 0, 0) || all_but_first(1, 0, 0);
    let around_p = (0xec..=0xee).any(|first| all_but_first(first, 0xff, 0x7f));
    zero_or_one || around_p || ORDER_8.contains(&y)
}

impl FromStr for PublicKey {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let encoded = text.strip_prefix("ed25519:").ok_or(KeyError::Public)?;
        let bytes = base64_simd::STANDARD.decode_to_vec(encoded).map_err(|_| KeyError::Public)?;
        Self::new(bytes.try_into().map_err(|_| KeyError::Public)?)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ed25519:{}", base64_simd::STANDARD.encode_to_string(self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl serde::Serialize for PublicKey {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for PublicKey {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}
