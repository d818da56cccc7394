//! Memberships in tokens: `groups`, `wids`, and what stands there when they are too many (Entra, "Configure group
//! claims").

use serde_json::json;

use super::claims::put;
use super::sign::JsonObject;
use crate::world::{Account, Application, GroupClaims};

/// Most groups in a token from the token endpoint.
const GROUPS_MAX: usize = 200;
/// Most groups in a token that travels in a URL.
const GROUPS_MAX_IN_REDIRECT: usize = 5;
/// In `wids` of every member: the default role of users.
const MEMBER_ROLE: &str = "b79fbf4d-3ef9-4689-8143-76b194e85509";

/// Which endpoint hands a token out: one that travels in a URL has to be short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IssuedBy {
    /// In the body of an answer.
    TokenEndpoint,
    /// In a redirect: hybrid and implicit flow.
    AuthorizeEndpoint,
}

/// Writes what `application` wants to know of a person's memberships. `base` is where Microsoft Graph answers.
pub(super) fn add(
    claims: &mut JsonObject,
    (account, application): (&Account<'_>, &Application),
    issued_by: IssuedBy,
    base: &str,
) {
    let groups = match application.group_claims {
        GroupClaims::None | GroupClaims::DirectoryRole => Vec::new(),
        GroupClaims::Security | GroupClaims::All => account.group_claims(),
        GroupClaims::Application => account.groups_assigned_to(application),
    };
    match (groups.len(), issued_by) {
        (0, _) => {}
        (count, IssuedBy::AuthorizeEndpoint) if count > GROUPS_MAX_IN_REDIRECT => {
            put(claims, "hasgroups", json!(true));
        }
        (count, _) if count > GROUPS_MAX => point_elsewhere(claims, account, base),
        _ => put(claims, "groups", json!(groups)),
    }
    if matches!(application.group_claims, GroupClaims::DirectoryRole | GroupClaims::All) {
        add_directory_roles(claims, account);
    }
}

/// The overage claim (OpenID Connect Core §5.6.2). Entra's points at a retired host; this one is answered.
fn point_elsewhere(claims: &mut JsonObject, account: &Account<'_>, base: &str) {
    let endpoint = format!("{base}/graph/v1.0/users/{}/getMemberObjects", account.user.id);
    put(claims, "_claim_names", json!({ "groups": "src1" }));
    put(claims, "_claim_sources", json!({ "src1": { "endpoint": endpoint } }));
}

fn add_directory_roles(claims: &mut JsonObject, account: &Account<'_>) {
    let roles = account.user.directory_roles.iter().map(|role| role.template_id());
    let member = (!account.is_guest()).then_some(MEMBER_ROLE);
    let wids: Vec<&str> = roles.chain(member).collect();
    if !wids.is_empty() {
        put(claims, "wids", json!(wids));
    }
}
