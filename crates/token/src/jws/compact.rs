//! Splits and decodes the three parts of a token.

use crate::{Limits, Rejection};

/// Strict base64url: no padding, no white space, no bits left over in the last character (RFC 4648 §3.5, T-002).
const BASE64URL: base64_simd::Base64 = base64_simd::URL_SAFE_NO_PAD;

/// A token in parts. The decoded parts stand in one buffer: header, payload, signature.
pub(crate) struct Compact<'t> {
    signing_input: &'t [u8],
    decoded: Vec<u8>,
    header_end: usize,
    payload_end: usize,
}

impl<'t> Compact<'t> {
    /// Decodes `token`, looking at its length before anything else.
    pub(crate) fn decode(token: &'t str, limits: Limits) -> Result<Self, Rejection> {
        if token.len() > limits.token_bytes_max() {
            return Err(Rejection::TokenTooLarge { bytes: token.len(), bytes_max: limits.token_bytes_max() });
        }
        let (header, payload, signature) = three_parts(token)?;
        let mut decoded = Vec::with_capacity(token.len());
        let header_end = append(&mut decoded, header, "header")?;
        let payload_end = append(&mut decoded, payload, "payload")?;
        append(&mut decoded, signature, "signature")?;
        let signing_input = &token.as_bytes()[..header.len() + 1 + payload.len()];
        Ok(Self { signing_input, decoded, header_end, payload_end })
    }

    /// The bytes that were signed, as received: never re-encoded (RFC 7515 §5.2, T-010).
    pub(crate) fn signing_input(&self) -> &'t [u8] {
        self.signing_input
    }

    pub(crate) fn header(&self) -> &[u8] {
        &self.decoded[..self.header_end]
    }

    pub(crate) fn payload(&self) -> &[u8] {
        &self.decoded[self.header_end..self.payload_end]
    }

    pub(crate) fn signature(&self) -> &[u8] {
        &self.decoded[self.payload_end..]
    }
}

/// Exactly three non-empty parts; stops at the fourth, however many follow (CVE-2025-30204).
fn three_parts(token: &str) -> Result<(&str, &str, &str), Rejection> {
    let mut parts = token.splitn(4, '.');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(header), Some(payload), Some(signature), None)
            if !header.is_empty() && !payload.is_empty() && !signature.is_empty() =>
        {
            Ok((header, payload, signature))
        }
        _ => Err(Rejection::MalformedToken { problem: "not three non-empty parts" }),
    }
}

fn append(decoded: &mut Vec<u8>, part: &str, name: &'static str) -> Result<usize, Rejection> {
    match BASE64URL.decode_append(part, decoded) {
        Ok(()) => Ok(decoded.len()),
        Err(_) => Err(Rejection::MalformedToken {
            problem: match name {
                "header" => "header is not strict base64url",
                "payload" => "payload is not strict base64url",
                _ => "signature is not strict base64url",
            },
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{BASE64URL, Compact};
    use crate::Limits;

    fn decodes(token: &str) -> bool {
        Compact::decode(token, Limits::default()).is_ok()
    }

    /// T-002: one spelling of each token.
    #[test]
    fn only_the_strict_compact_form_decodes() {
        assert!(decodes("e30.e30.AQ"));
        for spelling in [
            "",
            ".",
            "..",
            "e30.e30",
            "e30.e30.",
            ".e30.AQ",
            "e30..AQ",
            "e30.e30.AQ.",
            "e30.e30.AQ.e30",
            "e30.e30.AQ.e30.AQ",
            "e30=.e30.AQ",
            "e30.e30.AQ==",
            "e30.e30.AR",
            "e30.e31.AQ",
            " e30.e30.AQ",
            "e30.e30.AQ\n",
            "e30.e3 0.AQ",
            "e30.e30.A",
            "e30.e30.+/8",
            "e30.e30.AQé",
            "{\"payload\":\"e30\"}",
        ] {
            assert!(!decodes(spelling), "{spelling:?}");
        }
    }

    /// T-003: length is looked at before content.
    #[test]
    fn length_is_bounded() {
        let long = |bytes: usize| format!("e30.e30.{}", BASE64URL.encode_to_string(vec![7; bytes / 4 * 3]));
        assert!(decodes(&long(15_000)));
        assert!(!decodes(&long(17_000)));
        assert!(Compact::decode(&long(17_000), Limits::default().with_token_bytes_max(20_000)).is_ok());
    }

    /// T-002: whatever decodes is what its bytes encode to.
    #[test]
    fn what_decodes_is_canonical() {
        for last in (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9') {
            let token = format!("e30.e30.A{}", char::from(last));
            if let Ok(parts) = Compact::decode(&token, Limits::default()) {
                assert_eq!(token, format!("e30.e30.{}", BASE64URL.encode_to_string(parts.signature())));
            }
        }
    }
}
