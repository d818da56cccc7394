//! Step 1: where the token stands, and how it is spelled.

use super::{
    Previous, Sheet,
    case::{Case, Seal, user},
};

pub fn sheet(previous: &Previous) -> Sheet<'_> {
    let about = "One `Authorization: Bearer` field, one token of bounded size, three strict base64url parts";
    let mut sheet = Sheet::new("form", about, previous);
    fields(&mut sheet);
    sizes(&mut sheet);
    spellings(&mut sheet);
    sheet
}

fn fields(sheet: &mut Sheet<'_>) {
    for (name, field, why) in [
        ("bearer", "Bearer TOKEN", "the one right way to send a token"),
        ("bearer-in-lower-case", "bearer TOKEN", "scheme names are compared in any case"),
        ("bearer-in-upper-case", "BEARER TOKEN", "scheme names are compared in any case"),
        ("several-spaces", "Bearer   TOKEN", "one or more spaces stand between scheme and token"),
    ] {
        sheet.accepts(name, &user().fields(&[field]), why, "T-021; RFC 6750 §2.1; RFC 9110 §11.1, §11.4");
    }
    for (name, fields, why) in [
        ("no-field", &[][..], "nothing was sent"),
        ("basic", &["Basic dXNlcjpwYXNz"], "another scheme is no bearer token"),
        ("dpop-scheme", &["DPoP TOKEN"], "a token bound to a key is not plain bearer"),
        ("scheme-glued-to-token", &["BearerTOKEN"], "without a space this is another scheme's name, or none"),
    ] {
        let code = if name == "scheme-glued-to-token" { "malformed_credentials" } else { "no_token" };
        sheet.refuses(name, code, &user().fields(fields), why, "T-021; RFC 6750 §2.1");
    }
    for (name, fields, why) in [
        ("same-field-twice", ["Bearer TOKEN", "Bearer TOKEN"], "two parsers may pick different ones"),
        (
            "garbage-then-token",
            ["Bearer x.y.z", "Bearer TOKEN"],
            "the last field may be the one another hop reads",
        ),
        (
            "token-then-basic",
            ["Bearer TOKEN", "Basic dXNlcjpwYXNz"],
            "two ways to authenticate in one request",
        ),
    ] {
        sheet.refuses(name, "several_credentials", &user().fields(&fields), why, "T-021; RFC 6750 §2");
    }
    for (name, field, why) in [
        ("empty-field", "", "no scheme"),
        ("scheme-alone", "Bearer", "no token"),
        ("scheme-and-space", "Bearer ", "no token"),
        ("list-of-credentials", "Bearer TOKEN, Bearer TOKEN", "fields of one name joined by a proxy"),
        ("token-and-parameter", "Bearer TOKEN, scope=x", "a token has no parameters"),
        ("quoted-token", "Bearer \"TOKEN\"", "quotes are not in the token's alphabet"),
        ("two-words", "Bearer TOKEN TOKEN", "one token and nothing else"),
        ("tab", "Bearer\tTOKEN", "a tab is no space"),
        ("colon", "Bearer: TOKEN", "a common slip that some servers forgive"),
        ("space-before-scheme", " Bearer TOKEN", "the field's value starts with the scheme"),
        ("non-ascii", "Bearer TOKEN\u{e9}", "not in the token's alphabet"),
    ] {
        let source = "T-021; RFC 6750 §2.1; RFC 9110 §11.4";
        sheet.refuses(name, "malformed_credentials", &user().fields(&[field]), why, source);
    }
}

fn sizes(sheet: &mut Sheet<'_>) {
    let source = "T-003; RFC 8725 §2.4; CVE-2025-30204";
    sheet.accepts("of-8-kib", &of_length(8192), "real tokens with many groups get this long", source);
    sheet.accepts("of-16-kib", &of_length(16_384), "the longest that is looked at by default", source);
    sheet.refuses("over-16-kib", "token_too_large", &of_length(16_385), "one byte more", source);
    let wide = of_length(16_385).under("large-tokens");
    sheet.accepts("over-16-kib-where-allowed", &wide, "the limit is the operator's choice", source);
    let dots = user().respell(|_| ".".repeat(40_000));
    sheet.refuses("dots-without-end", "token_too_large", &dots, "no memory per dot", source);
    let few = user().respell(|token| format!("{token}{}", ".".repeat(5000)));
    sheet.refuses("many-dots", "malformed_token", &few, "stops at the fourth part", source);
}

