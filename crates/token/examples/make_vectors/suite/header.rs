//! Step 2: a JOSE header that is one JSON object, and says nothing that no token of ours says.

use serde_json::json;

use super::{
    Previous, Sheet, base64url,
    case::{Case, Seal, user},
    keys::Rsa,
};

pub fn sheet(previous: &Previous) -> Sheet<'_> {
    let about = "The JOSE header: strict JSON, no extensions, no keys; what must be ignored is ignored";
    let mut sheet = Sheet::new("header", about, previous);
    legal(&mut sheet);
    malformed(&mut sheet);
    foreign(&mut sheet);
    keys(&mut sheet);
    sheet
}

fn legal(sheet: &mut Sheet<'_>) {
    let typ = "T-016; RFC 7515 §4.1.9; RFC 9068 §2.1; RFC 8725 §3.11";
    for (name, value) in [
        ("typ-jwt", "JWT"),
        ("typ-in-lower-case", "jwt"),
        ("typ-at-jwt", "at+jwt"),
        ("typ-at-jwt-in-mixed-case", "AT+JWT"),
        ("typ-with-application", "application/at+jwt"),
        ("typ-jwt-with-application", "Application/JWT"),
    ] {
        let why = "media types are compared in any case, and `application/` may be left out";
        sheet.accepts(name, &user().head("typ", value), why, typ);
    }
    sheet.accepts("no-typ", &user().no_head("typ"), "`typ` is optional", "T-016; RFC 7519 §5.1");
    sheet.accepts(
        "x5t",
        &user().head("x5t", "entra-1"),
        "v1.0 tokens carry a thumbprint",
        "T-004; Entra, Access tokens",
    );
    let thumbprint = user().head("x5t#S256", "AAAA");
    sheet.accepts("x5t-s256", &thumbprint, "thumbprints name a key and bring none", "T-008; RFC 7515 §4.1.8");
    let source = "T-004; T-008; RFC 7515 §4; RFC 8259";
    let unknown = user().head("new", json!({"crit": [null, 1.5e300], "jwk": true})).head_raw("big", "1e999");
    sheet.accepts(
        "unknown-members",
        &unknown,
        "unknown members are ignored, and only the top level counts",
        source,
    );
    sheet.accepts("any-order", &user().reversed(), "members have no order", source);
    let spaced = user().edit_header(|text| text.replace(':', " :\t").replace(',', "\r\n ,"));
    sheet.accepts("white-space", &spaced, "white space between tokens is legal", source);
    let escaped =
        user().edit_header(|text| text.replace("alg", "\\u0061lg").replace("RS256", "RS\\u0032\\u00356"));
    sheet.accepts("escapes", &escaped, "names and values mean what they unescape to", source);
    sheet.accepts("non-ascii", &user().head("note", "Zoë 🦀"), "UTF-8 is JSON's encoding", source);
}

