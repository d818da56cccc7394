//! A registration as Graph shows it.

use serde_json::{Value, json};

use super::super::call::{Call, Object, members};
use super::super::odata::Kind;
use super::super::reply::date_time;
use crate::encoding::{base64, from_base64url};
use crate::world::{
    AppRole, Application, Certificate, ClientSecret, GroupClaims, Platform, PreAuthorized, RoleMembers, Scope,
};

const KIND: Kind = Kind {
    name: "application",
    set: "applications",
    properties: &[
        "id",
        "deletedDateTime",
        "appId",
        "applicationTemplateId",
        "disabledByMicrosoftStatus",
        "createdDateTime",
        "displayName",
        "description",
        "groupMembershipClaims",
        "identifierUris",
        "isDeviceOnlyAuthSupported",
        "isFallbackPublicClient",
        "nativeAuthenticationApisEnabled",
        "notes",
        "publisherDomain",
        "serviceManagementReference",
        "signInAudience",
        "tags",
        "tokenEncryptionKeyId",
        "uniqueName",
        "samlMetadataUrl",
        "defaultRedirectUri",
        "certification",
        "optionalClaims",
        "servicePrincipalLockConfiguration",
        "requestSignatureVerification",
        "addIns",
        "api",
        "appRoles",
        "info",
        "keyCredentials",
        "parentalControlSettings",
        "passwordCredentials",
        "publicClient",
        "requiredResourceAccess",
        "verifiedPublisher",
        "web",
        "spa",
        "authenticationBehaviors",
        "oauth2RequirePostResponse",
        "createdByAppId",
    ],
    on_request: &[],
};

/// What only beta knows besides.
const KIND_IN_BETA: Kind = Kind { on_request: &["signInAudienceRestrictions", "isDisabled"], ..KIND };

