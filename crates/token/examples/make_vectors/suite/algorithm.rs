//! Step 2 and 5: the algorithm is on the list, and it is the key's.

use aws_lc_rs::{digest, hmac};
use serde_json::json;

use super::{
    Previous, Sheet,
    case::{Case, Seal, user, user_v1},
    keys::{Rsa, SHA384_INFO, SHA512_INFO, hex},
};

pub fn sheet(previous: &Previous) -> Sheet<'_> {
    let about = "The algorithm: from a list, fixed by the key, never chosen by the header";
    let mut sheet = Sheet::new("algorithm", about, previous);
    accepted(&mut sheet);
    names(&mut sheet);
    shared_secrets(&mut sheet);
    good_but_not_listed(&mut sheet);
    of_another_key(&mut sheet);
    sheet
}

fn ps256() -> Case {
    user().head("alg", "PS256").seal(Seal::Ps256("entra-1"))
}

fn es256() -> Case {
    user().head("alg", "ES256").head("kid", "p-256").seal(Seal::Es256("p-256"))
}

fn accepted(sheet: &mut Sheet<'_>) {
    let source = "T-005; RFC 7518 §3.1";
    sheet.accepts("rs256", &user(), "what Entra signs with", "T-005; RFC 7518 §3.3; Entra, Access tokens");
    sheet.accepts("rs256-v1", &user_v1(), "in v1.0 tokens too", "T-005; Entra, Access tokens");
    sheet.accepts(
        "ps256-where-listed",
        &ps256().under("ps256"),
        "an authority's list may name another one",
        "T-005; RFC 7518 §3.5",
    );
    sheet.accepts(
        "es256-where-listed",
        &es256().under("es256"),
        "an authority's list may name another one",
        "T-005; RFC 7518 §3.4",
    );
    sheet.accepts("es256-of-two", &es256().under("rs256-es256"), "a list of two: this key's", source);
    sheet.accepts("rs256-of-two", &user().under("rs256-es256"), "a list of two: that key's", source);
    let says = ps256().head("kid", "says-ps256").seal(Seal::Ps256("entra-2")).under("rs256-ps256");
    sheet.accepts(
        "ps256-by-a-key-that-says-so",
        &says,
        "the key's own `alg` decides",
        "T-006; RFC 7517 §4.4",
    );
}

fn names(sheet: &mut Sheet<'_>) {
    let source = "T-005; RFC 7515 §4.1.1; RFC 8725 §2.1, §3.1; CVE-2015-9235";
    for (name, value, why) in [
        ("none", json!("none"), "unsigned"),
        ("none-capital", json!("None"), "case does not make it another algorithm"),
        ("none-upper-case", json!("NONE"), "case does not make it another algorithm"),
        ("none-mixed-case", json!("nOnE"), "case does not make it another algorithm"),
        ("empty", json!(""), "no name"),
        ("lower-case", json!("rs256"), "names are compared exactly"),
        ("trailing-space", json!("RS256 "), "names are compared exactly"),
        ("nul", json!("RS256\0"), "names are compared to their end"),
        ("unregistered", json!("RS257"), "no such algorithm"),
        ("control-characters", json!("\u{1b}[31mRS256\r\n<b>"), "a log shows it escaped, or not at all"),
        ("null", json!(null), "not a text"),
        ("number", json!(256), "not a text"),
        ("list", json!(["RS256"]), "not a text"),
        ("object", json!({"name": "RS256"}), "not a text"),
        ("encryption", json!("RSA-OAEP"), "an algorithm of encryption"),
        ("direct", json!("dir"), "an algorithm of encryption"),
    ] {
        sheet.refuses(name, "algorithm", &user().head("alg", value), why, source);
    }
    sheet.refuses("missing", "algorithm", &user().no_head("alg"), "there is no default", source);
    let blank = user().head("alg", "none").seal(Seal::Other(|_| vec![0]));
    sheet.refuses(
        "none-with-a-signature",
        "algorithm",
        &blank,
        "a signature that nobody would look at",
        source,
    );
}

type Make = fn(&[u8]) -> Vec<u8>;

