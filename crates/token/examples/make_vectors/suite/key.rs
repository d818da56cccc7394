//! Step 5: a published, usable key, and of this issuer.

use super::{
    Previous, Sheet,
    case::{Case, application, user, user_v1},
    world::{CONTOSO, FABRIKAM, KEYLESS, PERSONAL, PLAIN},
};

pub fn sheet(previous: &Previous) -> Sheet<'_> {
    let about = "The key: published, fit for the purpose, and of the token's own issuer";
    let mut sheet = Sheet::new("key", about, previous);
    usable(&mut sheet);
    unusable(&mut sheet);
    issuers(&mut sheet);
    sheet
}

fn usable(sheet: &mut Sheet<'_>) {
    let source = "T-006; RFC 7517 §4.2, §4.3, §4.4";
    sheet.accepts("first", &user(), "several keys are valid at once", "T-006; Entra, Signing key rollover");
    sheet.accepts(
        "second",
        &user().by("entra-2"),
        "several keys are valid at once",
        "T-006; Entra, Signing key rollover",
    );
    let as_named = |kid: &str| user().by_as("entra-2", kid);
    sheet.accepts("says-rs256", &as_named("says-rs256"), "the key's `alg` allows it", source);
    sheet.accepts("may-verify", &as_named("may-verify"), "the key's `key_ops` allow it", source);
    sheet.accepts(
        "without-issuer",
        &user().of(PLAIN),
        "key documents without an issuer per key are those of one tenant",
        "T-013; Entra, Access tokens",
    );
    sheet.accepts("of-an-application", &application(), "the same keys sign for applications", source);
}

fn unusable(sheet: &mut Sheet<'_>) {
    let source = "T-006; RFC 7517 §4.2, §4.3, §4.4; RFC 8725 §3.5";
    let as_named = |kid: &str| user().by_as("entra-2", kid);
    let mut refused = |name: &str, case: Case, why: &str, source: &str| {
        sheet.refuses(name, "unknown_key", &case, why, source);
    };
    refused("unpublished", user().by("stranger"), "not in the set", "T-009; T-010");
    refused("for-encryption", as_named("for-encryption"), "`use` is `enc`", source);
    refused("may-encrypt", as_named("may-encrypt"), "`key_ops` does not have `verify`", source);
    refused("says-rs512", as_named("says-rs512"), "`alg` is another one", source);
    refused("says-ps256", as_named("says-ps256"), "`alg` is another one", source);
    refused("weak", user().by("weak"), "1024 bits are too few", "T-006; RFC 7518 §3.3");
    refused(
        "exponent-3",
        user().by("exponent-3"),
        "small exponents forgive careless padding checks (ours is at least 65537)",
        "T-006; T-010; Bleichenbacher 2006",
    );
    refused(
        "shared-secret",
        user().head("kid", "shared-secret"),
        "a symmetric key in a published set is never used",
        "T-006; CVE-2026-44699",
    );
    refused(
        "two-of-one-id",
        as_named("twice"),
        "two different keys with one id: nobody knows which",
        "T-006; T-009; RFC 7517 §4.5",
    );
    refused(
        "two-of-one-id-other",
        user().by_as("stranger", "twice"),
        "neither of them",
        "T-006; T-009; RFC 7517 §4.5",
    );
    refused(
        "elliptic",
        user().head("kid", "p-256"),
        "no listed algorithm takes its type",
        "T-006; RFC 7518 §6.1",
    );
    refused(
        "other-cloud-name",
        as_named("other-cloud-name"),
        "the key names another cloud",
        "T-013; Microsoft.IdentityModel, cloud instance",
    );
    let why = "no key set is at hand: refused, and not the token's fault";
    let source = "T-001; T-020; T-023";
    sheet.refuses("no-set-at-hand", "keys_unavailable", &user().of(KEYLESS), why, source);
    sheet.refuses("no-set-at-hand-application", "keys_unavailable", &application().of(KEYLESS), why, source);
}

fn issuers(sheet: &mut Sheet<'_>) {
    let source = "T-013; RFC 8725 §3.8; Entra, Access tokens (validate the issuer); Storm-0558";
    let named = |kid: &str| user().by_as("entra-2", kid);
    let personal = || user().of(PERSONAL).by("personal").under("personal");
    sheet.accepts("issuer-template", &user(), "a template fits every tenant of its authority", source);
    sheet.accepts(
        "issuer-template-v1",
        &user_v1(),
        "v1.0 tokens are compared by their v2.0 equivalent",
        source,
    );
    sheet.accepts(
        "issuer-in-camel-case",
        &named("issuer-in-camel-case"),
        "the placeholder is found in any case",
        source,
    );
    sheet.accepts("issuer-blank", &named("blank-issuer"), "a blank issuer is none", source);
    sheet.accepts(
        "issuer-of-one-tenant",
        &user().of(FABRIKAM).by("fabrikam"),
        "a key of one tenant, for it",
        source,
    );
    sheet.accepts(
        "issuer-of-personal-accounts",
        &personal(),
        "the key of personal accounts, for one of them",
        source,
    );
    let mut refused =
        |name: &str, case: Case, why: &str| sheet.refuses(name, "key_issuer", &case, why, source);
    refused(
        "personal-key-for-an-organisation",
        user().by("personal"),
        "a key for personal accounts signs for nobody else",
    );
    refused("personal-key-for-an-organisation-v1", user_v1().by("personal"), "nor for v1.0 tokens");
    refused(
        "key-of-another-tenant",
        user().of(CONTOSO).by("fabrikam"),
        "a key of one tenant signs for it alone",
    );
    refused(
        "key-of-a-tenant-for-personal-accounts",
        personal().by("fabrikam"),
        "a key of one tenant signs for it alone",
    );
    refused("issuer-of-another-cloud", named("other-cloud-issuer"), "a template of another cloud");
    refused("issuer-of-the-v1-form", named("v1-issuer"), "key documents name v2.0 issuers");
    refused("issuer-with-slash", named("issuer-with-slash"), "exact, as the token's own");
}
