//! Step 8: for this resource and nobody else.

use serde_json::json;

use super::{
    Previous, Sheet,
    case::{application, user, user_v1},
    world::{API, API_URI, CLIENT, OTHER_API},
};

pub fn sheet(previous: &Previous) -> Sheet<'_> {
    let about = "The audience: exactly one, one of those configured, byte for byte";
    let mut sheet = Sheet::new("audience", about, previous);
    let source = "T-014; RFC 7519 §4.1.3; RFC 8725 §3.9; Entra, Claims validation";
    sheet.accepts("client-id", &user(), "what v2.0 tokens name", source);
    sheet.accepts("app-id-uri", &user_v1(), "what v1.0 tokens name", source);
    sheet.accepts(
        "client-id-in-v1",
        &user_v1().claim("aud", API),
        "v1.0 tokens name it too, depending on how the client asked",
        source,
    );
    sheet.accepts("list-of-one", &user().claim("aud", [API]), "the other form of one audience", source);
    let why = "a token for somebody else";
    sheet.refuses("another-api", "audience", &user().claim("aud", OTHER_API), why, source);
    sheet.refuses("another-api-v1", "audience", &user_v1().claim("aud", "api://other.example"), why, source);
    sheet.refuses("another-api-application", "audience", &application().claim("aud", OTHER_API), why, source);
    sheet.refuses("graph", "audience", &user_v1().claim("aud", "https://graph.microsoft.com"), why, source);
    sheet.refuses(
        "client",
        "audience",
        &user().claim("aud", CLIENT),
        "the client's own, as in its ID token",
        source,
    );
    for (name, value, why) in [
        ("upper-case", json!(API.to_uppercase()), "compared byte for byte"),
        ("upper-case-uri", json!("API://tasks.example"), "compared byte for byte"),
        ("slash", json!(format!("{API_URI}/")), "each spelling is listed, or refused"),
        ("longer", json!(format!("{API_URI}.attacker.test")), "no prefix match"),
        ("scope", json!(format!("{API_URI}/access_as_user")), "no prefix match"),
        ("shorter", json!("api://tasks"), "no prefix match the other way"),
        ("substring", json!(format!("x {API} x")), "no substring match"),
        ("uri-of-client-id", json!(format!("api://{API}")), "not configured here"),
        ("space", json!(format!("{API} ")), "nothing is trimmed"),
        ("nul", json!(format!("{API}\0x")), "compared to its end"),
        ("star", json!("*"), "no wildcards"),
        ("terminal-codes", json!("\u{1b}[1A\u{9b}2K\r\n`<img>`"), "a log shows it escaped, or not at all"),
        ("empty", json!(""), "nobody"),
        ("null", json!(null), "not a text"),
        ("number", json!(1), "not a text"),
        ("true", json!(true), "not a text"),
        ("object", json!({API: true}), "not a text, though its name is right"),
        ("empty-list", json!([]), "nobody"),
        ("list-of-lists", json!([[API]]), "not a text"),
        ("list-with-null", json!([API, null]), "not a list of texts"),
        ("ours-first", json!([API, OTHER_API]), "the other audience could replay it here"),
        ("ours-last", json!([OTHER_API, API]), "the other audience could replay it here"),
        ("both-ours", json!([API, API_URI]), "one audience (our choice)"),
        ("ours-twice", json!([API, API]), "one audience (our choice)"),
    ] {
        let source = "T-014; RFC 7519 §4.1.3; RFC 8725 §3.9; CVE-2024-5798";
        sheet.refuses(name, "audience", &user().claim("aud", value), why, source);
    }
    sheet.refuses(
        "missing",
        "audience",
        &user().without("aud"),
        "required",
        "T-014; RFC 9068 §4; CVE-2026-55669",
    );
    sheet
}
