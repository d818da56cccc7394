//! Step 2 and 5: the key id, required and compared exactly.

use serde_json::json;

use super::{Previous, Sheet, case::user};

pub fn sheet(previous: &Previous) -> Sheet<'_> {
    let about = "The key id: required, a bounded text, compared exactly; a miss tries no other key";
    let mut sheet = Sheet::new("key_id", about, previous);
    let source = "T-009; RFC 7515 §4.1.4";
    sheet.accepts("exact", &user(), "the id of a published key", source);
    let odd = user().by_as("entra-2", "Ключ é/..%2f?'\" 1");
    sheet.accepts(
        "odd-characters",
        &odd,
        "an id is any text: it is compared, and put nowhere",
        "T-009; T-007",
    );
    let longest = user().by_as("entra-2", &"k".repeat(256));
    sheet.accepts("of-256-bytes", &longest, "the longest that we take", "T-003; T-009");
    for (name, value, why) in [
        ("empty", json!(""), "names no key"),
        ("null", json!(null), "not a text"),
        ("number", json!(1), "not a text"),
        ("list", json!(["entra-1"]), "not a text"),
        ("object", json!({"kid": "entra-1"}), "not a text"),
        ("of-257-bytes", json!("k".repeat(257)), "longer than any real one"),
    ] {
        sheet.refuses(name, "key_id", &user().head("kid", value), why, source);
    }
    sheet.refuses("missing", "key_id", &user().no_head("kid"), "no trying of all keys", source);
    let thumbprint = user().no_head("kid").head("x5t", "entra-1");
    sheet.refuses("thumbprint-alone", "key_id", &thumbprint, "`x5t` is no substitute", source);
    for (name, kid, why) in [
        ("of-no-key", "entra-9", "signed by a published key, under an id that is not published"),
        ("in-upper-case", "ENTRA-1", "compared exactly"),
        ("with-space", "entra-1 ", "compared exactly"),
        ("with-nul", "entra-1\0", "compared to its end"),
        ("prefix", "entra-", "compared to its end"),
        ("decomposed", "Ключ e\u{301}/..%2f?'\" 1", "no Unicode normalisation"),
        ("path-traversal", "../../../../dev/null", "never a path"),
        ("url", "https://attacker.test/key.pem", "never a URL"),
        ("sql", "x' UNION SELECT 'secret' --", "never a query"),
        ("shell", "key.pem; id |", "never a command"),
        ("terminal-codes", "\u{1b}]0;owned\u{7}\r\n\u{202e}", "a log shows it escaped, or not at all"),
        ("index", "0", "never an index into the set"),
    ] {
        let source = "T-009; T-007; T-023; RFC 8725 §3.10";
        sheet.refuses(name, "unknown_key", &user().head("kid", kid), why, source);
    }
    sheet
}
