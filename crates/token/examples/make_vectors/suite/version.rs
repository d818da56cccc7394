//! Step 3: `ver` says which form of issuer to expect, and each only where it is configured.

use serde_json::json;

use super::{
    Previous, Sheet,
    case::{user, user_v1},
};

pub fn sheet(previous: &Previous) -> Sheet<'_> {
    let about = "The version: `1.0` or `2.0` as a text, agreeing with the issuer, and configured";
    let mut sheet = Sheet::new("version", about, previous);
    let source = "T-012; Entra, Access token claims reference";
    sheet.accepts("v2", &user().under("v2-only"), "v2.0 where v2.0 is asked for", source);
    sheet.accepts("v1", &user_v1().under("v1-only"), "v1.0 where v1.0 is asked for", source);
    sheet.accepts("v1-beside-v2", &user_v1(), "both from one configuration", source);
    for (name, value, why) in [
        ("number", json!(2.0), "a text, not a number"),
        ("whole-number", json!(2), "a text, not a number"),
        ("null", json!(null), "not a text"),
        ("list", json!(["2.0"]), "not a text"),
        ("short", json!("2"), "compared exactly"),
        ("long", json!("2.00"), "compared exactly"),
        ("with-v", json!("v2.0"), "compared exactly"),
        ("unheard-of", json!("3.0"), "no such version"),
        ("empty", json!(""), "no version"),
        ("terminal-codes", json!("2.0\u{1b}[0m\n"), "a log shows it escaped, or not at all"),
    ] {
        sheet.refuses(name, "version", &user().claim("ver", value), why, source);
    }
    sheet.refuses("missing", "version", &user().without("ver"), "not guessed from `iss`", source);
    let why = "version and issuer disagree";
    sheet.refuses(
        "v1-with-v2-issuer",
        "issuer",
        &user().claim("ver", "1.0").rename("azp", "appid"),
        why,
        source,
    );
    sheet.refuses(
        "v2-with-v1-issuer",
        "issuer",
        &user_v1().claim("ver", "2.0").rename("appid", "azp"),
        why,
        source,
    );
    sheet.refuses(
        "v1-where-not-configured",
        "issuer",
        &user_v1().under("v2-only"),
        "versions that are not configured are refused",
        source,
    );
    sheet.refuses(
        "v2-where-not-configured",
        "issuer",
        &user().under("v1-only"),
        "versions that are not configured are refused",
        source,
    );
    sheet
}
