//! What an application proves itself with, and what a person does.

use std::fmt;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::is_default;
use super::safety::is_private_key;
use crate::encoding::{base64, base64url, from_base64};
use crate::ids::PartId;

/// A development password or client secret. `Debug` does not show it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What tells this password from the next one, and nothing more.
    pub(crate) fn mark(&self) -> String {
        base64url(digest(&SHA256, format!("mark|{}", self.0).as_bytes()).as_ref())
    }

    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    /// Compares without a hint of where the difference is.
    pub(crate) fn matches(&self, given: &str) -> bool {
        !self.0.is_empty()
            && aws_lc_rs::constant_time::verify_slices_are_equal(self.0.as_bytes(), given.as_bytes()).is_ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A client secret: a text, or a table with its dates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "SecretEntry", into = "SecretEntry")]
pub struct ClientSecret {
    /// The secret.
    pub text: Secret,
    /// Id by which it is removed. Default: follows from the secret.
    pub key_id: PartId,
    /// Display name.
    pub name: Option<String>,
    /// From when on it is refused (7000222). Unix seconds. Default: never.
    pub expires_at: Option<i64>,
}

/// How a secret is written.
#[derive(Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "a client secret: a text, or a table of `text`, `key_id`, `name`, `expires_at`"
)]
enum SecretEntry {
    Plain(Secret),
    Full(SecretTable),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SecretTable {
    text: Secret,
    #[serde(default, skip_serializing_if = "is_default")]
    key_id: Option<PartId>,
    #[serde(default, skip_serializing_if = "is_default")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    expires_at: Option<i64>,
}

impl From<SecretEntry> for ClientSecret {
    fn from(entry: SecretEntry) -> Self {
        let table = match entry {
            SecretEntry::Plain(text) => SecretTable { text, key_id: None, name: None, expires_at: None },
            SecretEntry::Full(table) => table,
        };
        let key_id = table.key_id.unwrap_or_else(|| PartId::derived(&format!("secret|{}", table.text.0)));
        Self { text: table.text, key_id, name: table.name, expires_at: table.expires_at }
    }
}

impl From<ClientSecret> for SecretEntry {
    fn from(secret: ClientSecret) -> Self {
        let derived = PartId::derived(&format!("secret|{}", secret.text.0));
        let key_id = Some(secret.key_id).filter(|id| *id != derived);
        if key_id.is_none() && secret.name.is_none() && secret.expires_at.is_none() {
            return Self::Plain(secret.text);
        }
        let (name, expires_at) = (secret.name, secret.expires_at);
        Self::Full(SecretTable { text: secret.text, key_id, name, expires_at })
    }
}

/// A public certificate that a client signs its assertions with: PEM, or the base64 text of its DER form.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
}

/// A text that is no certificate, for example a private key: those have no business in a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither a PEM certificate nor the base64 text of one; private keys stay with the client")]
pub struct NotACertificate;

impl Certificate {
    /// From PEM or base64 text. Only the outermost DER structures are looked at here: those of a private key differ.
    ///
    /// # Errors
    /// [`NotACertificate`].
    pub fn from_text(text: &str) -> Result<Self, NotACertificate> {
        let body: String = text.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
        let der = from_base64(&body).filter(|der| is_sequence(der) && !is_private_key(text));
        der.map(|der| Self { der }).ok_or(NotACertificate)
    }

    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    /// `x5t`: base64url(SHA-1(DER)), without padding (RFC 7515 §4.1.7).
    pub(crate) fn sha1_thumbprint(&self) -> String {
        base64url(digest(&SHA1_FOR_LEGACY_USE_ONLY, &self.der).as_ref())
    }

    /// `x5t#S256`: base64url(SHA-256(DER)), without padding (RFC 7515 §4.1.8).
    pub(crate) fn sha256_thumbprint(&self) -> String {
        base64url(digest(&SHA256, &self.der).as_ref())
    }

    /// SHA-1(DER) as most tools show it: hexadecimal, upper case.
    pub(crate) fn sha1_hex(&self) -> String {
        digest(&SHA1_FOR_LEGACY_USE_ONLY, &self.der)
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect()
    }

    /// `SubjectPublicKeyInfo`, DER (RFC 5280 §4.1.2.7); `None` if the certificate cannot be read.
    pub(crate) fn public_key(&self) -> Option<Vec<u8>> {
        let der = self.der.as_slice().into();
        let certificate = webpki::EndEntityCert::try_from(&der).ok()?;
        Some(certificate.subject_public_key_info().to_vec())
    }

    pub(crate) fn key_id(&self) -> PartId {
        PartId::derived(&format!("certificate|{}", self.sha256_thumbprint()))
    }
}

/// Whether DER is a sequence whose first element, if any, is one too. Private keys start with a version number.
fn is_sequence(der: &[u8]) -> bool {
    const SEQUENCE: u8 = 0x30;
    let length_bytes =
        der.get(1).map_or(0, |first| if *first < 0x80 { 1 } else { 1 + usize::from(first & 0x7f) });
    der.first() == Some(&SEQUENCE) && der.get(1 + length_bytes).is_none_or(|inner| *inner == SEQUENCE)
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.sha256_thumbprint())
    }
}

impl Serialize for Certificate {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&base64(&self.der))
    }
}

impl<'de> Deserialize<'de> for Certificate {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::from_text(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// Trust in somebody else's tokens instead of a secret: a workload's identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FederatedCredential {
    /// Name, unique within the application.
    pub name: String,
    /// `iss` of the assertion, to the letter.
    pub issuer: String,
    /// `sub` of the assertion, to the letter.
    pub subject: String,
    /// `aud` of the assertion. Default `api://AzureADTokenExchange`.
    #[serde(default = "token_exchange")]
    pub audiences: Vec<String>,
}

pub(crate) fn token_exchange() -> Vec<String> {
    vec!["api://AzureADTokenExchange".to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_a_text_or_a_table() {
        let plain: ClientSecret = serde_json::from_str("\"s\"").unwrap();
        assert_eq!(serde_json::to_string(&plain).unwrap(), "\"s\"");
        let full: ClientSecret = serde_json::from_str(r#"{"text":"s","expires_at":7}"#).unwrap();
        assert_eq!((full.expires_at, full.key_id), (Some(7), plain.key_id));
        assert!(serde_json::from_str::<ClientSecret>(r#"{"text":"s","expires":7}"#).is_err());
        assert!(!format!("{full:?}").contains("\"s\""));
    }

    #[test]
    fn what_is_no_certificate_is_refused() {
        assert!(Certificate::from_text("MAA=").is_ok());
        for text in [
            "",
            "hello",
            "AAAA",
            "MAMCAQA=",
            "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----",
            "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----",
        ] {
            assert!(Certificate::from_text(text).is_err(), "{text}");
        }
    }
}
