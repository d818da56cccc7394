//! As much DER as an RSA private key needs (RFC 8017 appendix A.1.2, RFC 5208).

const RSA_ENCRYPTION: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// `PrivateKeyInfo` of an RSA key, from n, e, d, p, q, dp, dq, qi.
pub(super) fn private_key(numbers: &[Vec<u8>; 8]) -> Vec<u8> {
    let mut key = integer(&[]);
    numbers.iter().for_each(|number| key.extend(integer(number)));
    let mut info = integer(&[]);
    info.extend(RSA_ENCRYPTION);
    info.extend(tagged(0x04, &tagged(0x30, &key)));
    tagged(0x30, &info)
}

/// Modulus and exponent of an `RSAPublicKey` (RFC 8017 appendix A.1.1).
pub(super) fn public_numbers(der: &[u8]) -> Option<[Vec<u8>; 2]> {
    let (key, _) = read(der, 0x30)?;
    let (n, rest) = read(key, 0x02)?;
    let (e, _) = read(rest, 0x02)?;
    Some([n, e].map(|number| number.iter().copied().skip_while(|byte| *byte == 0).collect()))
}

/// The content of the first element, and what follows it.
fn read(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, length_and_rest) = (*der.first()?, der.get(1..)?);
    let (length, rest) = match *length_and_rest.first()? {
        short @ 0..=0x7f => (usize::from(short), &length_and_rest[1..]),
        0x81 => (usize::from(*length_and_rest.get(1)?), length_and_rest.get(2..)?),
        0x82 => {
            let (high, low) = (*length_and_rest.get(1)?, *length_and_rest.get(2)?);
            (usize::from(high) << 8 | usize::from(low), length_and_rest.get(3..)?)
        }
        _ => return None,
    };
    (found == tag).then(|| rest.split_at_checked(length))?
}

fn integer(magnitude: &[u8]) -> Vec<u8> {
    let zeros = magnitude.iter().take_while(|byte| **byte == 0).count();
    let magnitude = &magnitude[zeros..];
    // A leading bit would be a sign.
    let padded = match magnitude.first() {
        Some(first) if *first < 0x80 => magnitude.to_vec(),
        _ => [&[0], magnitude].concat(),
    };
    tagged(0x02, &padded)
}

fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut bytes = vec![tag];
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => bytes.push(short),
        Ok(byte) => bytes.extend([0x81, byte]),
        Err(_) => bytes.extend([0x82, (length >> 8) as u8, (length & 0xff) as u8]),
    }
    bytes.extend_from_slice(content);
    bytes
}
