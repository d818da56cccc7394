//! Tokens that are unusual and right: a validator that refuses everything fails here.

use serde_json::json;

use super::{
    Previous, Sheet,
    case::{application, user, user_v1},
    world::{CONTOSO, NOW},
};

pub fn sheet(previous: &Previous) -> Sheet<'_> {
    let about = "Legal oddities: all of these must pass";
    let mut sheet = Sheet::new("oddities", about, previous);
    let source = "T-004; Entra, Access token claims reference";

    let groups: Vec<_> = (0..120).map(|i| format!("99999999-0000-4000-8000-{i:012}")).collect();
    sheet.accepts(
        "many-groups",
        &user().claim("groups", groups),
        "a long token",
        "T-003; T-004; Entra, Groups overage",
    );
    let overage = user()
        .claim("_claim_names", json!({"groups": "src1"}))
        .claim("_claim_sources", json!({"src1": {"endpoint": "https://attacker.test/getMemberObjects"}}))
        .claim("hasgroups", true);
    sheet.accepts(
        "groups-overage",
        &overage,
        "the link is not followed",
        "T-007; T-025; Entra, Groups overage",
    );
    let continuous = user()
        .claim("xms_cc", ["CP1"])
        .claim("acrs", ["p1", "c1"])
        .claim("auth_time", NOW - 5)
        .claim("exp", NOW + 28 * 3600);
    sheet.accepts("continuous-access", &continuous, "a token of 28 hours", source);
    let old = user_v1()
        .claim("acct", 0)
        .claim("altsecid", "1:live.com:0003BFFD")
        .claim("ipaddr", "2001:db8::1")
        .claim("in_corp", "true")
        .claim("pwd_exp", "604800")
        .claim("family_name", "Example")
        .claim("given_name", "Ada");
    sheet.accepts("everything-of-v1", &old, "the many claims of v1.0 tokens", source);
    let identity = application().claim("xms_mirid", "/subscriptions/x/resourcegroups/y").claim("azpacr", "2");
    sheet.accepts("managed-identity", &identity, "an application with a certificate of its own", source);
    let agent =
        user().claim("xms_act_fct", "3 9").claim("xms_sub_fct", "2 3").claim("xms_par_app_azp", CONTOSO);
    sheet.accepts(
        "new-facets",
        &agent,
        "new claims appear without notice",
        "T-004; Entra, Agent token claims",
    );
    let all_at_once = user()
        .no_head("typ")
        .head("new", json!([{}]))
        .claim("aud", json!([super::world::API]))
        .claim_raw("exp", &format!("{}.75", NOW + 60))
        .claim("name", "Zoë \u{202e}\u{0}\n🦀")
        .claim_raw("x_big", "-0.1e-999")
        .without("nbf")
        .without("sub")
        .reversed()
        .edit_claims(|text| format!(" {} ", text.replace("\"tid\"", "\n\"\\u0074id\"")))
        .expects(|p| p.subject = None);
    sheet.accepts(
        "all-at-once",
        &all_at_once,
        "each alone is legal, and so are all together",
        "T-004; RFC 7519 §4; RFC 8259",
    );
    let escaped = user().claim_raw("roles", r#"["R\u00f4le","Reader","Reader"," "]"#).expects(|p| {
        p.roles = ["Rôle", "Reader", "Reader", " "].map(Into::into).into();
    });
    sheet.accepts("roles-of-any-text", &escaped, "roles are compared, not judged", "T-018");
    let empty = user().claim("roles", json!([])).claim("scp", "").expects(|p| {
        p.roles.clear();
        p.scopes.clear();
    });
    sheet.accepts(
        "no-permission-at-all",
        &empty,
        "known, and allowed nothing: 403 is for the route to say",
        "T-018; T-020",
    );
    let twice = user().claim("uti", "a-token-id-seen-before");
    sheet.accepts("seen-before", &twice, "bearer tokens are used many times", "T-022; RFC 6750 §1.2");
    let near = user()
        .claim("uti", "a-token-id-seen-before")
        .claim("roles", ["Admin"])
        .seal(super::case::Seal::Rs256("stranger"));
    sheet.refuses(
        "near-copy-of-one-seen-before",
        "signature",
        &near,
        "the same id in a forged token: a cache keyed by id lets it in",
        "T-022; CVE-2026-33496",
    );
    let other_audience = user().claim("uti", "a-token-id-seen-before").claim("aud", super::world::OTHER_API);
    sheet.refuses(
        "same-id-for-another-audience",
        "audience",
        &other_audience,
        "a verdict belongs to a whole token and one policy",
        "T-022; CVE-2026-33496",
    );
    sheet
}
