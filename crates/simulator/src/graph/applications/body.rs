//! What a body says about a registration, property by property. Collections are replaced as a whole.

use serde_json::{Map, Value, json};

use super::super::call::{Call, Object};
use super::super::error::GraphError;
use super::parts::{self, invalid, objects, text, texts};
use super::view::kept_properties;
use crate::world::{Application, ApplicationKind, Platform, RedirectUri, TaggedRedirect, World};

/// Properties that only the directory sets.
const READ_ONLY: [&str; 7] = [
    "id",
    "appId",
    "createdDateTime",
    "deletedDateTime",
    "publisherDomain",
    "verifiedPublisher",
    "createdByAppId",
];

/// Applies a body to a registration, new or not.
pub(super) fn apply(
    call: &Call<'_>,
    world: &World,
    application: &mut Application,
    body: &Object,
) -> Result<(), GraphError> {
    let named = body.iter().filter(|(name, _)| !name.contains('@'));
    // Scopes come before what refers to them.
    let (api, rest): (Vec<_>, Vec<_>) = named.partition(|(name, _)| *name == "api");
    for (name, value) in api.into_iter().chain(rest) {
        match name.as_str() {
            "signInAudienceRestrictions" | "isDisabled" if !call.is_beta() => return Err(unknown(name)),
            _ => property(world, application, name, value)?,
        }
    }
    settle_kind(application);
    Ok(())
}

fn property(
    world: &World,
    application: &mut Application,
    name: &str,
    value: &Value,
) -> Result<(), GraphError> {
    match name {
        "displayName" => application.display_name = text(name, value)?.ok_or_else(|| invalid(name))?,
        "uniqueName" => set_unique_name(application, text(name, value)?)?,
        "signInAudience" => {
            application.sign_in_audience =
                serde_json::from_value(value.clone()).map_err(|_| invalid(name))?;
        }
        "signInAudienceRestrictions" => application.allowed_tenants = parts::restrictions(value)?,
        "isDisabled" => application.enabled = value != true,
        "identifierUris" => application.identifier_uris = texts(name, value)?,
        "api" => api(application, value.as_object().ok_or_else(|| invalid(name))?)?,
        "appRoles" => {
            application.app_roles =
                objects(name, value)?.iter().map(parts::app_role).collect::<Result<_, _>>()?;
            keep(&mut application.graph, name, value);
        }
        "web" => web(application, value.as_object().ok_or_else(|| invalid(name))?)?,
        "spa" | "publicClient" => {
            let platform = if name == "spa" { Platform::Spa } else { Platform::Native };
            if let Some(uris) = value.get("redirectUris") {
                set_redirects(application, platform, texts(&format!("{name}.redirectUris"), uris)?);
            }
        }
        "isFallbackPublicClient" => {
            application.public_client = value == true;
            keep(&mut application.graph, name, value);
        }
        "requiredResourceAccess" => {
            application.required_permissions = parts::required_permissions(world, application, value)?;
            keep(&mut application.graph, name, value);
        }
        "optionalClaims" => {
            application.optional_claims = parts::claims(value, "accessToken")?;
            application.id_token_claims = parts::claims(value, "idToken")?;
            keep(&mut application.graph, name, value);
        }
        "groupMembershipClaims" => application.group_claims = parts::group_claims(value)?,
        "keyCredentials" => key_credentials(application, value)?,
        _ => return kept_or_refused(application, name, value),
    }
    Ok(())
}

/// Properties without a meaning here, and those that nobody sets.
fn kept_or_refused(application: &mut Application, name: &str, value: &Value) -> Result<(), GraphError> {
    let is_nothing = value.as_array().is_some_and(Vec::is_empty);
    match name {
        "passwordCredentials" if is_nothing && application.secrets.is_empty() => Ok(()),
        "passwordCredentials" => {
            let message = "The property passwordCredentials cannot be set directly; use addPassword and removePassword.";
            Err(GraphError::bad(message).detail("InvalidValue", name))
        }
        _ if READ_ONLY.contains(&name) => {
            let message = format!("Property '{name}' is read-only and cannot be set.");
            Err(GraphError::bad(message).detail("ReadOnly", name))
        }
        _ if kept_properties().iter().any(|(known, _)| *known == name) => {
            keep(&mut application.graph, name, value);
            Ok(())
        }
        _ => Err(unknown(name)),
    }
}

fn unknown(name: &str) -> GraphError {
    let shown: String = name.chars().take(120).collect();
    GraphError::bad(format!("Invalid property '{shown}'."))
}

/// Once set, it stays.
fn set_unique_name(application: &mut Application, name: Option<String>) -> Result<(), GraphError> {
    if application.unique_name.is_some() && application.unique_name != name {
        let message = "Property 'uniqueName' cannot be changed once it is set.";
        return Err(GraphError::bad(message).detail("ReadOnly", "uniqueName"));
    }
    application.unique_name = name;
    Ok(())
}

/// Only the members that are there change.
fn api(application: &mut Application, api: &Object) -> Result<(), GraphError> {
    // Scopes first: pre-authorization refers to their ids.
    if let Some(value) = api.get("oauth2PermissionScopes") {
        let scopes = objects("api.oauth2PermissionScopes", value)?;
        application.scopes = scopes.iter().map(parts::scope).collect::<Result<_, _>>()?;
        keep(&mut application.graph, "oauth2PermissionScopes", value);
    }
    for (name, value) in api {
        match name.as_str() {
            "oauth2PermissionScopes" => {}
            "preAuthorizedApplications" => {
                application.pre_authorized = parts::pre_authorized(application, value)?;
            }
            "knownClientApplications" => {
                let ids = texts("api.knownClientApplications", value)?;
                let parsed =
                    ids.iter().map(|id| id.parse().map_err(|_| invalid("api.knownClientApplications")));
                application.known_clients = parsed.collect::<Result<_, _>>()?;
            }
            "requestedAccessTokenVersion" => {
                application.token_version = match value.as_u64() {
                    None if value.is_null() => 1,
                    Some(1) => 1,
                    Some(2) => 2,
                    _ => return Err(invalid("api.requestedAccessTokenVersion")),
                };
                keep_in(application, "api", name, value);
            }
            "acceptMappedClaims" => keep_in(application, "api", name, value),
            name if name.contains('@') => {}
            name => return Err(unknown(name)),
        }
    }
    Ok(())
}

