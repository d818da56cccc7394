//! Step 7: the span in which a token is good.

use serde_json::json;

use super::{Previous, Sheet, case::user, world::NOW};

pub fn sheet(previous: &Previous) -> Sheet<'_> {
    let about = "The lifetime: `exp` required, all dates numbers, leeway on both ends, no overflow";
    let mut sheet = Sheet::new("lifetime", about, previous);
    edges(&mut sheet);
    legal(&mut sheet);
    types(&mut sheet);
    spans(&mut sheet);
    sheet
}

/// Judged this long before (-) or after the moment at which the leeway of 60 s begins or ends.
fn edges(sheet: &mut Sheet<'_>) {
    let source = "T-015; RFC 7519 §4.1.4, §4.1.5, §4.1.6";
    let exp = |at: i64| user().claim("exp", NOW + at);
    sheet.accepts("expired-within-leeway", &exp(-59), "clocks differ", source);
    sheet.refuses("expired-beyond-leeway", "expired", &exp(-60), "leeway ends", source);
    sheet.refuses(
        "expired-an-hour-ago",
        "expired",
        &exp(-3600).claim("nbf", NOW - 7200).claim("iat", NOW - 7200),
        "too late",
        source,
    );
    sheet.accepts(
        "no-leeway-and-a-second-left",
        &exp(1).under("no-leeway"),
        "good to its last second",
        source,
    );
    sheet.refuses(
        "no-leeway-and-expired",
        "expired",
        &exp(0).under("no-leeway"),
        "on or after `exp` is too late",
        source,
    );
    let old = || exp(-299).claim("nbf", NOW - 600).claim("iat", NOW - 600);
    sheet.accepts("longest-leeway", &old().under("longest-leeway"), "300 s are the most", source);
    sheet.refuses(
        "longest-leeway-over",
        "expired",
        &old().claim("exp", NOW - 300).under("longest-leeway"),
        "and no more",
        source,
    );
    let half = user().claim_raw("exp", &format!("{}.5", NOW - 60));
    sheet.accepts("half-a-second-left", &half, "fractions are not cut off", source);
    let gone = user().claim_raw("exp", &format!("{}.5", NOW - 61));
    sheet.refuses("half-a-second-late", "expired", &gone, "fractions are not rounded up", source);
    sheet.refuses(
        "epoch",
        "expired",
        &user().claim("exp", 0).without("nbf").without("iat"),
        "0 is a date, not `never`",
        source,
    );
    for claim in ["nbf", "iat"] {
        let from = |at: i64| user().claim(claim, NOW + at);
        sheet.accepts(&format!("{claim}-within-leeway"), &from(60), "clocks differ", source);
        sheet.refuses(&format!("{claim}-beyond-leeway"), "not_yet_valid", &from(61), "too early", source);
        sheet.accepts(
            &format!("{claim}-now-without-leeway"),
            &from(0).under("no-leeway"),
            "good from its first second",
            source,
        );
        sheet.refuses(
            &format!("{claim}-without-leeway"),
            "not_yet_valid",
            &from(1).under("no-leeway"),
            "too early",
            source,
        );
    }
    let later = user().at(NOW + 86_400 * 365);
    sheet.refuses("a-year-later", "expired", &later, "the same token, judged at another time", source);
    let earlier = user().at(NOW - 3600);
    sheet.refuses(
        "an-hour-earlier",
        "not_yet_valid",
        &earlier,
        "the same token, judged at another time",
        source,
    );
}

fn legal(sheet: &mut Sheet<'_>) {
    let source = "T-004; T-015; RFC 7519 §2, §4.1";
    sheet.accepts("no-nbf", &user().without("nbf"), "optional", source);
    sheet.accepts("no-iat", &user().without("iat"), "optional", source);
    sheet.accepts("exp-alone", &user().without("nbf").without("iat"), "only `exp` is required", source);
    sheet.accepts(
        "fraction",
        &user().claim_raw("exp", &format!("{}.25", NOW + 3600)),
        "a date may have a fraction",
        source,
    );
    sheet.accepts(
        "exponent",
        &user().claim_raw("exp", "1.7672292e9"),
        "a number in any spelling of JSON",
        source,
    );
    sheet.accepts(
        "fractions-everywhere",
        &user().claim_raw("nbf", &format!("{}.999", NOW - 1)).claim_raw("iat", &format!("{}.0", NOW - 1)),
        "a date may have a fraction",
        source,
    );
    sheet.accepts(
        "iat-before-nbf",
        &user().claim("iat", NOW - 4000),
        "issued earlier than it is good from",
        source,
    );
}

