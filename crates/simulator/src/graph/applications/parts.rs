//! The collections of a registration: read from Graph's JSON, and shown where the model alone does not say it all.

use serde_json::{Value, json};

use super::super::call::{Object, members};
use super::super::error::GraphError;
use crate::encoding::from_base64;
use crate::ids::{AppId, TenantId};
use crate::world::{
    AppRole, Application, Certificate, GroupClaims, OptionalClaim, PreAuthorized, PreAuthorizedClient,
    RequiredPermissions, RoleMembers, Scope, World,
};

/// Additional properties of the claim `upn`.
const UPN_OF_GUESTS: &str = "include_externally_authenticated_upn";
const UPN_OF_GUESTS_WITHOUT_HASH: &str = "include_externally_authenticated_upn_without_hash";

/// Members of a list of objects.
pub(super) fn objects(property: &str, value: &Value) -> Result<Vec<Object>, GraphError> {
    let list = value.as_array().ok_or_else(|| invalid(property))?;
    list.iter().map(|one| one.as_object().cloned().ok_or_else(|| invalid(property))).collect()
}

pub(super) fn texts(property: &str, value: &Value) -> Result<Vec<String>, GraphError> {
    let list = value.as_array().ok_or_else(|| invalid(property))?;
    list.iter().map(|one| one.as_str().map(ToOwned::to_owned).ok_or_else(|| invalid(property))).collect()
}

/// A text, or nothing.
pub(super) fn text(property: &str, value: &Value) -> Result<Option<String>, GraphError> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        _ => Err(invalid(property)),
    }
}

pub(super) fn boolean(property: &str, value: &Value) -> Result<bool, GraphError> {
    value.as_bool().ok_or_else(|| invalid(property))
}

/// 400: the shape is wrong.
pub(super) fn invalid(property: &str) -> GraphError {
    let message = format!("Invalid value specified for property '{property}' of resource 'Application'.");
    GraphError::bad(message).detail("InvalidValue", property)
}

fn member<'o>(object: &'o Object, name: &str) -> Option<&'o str> {
    object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn id<T: std::str::FromStr>(property: &str, object: &Object) -> Result<T, GraphError> {
    member(object, "id").and_then(|id| id.parse().ok()).ok_or_else(|| invalid(&format!("{property}.id")))
}

pub(super) fn scope(object: &Object) -> Result<Scope, GraphError> {
    let property = "api.oauth2PermissionScopes";
    let value = member(object, "value").ok_or_else(|| invalid(&format!("{property}.value")))?;
    let first = |names: [&str; 2]| names.iter().find_map(|name| member(object, name)).map(ToOwned::to_owned);
    let admin_only = match member(object, "type") {
        None | Some("User") => false,
        Some("Admin") => true,
        Some(_) => return Err(invalid(&format!("{property}.type"))),
    };
    Ok(Scope {
        id: id(property, object)?,
        admin_only,
        enabled: object.get("isEnabled").map_or(Ok(true), |value| boolean(property, value))?,
        title: first(["userConsentDisplayName", "adminConsentDisplayName"]),
        description: first(["userConsentDescription", "adminConsentDescription"]),
        ..Scope::new(value)
    })
}

pub(super) fn app_role(object: &Object) -> Result<AppRole, GraphError> {
    let value = member(object, "value").ok_or_else(|| invalid("appRoles.value"))?;
    let types =
        texts("appRoles.allowedMemberTypes", object.get("allowedMemberTypes").unwrap_or(&Value::Null))?;
    let has = |wanted: &str| types.iter().any(|one| one == wanted);
    let members = match (has("User"), has("Application")) {
        _ if types.iter().any(|one| one != "User" && one != "Application") => None,
        (true, true) => Some(RoleMembers::Both),
        (true, false) => Some(RoleMembers::Users),
        (false, true) => Some(RoleMembers::Applications),
        (false, false) => None,
    };
    let owned = |name: &str| member(object, name).map(ToOwned::to_owned);
    Ok(AppRole {
        value: value.to_owned(),
        id: id("appRoles", object)?,
        members: members.ok_or_else(|| invalid("appRoles.allowedMemberTypes"))?,
        enabled: object.get("isEnabled").map_or(Ok(true), |value| boolean("appRoles.isEnabled", value))?,
        title: owned("displayName"),
        description: owned("description"),
    })
}