/// RS256 to HS256: the public key, in each form that it comes in, as the secret.
fn shared_secrets(sheet: &mut Sheet<'_>) {
    fn mac(algorithm: hmac::Algorithm, secret: &[u8], signed: &[u8]) -> Vec<u8> {
        hmac::sign(&hmac::Key::new(algorithm, secret), signed).as_ref().to_vec()
    }
    fn spki_pem() -> String {
        let der = base64_simd::STANDARD.encode_to_string(Rsa::load("entra-1").spki());
        let lines: Vec<_> = der.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line)).collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
    }
    let source = "T-005; RFC 8725 §2.1; CVE-2015-9235; CVE-2022-29217; CVE-2026-44351";
    let forms: [(&str, Make, &str); 6] = [
        (
            "hs256-with-pem",
            |s| mac(hmac::HMAC_SHA256, spki_pem().as_bytes(), s),
            "the PEM text is the secret",
        ),
        (
            "hs256-with-pem-trimmed",
            |s| mac(hmac::HMAC_SHA256, spki_pem().trim_end().as_bytes(), s),
            "without its last line break",
        ),
        (
            "hs256-with-der",
            |s| mac(hmac::HMAC_SHA256, &Rsa::load("entra-1").spki(), s),
            "the DER bytes are the secret",
        ),
        (
            "hs256-with-modulus",
            |s| mac(hmac::HMAC_SHA256, Rsa::load("entra-1").modulus().as_bytes(), s),
            "`n` as it is published",
        ),
        (
            "hs256-with-modulus-bytes",
            |s| mac(hmac::HMAC_SHA256, &Rsa::load("entra-1").n.to_bytes_be(), s),
            "`n` as a number",
        ),
        ("hs256-with-nothing", |s| mac(hmac::HMAC_SHA256, b"", s), "an empty secret"),
    ];
    for (name, seal, why) in forms {
        sheet.refuses(name, "algorithm", &user().head("alg", "HS256").seal(Seal::Other(seal)), why, source);
    }
    let hs512 =
        user().head("alg", "HS512").seal(Seal::Other(|s| mac(hmac::HMAC_SHA512, spki_pem().as_bytes(), s)));
    sheet.refuses("hs512", "algorithm", &hs512, "symmetric algorithms never meet published keys", source);
    let oct = user()
        .head("alg", "HS256")
        .head("kid", "shared-secret")
        .seal(Seal::Other(|s| mac(hmac::HMAC_SHA256, b"secret", s)));
    sheet.refuses(
        "hs256-with-published-secret",
        "algorithm",
        &oct,
        "a published secret is none",
        "T-006; CVE-2026-44699; CVE-2026-33322",
    );
}

fn good_but_not_listed(sheet: &mut Sheet<'_>) {
    let source = "T-005; RFC 8725 §3.1";
    let why = "a good signature of an algorithm that is not on the list";
    let rs384 = user().head("alg", "RS384").seal(Seal::Other(|signed| {
        Rsa::load("entra-1").pkcs1_of(&hex(SHA384_INFO), digest::digest(&digest::SHA384, signed).as_ref())
    }));
    let rs512 = user().head("alg", "RS512").seal(Seal::Other(|signed| {
        Rsa::load("entra-1").pkcs1_of(&hex(SHA512_INFO), digest::digest(&digest::SHA512, signed).as_ref())
    }));
    sheet.refuses("rs384", "algorithm", &rs384, why, source);
    sheet.refuses("rs512", "algorithm", &rs512, why, source);
    sheet.refuses("ps256", "algorithm", &ps256(), why, source);
    sheet.refuses("es256", "algorithm", &es256(), why, source);
    sheet.refuses("rs256-where-not-listed", "algorithm", &user().under("ps256"), why, source);
    sheet.refuses("rs256-where-only-es256", "algorithm", &user().under("es256"), why, source);
    let eddsa = user().head("alg", "EdDSA").seal(Seal::Other(|_| vec![0; 64]));
    sheet.refuses("eddsa", "algorithm", &eddsa, "not on the list", source);
    let es256k = user().head("alg", "ES256K").seal(Seal::Other(|_| vec![0; 64]));
    sheet.refuses("es256k", "algorithm", &es256k, "not on the list", source);
}

fn of_another_key(sheet: &mut Sheet<'_>) {
    let source = "T-006; RFC 8725 §3.1, §3.2; RFC 7517 §4.4";
    let mut refused = |name: &str, case: Case, why: &str| {
        sheet.refuses(name, "key_algorithm", &case, why, source);
    };
    refused(
        "rs256-with-elliptic-key",
        user().head("kid", "p-256").under("rs256-es256"),
        "listed, but not this key's",
    );
    refused(
        "es256-with-rsa-key",
        es256().head("kid", "entra-1").under("rs256-es256"),
        "listed, but not this key's",
    );
    refused(
        "ps256-with-rs256-key",
        ps256().under("rs256-ps256"),
        "a good signature; the key is for RS256, the first of its type on the list",
    );
    let says = user().by_as("entra-2", "says-ps256").under("rs256-ps256");
    refused("rs256-with-ps256-key", says, "a good signature; the key says that it is for PS256");
}
