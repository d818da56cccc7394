//! The three encodings that tokens, keys and certificates are written in.

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD, URL_SAFE_NO_PAD};

/// Unpadded base64url (RFC 7515 §2).
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads unpadded base64url.
pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Reads base64url with or without padding: some clients pad the parts of their assertions.
pub(crate) fn from_padded_base64url(text: &str) -> Option<Vec<u8>> {
    const EITHER: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::URL_SAFE,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    EITHER.decode(text).ok()
}

/// Padded base64 on one line, as in `x5c` (RFC 7517 §4.7).
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads padded base64, as in HTTP Basic.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// A PEM block with lines of 64 characters and a final line feed (RFC 7468).
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let body = base64(der);
    let mut block = format!("-----BEGIN {label}-----\n");
    for start in (0..body.len()).step_by(64) {
        block.push_str(&body[start..body.len().min(start + 64)]);
        block.push('\n');
    }
    block.push_str(&format!("-----END {label}-----\n"));
    block
}
