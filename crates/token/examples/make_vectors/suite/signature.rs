//! Step 6: one check, over the bytes received.

use aws_lc_rs::digest;
use num_bigint::BigUint;

use super::{
    Previous, Sheet, base64url,
    case::{Case, Seal, user},
    keys::{self, Rsa, SHA1_INFO, SHA256_INFO, SHA256_INFO_WITHOUT_NULL, SHA512_INFO, fixed, hex, sha256},
};

pub fn sheet(previous: &Previous) -> Sheet<'_> {
    let about = "The signature: over the received bytes, full padding, exact length, the named key";
    let mut sheet = Sheet::new("signature", about, previous);
    sheet.accepts("good", &user(), "the neighbour of all refusals here", "T-010; RFC 7515 §5.2");
    altered(&mut sheet);
    padding(&mut sheet);
    numbers(&mut sheet);
    elliptic(&mut sheet);
    sheet
}

fn swap(token: &str, index: usize, part: &str) -> String {
    let mut parts: Vec<_> = token.split('.').collect();
    parts[index] = part;
    parts.join(".")
}

fn altered(sheet: &mut Sheet<'_>) {
    let source = "T-001; T-010; RFC 7515 §5.2";
    let mut refused = |name: &str, respell: fn(String) -> String, why: &str| {
        sheet.refuses(name, "signature", &user().respell(respell), why, source);
    };
    refused(
        "another-role",
        |t| swap(&t, 1, &base64url(&user().claim("roles", ["Admin"]).parts().1)),
        "claims changed after signing",
    );
    refused(
        "longer-life",
        |t| swap(&t, 1, &base64url(&user().claim("exp", super::world::NOW + 7200).parts().1)),
        "claims changed after signing",
    );
    refused(
        "another-header",
        |t| swap(&t, 0, &base64url(&user().head("typ", "at+jwt").parts().0)),
        "the header is signed too",
    );
    refused(
        "re-encoded-header",
        |t| swap(&t, 0, &base64url(&user().edit_header(|text| text.replace(':', ": ")).parts().0)),
        "the same header in other bytes: what counts is what was received",
    );
    refused(
        "re-encoded-claims",
        |t| swap(&t, 1, &base64url(&user().reversed().parts().1)),
        "the same claims in another order",
    );
    refused(
        "of-another-token",
        |t| {
            let other = user().claim("uti", "another").compact(None);
            swap(&t, 2, other.rsplit_once('.').unwrap().1)
        },
        "a good signature of other bytes: a cache keyed by signature or id would let it in",
    );
    refused(
        "one-bit",
        |t| {
            let mut token = t.into_bytes();
            let at = token.len() - 100;
            token[at] = if token[at] == b'A' { b'B' } else { b'A' };
            String::from_utf8(token).unwrap()
        },
        "one character changed",
    );
    sheet.refuses(
        "of-a-stranger",
        "signature",
        &user().seal(Seal::Rs256("stranger")),
        "another key under a published id",
        source,
    );
    sheet.refuses(
        "of-the-other-key",
        "signature",
        &user().seal(Seal::Rs256("entra-2")),
        "no trying of other keys, published ones either",
        "T-009; T-010",
    );
    sheet.refuses(
        "of-the-payload-alone",
        "signature",
        &user().seal(Seal::Other(|signed| {
            let payload = signed.split(|byte| *byte == b'.').nth(1).unwrap();
            Rsa::load("entra-1").pkcs1(payload)
        })),
        "header, dot and payload are signed together",
        source,
    );
}

fn padding(sheet: &mut Sheet<'_>) {
    let source = "T-010; RFC 8017 §8.2.2, §9.2; Bleichenbacher 2006; Wycheproof, RSASSA-PKCS1-v1_5";
    let mut refused = |name: &str, seal: fn(&[u8]) -> Vec<u8>, why: &str| {
        sheet.refuses(name, "signature", &user().seal(Seal::Other(seal)), why, source);
    };
    refused("pss-under-rs256", |s| Rsa::load("entra-1").pss(s), "the other padding");
    refused(
        "sha-1",
        |s| {
            Rsa::load("entra-1")
                .pkcs1_of(&hex(SHA1_INFO), digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, s).as_ref())
        },
        "the hash is the algorithm's, not the signature's choice",
    );
    refused(
        "sha-512",
        |s| Rsa::load("entra-1").pkcs1_of(&hex(SHA512_INFO), digest::digest(&digest::SHA512, s).as_ref()),
        "the hash is the algorithm's, not the signature's choice",
    );
    refused(
        "without-null",
        |s| Rsa::load("entra-1").pkcs1_of(&hex(SHA256_INFO_WITHOUT_NULL), sha256(s).as_ref()),
        "the parameters are required",
    );
    refused(
        "without-digest-info",
        |s| Rsa::load("entra-1").pkcs1_of(&[], sha256(s).as_ref()),
        "the bare hash",
    );
    refused(
        "zero-hash-length",
        |s| {
            let info = hex("3031300d060960864801650304020105000400");
            Rsa::load("entra-1").pkcs1_of(&info, sha256(s).as_ref())
        },
        "a length that lies",
    );
    refused(
        "garbage-after-hash",
        |s| {
            let tail = [sha256(s).as_ref(), &[0x5a; 150]].concat();
            let head = [&[0, 1][..], &[0xff; 8], &[0], &hex(SHA256_INFO)].concat();
            let filler = vec![0; 256 - head.len() - tail.len()];
            Rsa::load("entra-1").raw(&[head, tail, filler].concat())
        },
        "the padding must fill all the space",
    );
    refused(
        "wrong-block-type",
        |s| {
            let rest = [&hex(SHA256_INFO)[..], sha256(s).as_ref()].concat();
            Rsa::load("entra-1").raw(&[&[0, 2][..], &vec![0xff; 253 - rest.len()], &[0], &rest].concat())
        },
        "block type 2 is for encryption",
    );
    refused(
        "filler-of-zeros",
        |s| {
            let rest = [&hex(SHA256_INFO)[..], sha256(s).as_ref()].concat();
            Rsa::load("entra-1").raw(&[&[0, 1][..], &vec![0; 253 - rest.len()], &[0], &rest].concat())
        },
        "the filler is 0xff",
    );
}

