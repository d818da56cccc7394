//! DSSE 1.0: bytes, their type, and signatures over both (<https://github.com/secure-systems-lab/dsse>).

use base64::{
    Engine as _,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::{Deserialize, Serialize};

use super::{EvidenceFault, SigningKey, VerifyingKey};

const IN_TOTO: &str = "application/vnd.in-toto+json";
/// Evidence has one or two; more would make us verify for nothing.
const SIGNATURES_MAX: usize = 16;
/// Bytes of an envelope: a statement has about two thousand.
const BYTES_MAX: usize = 1 << 20;

/// Members that it does not know are ignored, as the protocol asks of every reader.
#[derive(Deserialize, Serialize)]
pub(super) struct Envelope {
    payload: String,
    #[serde(rename = "payloadType")]
    payload_type: String,
    signatures: Vec<Signature>,
}

#[derive(Deserialize, Serialize)]
struct Signature {
    /// A hint, which nothing protects.
    #[serde(default)]
    keyid: String,
    sig: String,
}

impl Envelope {
    pub(super) fn seal(payload: &[u8], key: &SigningKey) -> Self {
        Self::sealed(IN_TOTO, payload, key)
    }

    pub(super) fn sealed(payload_type: &str, payload: &[u8], key: &SigningKey) -> Self {
        let sig = encode(&key.sign(&pre_authentication(payload_type, payload)));
        Self {
            payload: encode(payload),
            payload_type: payload_type.to_owned(),
            signatures: vec![Signature { keyid: key.public().id(), sig }],
        }
    }

    /// Indented, with a line feed at the end.
    pub(super) fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    pub(super) fn parse(json: &str) -> Result<Self, EvidenceFault> {
        if json.len() > BYTES_MAX {
            return Err(EvidenceFault::Envelope(format!("more than {BYTES_MAX} bytes")));
        }
        let envelope: Self =
            serde_json::from_str(json).map_err(|error| EvidenceFault::Envelope(error.to_string()))?;
        match envelope.signatures.len() {
            0 => Err(EvidenceFault::Unsigned),
            1..=SIGNATURES_MAX => Ok(envelope),
            more => Err(EvidenceFault::Envelope(format!("{more} signatures, more than {SIGNATURES_MAX}"))),
        }
    }

    /// The signed bytes, if one of `trusted` signed them: those that were verified, not parsed a second time.
    pub(super) fn open(&self, trusted: &[VerifyingKey]) -> Result<Vec<u8>, EvidenceFault> {
        let payload = decode(&self.payload)?;
        let message = pre_authentication(&self.payload_type, &payload);
        let mut is_signed = false;
        for signature in &self.signatures {
            let bytes = decode(&signature.sig)?;
            is_signed |= trusted.iter().any(|key| key.signed(&message, &bytes));
        }
        match is_signed {
            false => Err(self.unsigned_by(trusted)),
            true if self.payload_type == IN_TOTO => Ok(payload),
            true => Err(EvidenceFault::PayloadType(shown(&self.payload_type))),
        }
    }

    /// Why no signature counted, by what they claim.
    fn unsigned_by(&self, trusted: &[VerifyingKey]) -> EvidenceFault {
        let claimed = self.signatures.iter().find(|s| trusted.iter().any(|key| key.id() == s.keyid));
        match claimed {
            Some(signature) => EvidenceFault::Signature(shown(&signature.keyid)),
            None => EvidenceFault::UnknownKey(
                self.signatures.first().map(|s| shown(&s.keyid)).unwrap_or_default(),
            ),
        }
    }
}

/// PAE: type and bytes with their lengths before them, so that neither can be taken for a part of the other.
fn pre_authentication(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut message = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    message.extend(payload);
    message
}

/// Somebody's text in a message of ours.
fn shown(text: &str) -> String {
    text.escape_debug().take(100).collect()
}

fn encode(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// Standard or URL-safe, as the protocol wants it.
fn decode(text: &str) -> Result<Vec<u8>, EvidenceFault> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let read = |alphabet| GeneralPurpose::new(alphabet, config).decode(text);
    read(&STANDARD).or_else(|_| read(&URL_SAFE)).map_err(|error| EvidenceFault::Envelope(error.to_string()))
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;

    /// The test vector of the protocol: "DSSE: Dead Simple Signing Envelope", section "Test Vectors".
    #[test]
    fn the_protocols_own_vector() {
        let message = pre_authentication("http://example.com/HelloWorld", b"hello world");
        assert_eq!(message, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
        let signature =
            "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==";
        let [x, y] = [
            "46950820868899156662930047687818585632848591499744589407958293238635476079160",
            "5640078356564379163099075877009565129882514886557779369047442380624545832820",
        ]
        .map(big_endian);
        let point = [&[4][..], &x, &y].concat();
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
        assert!(key.verify(&message, &decode(signature).unwrap()).is_ok());
    }

    /// 32 bytes of a decimal number.
    fn big_endian(decimal: &str) -> [u8; 32] {
        let mut bytes = [0; 32];
        for digit in decimal.bytes() {
            let mut carry = u32::from(digit - b'0');
            for byte in bytes.iter_mut().rev() {
                carry += u32::from(*byte) * 10;
                *byte = (carry & 0xff) as u8;
                carry >>= 8;
            }
        }
        bytes
    }

    #[test]
    fn lengths_are_bytes_and_part_type_from_content() {
        assert_eq!(pre_authentication("é", b""), "DSSEv1 2 é 0 ".as_bytes());
        assert_ne!(pre_authentication("a", b"b c"), pre_authentication("a 1 b", b"c"));
    }

    #[test]
    fn both_alphabets_are_read() {
        assert_eq!(decode("+/+/").unwrap(), decode("-_-_").unwrap());
        assert_eq!(decode("YQ==").unwrap(), decode("YQ").unwrap());
        assert!(decode("a").is_err() && decode("YR==").is_err() && decode("Y Q=").is_err());
    }
}