pub(in crate::graph) fn kind(call: &Call<'_>) -> &'static Kind {
    if call.is_beta() { &KIND_IN_BETA } else { &KIND }
}

/// Properties that are only kept, with what they are before anybody sets them.
pub(super) fn kept_properties() -> [(&'static str, Value); 19] {
    [
        ("applicationTemplateId", Value::Null),
        ("disabledByMicrosoftStatus", Value::Null),
        ("description", Value::Null),
        ("isDeviceOnlyAuthSupported", Value::Null),
        ("nativeAuthenticationApisEnabled", Value::Null),
        ("notes", Value::Null),
        ("serviceManagementReference", Value::Null),
        ("tags", json!([])),
        ("tokenEncryptionKeyId", Value::Null),
        ("samlMetadataUrl", Value::Null),
        ("defaultRedirectUri", Value::Null),
        ("certification", Value::Null),
        ("servicePrincipalLockConfiguration", Value::Null),
        ("requestSignatureVerification", Value::Null),
        ("addIns", json!([])),
        (
            "info",
            json!({
                "termsOfServiceUrl": null,
                "supportUrl": null,
                "privacyStatementUrl": null,
                "marketingUrl": null,
                "logoUrl": null,
            }),
        ),
        ("parentalControlSettings", json!({ "countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow" })),
        ("authenticationBehaviors", Value::Null),
        ("oauth2RequirePostResponse", json!(false)),
    ]
}

/// The whole registration; `$select` chooses later.
pub(in crate::graph) fn view(call: &Call<'_>, application: &Application) -> Object {
    let kept = |name: &str| application.graph.get(name).cloned();
    let home = call.world.tenant_by_id(application.home_tenant);
    let mut object = members(json!({
        "id": application.object_id(),
        "deletedDateTime": null,
        "appId": application.app_id,
        "createdDateTime": kept("createdDateTime").unwrap_or_else(|| json!("2026-01-01T00:00:00Z")),
        "displayName": application.display_name,
        "groupMembershipClaims": group_claims(application),
        "identifierUris": application.identifier_uris,
        "isFallbackPublicClient": kept("isFallbackPublicClient").or(application.public_client.then_some(json!(true))),
        "publisherDomain": home.and_then(|tenant| tenant.domains.first()),
        "signInAudience": application.sign_in_audience,
        "uniqueName": application.unique_name,
        "optionalClaims": super::parts::optional_claims(application),
        "api": api(application, call.is_beta()),
        "appRoles": application.app_roles.iter().map(|role| app_role(application, role)).collect::<Vec<_>>(),
        "keyCredentials": key_credentials(application, call.options.selects("keyCredentials")),
        "passwordCredentials": application.secrets.iter().map(|secret| password(application, secret)).collect::<Vec<_>>(),
        "requiredResourceAccess": super::parts::required_access(&call.world, application),
        "verifiedPublisher": { "displayName": null, "verifiedPublisherId": null, "addedDateTime": null },
        "web": web(application),
        "spa": { "redirectUris": redirects(application, Platform::Spa) },
        "publicClient": { "redirectUris": redirects(application, Platform::Native) },
    }));
    for (name, default) in kept_properties() {
        object.insert(name.to_owned(), kept(name).unwrap_or(default));
    }
    if call.is_beta() {
        object.insert("isDisabled".to_owned(), json!((!application.enabled).then_some(true)));
        object.insert("signInAudienceRestrictions".to_owned(), restrictions(application));
    }
    object
}

fn group_claims(application: &Application) -> Value {
    match application.group_claims {
        GroupClaims::None => Value::Null,
        GroupClaims::Security => json!("SecurityGroup"),
        GroupClaims::Application => json!("ApplicationGroup"),
        GroupClaims::DirectoryRole => json!("DirectoryRole"),
        GroupClaims::All => json!("All"),
    }
}

fn api(application: &Application, is_beta: bool) -> Value {
    let kept = |name: &str| application.graph.get("api").and_then(|api| api.get(name)).cloned();
    let version =
        (application.token_version == 2).then_some(json!(2)).or(kept("requestedAccessTokenVersion"));
    json!({
        "acceptMappedClaims": kept("acceptMappedClaims"),
        "knownClientApplications": application.known_clients,
        "requestedAccessTokenVersion": version,
        "oauth2PermissionScopes": application.scopes.iter().map(|one| scope(application, one)).collect::<Vec<_>>(),
        "preAuthorizedApplications": pre_authorized(application, is_beta),
    })
}

/// What Graph was told beyond the model, of the part with this id.
fn told(application: &Application, list: &str, key: &str, id: &str) -> Object {
    let parts = application.graph.get(list).and_then(Value::as_array);
    let mut parts = parts.into_iter().flatten();
    let found = parts
        .find(|part| part.get(key).and_then(Value::as_str).is_some_and(|one| one.eq_ignore_ascii_case(id)));
    found.cloned().map(members).unwrap_or_default()
}

/// `defaults`, then what was told, then what the model says for certain.
fn layered(defaults: Value, told: Object, certain: Value) -> Value {
    let mut object = members(defaults);
    object.extend(told);
    object.extend(members(certain));
    Value::Object(object)
}

pub(in crate::graph) fn scope(application: &Application, scope: &Scope) -> Value {
    let (title, description) = (&scope.title, &scope.description);
    layered(
        json!({
            "adminConsentDisplayName": title.as_ref().unwrap_or(&scope.value),
            "adminConsentDescription": description.as_ref().or(title.as_ref()).unwrap_or(&scope.value),
            "userConsentDisplayName": null,
            "userConsentDescription": null,
        }),
        told(application, "oauth2PermissionScopes", "id", &scope.id.to_string()),
        json!({
            "id": scope.id,
            "value": scope.value,
            "type": if scope.admin_only { "Admin" } else { "User" },
            "isEnabled": scope.enabled,
        }),
    )
}

pub(in crate::graph) fn app_role(application: &Application, role: &AppRole) -> Value {
    let members = match role.members {
        RoleMembers::Both => json!(["User", "Application"]),
        RoleMembers::Users => json!(["User"]),
        RoleMembers::Applications => json!(["Application"]),
    };
    let title = role.title.as_ref().unwrap_or(&role.value);
    layered(
        json!({ "displayName": title, "description": role.description.as_ref().unwrap_or(title), "origin": "Application" }),
        told(application, "appRoles", "id", &role.id.to_string()),
        json!({ "id": role.id, "value": role.value, "isEnabled": role.enabled, "allowedMemberTypes": members }),
    )
}

/// The ids have another name in beta.
fn pre_authorized(application: &Application, is_beta: bool) -> Vec<Value> {
    let name = if is_beta { "permissionIds" } else { "delegatedPermissionIds" };
    let id_of =
        |value: &String| application.scopes.iter().find(|scope| scope.value == *value).map(|scope| scope.id);
    let ids = |listed: &PreAuthorized| match listed {
        PreAuthorized::Every(_) => application.scopes.iter().map(|scope| scope.id).collect::<Vec<_>>(),
        PreAuthorized::Some(some) => some.scopes.iter().filter_map(id_of).collect(),
    };
    let entry = |listed: &PreAuthorized| json!({ "appId": listed.client(), name: ids(listed) });
    application.pre_authorized.iter().map(entry).collect()
}

pub(super) fn password(application: &Application, secret: &ClientSecret) -> Value {
    layered(
        json!({ "customKeyIdentifier": null, "startDateTime": "2026-01-01T00:00:00Z" }),
        told(application, "passwordCredentials", "keyId", &secret.key_id.to_string()),
        json!({
            "keyId": secret.key_id,
            "displayName": secret.name,
            "endDateTime": date_time(secret.expires_at.unwrap_or(NEVER)),
            "hint": secret.text.expose().chars().take(3).collect::<String>(),
            "secretText": null,
        }),
    )
}

/// Year 2299, as portals show credentials without an end. Unix seconds.
const NEVER: i64 = 10_413_792_000;

fn key_credentials(application: &Application, with_keys: bool) -> Vec<Value> {
    application.certificates.iter().map(|one| key_credential(application, one, with_keys)).collect()
}

pub(super) fn key_credential(application: &Application, certificate: &Certificate, with_key: bool) -> Value {
    let thumbprint = hex(&from_base64url(&certificate.sha1_thumbprint()).unwrap_or_default());
    let mut value = layered(
        json!({
            "keyId": certificate.key_id(),
            "displayName": "CN=simulated",
            "startDateTime": "2026-01-01T00:00:00Z",
            "endDateTime": date_time(NEVER),
            "customKeyIdentifier": thumbprint,
        }),
        told(application, "keyCredentials", "sha256", &certificate.sha256_thumbprint()),
        json!({ "type": "AsymmetricX509Cert", "usage": "Verify", "key": with_key.then(|| base64(certificate.der())) }),
    );
    if let Value::Object(members) = &mut value {
        members.remove("sha256");
    }
    value
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn web(application: &Application) -> Value {
    let kept = |path: &str| application.graph.get("web").and_then(|web| web.pointer(path)).cloned();
    let uris = redirects(application, Platform::Web);
    json!({
        "homePageUrl": kept("/homePageUrl"),
        "logoutUrl": application.logout_url,
        "redirectUriSettings": uris.iter().map(|uri| json!({ "uri": uri, "index": null })).collect::<Vec<_>>(),
        "redirectUris": uris,
        "implicitGrantSettings": {
            "enableAccessTokenIssuance": kept("/implicitGrantSettings/enableAccessTokenIssuance").unwrap_or(json!(false)),
            "enableIdTokenIssuance": application.id_token_from_authorize,
        },
    })
}

pub(in crate::graph) fn redirects(application: &Application, platform: Platform) -> Vec<&str> {
    let fitting = application.redirect_uris.iter().filter(|one| application.platform(one) == platform);
    fitting.map(crate::world::RedirectUri::uri).collect()
}

/// "Allow only certain tenants"; Graph shows it on request, in beta only.
fn restrictions(application: &Application) -> Value {
    match &application.allowed_tenants {
        None => json!({ "@odata.type": "#microsoft.graph.unrestrictedAudience", "kind": "unrestricted" }),
        Some(tenants) => json!({
            "@odata.type": "#microsoft.graph.allowedTenantsAudience",
            "kind": "allowedTenants",
            "isHomeTenantAllowed": true,
            "allowedTenantIds": tenants,
        }),
    }
}
