//! Step 9, first half: an access token of a user or an application, and no other kind that looks like one.

use serde_json::json;

use super::{
    Previous, Sheet,
    case::{Case, application, id_token, user, user_v1},
    issuer::openid,
    world::{API_URI, CONTOSO},
};

pub fn sheet(previous: &Previous) -> Sheet<'_> {
    let about = "The kind: access tokens only; users and applications told apart";
    let mut sheet = Sheet::new("kind", about, previous);
    kinds(&mut sheet);
    id_tokens(&mut sheet);
    other_types(&mut sheet);
    user_or_application(&mut sheet);
    sheet
}

fn kinds(sheet: &mut Sheet<'_>) {
    let source = "T-018; Entra, Access token claims reference";
    sheet.accepts("user", &user(), "delegated: has `scp`", source);
    sheet.accepts("user-v1", &user_v1(), "delegated: has `scp`", source);
    sheet.accepts("user-that-says-so", &user().claim("idtyp", "user"), "the optional claim `idtyp`", source);
    sheet.accepts("application", &application(), "says `idtyp` = `app`", source);
    let silent = application().without("idtyp");
    sheet.accepts(
        "application-without-idtyp",
        &silent,
        "`idtyp` is optional: without `scp` it is an application's",
        source,
    );
    let bare = application().without("roles").expects(|p| p.roles.clear());
    sheet.accepts(
        "application-without-roles",
        &bare,
        "who it is, is clear; whether it may do anything, permissions say",
        "T-018; Entra, Application permissions",
    );
    let roleless = user().without("roles").expects(|p| p.roles.clear());
    sheet.accepts("user-without-roles", &roleless, "scopes are enough to be known", source);
    let scopes = user()
        .claim("scp", "Tasks.Read  access_as_user")
        .expects(|p| p.scopes = vec!["Tasks.Read".into(), "access_as_user".into()]);
    sheet.accepts("several-scopes", &scopes, "words, separated by spaces", "T-018; RFC 6749 §3.3");
    let directory_role =
        user().claim("wids", ["62e90394-69f5-4237-9190-012177145e10"]).claim("groups", ["Admin"]);
    sheet.accepts(
        "directory-roles-do-not-count",
        &directory_role,
        "`wids` and `groups` give no role here",
        "T-018",
    );
    let v1_application = application()
        .without("idtyp")
        .claim("aud", API_URI)
        .claim("iss", format!("https://sts.windows.net/{CONTOSO}/"))
        .rename("azp", "appid")
        .rename("azpacr", "appidacr")
        .claim("ver", "1.0");
    sheet.accepts("application-v1", &v1_application, "the same rule in v1.0", source);
}

fn id_tokens(sheet: &mut Sheet<'_>) {
    let source = "T-016; RFC 8725 §3.11, §3.12; Entra, ID token claims reference";
    let mut refused = |name: &str, case: Case, why: &str| sheet.refuses(name, "kind", &case, why, source);
    refused(
        "id-token",
        id_token(),
        "same keys, same issuer, same audience; it says who signed in, not what the client may do",
    );
    refused("id-token-without-nonce", id_token().without("nonce"), "names no client application");
    refused(
        "id-token-v1",
        user_v1().without("appid").without("appidacr").without("scp"),
        "names no client application",
    );
    refused(
        "id-token-with-scp",
        id_token().without("nonce").claim("scp", "access_as_user"),
        "still names no client application",
    );
    refused("nonce", user().claim("nonce", "n"), "a mark of ID tokens");
    refused("nonce-null", user().claim("nonce", json!(null)), "there is there, whatever its value");
    refused("at-hash", user().claim("at_hash", "77QmUPtjPfzWtF2AnpK9RQ"), "a mark of ID tokens");
    refused("c-hash", user().claim("c_hash", "LDktKdoQak3Pk0cnXxCltA"), "a mark of ID tokens");
    refused("azp-in-v1", user_v1().rename("appid", "azp"), "v1.0 tokens name the client in `appid`");
    refused("appid-in-v2", user().rename("azp", "appid"), "v2.0 tokens name the client in `azp`");
    refused(
        "openid-id-token",
        openid().head("typ", "JWT").without("client_id").without("scope").claim("nonce", "n"),
        "of a plain provider too",
    );
    refused(
        "user-without-scopes",
        user().without("scp"),
        "a person's token that lost its scopes is no daemon's",
    );
    refused("person-without-scopes-v1", user_v1().without("scp"), "in v1.0 tokens too");
    refused(
        "user-of-a-web-application-without-scopes",
        user().without("scp").claim("azpacr", "1"),
        "the subject is not the object: a person, seen by this application",
    );
    refused(
        "openid-id-token-with-azp",
        openid().head("typ", "JWT").rename("client_id", "azp").without("scope"),
        "ID tokens of other providers have an `azp`, and one from a refresh has no `nonce`",
    );
    refused(
        "openid-without-scope",
        openid().without("scope"),
        "of a user without scopes: only an application is its own subject",
    );
}

