//! Steps 3 and 4: a tenant in its one spelling, and on the list.

use serde_json::json;

use super::{
    Previous, Sheet,
    case::{application, user, user_v1},
    world::{CONTOSO, FABRIKAM, NORTHWIND, PERSONAL, WORLDWIDE},
};

pub fn sheet(previous: &Previous) -> Sheet<'_> {
    let about = "The tenant: `tid` in canonical spelling, on the allow-list; nothing else decides it";
    let mut sheet = Sheet::new("tenant", about, previous);
    gate(&mut sheet);
    spellings(&mut sheet);
    sheet
}

fn gate(sheet: &mut Sheet<'_>) {
    let source = "T-011; Entra, Claims validation; Entra, Access tokens";
    sheet.accepts("listed", &user(), "on the list", source);
    sheet.accepts("another-listed", &user().of(FABRIKAM), "several tenants, each its own", source);
    let why = "signed by the same keys as everybody's: only the list keeps it out";
    sheet.refuses("unlisted", "tenant", &user().of(NORTHWIND), why, source);
    let v1 = user_v1().issued_by(NORTHWIND, &format!("https://sts.windows.net/{NORTHWIND}/"));
    sheet.refuses("unlisted-v1", "tenant", &v1, why, source);
    sheet.refuses(
        "unlisted-application",
        "tenant",
        &application().of(NORTHWIND),
        "any application of any tenant gets a token for a multi-tenant API",
        source,
    );
    let nobody = "ffffffff-ffff-4fff-bfff-ffffffffffff";
    sheet.refuses(
        "unheard-of",
        "tenant",
        &user().of(nobody).by_as("stranger", "unpublished"),
        "unknown tenants look like unlisted ones, and no key is looked for",
        "T-011; T-007",
    );
    let personal = || user().of(PERSONAL).by("personal");
    sheet.refuses(
        "personal-account",
        "tenant",
        &personal(),
        "personal accounts are members of no list by themselves",
        "T-011; Entra, Access token claims reference",
    );
    sheet.accepts(
        "personal-account-where-listed",
        &personal().under("personal"),
        "unless the operator names their directory",
        "T-011",
    );
    let hints = user()
        .of(NORTHWIND)
        .claim("idp", format!("https://sts.windows.net/{CONTOSO}/"))
        .claim("email", "ada@contoso.example")
        .claim("upn", "ada@contoso.example")
        .claim("tenant", CONTOSO)
        .claim("tenant_id", CONTOSO)
        .claim("xms_tenant", CONTOSO);
    sheet.refuses(
        "hints-of-a-listed-one",
        "tenant",
        &hints,
        "no other claim decides the tenant",
        "T-011; nOAuth",
    );
    let header = user().of(NORTHWIND).head("tid", CONTOSO).head("iss", format!("{WORLDWIDE}/{CONTOSO}/v2.0"));
    sheet.refuses(
        "claims-in-the-header",
        "tenant",
        &header,
        "copies in the header are nobody's word",
        "T-011; RFC 7519 §5.3",
    );
    let agrees_not = user().claim("tid", CONTOSO).claim("iss", format!("{WORLDWIDE}/{NORTHWIND}/v2.0"));
    sheet.refuses(
        "tid-listed-issuer-not",
        "issuer",
        &agrees_not,
        "`iss` and `tid` must agree",
        "T-012; CVE-2025-55241",
    );
    let nor_so = user().claim("tid", NORTHWIND).claim("iss", format!("{WORLDWIDE}/{CONTOSO}/v2.0"));
    sheet.refuses(
        "issuer-listed-tid-not",
        "issuer",
        &nor_so,
        "`iss` and `tid` must agree",
        "T-012; CVE-2025-55241",
    );
}

fn spellings(sheet: &mut Sheet<'_>) {
    let source = "T-011; Entra, Access token claims reference";
    for (name, tid, why) in [
        ("upper-case", json!(CONTOSO.to_uppercase()), "one spelling, or two spellings become two tenants"),
        ("no-hyphens", json!(CONTOSO.replace('-', "")), "one spelling"),
        ("braces", json!(format!("{{{CONTOSO}}}")), "one spelling"),
        ("urn", json!(format!("urn:uuid:{CONTOSO}")), "one spelling"),
        ("leading-space", json!(format!(" {CONTOSO}")), "nothing is trimmed"),
        ("trailing-line-break", json!(format!("{CONTOSO}\n")), "nothing is trimmed"),
        ("nul", json!(format!("{CONTOSO}\0")), "compared to its end"),
        ("full-width-digit", json!(CONTOSO.replace("01", "0\u{ff11}")), "look-alikes are not digits"),
        ("common", json!("common"), "a pseudo tenant is no tenant"),
        ("organizations", json!("organizations"), "a pseudo tenant is no tenant"),
        ("consumers", json!("consumers"), "a pseudo tenant is no tenant"),
        ("domain", json!("contoso.example"), "domains change hands"),
        ("path-traversal", json!("../common"), "never part of a URL"),
        ("url", json!("https://attacker.test/"), "never part of a URL"),
        ("sql", json!("' OR ''='"), "never part of a query"),
        ("terminal-codes", json!("\u{1b}[2J\r\n<script>"), "a log shows it escaped, or not at all"),
        ("empty", json!(""), "names no tenant"),
        ("null", json!(null), "not a text"),
        ("number", json!(1), "not a text"),
        ("list", json!([CONTOSO]), "not a text"),
        ("object", json!({"id": CONTOSO}), "not a text"),
    ] {
        let text = tid.as_str().unwrap_or(CONTOSO).to_owned();
        let case = user().claim("tid", tid).claim("iss", format!("{WORLDWIDE}/{text}/v2.0"));
        sheet.refuses(name, "tenant_id", &case, why, source);
    }
    sheet.refuses("missing", "tenant_id", &user().without("tid"), "not taken from `iss` instead", source);
}
