//! Step 3, second half: the exact issuer of one authority, for this tenant and version.

use serde_json::json;

use super::{
    Previous, Sheet,
    case::{Case, user, user_v1},
    world::{
        AGENCY, CHINA, CONTOSO, CUSTOM, EXTERNAL, FABRIKAM, NORTHWIND, OPENID, PROVIDER, SHANGHAI, US,
        WORLDWIDE,
    },
};

pub fn sheet(previous: &Previous) -> Sheet<'_> {
    let about = "The issuer: an exact match with configuration, tenant and version";
    let mut sheet = Sheet::new("issuer", about, previous);
    matrix(&mut sheet);
    types(&mut sheet);
    clouds(&mut sheet);
    others(&mut sheet);
    sheet
}

fn matrix(sheet: &mut Sheet<'_>) {
    let source = "T-012; RFC 7519 §4.1.1; RFC 8725 §3.8; OpenID Connect Core §3.1.3.7";
    sheet.accepts("v2", &user(), "the v2.0 form", "T-012; Entra, Access tokens");
    sheet.accepts("v1", &user_v1(), "the v1.0 form", "T-012; Entra, Access tokens");
    let host = "login.microsoftonline.com";
    for (name, issuer, why) in [
        (
            "other-tenant-same-key",
            format!("https://{host}/{FABRIKAM}/v2.0"),
            "tenants of a cloud share signing keys, so a good signature proves no tenant",
        ),
        ("slash-at-the-end", format!("https://{host}/{CONTOSO}/v2.0/"), "v2.0 issuers end without a slash"),
        ("http", format!("http://{host}/{CONTOSO}/v2.0"), "another scheme"),
        ("port", format!("https://{host}:443/{CONTOSO}/v2.0"), "not normalised"),
        ("upper-case-host", format!("https://LOGIN.microsoftonline.com/{CONTOSO}/v2.0"), "not normalised"),
        ("upper-case-version", format!("https://{host}/{CONTOSO}/V2.0"), "not normalised"),
        ("upper-case-tenant", format!("https://{host}/{}/v2.0", CONTOSO.to_uppercase()), "not normalised"),
        ("double-slash", format!("https://{host}//{CONTOSO}/v2.0"), "not normalised"),
        ("dot-segment", format!("https://{host}/x/../{CONTOSO}/v2.0"), "not normalised"),
        ("percent-encoded", format!("https://{host}/%61{}/v2.0", &CONTOSO[1..]), "not normalised"),
        ("query", format!("https://{host}/{CONTOSO}/v2.0?x"), "an issuer has no query"),
        ("fragment", format!("https://{host}/{CONTOSO}/v2.0#x"), "an issuer has no fragment"),
        (
            "user-info",
            format!("https://{host}@attacker.test/{CONTOSO}/v2.0"),
            "the host is what follows the `@`",
        ),
        ("longer-host", format!("https://{host}.attacker.test/{CONTOSO}/v2.0"), "no prefix match"),
        ("other-host", format!("https://attacker.test/https://{host}/{CONTOSO}/v2.0"), "no substring match"),
        ("sub-domain", format!("https://x.{host}/{CONTOSO}/v2.0"), "no suffix match"),
        (
            "old-host",
            format!("https://login.windows.net/{CONTOSO}/v2.0"),
            "an alias for endpoints, never an issuer",
        ),
        (
            "tenant-at-the-end",
            format!("https://{host}/{NORTHWIND}/{CONTOSO}/v2.0"),
            "the tenant is the only segment before the version",
        ),
        ("template", format!("https://{host}/{{tenantid}}/v2.0"), "the placeholder is no tenant"),
        ("common", format!("https://{host}/common/v2.0"), "a pseudo tenant issues nothing"),
        ("space", format!("https://{host}/{CONTOSO}/v2.0 "), "nothing is trimmed"),
        ("nul", format!("https://{host}/{CONTOSO}/v2.0\0"), "compared to its end"),
        (
            "other-cloud",
            format!("https://login.microsoftonline.us/{CONTOSO}/v2.0"),
            "a cloud that is not configured",
        ),
        ("version-cut-off", format!("https://{host}/{CONTOSO}"), "no prefix match"),
        (
            "terminal-codes",
            "\u{1b}]52;c;x\u{7}\r\nFake: line\u{2028}".into(),
            "a log shows it escaped, or not at all",
        ),
        ("empty", String::new(), "no issuer"),
    ] {
        let source = if name == "longer-host" { "T-012; CVE-2025-30144" } else { source };
        sheet.refuses(name, "issuer", &user().claim("iss", issuer), why, source);
    }
    let no_slash = user_v1().claim("iss", format!("https://sts.windows.net/{CONTOSO}"));
    sheet.refuses("v1-without-slash", "issuer", &no_slash, "v1.0 issuers end with a slash", source);
    let other = user_v1().claim("iss", format!("https://sts.windows.net/{NORTHWIND}/"));
    sheet.refuses("v1-of-another-tenant", "issuer", &other, "`iss` and `tid` must agree in v1.0 too", source);
}

fn types(sheet: &mut Sheet<'_>) {
    let right = format!("{WORLDWIDE}/{CONTOSO}/v2.0");
    for (name, value, why) in [
        ("null", json!(null), "not a text"),
        ("number", json!(2), "not a text"),
        ("list", json!([right]), "one issuer, as a text"),
        ("list-with-another", json!(["https://attacker.test", right]), "one library took a list for a text"),
        ("object", json!({"iss": right}), "not a text"),
    ] {
        sheet.refuses(name, "issuer", &user().claim("iss", value), why, "T-012; CVE-2025-30144");
    }
    sheet.refuses("missing", "issuer", &user().without("iss"), "required", "T-012; RFC 8725 §3.8");
}