fn other_types(sheet: &mut Sheet<'_>) {
    let source = "T-016; RFC 8725 §3.11; RFC 9068 §4";
    for (name, value, why) in [
        ("typ-logout", json!("logout+jwt"), "a logout token"),
        ("typ-dpop", json!("dpop+jwt"), "a proof of possession"),
        ("typ-secevent", json!("secevent+jwt"), "a security event"),
        ("typ-introspection", json!("token-introspection+jwt"), "an introspection answer"),
        ("typ-jws", json!("JOSE"), "no JWT at all"),
        ("typ-empty", json!(""), "there, and neither of the two"),
        ("typ-bare-prefix", json!("application/"), "there, and neither of the two"),
        ("typ-longer", json!("JWT2"), "compared to its end"),
        ("typ-null", json!(null), "not a text"),
        ("typ-list", json!(["JWT"]), "not a text"),
    ] {
        sheet.refuses(name, "kind", &user().head("typ", value), why, source);
    }
    let mut refused =
        |name: &str, case: Case, why: &str, source: &str| sheet.refuses(name, "kind", &case, why, source);
    let events = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
    refused(
        "logout-token",
        user().claim("events", events),
        "a logout token that calls itself `JWT`",
        "T-016; OpenID Connect Back-Channel Logout §2.4",
    );
    refused("nested", user().head("cty", "JWT"), "another token inside", "T-016; RFC 7519 §5.2");
    refused(
        "nonce-in-header",
        user().head("nonce", "n"),
        "for an API of Microsoft's own",
        "T-016; Entra, Access tokens",
    );
    let bound = "T-016; RFC 9449 §7; RFC 8705 §3";
    refused(
        "bound-to-dpop-key",
        user().claim("cnf", json!({"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"})),
        "useless without its proof, and not plain bearer",
        bound,
    );
    refused(
        "bound-to-certificate",
        user().claim("cnf", json!({"x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"})),
        "useless without its proof, and not plain bearer",
        bound,
    );
    refused(
        "bound-to-nothing",
        user().claim("cnf", json!(null)),
        "there is there, whatever its value",
        bound,
    );
}

fn user_or_application(sheet: &mut Sheet<'_>) {
    let source = "T-018; Entra, Optional claims reference";
    let mut refused = |name: &str, case: Case, why: &str| sheet.refuses(name, "kind", &case, why, source);
    refused("application-with-scopes", application().claim("scp", "access_as_user"), "contradicts itself");
    refused("person-without-scopes", user().without("scp").claim("idtyp", "user"), "contradicts itself");
    refused("device", application().claim("idtyp", "device"), "a device is no caller");
    refused("idtyp-in-upper-case", application().claim("idtyp", "App"), "compared exactly");
    refused("idtyp-empty", application().claim("idtyp", ""), "there, and neither of the two");
    refused("idtyp-null", application().claim("idtyp", json!(null)), "not a text");
    refused("idtyp-list", application().claim("idtyp", ["app"]), "not a text");
}
