//! A service principal as Graph shows it: the local half, and copies of the registration.

use serde_json::{Value, json};

use super::Local;
use crate::graph::applications;
use crate::graph::call::{Call, Object, members};
use crate::graph::odata::Kind;
use crate::world::{RedirectUri, graph};

pub(in crate::graph) const KIND: Kind = Kind {
    name: "servicePrincipal",
    set: "servicePrincipals",
    properties: &[
        "id",
        "deletedDateTime",
        "accountEnabled",
        "alternativeNames",
        "appDisplayName",
        "appDescription",
        "appId",
        "applicationTemplateId",
        "appOwnerOrganizationId",
        "appRoleAssignmentRequired",
        "createdDateTime",
        "description",
        "disabledByMicrosoftStatus",
        "displayName",
        "homepage",
        "loginUrl",
        "logoutUrl",
        "notes",
        "notificationEmailAddresses",
        "preferredSingleSignOnMode",
        "preferredTokenSigningKeyThumbprint",
        "replyUrls",
        "servicePrincipalNames",
        "servicePrincipalType",
        "signInAudience",
        "tags",
        "tokenEncryptionKeyId",
        "samlSingleSignOnSettings",
        "addIns",
        "appRoles",
        "info",
        "keyCredentials",
        "oauth2PermissionScopes",
        "passwordCredentials",
        "resourceSpecificApplicationPermissions",
        "verifiedPublisher",
    ],
    on_request: &["customSecurityAttributes"],
};

/// Owner of Microsoft's own applications, as in every tenant.
const MICROSOFT: &str = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/// Properties that are only kept, with what they are before anybody sets them.
pub(super) fn kept_properties() -> [(&'static str, Value); 13] {
    [
        ("alternativeNames", json!([])),
        ("description", Value::Null),
        ("homepage", Value::Null),
        ("loginUrl", Value::Null),
        ("notes", Value::Null),
        ("notificationEmailAddresses", json!([])),
        ("preferredSingleSignOnMode", Value::Null),
        ("preferredTokenSigningKeyThumbprint", Value::Null),
        ("tags", json!([])),
        ("tokenEncryptionKeyId", Value::Null),
        ("samlSingleSignOnSettings", Value::Null),
        ("addIns", json!([])),
        ("customSecurityAttributes", Value::Null),
    ]
}

pub(in crate::graph) fn view(call: &Call<'_>, local: &Local<'_>) -> Object {
    let Local { principal, application } = local;
    let registered = applications::view(call, application);
    let of_registration = |name: &str| registered.get(name).cloned().unwrap_or(Value::Null);
    let is_graph = application.app_id == graph().app_id;
    let owner = if is_graph { json!(MICROSOFT) } else { json!(application.home_tenant) };
    let names =
        std::iter::once(application.app_id.to_string()).chain(application.identifier_uris.iter().cloned());
    let mut object = members(json!({
        "id": principal.id,
        "deletedDateTime": null,
        "accountEnabled": principal.enabled,
        "appDisplayName": application.display_name,
        "appDescription": of_registration("description"),
        "appId": application.app_id,
        "applicationTemplateId": null,
        "appOwnerOrganizationId": owner,
        "appRoleAssignmentRequired": principal.assignment_required,
        "createdDateTime": "2026-01-01T00:00:00Z",
        "disabledByMicrosoftStatus": null,
        "displayName": application.display_name,
        "logoutUrl": application.logout_url,
        "replyUrls": application.redirect_uris.iter().map(RedirectUri::uri).collect::<Vec<_>>(),
        "servicePrincipalNames": names.collect::<Vec<_>>(),
        "servicePrincipalType": "Application",
        "signInAudience": application.sign_in_audience,
        "appRoles": of_registration("appRoles"),
        "info": of_registration("info"),
        "keyCredentials": [],
        "oauth2PermissionScopes": registered.get("api").map_or(json!([]), |api| api["oauth2PermissionScopes"].clone()),
        "passwordCredentials": [],
        "resourceSpecificApplicationPermissions": [],
        "verifiedPublisher": of_registration("verifiedPublisher"),
    }));
    for (name, default) in kept_properties() {
        let kept = principal.graph.get(name).cloned();
        object.insert(name.to_owned(), kept.unwrap_or(default));
    }
    object
}
