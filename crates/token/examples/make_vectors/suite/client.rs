//! Step 10: the calling application, where there is a list.

use super::{
    Previous, Sheet,
    case::{application, user, user_v1},
    world::{CLIENT, OTHER_CLIENT},
};

pub fn sheet(previous: &Previous) -> Sheet<'_> {
    let about = "The client application: on the list, where there is one";
    let mut sheet = Sheet::new("client", about, previous);
    let source = "T-019; Entra, Claims validation (actor)";
    let other = |case: super::case::Case| case.expects(|p| p.client_id = OTHER_CLIENT.into());
    sheet.accepts("listed", &user().under("clients"), "`azp` is on the list", source);
    sheet.accepts("listed-v1", &user_v1().under("clients"), "`appid` is on the list", source);
    sheet.accepts("listed-application", &application().under("clients"), "applications have it too", source);
    sheet.accepts(
        "without-a-list",
        &other(user().claim("azp", OTHER_CLIENT)),
        "no list: every application",
        source,
    );
    let why = "any other application of an allowed tenant";
    sheet.refuses("unlisted", "client", &user().claim("azp", OTHER_CLIENT).under("clients"), why, source);
    sheet.refuses(
        "unlisted-v1",
        "client",
        &user_v1().claim("appid", OTHER_CLIENT).under("clients"),
        why,
        source,
    );
    sheet.refuses(
        "unlisted-application",
        "client",
        &application().claim("azp", OTHER_CLIENT).under("clients"),
        why,
        source,
    );
    let decoy = user().claim("azp", OTHER_CLIENT).claim("appid", CLIENT).under("clients");
    sheet.refuses("other-claim-listed", "client", &decoy, "in v2.0 tokens `azp` counts", source);
    let decoy = user_v1().claim("appid", OTHER_CLIENT).claim("azp", CLIENT).under("clients");
    sheet.refuses("other-claim-listed-v1", "client", &decoy, "in v1.0 tokens `appid` counts", source);
    let decoy = user().claim("azp", OTHER_CLIENT).claim("client_id", CLIENT).under("clients");
    sheet.refuses("client-id-listed", "client", &decoy, "`client_id` is no claim of Entra's", source);
    for (name, client, why) in [
        ("upper-case", CLIENT.to_uppercase(), "compared exactly"),
        ("space", format!("{CLIENT} "), "nothing is trimmed"),
        ("longer", format!("{CLIENT}0"), "no prefix match"),
        ("terminal-codes", "\u{1b}[31mx\r\n<b>".into(), "a log shows it escaped, or not at all"),
    ] {
        sheet.refuses(name, "client", &user().claim("azp", client).under("clients"), why, source);
    }
    sheet.refuses("missing", "kind", &user().without("azp").under("clients"), "missing is a refusal", source);
    sheet
}
