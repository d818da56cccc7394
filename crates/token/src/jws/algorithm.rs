//! The signature algorithms we know: asymmetric only, so that a published key never becomes a shared secret.

use std::fmt;

/// A signature algorithm (RFC 7518 §3.1). There is no `none` and no HMAC to configure (T-005).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256: the one that Entra uses.
    Rs256,
    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes.
    Ps256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
}

impl Algorithm {
    /// The registered name, compared exactly: case matters (RFC 7515 §4.1.1).
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Rs256, Self::Ps256, Self::Es256].into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// The registered name, for example `RS256`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
        }
    }

    /// The key type that this algorithm takes (RFC 7518 §6.1).
    pub(crate) fn key_type(self) -> &'static str {
        match self {
            Self::Rs256 | Self::Ps256 => "RSA",
            Self::Es256 => "EC",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
