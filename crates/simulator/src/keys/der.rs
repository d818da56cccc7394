//! As much ASN.1 DER as an RSA private key needs (X.690; RFC 8017 appendix A.1.2; RFC 5208).

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// `AlgorithmIdentifier` of `rsaEncryption`, with its NULL parameters.
const RSA_ENCRYPTION: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// `PrivateKeyInfo` around an `RSAPrivateKey` of the eight given integers (n, e, d, p, q, dp, dq, qi).
pub(super) fn pkcs8(integers: &[&[u8]; 8]) -> Vec<u8> {
    let mut key = integer(&[]);
    for value in integers {
        key.extend(integer(value));
    }
    let mut info = integer(&[]);
    info.extend(RSA_ENCRYPTION);
    info.extend(tagged(OCTET_STRING, &tagged(SEQUENCE, &key)));
    tagged(SEQUENCE, &info)
}

/// `SubjectPublicKeyInfo` of an RSA key.
pub(super) fn public_key_info(n: &[u8], e: &[u8]) -> Vec<u8> {
    let mut key = integer(n);
    key.extend(integer(e));
    let mut bits = vec![0];
    bits.extend(tagged(SEQUENCE, &key));
    let mut info = RSA_ENCRYPTION.to_vec();
    info.extend(tagged(0x03, &bits));
    tagged(SEQUENCE, &info)
}

/// The eight integers of the `RSAPrivateKey` inside a `PrivateKeyInfo`; `None` for any other shape.
pub(super) fn integers(pkcs8: &[u8]) -> Option<[Vec<u8>; 8]> {
    let mut info = Reader(Reader(pkcs8).read(SEQUENCE)?);
    info.read(INTEGER)?;
    info.read(SEQUENCE)?;
    let mut key = Reader(Reader(info.read(OCTET_STRING)?).read(SEQUENCE)?);
    key.read(INTEGER)?;
    let mut values: [Vec<u8>; 8] = Default::default();
    for value in &mut values {
        *value = trimmed(key.read(INTEGER)?).to_vec();
    }
    Some(values)
}

/// Without leading zero bytes: the form JWKs use.
pub(super) fn trimmed(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}

fn integer(magnitude: &[u8]) -> Vec<u8> {
    let magnitude = trimmed(magnitude);
    let mut content = Vec::with_capacity(magnitude.len() + 1);
    if magnitude.first().is_none_or(|first| *first >= 0x80) {
        content.push(0);
    }
    content.extend_from_slice(magnitude);
    tagged(INTEGER, &content)
}

fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let length = trimmed(&length);
    let mut element = vec![tag];
    match content.len() {
        0..=0x7f => element.push(u8::try_from(content.len()).unwrap_or(0)),
        _ => {
            element.push(0x80 | u8::try_from(length.len()).unwrap_or(0));
            element.extend_from_slice(length);
        }
    }
    element.extend_from_slice(content);
    element
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn read(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (found, rest) = self.0.split_first()?;
        let (first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(*first), rest),
            _ => {
                let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                (
                    bytes.iter().try_fold(0_usize, |sum, byte| {
                        sum.checked_mul(256)?.checked_add(usize::from(*byte))
                    })?,
                    rest,
                )
            }
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        (*found == tag).then_some(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let long = [0x91; 300];
        let values: [&[u8]; 8] = [&long, &[1, 0, 1], &[5], &[0x7f], &[0x80], &[0xff; 130], &[9, 9], &[1]];
        let read = integers(&pkcs8(&values)).unwrap();
        for (value, read) in values.iter().zip(&read) {
            assert_eq!(value, read);
        }
    }

    #[test]
    fn truncated_input_is_refused_at_every_length() {
        let whole = pkcs8(&[&[0x91; 200], &[1, 0, 1], &[5], &[3], &[7], &[1], &[1], &[1]]);
        for length in 0..whole.len() {
            assert!(integers(&whole[..length]).is_none(), "length {length}");
        }
    }
}
