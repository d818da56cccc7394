//! The simulator's signing keys: where they come from, who they sign for, and which of them are published.
//!
//! As at Entra, organisational tenants share their keys and personal accounts have one of their own, so a good
//! signature proves no tenant. External tenants, and applications that ask for it, have keys of their own. Start at
//! [`ring::KeyRing`].

mod certificate;
mod der;
mod primes;
mod ring;
mod rsa;
mod source;

pub(crate) use certificate::{authority as authority_certificate, leaf as leaf_certificate};
pub use ring::{KeyOwner, KeyRotation, RotatedKeys};
pub(crate) use ring::{KeyState, Keys, SigningKey};
pub(crate) use rsa::{RsaJwk, RsaPrivate};
pub(crate) use source::KeySource;

/// A key that could not be made, read or kept.
#[derive(Debug, Clone, thiserror::Error)]
pub enum KeyError {
    /// The generator failed.
    #[error("could not generate an RSA key")]
    Generate,
    /// The numbers of a key do not belong together.
    #[error("not a usable RSA private key: {0}")]
    Rejected(String),
    /// A JWK member is missing or not base64url.
    #[error("member `{0}` of the JWK is not base64url")]
    Member(&'static str),
    /// Nobody of that name has keys of their own.
    #[error("{0} has no signing keys of its own")]
    NoOwner(String),
    /// A certificate could not be made for the key.
    #[error("could not make a certificate: {0}")]
    Certificate(String),
    /// The state directory could not be read or written.
    #[error("state file `{path}`: {reason}")]
    State {
        /// The file.
        path: String,
        /// What went wrong.
        reason: String,
    },
}

impl From<rcgen::Error> for KeyError {
    fn from(error: rcgen::Error) -> Self {
        Self::Certificate(error.to_string())
    }
}
