//! Tokens in pieces and published keys: RFC 7515 and 7517 as far as the programs share them. What to check is each one's
//! own business.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, URL_SAFE_NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use reqwest::Client;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// A token in its parts, nothing proven.
#[derive(Debug)]
pub(crate) struct Parts<'t> {
    pub(crate) header: Object,
    pub(crate) claims: Object,
    /// The bytes that the signature is over.
    pub(crate) signed: &'t str,
    /// base64url.
    pub(crate) signature: String,
}

/// How parts are decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// The one spelling of RFC 4648 §5, without padding.
    Canonical,
    /// As Python's `base64` does it: padding or none, strange characters skipped, leftover bits ignored.
    Lenient,
}

impl<'t> Parts<'t> {
    pub(crate) fn of(token: &'t str, spelling: Spelling) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.encode(decode(signature, spelling)?);
        Some(Self { header: object(header, spelling)?, claims: object(claims, spelling)?, signed, signature })
    }

    /// A header parameter that is text.
    pub(crate) fn header_text(&self, name: &str) -> Option<&str> {
        self.header.get(name)?.as_str()
    }

    /// Whether `key` made the signature by RS256.
    pub(crate) fn is_signed_by(&self, key: &Key) -> bool {
        let Ok(key) = DecodingKey::from_rsa_components(&key.n, &key.e) else { return false };
        crypto::verify(&self.signature, self.signed.as_bytes(), &key, Algorithm::RS256).unwrap_or(false)
    }
}

/// The last of several members of one name counts, as in most parsers.
fn object(part: &str, spelling: Spelling) -> Option<Object> {
    serde_json::from_slice(&decode(part, spelling)?).ok()
}

/// base64url to bytes.
pub(crate) fn decode(part: &str, spelling: Spelling) -> Option<Vec<u8>> {
    if spelling == Spelling::Canonical {
        return URL_SAFE_NO_PAD.decode(part).ok();
    }
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let is_digit = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let digits: String = part.chars().filter(is_digit).collect();
    GeneralPurpose::new(&base64::alphabet::URL_SAFE, config).decode(digits).ok()
}

/// The token of the first `Authorization` field, if its scheme is `Bearer`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    of_scheme_bearer(headers.get(header::AUTHORIZATION)?)
}

/// The token of one `Authorization` field.
pub(crate) fn of_scheme_bearer(field: &axum::http::HeaderValue) -> Option<&str> {
    let (scheme, token) = field.to_str().ok()?.split_once(' ')?;
    let token = token.trim_start_matches(' ');
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// A published RSA key.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Key {
    pub(crate) kid: String,
    pub(crate) n: String,
    pub(crate) e: String,
    /// Whom it signs for, where the document says so. The articles' programs do not look at it.
    pub(crate) issuer: Option<String>,
}

/// The RSA keys of the document at `address`.
pub(crate) async fn fetch(http: &Client, address: &str) -> Result<Vec<Key>, reqwest::Error> {
    #[derive(Deserialize)]
    struct Document {
        keys: Vec<Value>,
    }
    let document: Document = http.get(address).send().await?.error_for_status()?.json().await?;
    Ok(document.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::{Parts, Spelling, decode};

    #[test]
    fn one_spelling_or_many() {
        assert_eq!(decode("YQ", Spelling::Canonical), Some(b"a".to_vec()));
        for other in ["YR", "YQ==", "Y!Q"] {
            assert_eq!(decode(other, Spelling::Canonical), None, "{other}");
            assert_eq!(decode(other, Spelling::Lenient), Some(b"a".to_vec()), "{other}");
        }
    }

    #[test]
    fn a_token_has_three_parts_with_objects_in_them() {
        assert!(Parts::of("e30.e30.", Spelling::Canonical).is_some());
        for bad in ["", "e30", "e30.e30", "W10.e30.", "e30.e30.e30.", "?.e30."] {
            assert!(Parts::of(bad, Spelling::Canonical).is_none(), "{bad}");
        }
    }
}