fn web(application: &mut Application, web: &Object) -> Result<(), GraphError> {
    for (name, value) in web {
        match name.as_str() {
            "redirectUris" => set_redirects(application, Platform::Web, texts("web.redirectUris", value)?),
            "redirectUriSettings" => {
                let settings = objects("web.redirectUriSettings", value)?;
                let uri = |one: &Object| one.get("uri").and_then(Value::as_str).map(ToOwned::to_owned);
                if !web.contains_key("redirectUris") {
                    set_redirects(application, Platform::Web, settings.iter().filter_map(uri).collect());
                }
            }
            "logoutUrl" => application.logout_url = text("web.logoutUrl", value)?,
            "homePageUrl" => keep_in(application, "web", name, value),
            "implicitGrantSettings" => {
                if let Some(enabled) = value.get("enableIdTokenIssuance") {
                    application.id_token_from_authorize = enabled == true;
                }
                keep_in(application, "web", name, value);
            }
            name if name.contains('@') => {}
            name => return Err(unknown(name)),
        }
    }
    Ok(())
}

/// Replaces the redirect URIs of one platform; every one says from now on which platform it is of.
fn set_redirects(application: &mut Application, platform: Platform, uris: Vec<String>) {
    let all = application.redirect_uris.iter();
    let tagged =
        all.map(|one| TaggedRedirect { uri: one.uri().to_owned(), platform: application.platform(one) });
    let others = tagged.filter(|one| one.platform != platform);
    let new = uris.into_iter().map(|uri| TaggedRedirect { uri, platform });
    application.redirect_uris = others.chain(new).map(RedirectUri::Tagged).collect();
}

/// A registration made here is what its redirect URIs and credentials say; APIs and daemons of the world file stay.
pub(super) fn settle_kind(application: &mut Application) {
    if matches!(application.kind, ApplicationKind::Api | ApplicationKind::Daemon) {
        return;
    }
    let uris: Vec<String> = application.redirect_uris.iter().map(|one| one.uri().to_owned()).collect();
    let platforms: Vec<Platform> =
        application.redirect_uris.iter().map(|one| application.platform(one)).collect();
    let only = |platform| !platforms.is_empty() && platforms.iter().all(|one| *one == platform);
    let proves_itself = !(application.secrets.is_empty() && application.certificates.is_empty());
    let tagged = uris.into_iter().zip(platforms.iter().copied());
    let tagged =
        tagged.map(|(uri, platform)| RedirectUri::Tagged(TaggedRedirect { uri, platform })).collect();
    application.kind = match () {
        () if !proves_itself && only(Platform::Spa) => ApplicationKind::Spa,
        () if !proves_itself && only(Platform::Native) => ApplicationKind::Native,
        () => ApplicationKind::Web,
    };
    application.redirect_uris = tagged;
}

/// Certificates: new ones with their `key`, old ones by their id.
fn key_credentials(application: &mut Application, value: &Value) -> Result<(), GraphError> {
    let property = "keyCredentials";
    let (mut certificates, mut told) = (Vec::new(), Vec::new());
    for mut entry in objects(property, value)? {
        let is = |name: &str, wanted: &str| entry.get(name).is_none_or(|value| value == wanted);
        if !is("type", "AsymmetricX509Cert") || !is("usage", "Verify") {
            let message =
                "The simulator takes key credentials of type AsymmetricX509Cert and usage Verify only.";
            return Err(GraphError::bad(message).detail("InvalidValue", property));
        }
        let certificate = match entry.get("key").and_then(Value::as_str) {
            Some(key) => parts::certificate(key)?,
            None => {
                let id = entry.get("keyId").and_then(Value::as_str).unwrap_or_default();
                super::credentials::certificate_by_id(application, id).cloned().ok_or_else(|| {
                    GraphError::bad("New key credentials must come with their key.")
                        .detail("InvalidValue", property)
                })?
            }
        };
        entry.remove("key");
        entry.insert("sha256".to_owned(), json!(certificate.sha256_thumbprint()));
        told.push(Value::Object(entry));
        certificates.push(certificate);
    }
    application.certificates = certificates;
    keep(&mut application.graph, property, &Value::Array(told));
    Ok(())
}

fn keep_in(application: &mut Application, object: &str, name: &str, value: &Value) {
    let mut whole = application.graph.get(object).and_then(Value::as_object).cloned().unwrap_or_default();
    whole.insert(name.to_owned(), value.clone());
    keep(&mut application.graph, object, &Value::Object(whole));
}

/// Remembers a property; nulls are left out, as a world file cannot hold them.
pub(in crate::graph) fn keep(kept: &mut Map<String, Value>, name: &str, value: &Value) {
    match without_nulls(value) {
        Some(value) => drop(kept.insert(name.to_owned(), value)),
        None => drop(kept.remove(name)),
    }
}

fn without_nulls(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Array(list) => Some(Value::Array(list.iter().filter_map(without_nulls).collect())),
        Value::Object(object) => {
            let kept = object.iter().filter_map(|(name, value)| Some((name.clone(), without_nulls(value)?)));
            Some(Value::Object(kept.collect()))
        }
        other => Some(other.clone()),
    }
}