fn us() -> Case {
    user().issued_by(AGENCY, &format!("{US}/{AGENCY}/v2.0")).by("us-government").under("clouds")
}

fn clouds(sheet: &mut Sheet<'_>) {
    let source = "T-012; T-013; Entra, National clouds";
    let china =
        || user().issued_by(SHANGHAI, &format!("{CHINA}/{SHANGHAI}/v2.0")).by("china").under("clouds");
    sheet.accepts("cloud-us-government", &us(), "each cloud by its own name and keys", source);
    sheet.accepts("cloud-china", &china(), "each cloud by its own name and keys", source);
    let china_v1 = user_v1().issued_by(SHANGHAI, &format!("https://sts.chinacloudapi.cn/{SHANGHAI}/"));
    sheet.accepts("cloud-china-v1", &china_v1.by("china").under("clouds"), "its own v1.0 form", source);
    let us_v1 = us()
        .claim("iss", format!("https://sts.windows.net/{AGENCY}/"))
        .claim("ver", "1.0")
        .rename("azp", "appid");
    let why = "this names the worldwide cloud, which has no such key";
    sheet.refuses("cloud-us-government-v1", "unknown_key", &us_v1, why, source);
    let by_world = us().by("entra-1");
    sheet.refuses(
        "cloud-us-government-by-worldwide-key",
        "unknown_key",
        &by_world,
        "a key of one issuer never verifies for another",
        source,
    );
    let by_us = user().by("us-government").under("clouds");
    sheet.refuses(
        "cloud-worldwide-by-us-government-key",
        "unknown_key",
        &by_us,
        "a key of one issuer never verifies for another",
        source,
    );
}

fn others(sheet: &mut Sheet<'_>) {
    let external = || {
        let issuer = format!("https://{EXTERNAL}.ciamlogin.com/{EXTERNAL}/v2.0");
        user().issued_by(EXTERNAL, &issuer).by("external").under("external-id")
    };
    let source = "T-012; Entra, External ID";
    sheet.accepts("external-id", &external(), "its host name is its tenant id", source);
    let by_name = external().claim("iss", format!("https://contoso.ciamlogin.com/{EXTERNAL}/v2.0"));
    sheet.refuses(
        "external-id-by-name",
        "issuer",
        &by_name,
        "the name of its sign-in page is not its issuer",
        source,
    );
    let neighbour =
        external().of(CONTOSO).claim("iss", format!("https://{EXTERNAL}.ciamlogin.com/{CONTOSO}/v2.0"));
    sheet.refuses(
        "external-id-of-another-tenant",
        "issuer",
        &neighbour,
        "one tenant, and no other under its host",
        source,
    );
    let foreign = external().claim("tid", CONTOSO);
    sheet.refuses(
        "external-id-with-foreign-tid",
        "issuer",
        &foreign,
        "one tenant's own issuer says nothing for another",
        "T-012; CVE-2025-55241",
    );
    let v1 = external().claim("ver", "1.0").rename("azp", "appid");
    sheet.refuses("external-id-v1", "issuer", &v1, "External ID issues v2.0 tokens only", source);
    let custom =
        || user().issued_by(CONTOSO, &format!("{CUSTOM}/{CONTOSO}/v2.0")).by("custom").under("custom");
    sheet.accepts(
        "custom",
        &custom(),
        "an authority at another address, for example a simulator",
        "T-012; T-150",
    );
    let v1 = user_v1().by("custom").under("custom");
    sheet.accepts("custom-v1", &v1, "v1.0 issuers are the same everywhere", "T-012; T-150");
    let at_entra = user().by("custom").under("custom");
    sheet.refuses(
        "custom-claiming-to-be-entra",
        "issuer",
        &at_entra,
        "only what is configured",
        "T-012; T-150",
    );
    sheet.refuses(
        "entra-claiming-to-be-custom",
        "issuer",
        &custom().under("base"),
        "a simulator's tokens open no real API",
        "T-012; T-150",
    );
    let source = "T-012; T-017; RFC 9068 §2.2; OpenID Connect Discovery 1.0 §4.3";
    sheet.accepts("openid", &openid(), "a plain provider: no `tid`, `ver` or `oid`", source);
    sheet.refuses(
        "openid-with-slash",
        "issuer",
        &as_entra(openid().claim("iss", format!("{OPENID}/"))),
        "exact, as everywhere",
        source,
    );
    let of_contoso = openid().claim("tid", CONTOSO);
    sheet.accepts(
        "openid-with-foreign-tid",
        &of_contoso,
        "its tenant is the operator's word: a `tid` of its own is no more than an unknown claim",
        source,
    );
    let claims_entra = as_entra(openid()).of(CONTOSO).by("openid");
    sheet.refuses(
        "openid-claiming-to-be-entra",
        "unknown_key",
        &claims_entra,
        "a key of one issuer never verifies for another",
        "T-013; RFC 8725 §3.8",
    );
}

/// With the claims that Entra's tokens have, so that only the issuer is wrong.
fn as_entra(case: Case) -> Case {
    case.claim("tid", CONTOSO).claim("ver", "2.0").claim("oid", super::world::USER)
}

/// A user's access token of the plain provider, as RFC 9068 has it.
pub fn openid() -> Case {
    user()
        .without("tid")
        .without("ver")
        .without("oid")
        .without("azpacr")
        .rename("azp", "client_id")
        .rename("scp", "scope")
        .claim("iss", OPENID)
        .head("typ", "at+jwt")
        .by("openid")
        .under("openid")
        .expects(|p| {
            p.tenant = PROVIDER.into();
            p.object_id = None;
        })
}