fn numbers(sheet: &mut Sheet<'_>) {
    let source = "T-010; RFC 8017 §5.2.2, §8.2.2";
    let mut refused = |name: &str, seal: fn(&[u8]) -> Vec<u8>, why: &str| {
        sheet.refuses(name, "signature", &user().seal(Seal::Other(seal)), why, source);
    };
    refused("zero", |_| vec![0; 256], "0 to any power is 0");
    refused("one", |_| fixed(&BigUint::from(1_u8), 256), "1 to any power is 1");
    refused("modulus", |_| Rsa::load("entra-1").n.to_bytes_be(), "not below the modulus");
    refused("modulus-minus-one", |_| (Rsa::load("entra-1").n - 1_u8).to_bytes_be(), "its square is 1");
    refused("all-ones", |_| vec![0xff; 256], "not below the modulus");
    refused(
        "leading-zero",
        |s| [vec![0], Rsa::load("entra-1").pkcs1(s)].concat(),
        "one byte too long, though the same number",
    );
    refused("trailing-zero", |s| [Rsa::load("entra-1").pkcs1(s), vec![0]].concat(), "one byte too long");
    refused("half", |s| Rsa::load("entra-1").pkcs1(s)[..128].to_vec(), "too short");
    refused("one-byte", |_| vec![0], "too short");
    refused(
        "plus-modulus",
        |s| {
            let key = Rsa::load("entra-1");
            (BigUint::from_bytes_be(&key.pkcs1(s)) + &key.n).to_bytes_be()
        },
        "the same signature modulo the modulus",
    );
    let source = "T-010; RFC 7515 §5.2";
    sheet.refuses(
        "hash-alone",
        "signature",
        &user().seal(Seal::Other(|s| sha256(s).as_ref().to_vec())),
        "a checksum is no signature",
        source,
    );
}

fn elliptic(sheet: &mut Sheet<'_>) {
    let es256 = || user().head("alg", "ES256").head("kid", "p-256").seal(Seal::Es256("p-256")).under("es256");
    sheet.accepts(
        "es256-good",
        &es256(),
        "the neighbour of the refusals that follow",
        "T-010; RFC 7518 §3.4",
    );
    let mut refused = |name: &str, case: Case, why: &str, source: &str| {
        sheet.refuses(name, "signature", &case, why, source);
    };
    refused(
        "es256-zeros",
        es256().seal(Seal::Other(|_| vec![0; 64])),
        "`r` and `s` are at least 1",
        "T-010; CVE-2022-21449",
    );
    refused(
        "es256-order",
        es256().seal(Seal::Other(|_| hex(&ORDER.repeat(2)))),
        "`r` and `s` are below the order",
        "T-010; CVE-2022-21449",
    );
    refused(
        "es256-r-zero",
        es256().seal(Seal::Other(|s| [vec![0; 32], keys::ecdsa("p-256", s)[32..].to_vec()].concat())),
        "`r` is at least 1",
        "T-010; CVE-2022-21449",
    );
    refused(
        "es256-der",
        es256().seal(Seal::Other(|s| keys::as_der(&keys::ecdsa("p-256", s)))),
        "two numbers of 32 bytes, not DER",
        "T-010; RFC 7518 §3.4",
    );
    refused(
        "es256-too-long",
        es256().seal(Seal::Other(|s| [keys::ecdsa("p-256", s), vec![0]].concat())),
        "exactly 64 bytes",
        "T-010; RFC 7518 §3.4",
    );
    refused(
        "es256-of-a-stranger",
        es256().seal(Seal::Es256("p-256-stranger")),
        "another key under a published id",
        "T-010",
    );
}

/// The order of P-256's base point (FIPS 186-5).
const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
