//! Step 9: guests, who count as members of the tenant that issued the token, where it lets them in.

use serde_json::json;

use super::{
    Previous, Sheet,
    case::{Case, user, user_v1},
    world::{CONTOSO, FABRIKAM, NORTHWIND, PERSONAL, WORLDWIDE},
};

pub fn sheet(previous: &Previous) -> Sheet<'_> {
    let about = "Guests: told by `acct` or a foreign `idp`; Contoso lets them in, Fabrikam does not";
    let mut sheet = Sheet::new("guest", about, previous);
    let guest = |case: Case| case.expects(|p| p.membership = "guest");
    let home = format!("https://sts.windows.net/{NORTHWIND}/");
    let source = "T-011; Entra, External ID user token; Entra, Optional claims reference";

    let why = "a guest acts in the tenant that issued the token; the home tenant decides nothing";
    sheet.accepts("by-account", &guest(user().claim("acct", 1)), why, source);
    sheet.accepts("by-provider", &guest(user().claim("idp", &home)), why, source);
    sheet.accepts("by-provider-v1", &guest(user_v1().claim("idp", &home)), why, source);
    sheet.accepts("with-personal-account", &guest(user().claim("idp", "live.com")), why, source);
    let by_id = format!("https://sts.windows.net/{PERSONAL}/");
    sheet.accepts("with-personal-account-by-id", &guest(user().claim("idp", by_id)), why, source);

    let strict = || user().of(FABRIKAM);
    let why = "this tenant's guests are refused";
    sheet.refuses("refused-by-account", "guest", &strict().claim("acct", 1), why, source);
    sheet.refuses("refused-by-provider", "guest", &strict().claim("idp", &home), why, source);
    sheet.refuses("refused-by-both", "guest", &strict().claim("acct", 1).claim("idp", &home), why, source);
    sheet.refuses("refused-with-personal-account", "guest", &strict().claim("idp", "live.com"), why, source);
    let denies = strict().claim("acct", 0).claim("idp", &home);
    sheet.refuses(
        "refused-though-account-says-member",
        "guest",
        &denies,
        "the stricter of two answers",
        source,
    );
    let v1 =
        user_v1().issued_by(FABRIKAM, &format!("https://sts.windows.net/{FABRIKAM}/")).claim("idp", &home);
    sheet.refuses("refused-v1", "guest", &v1, why, source);

    sheet.accepts("member-of-a-strict-tenant", &strict(), "its members come in", source);
    sheet.accepts("member-by-account", &strict().claim("acct", 0), "`acct` = 0 says member", source);
    let own = format!("https://sts.windows.net/{FABRIKAM}/");
    sheet.accepts(
        "member-by-provider",
        &strict().claim("idp", own),
        "the same tenant by its v1.0 name",
        source,
    );
    let same = format!("{WORLDWIDE}/{FABRIKAM}/v2.0");
    sheet.accepts("member-by-issuer", &strict().claim("idp", same), "the issuer itself", source);

    for (name, claim, value) in [
        ("account-2", "acct", json!(2)),
        ("account-text", "acct", json!("1")),
        ("account-true", "acct", json!(true)),
        ("account-null", "acct", json!(null)),
        ("provider-null", "idp", json!(null)),
        ("provider-number", "idp", json!(1)),
        ("provider-list", "idp", json!([format!("https://sts.windows.net/{CONTOSO}/")])),
    ] {
        let why = "an answer that cannot be read is not taken for `member`";
        sheet.refuses(name, "identity", &strict().claim(claim, value), why, "T-017; T-001");
    }
    sheet
}