/// What the simulator can know of `requiredResourceAccess`: of APIs and permissions that are not in this world nothing.
pub(super) fn required_permissions(
    world: &World,
    itself: &Application,
    value: &Value,
) -> Result<Vec<RequiredPermissions>, GraphError> {
    let property = "requiredResourceAccess";
    let mut all: Vec<RequiredPermissions> = Vec::new();
    for entry in objects(property, value)? {
        let app_id = member(&entry, "resourceAppId").and_then(|id| id.parse::<AppId>().ok());
        let app_id = app_id.ok_or_else(|| invalid("requiredResourceAccess.resourceAppId"))?;
        let accesses = objects(property, entry.get("resourceAccess").unwrap_or(&Value::Null))?;
        let found = world.resource(&app_id.to_string());
        let resource = if app_id == itself.app_id { Some(itself) } else { found };
        let mut known = RequiredPermissions { resource: app_id, scopes: Vec::new(), roles: Vec::new() };
        for access in &accesses {
            let id = id("requiredResourceAccess.resourceAccess", access)?;
            let mut scopes = resource.iter().flat_map(|resource| &resource.scopes);
            let mut roles = resource.iter().flat_map(|resource| &resource.app_roles);
            match member(access, "type") {
                Some("Scope") => {
                    known.scopes.extend(scopes.find(|one| one.id == id).map(|one| one.value.clone()));
                }
                Some("Role") => {
                    known.roles.extend(roles.find(|one| one.id == id).map(|one| one.value.clone()));
                }
                _ => return Err(invalid("requiredResourceAccess.resourceAccess.type")),
            }
        }
        if !(known.scopes.is_empty() && known.roles.is_empty()) {
            all.push(known);
        }
    }
    Ok(all)
}

/// As it was told if that is still what counts, or else from the model.
pub(super) fn required_access(world: &World, application: &Application) -> Value {
    if let Some(told) = application.graph.get("requiredResourceAccess") {
        let means = required_permissions(world, application, told);
        if means.is_ok_and(|means| means == application.required_permissions) {
            return told.clone();
        }
    }
    let entry = |required: &RequiredPermissions| {
        let resource = world.resource(&required.resource.to_string());
        let scope =
            |value: &String| resource?.scopes.iter().find(|one| one.value == *value).map(|one| one.id);
        let role =
            |value: &String| resource?.app_roles.iter().find(|one| one.value == *value).map(|one| one.id);
        let scopes = required.scopes.iter().filter_map(scope).map(|id| json!({ "id": id, "type": "Scope" }));
        let roles = required.roles.iter().filter_map(role).map(|id| json!({ "id": id, "type": "Role" }));
        json!({ "resourceAppId": required.resource, "resourceAccess": scopes.chain(roles).collect::<Vec<_>>() })
    };
    Value::Array(application.required_permissions.iter().map(entry).collect())
}

/// The optional claims of one kind of token that the simulator knows.
pub(super) fn claims(value: &Value, token: &str) -> Result<Vec<OptionalClaim>, GraphError> {
    let list = value.get(token).filter(|list| !list.is_null());
    let mut known = Vec::new();
    for claim in list.map(|list| objects("optionalClaims", list)).transpose()?.unwrap_or_default() {
        let name = member(&claim, "name").ok_or_else(|| invalid("optionalClaims.name"))?;
        let additional = claim.get("additionalProperties").and_then(Value::as_array);
        let has = |wanted: &str| additional.is_some_and(|list| list.iter().any(|one| one == wanted));
        let claim: Option<OptionalClaim> = match name {
            "aud" => has("use_guid").then_some(OptionalClaim::AudGuid),
            "upn" if has(UPN_OF_GUESTS) => Some(OptionalClaim::UpnWithGuests),
            "upn" if has(UPN_OF_GUESTS_WITHOUT_HASH) => Some(OptionalClaim::UpnWithGuestsWithoutHash),
            // Names of the world file that are none at Graph.
            "idtyp_user" | "aud_guid" | "upn_with_guests" | "upn_with_guests_without_hash" => None,
            name => serde_json::from_value(json!(name)).ok(),
        };
        known.extend(claim);
        known.extend((name == "idtyp" && has("include_user_token")).then_some(OptionalClaim::IdtypUser));
    }
    Ok(known)
}

/// As it was told if that is still what counts, or else from the model.
pub(super) fn optional_claims(application: &Application) -> Value {
    if let Some(told) = application.graph.get("optionalClaims") {
        let counts = claims(told, "accessToken").is_ok_and(|claims| claims == application.optional_claims)
            && claims(told, "idToken").is_ok_and(|claims| claims == application.id_token_claims);
        if counts {
            return told.clone();
        }
    }
    if application.optional_claims.is_empty() && application.id_token_claims.is_empty() {
        return Value::Null;
    }
    json!({
        "idToken": shown(&application.id_token_claims),
        "accessToken": shown(&application.optional_claims),
        "saml2Token": [],
    })
}

