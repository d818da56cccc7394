//! Step 3, first half: a claims set that is one JSON object, which every parser reads alike.

use super::{
    Previous, Sheet,
    case::{Case, user},
    world::{CONTOSO, NORTHWIND, NOW},
};

pub fn sheet(previous: &Previous) -> Sheet<'_> {
    let about = "The claims as JSON: each member once, no twins, and every legal oddity";
    let mut sheet = Sheet::new("claims_json", about, previous);
    legal(&mut sheet);
    repeated(&mut sheet);
    broken(&mut sheet);
    sheet
}

fn legal(sheet: &mut Sheet<'_>) {
    let source = "T-004; RFC 7519 §4; RFC 8259";
    let mut accepted = |name: &str, case: Case, why: &str| sheet.accepts(name, &case, why, source);
    accepted("any-order", user().reversed(), "members have no order");
    let spaced = user()
        .edit_claims(|text| format!("\n {}\t\r\n", text.replace("\":", "\" :\t").replace(",\"", "\r\n, \"")));
    accepted("white-space", spaced, "white space between tokens is legal");
    let names = user().edit_claims(|text| {
        text.replace("\"tid\"", r#""\u0074\u0069d""#).replace("\"iss\"", r#""\u0069ss""#)
    });
    accepted("escaped-names", names, "names mean what they unescape to");
    let values = user().edit_claims(|text| {
        text.replace("https://", r"https:\/\/").replace("access_as_user", r"access\u005fas\u005Fuser")
    });
    accepted("escaped-values", values, "values mean what they unescape to");
    accepted("non-ascii", user().claim("name", "Zoë 李 🦀"), "names of people are not ASCII");
    let pair = user().claim_raw("name", r#""\ud83e\udd80""#);
    accepted("surrogate-pair", pair, "an escaped character beyond 16 bits");
    let nulls = user()
        .claim_raw("x_null", "null")
        .claim_raw("x_big", "123456789012345678901234567890")
        .claim_raw("x_huge", "-1.5E+999");
    accepted("nulls-and-big-numbers", nulls, "unknown claims may hold anything");
    let nested = user().claim_raw("x_nested", r#"{"tid":1,"tid":"other","exp":0,"TID":[]}"#);
    accepted("repeated-inside", nested, "only the top level counts");
    let deep = user().claim_raw("x_deep", &nested_lists(60));
    accepted("deep", deep, "unknown claims may hold anything, within reason");
    let wide = user().claim_raw("x_wide", &format!("[{}]", vec!["[]"; 200].join(",")));
    accepted("wide", wide, "beside each other is not within each other");
    let empty = user().claim_raw("", "0").claim_raw("__proto__", "{}").claim_raw("constructor", "1");
    accepted("odd-names", empty, "an unknown name is unknown");
    accepted(
        "unknown-upper-case",
        user().claim("XMS_New", 1).claim("Groups", ["a"]),
        "only security claims have no twins",
    );
    let many = (0..200).fold(user(), |case, i| case.claim(&format!("x{i}"), i));
    accepted("two-hundred-unknown-claims", many, "new claims appear without notice");
}

fn repeated(sheet: &mut Sheet<'_>) {
    let source = "T-004; RFC 7519 §4; RFC 8725 §3.7";
    let mut refused =
        |name: &str, case: Case, why: &str| sheet.refuses(name, "malformed_claims", &case, why, source);
    for (name, claim, value) in [
        ("repeated-tid", "tid", format!("\"{CONTOSO}\"")),
        ("repeated-tid-of-another", "tid", format!("\"{NORTHWIND}\"")),
        ("repeated-tid-by-escape", "t\\u0069d", format!("\"{NORTHWIND}\"")),
        ("repeated-iss", "iss", "\"x\"".into()),
        ("repeated-aud", "aud", "\"x\"".into()),
        ("repeated-exp", "exp", (NOW + 999_999).to_string()),
        ("repeated-oid", "oid", "null".into()),
        ("repeated-roles", "roles", "[\"Admin\"]".into()),
        ("repeated-unknown", "rh", "\"0.AAAA\"".into()),
    ] {
        refused(name, user().and_raw(claim, &value), "first or last wins, depending on the parser");
    }
    let source = "T-027; Microsoft.IdentityModel, issuer validation";
    let mut refused =
        |name: &str, case: Case, why: &str| sheet.refuses(name, "malformed_claims", &case, why, source);
    refused("twin-tid", user().claim("TID", NORTHWIND), "the next parser may fold case");
    refused("twin-tid-alone", user().rename("tid", "Tid"), "a misspelled claim is not this claim");
    refused("twin-roles", user().claim("Roles", ["Admin"]), "the next parser may fold case");
    refused("twin-scp", user().claim("SCP", "admin"), "the next parser may fold case");
    refused("twin-by-unicode", user().claim("i\u{17f}s", "x"), "a long s folds to an s");
}

fn broken(sheet: &mut Sheet<'_>) {
    let source = "T-004; RFC 7519 §7.2; RFC 8259";
    let mut refused =
        |name: &str, case: Case, why: &str| sheet.refuses(name, "malformed_claims", &case, why, source);
    refused("list", user().edit_claims(|text| format!("[{text}]")), "not an object");
    refused("text", user().claims_text("\"claims\""), "not an object");
    refused("null", user().claims_text("null"), "not an object");
    refused("not-json", user().claims_text("tid=x&iss=y"), "not JSON");
    refused("nested-token", user().claims_text(user().compact(None)), "a token inside a token");
    refused(
        "two-objects",
        user().edit_claims(|text| format!("{text}{text}")),
        "one object and nothing after it",
    );
    refused(
        "trailing-text",
        user().edit_claims(|text| format!("{text};")),
        "one object and nothing after it",
    );
    refused("truncated", user().edit_claims(|text| text[..text.len() - 1].into()), "ends too early");
    refused("byte-order-mark", user().edit_claims(|text| format!("\u{feff}{text}")), "no byte order mark");
    refused("nul-at-the-end", user().edit_claims(|text| format!("{text}\0")), "nothing after the object");
    let (_, good) = user().parts();
    refused(
        "invalid-utf-8",
        user().claims_text([&b"{\"x\":\"\xc3\x28\","[..], &good[1..]].concat()),
        "UTF-8 only, in claims that nobody reads too",
    );
    refused("nan", user().claim_raw("x", "NaN"), "no number of JSON");
    refused("infinity", user().claim_raw("x", "-Infinity"), "no number of JSON");
    refused("leading-zero", user().claim_raw("x", "007"), "no number of JSON");
    refused("trailing-comma", user().edit_claims(|text| text.replace('}', ",}")), "not JSON");
    refused("comment", user().edit_claims(|text| text.replace('{', "{/**/")), "not JSON");
    refused("control-character", user().claim_raw("x", "\"a\nb\""), "control characters are escaped in JSON");
    refused(
        "lone-surrogate",
        user().claim_raw("name", r#""\ud800""#),
        "half a character, in a claim that is shown",
    );
    let deep = user().claim_raw("x_deep", &nested_lists(1000));
    let why = "a parser behind us may walk it by recursion (our limit is 64)";
    sheet.refuses("too-deep", "malformed_claims", &deep, why, "T-003");
    let many = (0..300).fold(user(), |case, i| case.claim(&format!("x{i}"), 0));
    sheet.accepts(
        "hundreds-of-claims",
        &many,
        "unknown claims are skipped, however many fit",
        "T-003; T-004",
    );
}

fn nested_lists(levels: usize) -> String {
    format!("{}{}", "[".repeat(levels), "]".repeat(levels))
}