fn types(sheet: &mut Sheet<'_>) {
    let source = "T-015; RFC 7519 §2; CVE-2026-25537";
    sheet.refuses(
        "exp-missing",
        "lifetime",
        &user().without("exp"),
        "a token that never ends is refused",
        "T-015; RFC 7519 §4.1.4",
    );
    for claim in ["exp", "nbf", "iat"] {
        let good = NOW + if claim == "exp" { 3600 } else { -300 };
        for (name, value, why) in [
            ("text", json!(good.to_string()), "a text is no number, and never the same as missing"),
            ("null", json!(null), "there, and no number"),
            ("true", json!(true), "no number"),
            ("list", json!([good]), "no number"),
        ] {
            sheet.refuses(&format!("{claim}-{name}"), "lifetime", &user().claim(claim, value), why, source);
        }
    }
    for (name, text, why) in [
        ("exp-negative", "-1", "before there were dates"),
        ("exp-beyond-year-9999", "253402300800", "no real date"),
        ("exp-2-to-the-63", "9223372036854775808", "no wrap-around"),
        ("exp-2-to-the-64", "18446744073709551616", "no wrap-around"),
        ("exp-wraps-to-now", "18446744075476780816", "2^64 and an hour from now"),
        ("exp-1e300", "1e300", "no overflow"),
        ("exp-milliseconds", "1767229200000", "milliseconds are another unit"),
    ] {
        sheet.refuses(name, "lifetime", &user().claim_raw("exp", text), why, "T-015; RFC 7519 §2");
    }
    sheet.refuses(
        "exp-1e999",
        "malformed_claims",
        &user().claim_raw("exp", "1e999"),
        "a number that no parser can hold",
        "T-015",
    );
    sheet.refuses("nbf-negative", "lifetime", &user().claim("nbf", -1), "before there were dates", "T-015");
}

fn spans(sheet: &mut Sheet<'_>) {
    let source = "T-015; Entra, Access tokens (token lifetime)";
    let hours = |hours: i64| user().claim("exp", NOW + hours * 3600);
    sheet.accepts("of-28-hours", &hours(28), "Entra's longest, with continuous access evaluation", source);
    sheet.accepts("of-48-hours", &hours(48), "the cap", source);
    sheet.refuses(
        "over-48-hours",
        "lifetime",
        &user().claim("exp", NOW + 48 * 3600 + 1),
        "our cap on remaining life",
        source,
    );
    sheet.refuses("of-ten-years", "lifetime", &hours(24 * 3650), "our cap on remaining life", source);
    sheet.accepts(
        "of-28-hours-at-the-shortest-cap",
        &hours(28).under("shortest-cap"),
        "28 h must work",
        source,
    );
    sheet.refuses(
        "of-29-hours-at-the-shortest-cap",
        "lifetime",
        &hours(29).under("shortest-cap"),
        "the operator's cap",
        source,
    );
    let source = "T-015; RFC 7519 §4.1.5";
    sheet.refuses(
        "nbf-is-exp",
        "lifetime",
        &user().claim("nbf", NOW).claim("exp", NOW),
        "a span of nothing",
        source,
    );
    sheet.refuses(
        "nbf-after-exp",
        "lifetime",
        &user().claim("nbf", NOW + 30).claim("exp", NOW + 20),
        "ends before it begins",
        source,
    );
    sheet.accepts(
        "shortest-span",
        &user().claim("nbf", NOW - 1).claim("exp", NOW),
        "a second, with leeway",
        source,
    );
}
