//! The public test keys, and RSA with any padding: the refused signatures need paddings that no library makes.

use aws_lc_rs::{
    digest::{self, digest},
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    },
};
use num_bigint::BigUint;

use super::{FOLDER, base64url, from_base64};

/// `DigestInfo` of SHA-256 up to the hash (RFC 8017 §9.2, note 1).
pub const SHA256_INFO: &str = "3031300d060960864801650304020105000420";
/// The same without the `NULL` parameters.
pub const SHA256_INFO_WITHOUT_NULL: &str = "302f300b0609608648016503040201 0420";
/// Of SHA-1.
pub const SHA1_INFO: &str = "3021300906052b0e03021a05000414";
/// Of SHA-384.
pub const SHA384_INFO: &str = "3041300d060960864801650304020205000430";
/// Of SHA-512.
pub const SHA512_INFO: &str = "3051300d060960864801650304020305000440";

/// An RSA key pair as numbers.
pub struct Rsa {
    /// The modulus.
    pub n: BigUint,
    /// The public exponent.
    pub e: BigUint,
    p: BigUint,
    q: BigUint,
    d_p: BigUint,
    d_q: BigUint,
    q_inverse: BigUint,
}

impl Rsa {
    /// The test key of this name.
    pub fn load(name: &str) -> Self {
        let pkcs8 = pkcs8(name);
        let (_, outer, _) = der(&pkcs8);
        let (_, _version, rest) = der(outer);
        let (_, _algorithm, rest) = der(rest);
        let (_, wrapped, _) = der(rest);
        let (_, key, _) = der(wrapped);
        let (_, _version, rest) = der(key);
        let mut rest = rest;
        let mut number = || {
            let (_, number, after) = der(rest);
            rest = after;
            BigUint::from_bytes_be(number)
        };
        let [n, e, _d, p, q, d_p, d_q, q_inverse] = std::array::from_fn(|_| number());
        Self { n, e, p, q, d_p, d_q, q_inverse }
    }

    /// Bytes of the modulus, and of every signature.
    pub fn len(&self) -> usize {
        usize::try_from(self.n.bits().div_ceil(8)).unwrap()
    }

    /// The private operation on an encoded message, whatever its padding (RFC 8017 §5.2.1).
    pub fn raw(&self, encoded: &[u8]) -> Vec<u8> {
        let message = BigUint::from_bytes_be(encoded);
        let (by_p, by_q) = (message.modpow(&self.d_p, &self.p), message.modpow(&self.d_q, &self.q));
        let difference = (by_p + &self.p - (&by_q % &self.p)) % &self.p;
        let signature = by_q + difference * &self.q_inverse % &self.p * &self.q;
        fixed(&signature, self.len())
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2).
    pub fn pkcs1(&self, signed: &[u8]) -> Vec<u8> {
        self.pkcs1_of(&hex(SHA256_INFO), sha256(signed).as_ref())
    }

    /// RSASSA-PKCS1-v1_5 around any `DigestInfo`.
    pub fn pkcs1_of(&self, info: &[u8], hash: &[u8]) -> Vec<u8> {
        let filler = vec![0xff; self.len() - 3 - info.len() - hash.len()];
        self.raw(&[&[0, 1][..], &filler, &[0], info, hash].concat())
    }

    /// RSASSA-PSS with SHA-256 and a fixed salt of 32 bytes, so that the vectors stay the same (RFC 8017 §9.1.1).
    pub fn pss(&self, signed: &[u8]) -> Vec<u8> {
        let salt = [7_u8; 32];
        let hash = sha256(&[&[0; 8][..], sha256(signed).as_ref(), &salt].concat());
        let db_len = self.len() - hash.as_ref().len() - 1;
        let mut db = vec![0; db_len - salt.len() - 1];
        db.push(1);
        db.extend(salt);
        let mask = mgf1(hash.as_ref(), db_len);
        db.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
        db[0] &= 0x7f;
        self.raw(&[&db, hash.as_ref(), &[0xbc]].concat())
    }

    /// `n` of its JWK.
    pub fn modulus(&self) -> String {
        base64url(&self.n.to_bytes_be())
    }

    /// `e` of its JWK.
    pub fn exponent(&self) -> String {
        base64url(&self.e.to_bytes_be())
    }

    /// The public key as `SubjectPublicKeyInfo`.
    pub fn spki(&self) -> Vec<u8> {
        let numbers = PublicKeyComponents { n: self.n.to_bytes_be(), e: self.e.to_bytes_be() };
        let key: ParsedPublicKey = numbers.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).unwrap();
        let der: PublicKeyX509Der<'_> = key.as_der().unwrap();
        der.as_ref().to_vec()
    }
}

/// An ES256 signature: `r` and `s`, 32 bytes each (RFC 7518 §3.4).
pub fn ecdsa(name: &str, signed: &[u8]) -> Vec<u8> {
    p256(name).sign(&SystemRandom::new(), signed).unwrap().as_ref().to_vec()
}

/// The coordinates of a P-256 test key.
pub fn point(name: &str) -> (String, String) {
    let pair = p256(name);
    let point = pair.public_key().as_ref();
    (base64url(&point[1..33]), base64url(&point[33..]))
}

fn p256(name: &str) -> EcdsaKeyPair {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8(name)).unwrap()
}

/// Both numbers of an ES256 signature as the DER that other protocols use.
pub fn as_der(signature: &[u8]) -> Vec<u8> {
    let integer = |half: &[u8]| {
        let mut number = BigUint::from_bytes_be(half).to_bytes_be();
        if number[0] >= 0x80 {
            number.insert(0, 0);
        }
        [&[2, u8::try_from(number.len()).unwrap()][..], &number].concat()
    };
    let both = [integer(&signature[..32]), integer(&signature[32..])].concat();
    [&[0x30, u8::try_from(both.len()).unwrap()][..], &both].concat()
}

/// A number, big-endian, in exactly `len` bytes.
pub fn fixed(number: &BigUint, len: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    [vec![0; len - bytes.len()], bytes].concat()
}

/// SHA-256.
pub fn sha256(data: &[u8]) -> digest::Digest {
    digest(&digest::SHA256, data)
}

/// Bytes written in hexadecimal; spaces do not count.
pub fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|c| c.to_digit(16)).map(|digit| u8::try_from(digit).unwrap()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn mgf1(seed: &[u8], len: usize) -> Vec<u8> {
    let block = |i: u32| sha256(&[seed, &i.to_be_bytes()].concat()).as_ref().to_vec();
    (0..).flat_map(block).take(len).collect()
}

/// The text of a key file in `vectors/keys`.
pub fn pem(name: &str) -> String {
    std::fs::read_to_string(format!("{FOLDER}/keys/{name}.pem")).unwrap()
}

fn pkcs8(name: &str) -> Vec<u8> {
    let text = pem(name);
    let lines = text.lines().skip_while(|line| !line.starts_with("-----BEGIN")).skip(1);
    from_base64(&lines.take_while(|line| !line.starts_with('-')).collect::<String>())
}

/// Tag, content and rest of one DER element with a length of up to two bytes.
fn der(bytes: &[u8]) -> (u8, &[u8], &[u8]) {
    let (at, len) = match bytes[1] {
        0x81 => (3, usize::from(bytes[2])),
        0x82 => (4, usize::from(bytes[2]) << 8 | usize::from(bytes[3])),
        short => (2, usize::from(short)),
    };
    (bytes[0], &bytes[at..at + len], &bytes[at + len..])
}