fn shown(claims: &[OptionalClaim]) -> Vec<Value> {
    let with = |name: &str, property: &[&str]| json!({ "name": name, "source": null, "essential": false, "additionalProperties": property });
    let covered = claims.contains(&OptionalClaim::IdtypUser);
    let one = |claim: &OptionalClaim| match claim {
        OptionalClaim::AudGuid => with("aud", &["use_guid"]),
        OptionalClaim::IdtypUser => with("idtyp", &["include_user_token"]),
        OptionalClaim::UpnWithGuests => with("upn", &[UPN_OF_GUESTS]),
        OptionalClaim::UpnWithGuestsWithoutHash => with("upn", &[UPN_OF_GUESTS_WITHOUT_HASH]),
        other => with(json!(other).as_str().unwrap_or_default(), &[]),
    };
    claims.iter().filter(|claim| !(covered && **claim == OptionalClaim::Idtyp)).map(one).collect()
}

pub(super) fn group_claims(value: &Value) -> Result<GroupClaims, GraphError> {
    match text("groupMembershipClaims", value)?.as_deref() {
        None | Some("None") => Ok(GroupClaims::None),
        Some("SecurityGroup") => Ok(GroupClaims::Security),
        Some("ApplicationGroup") => Ok(GroupClaims::Application),
        Some("DirectoryRole") => Ok(GroupClaims::DirectoryRole),
        Some("All") => Ok(GroupClaims::All),
        Some(_) => Err(invalid("groupMembershipClaims")),
    }
}

pub(super) fn pre_authorized(itself: &Application, value: &Value) -> Result<Vec<PreAuthorized>, GraphError> {
    let property = "api.preAuthorizedApplications";
    let read = |entry: Object| {
        let client =
            member(&entry, "appId").and_then(|id| id.parse().ok()).ok_or_else(|| invalid(property))?;
        let ids = entry.get("delegatedPermissionIds").or(entry.get("permissionIds"));
        let ids = ids.map(|ids| texts(property, ids)).transpose()?.unwrap_or_default();
        let value = |id: &String| {
            let scope = itself.scopes.iter().find(|scope| id.parse() == Ok(scope.id));
            scope.map(|scope| scope.value.clone()).ok_or_else(|| {
                let message =
                    format!("Property {property} references permission '{id}', which does not exist.");
                GraphError::bad(message).detail("InvalidValue", property)
            })
        };
        let scopes = ids.iter().map(value).collect::<Result<_, GraphError>>()?;
        Ok(PreAuthorized::Some(PreAuthorizedClient { client, scopes }))
    };
    objects(property, value)?.into_iter().map(read).collect()
}

/// A certificate: base64 of DER, or of PEM as some tools send it.
pub(super) fn certificate(key: &str) -> Result<Certificate, GraphError> {
    let pem = from_base64(key).and_then(|bytes| String::from_utf8(bytes).ok());
    let pem = pem.filter(|text| text.starts_with("-----BEGIN"));
    Certificate::from_text(pem.as_deref().unwrap_or(key)).map_err(|_| {
        GraphError::bad("Key credential is not a valid X.509 certificate.")
            .detail("InvalidValue", "keyCredentials.key")
    })
}

/// The allowed tenants of a `signInAudienceRestrictions`; `None` for everybody.
pub(super) fn restrictions(value: &Value) -> Result<Option<Vec<TenantId>>, GraphError> {
    let property = "signInAudienceRestrictions";
    let object = members(value.clone());
    let kind = member(&object, "kind")
        .or(member(&object, "@odata.type").map(|name| name.trim_start_matches("#microsoft.graph.")));
    match kind {
        None if value.is_null() => Ok(None),
        Some("unrestricted" | "unrestrictedAudience") => Ok(None),
        Some("allowedTenants" | "allowedTenantsAudience") => {
            if object.get("isHomeTenantAllowed").is_some_and(|allowed| allowed != true) {
                return Err(invalid("signInAudienceRestrictions.isHomeTenantAllowed"));
            }
            let ids = texts(property, object.get("allowedTenantIds").unwrap_or(&Value::Null))?;
            let parsed = ids
                .iter()
                .map(|id| id.parse().map_err(|_| invalid("signInAudienceRestrictions.allowedTenantIds")));
            let tenants: Vec<TenantId> = parsed.collect::<Result<_, GraphError>>()?;
            match (1..=20).contains(&tenants.len()) {
                true => Ok(Some(tenants)),
                false => Err(GraphError::bad(
                    "Property signInAudienceRestrictions.allowedTenantIds takes 1 to 20 tenants.",
                )
                .detail("InvalidValue", property)),
            }
        }
        _ => Err(invalid("signInAudienceRestrictions.kind")),
    }
}