fn malformed(sheet: &mut Sheet<'_>) {
    let source = "T-004; RFC 7515 §4; RFC 8259; RFC 8725 §3.7";
    let good = r#"{"typ":"JWT","alg":"RS256","kid":"entra-1"}"#;
    let with = |member: &str| good.replace("{\"typ\"", &format!("{{{member},\"typ\"")).into_bytes();
    let utf16 = good.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (name, text, why) in [
        ("not-json", b"alg=RS256".to_vec(), "not JSON"),
        ("list", format!("[{good}]").into(), "a list is no header"),
        ("null", b"null".to_vec(), "not an object"),
        ("text", b"\"RS256\"".to_vec(), "not an object"),
        ("two-objects", format!("{good}{good}").into(), "one object and nothing after it"),
        ("trailing-text", format!("{good}x").into(), "one object and nothing after it"),
        ("truncated", good[..good.len() - 1].into(), "ends too early"),
        ("byte-order-mark", format!("\u{feff}{good}").into(), "no byte order mark"),
        ("utf-16", utf16, "UTF-8 only"),
        (
            "invalid-utf-8",
            [&with("\"x\":\"@\"")[..6], b"\xff", &with("\"x\":\"@\"")[7..]].concat(),
            "UTF-8 only, in members that nobody reads too",
        ),
        (
            "overlong-utf-8",
            [&with("\"x\":\"@\"")[..6], b"\xc1\xa1", &with("\"x\":\"@\"")[7..]].concat(),
            "an overlong `a` is no `a`",
        ),
        ("repeated-alg", with(r#""alg":"RS256""#), "a repeated member, even of the same value"),
        ("alg-none-then-rs256", with(r#""alg":"none""#), "first or last wins, depending on the parser"),
        ("repeated-by-escape", with(r#""\u0061lg":"none""#), "repeated after unescaping"),
        ("repeated-kid", with(r#""kid":"entra-2""#), "first or last wins, depending on the parser"),
        ("repeated-unknown", with(r#""x":1,"x":1"#), "repeated members are refused whatever they are"),
        ("trailing-comma", good.replace('}', ",}").into(), "not JSON"),
        ("single-quotes", good.replace('"', "'").into(), "not JSON"),
        ("comment", with("/**/\"x\":1"), "not JSON"),
        ("nan", with("\"x\":NaN"), "no number of JSON"),
        ("control-character", with("\"x\":\"\n\""), "control characters are escaped in JSON"),
    ] {
        sheet.refuses(name, "malformed_header", &user().header_text(text), why, source);
    }
    let many: Vec<_> = (0..300).map(|i| format!("\"m{i}\":0")).collect();
    let many = user().header_text(with(&many.join(",")));
    sheet.accepts(
        "hundreds-of-members",
        &many,
        "unknown members are skipped, however many fit",
        "T-003; T-004",
    );
    let repeat: Vec<_> = (0..300).map(|i| format!("\"m{}\":0", i % 299)).collect();
    let repeat = user().header_text(with(&repeat.join(",")));
    sheet.refuses(
        "repeat-among-hundreds",
        "malformed_header",
        &repeat,
        "the last repeats the first",
        "T-004; RFC 7515 §4",
    );
}

fn foreign(sheet: &mut Sheet<'_>) {
    let crit = "T-008; RFC 7515 §4.1.11; CVE-2025-59420; CVE-2026-32597";
    for (name, value, why) in [
        ("crit", json!(["http://example.test/must"]), "an extension that must be understood, and is not"),
        ("crit-of-known-name", json!(["exp"]), "no extensions at all, whatever they are called"),
        ("crit-empty", json!([]), "an empty list is not allowed by the standard either"),
        ("crit-null", json!(null), "refused whatever its value"),
        ("crit-text", json!("b64"), "refused whatever its type"),
    ] {
        let case = user().head("crit", value).head("http://example.test/must", true);
        sheet.refuses(name, "forbidden_header", &case, why, crit);
    }
    let unencoded = user().head("crit", ["b64"]).head("b64", false);
    sheet.refuses(
        "unencoded-payload",
        "forbidden_header",
        &unencoded,
        "the payload would be read in another way than it was signed",
        "T-008; RFC 7797",
    );
    sheet.refuses(
        "b64-true",
        "forbidden_header",
        &user().head("b64", true),
        "the option itself is not supported",
        "T-008; RFC 7797 §6",
    );
    sheet.refuses(
        "zip",
        "forbidden_header",
        &user().head("zip", "DEF"),
        "nothing is decompressed",
        "T-003; RFC 7516 §4.1.3; CVE-2024-28180",
    );
    sheet.refuses(
        "enc",
        "forbidden_header",
        &user().head("enc", "A256GCM"),
        "a parameter of encryption in a signed token",
        "T-002; RFC 7516 §4.1.2; CVE-2023-51774",
    );
    sheet.refuses(
        "p2c",
        "forbidden_header",
        &user().head("p2c", 2_147_483_647),
        "work that a stranger chooses",
        "T-003; RFC 7518 §4.8.1.2; CVE-2023-6681",
    );
    sheet.refuses(
        "epk",
        "forbidden_header",
        &user().head("epk", json!({"kty": "EC"})),
        "a parameter of encryption in a signed token",
        "T-002; RFC 7518 §4.6.1.1",
    );
}

fn keys(sheet: &mut Sheet<'_>) {
    let jwk = |name: &str| {
        let key = Rsa::load(name);
        json!({"kty": "RSA", "n": key.modulus(), "e": key.exponent(), "kid": "entra-1"})
    };
    let by_stranger = || user().seal(Seal::Rs256("stranger"));
    let mut refused = |name: &str, case: Case, why: &str, source: &str| {
        sheet.refuses(name, "key_in_header", &case, why, source);
    };
    refused(
        "jwk-of-the-sender",
        by_stranger().head("jwk", jwk("stranger")),
        "signed with the key that it brings along",
        "T-007; RFC 8725 §3.10; CVE-2018-0114",
    );
    refused(
        "jwk-of-the-authority",
        user().head("jwk", jwk("entra-1")),
        "keys come from configuration, the right one too",
        "T-007; RFC 7515 §4.1.3",
    );
    refused(
        "jku",
        by_stranger().head("jku", "https://attacker.test/keys"),
        "a token must not cause a request",
        "T-007; RFC 8725 §3.10",
    );
    refused(
        "jku-of-the-authority",
        user().head("jku", "https://login.microsoftonline.com/common/discovery/v2.0/keys"),
        "not followed, not even home",
        "T-007; RFC 7515 §4.1.2",
    );
    refused(
        "x5u",
        by_stranger().head("x5u", "http://169.254.169.254/latest"),
        "a token must not cause a request",
        "T-007; RFC 7515 §4.1.5",
    );
    let der = base64url(&Rsa::load("stranger").spki());
    refused(
        "x5c",
        by_stranger().head("x5c", [der]),
        "a certificate of the sender's own",
        "T-007; RFC 7515 §4.1.6",
    );
}