fn spellings(sheet: &mut Sheet<'_>) {
    let source = "T-002; RFC 7515 §2, §7.1; RFC 4648 §3.5";
    let mut refused = |name: &str, respell: fn(String) -> String, why: &str, source: &str| {
        sheet.refuses(name, "malformed_token", &user().respell(respell), why, source);
    };
    refused("two-parts", |t| t.rsplit_once('.').unwrap().0.into(), "no signature", source);
    refused("empty-signature", |t| format!("{}.", t.rsplit_once('.').unwrap().0), "unsigned", source);
    refused(
        "empty-payload",
        |t| part(&t, 1, |_| String::new()),
        "a detached payload is an extension",
        "T-002; RFC 7515 App. F",
    );
    refused("empty-header", |t| part(&t, 0, |_| String::new()), "no header", source);
    refused("four-parts", |t| format!("{t}.e30"), "three parts and no more", source);
    refused("dot-at-the-end", |t| format!("{t}."), "three parts and no more", source);
    refused("dot-at-the-start", |t| format!(".{t}"), "three parts and no more", source);
    refused(
        "five-parts",
        |t| format!("{t}.e30.e30"),
        "the form of encrypted tokens",
        "T-002; RFC 7516 §7.1; CVE-2023-51774",
    );
    refused("padding", |t| part(&t, 2, |p| format!("{p}==")), "base64url without padding", source);
    refused("padding-in-header", |t| part(&t, 0, |p| format!("{p}=")), "base64url without padding", source);
    refused(
        "spare-bits",
        |t| part(&t, 2, spare_bit),
        "a second spelling of the same signature",
        "T-002; RFC 4648 §3.5",
    );
    refused(
        "lone-character",
        |t| part(&t, 2, |p| format!("{p}AAA")),
        "a last group of one character says nothing",
        source,
    );
    refused(
        "standard-alphabet",
        |t| part(&t, 2, |p| p.replace('-', "+").replace('_', "/")),
        "base64url, not base64",
        source,
    );
    refused(
        "space-inside",
        |t| part(&t, 1, |p| format!("{} {}", &p[..8], &p[8..])),
        "white space is not skipped",
        source,
    );
    refused("line-break-at-the-end", |t| format!("{t}\n"), "white space is not trimmed", source);
    refused(
        "line-break-inside",
        |t| part(&t, 1, |p| format!("{}\r\n{}", &p[..8], &p[8..])),
        "as in MIME",
        source,
    );
    refused("nul-at-the-end", |t| format!("{t}\0"), "ends where it ends, not at a NUL", source);
    refused("percent-encoded-dots", |t| t.replace('.', "%2e"), "nothing is decoded twice", source);
    refused("full-width-dots", |t| t.replace('.', "\u{ff0e}"), "look-alikes are not dots", source);
    refused(
        "flattened-json",
        |t| json_form(&t, false),
        "JSON serialization is another format",
        "T-002; RFC 7515 §7.2.2; CVE-2022-39227",
    );
    refused(
        "general-json",
        |t| json_form(&t, true),
        "JSON serialization is another format",
        "T-002; RFC 7515 §7.2.1; CVE-2022-3102",
    );
    refused(
        "compact-with-json-inside",
        |t| format!("{{\"{t}\":1}}"),
        "parsed as JSON by one library and as compact by another",
        "T-002; CVE-2022-39227",
    );
    refused(
        "truncated-by-a-character",
        |t| t[..t.len() - 1].into(),
        "the last group has spare bits now, or is too short",
        "T-002; CVE-2026-27840",
    );
    let unsigned = user().head("alg", "none").seal(Seal::Other(|_| Vec::new()));
    sheet.refuses(
        "unsigned",
        "malformed_token",
        &unsigned,
        "`none` with an empty signature, as RFC 7519 §6 shows it",
        "T-002; T-005; RFC 7519 §6; CVE-2015-9235",
    );
}

/// A user's token of exactly this many characters.
pub fn of_length(length: usize) -> Case {
    let padded = |header: usize, claims: usize| {
        user().head("padding", "x".repeat(header)).claim("padding", "x".repeat(claims))
    };
    let encoded = |case: &Case| {
        let (header, claims) = case.parts();
        (header.len() * 4).div_ceil(3) + (claims.len() * 4).div_ceil(3) + 344
    };
    let start = (length - encoded(&padded(3, 3))) * 3 / 4;
    let near = (0..4).flat_map(|header| (0..12).map(move |claims| (header, claims)));
    let mut fitting = near.map(|(header, claims)| padded(header, start + claims));
    fitting.find(|case| encoded(case) == length).unwrap()
}

fn part(token: &str, index: usize, change: fn(&str) -> String) -> String {
    let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    parts[index] = change(&parts[index]);
    parts.join(".")
}

/// 256 bytes leave four bits of the last character unused.
fn spare_bit(signature: &str) -> String {
    let (rest, last) = signature.split_at(signature.len() - 1);
    format!("{rest}{}", char::from(last.as_bytes()[0] + 1))
}

fn json_form(token: &str, general: bool) -> String {
    let parts: Vec<_> = token.split('.').collect();
    let (header, payload, signature) = (parts[0], parts[1], parts[2]);
    let sealed = format!("\"protected\":\"{header}\",\"signature\":\"{signature}\"");
    if general {
        format!("{{\"payload\":\"{payload}\",\"signatures\":[{{{sealed}}}]}}")
    } else {
        format!("{{\"payload\":\"{payload}\",{sealed}}}")
    }
}
