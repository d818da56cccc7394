//! Step 9, second half: who calls.

use serde_json::json;

use super::{
    Previous, Sheet,
    case::{Case, application, user},
    issuer::openid,
    world::{FABRIKAM, OTHER_CLIENT, USER},
};

pub fn sheet(previous: &Previous) -> Sheet<'_> {
    let about = "Identity: `tid` and `oid`, or `iss` and `sub`; never an e-mail address";
    let mut sheet = Sheet::new("identity", about, previous);
    accepted(&mut sheet);
    objects(&mut sheet);
    lists_and_texts(&mut sheet);
    sheet
}

fn accepted(sheet: &mut Sheet<'_>) {
    let source = "T-017; Entra, Claims validation";
    let ada = || user().claim("email", "ada@contoso.example");
    sheet.accepts("object", &ada(), "the object in its tenant", source);
    let other = "dddddddd-0000-4000-8000-000000000002";
    let namesake = ada().of(FABRIKAM).claim("oid", other).expects(|p| p.object_id = Some(other.into()));
    sheet.accepts(
        "same-e-mail-in-another-tenant",
        &namesake,
        "another person: tenants choose e-mail addresses",
        "T-017; nOAuth",
    );
    let no_subject = user().without("sub").expects(|p| p.subject = None);
    sheet.accepts("no-subject", &no_subject, "`oid` is enough with Entra", source);
    sheet.accepts(
        "no-name",
        &user().without("name").without("preferred_username"),
        "names are for display",
        source,
    );
    sheet.accepts(
        "openid-subject",
        &openid(),
        "`iss` and `sub` with plain providers",
        "T-017; RFC 9068 §2.2",
    );
    sheet.accepts(
        "openid-application",
        &openid_application(),
        "an application is its own subject",
        "RFC 9068 §2.2",
    );
    let ill_typed = user()
        .claim("name", 7)
        .claim("email", json!({}))
        .claim("auth_time", "x")
        .claim("amr", "pwd")
        .claim("uti", json!([]));
    sheet.accepts("ill-typed-display-claims", &ill_typed, "what decides nothing refuses nothing", "T-017");
}

fn objects(sheet: &mut Sheet<'_>) {
    let source = "T-017; T-018; Entra, Access token claims reference";
    let mut refused = |name: &str, case: Case, why: &str| sheet.refuses(name, "identity", &case, why, source);
    refused(
        "application-without-object",
        application().without("oid"),
        "no service principal in the tenant: nobody there agreed to it",
    );
    refused(
        "application-without-object-and-roles",
        application().without("oid").without("roles"),
        "as Entra used to issue them",
    );
    refused("user-without-object", user().without("oid"), "`sub` alone differs from API to API");
    refused("user-without-any-id", user().without("oid").without("sub"), "nobody");
    refused(
        "e-mail-alone",
        user().without("oid").without("sub").claim("email", "ada@contoso.example"),
        "an e-mail address identifies nobody",
    );
    for (name, value) in [
        ("object-null", json!(null)),
        ("object-number", json!(1)),
        ("object-list", json!([USER])),
        ("object-empty", json!("")),
        ("object-e-mail", json!("ada@contoso.example")),
        ("object-in-upper-case", json!(USER.to_uppercase())),
        ("object-with-space", json!(format!("{USER} "))),
    ] {
        refused(name, user().claim("oid", value), "a GUID in its one spelling");
    }
    for (name, value) in
        [("subject-empty", json!("")), ("subject-null", json!(null)), ("subject-number", json!(5))]
    {
        refused(name, user().claim("sub", value), "a text that is not empty");
    }
    sheet.refuses(
        "openid-without-subject",
        "identity",
        &openid().without("sub"),
        "nobody",
        "T-017; RFC 9068 §2.2",
    );
    sheet.refuses(
        "openid-subject-empty",
        "identity",
        &openid().claim("sub", ""),
        "nobody",
        "T-017; RFC 9068 §2.2",
    );
}

fn lists_and_texts(sheet: &mut Sheet<'_>) {
    let source = "T-018; Entra, Access token claims reference";
    let mut refused = |name: &str, case: Case, why: &str| sheet.refuses(name, "identity", &case, why, source);
    refused("scopes-as-list", user().claim("scp", ["access_as_user"]), "a list is not a text");
    refused(
        "scopes-null",
        user().claim("scp", json!(null)),
        "there, and not a text: never the same as an application's",
    );
    refused("scopes-number", user().claim("scp", 1), "not a text");
    refused("roles-as-text", user().claim("roles", "Admin"), "a text is not a list");
    refused("roles-as-words", application().claim("roles", "Tasks.Read.All Admin"), "a text is not a list");
    refused("roles-with-number", user().claim("roles", json!(["Reader", 1])), "a list of texts");
    refused("roles-null", user().claim("roles", json!(null)), "there, and not a list");
    refused("roles-object", user().claim("roles", json!({"Admin": true})), "not a list");
    refused("client-empty", user().claim("azp", ""), "names no application");
    refused("client-null", user().claim("azp", json!(null)), "not a text");
    refused("client-list", user().claim("azp", [OTHER_CLIENT]), "not a text");
}

/// A plain provider's application, calling for itself.
fn openid_application() -> Case {
    let client = openid().principal.client_id;
    openid().without("scope").claim("sub", client.clone()).expects(|p| {
        p.kind = "application";
        p.subject = Some(client.clone());
        p.scopes = Vec::new();
    })
}
