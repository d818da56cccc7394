//! The rules of registrations (Entra, "Validation differences by supported account types", "Redirect URI restrictions",
//! "Restrictions on identifier URIs"; Microsoft Graph, `application`).

use std::collections::HashSet;

use url::Url;

use super::super::error::GraphError;
use super::view::redirects;
use crate::world::{Application, Platform, SignInAudience, Tenant, World};

/// Most entries of all collections together.
const ENTRIES_MAX: usize = 1_200;

/// Whether a registration may become what `after` says.
pub(super) fn check(
    world: &World,
    before: Option<&Application>,
    after: &Application,
) -> Result<(), GraphError> {
    let limits = Limits::of(after.sign_in_audience);
    check_name(after, limits)?;
    check_audience(before, after)?;
    check_identifier_uris(world, before, after)?;
    check_redirect_uris(after, limits)?;
    check_permissions(after, limits)?;
    check_disabled_before_removed(before, after)?;
    check_amounts(after, limits)?;
    check_references(world, after)
}

/// What personal accounts make narrower.
#[derive(Clone, Copy)]
struct Limits {
    personal: bool,
    name: usize,
    value: usize,
    redirect_uris: usize,
    identifier_uri: usize,
    permissions: usize,
    secrets: usize,
}

impl Limits {
    fn of(audience: SignInAudience) -> Self {
        match audience {
            SignInAudience::MyOrg | SignInAudience::MultipleOrgs => Self {
                personal: false,
                name: 120,
                value: 120,
                redirect_uris: 256,
                identifier_uri: 255,
                permissions: 400,
                secrets: usize::MAX,
            },
            SignInAudience::OrgsAndPersonal | SignInAudience::Personal => Self {
                personal: true,
                name: 90,
                value: 40,
                redirect_uris: 100,
                identifier_uri: 120,
                permissions: 200,
                secrets: 2,
            },
        }
    }
}

fn refused(property: &str, message: impl Into<String>) -> GraphError {
    GraphError::bad(message).detail("InvalidValue", property)
}

fn check_name(after: &Application, limits: Limits) -> Result<(), GraphError> {
    let length = after.display_name.chars().count();
    match (1..=limits.name).contains(&length) {
        true => Ok(()),
        false => Err(refused(
            "displayName",
            format!("Property displayName takes 1 to {} characters.", limits.name),
        )),
    }
}

fn check_audience(before: Option<&Application>, after: &Application) -> Result<(), GraphError> {
    if Limits::of(after.sign_in_audience).personal {
        if after.token_version != 2 {
            let message =
                "Property api.requestedAccessTokenVersion is invalid: personal accounts need version 2.";
            return Err(refused("api.requestedAccessTokenVersion", message));
        }
        if !after.app_roles.is_empty() {
            return Err(refused("appRoles", "Property appRoles is not supported with personal accounts."));
        }
    }
    if after.allowed_tenants.is_some() && after.sign_in_audience != SignInAudience::MultipleOrgs {
        let was_restricted = before.is_some_and(|before| before.allowed_tenants.is_some());
        let message = match was_restricted {
            true => {
                "Property signInAudience cannot be changed while signInAudienceRestrictions holds tenants; set it to unrestricted first."
            }
            false => {
                "Property signInAudienceRestrictions is only valid with signInAudience AzureADMultipleOrgs."
            }
        };
        return Err(refused("signInAudienceRestrictions", message));
    }
    Ok(())
}

fn check_identifier_uris(
    world: &World,
    before: Option<&Application>,
    after: &Application,
) -> Result<(), GraphError> {
    let old = |uri: &String| before.is_some_and(|before| before.identifier_uris.contains(uri));
    let home = world.tenant_by_id(after.home_tenant).ok_or_else(GraphError::denied)?;
    let mut seen = HashSet::new();
    for uri in &after.identifier_uris {
        if !seen.insert(uri) {
            return Err(refused(
                "identifierUris",
                format!("Property identifierUris holds '{}' twice.", shown(uri)),
            ));
        }
        if old(uri) {
            continue;
        }
        check_identifier_uri(home, after, uri)?;
        if world.application(uri).is_some_and(|other| other.app_id != after.app_id) {
            return Err(GraphError::conflicting("identifierUris"));
        }
    }
    Ok(())
}

fn check_identifier_uri(home: &Tenant, after: &Application, uri: &str) -> Result<(), GraphError> {
    let limits = Limits::of(after.sign_in_audience);
    let wrong = |why: &str| {
        Err(refused(
            "identifierUris",
            format!("Invalid value '{}' in property identifierUris: {why}.", shown(uri)),
        ))
    };
    if uri.chars().count() > limits.identifier_uri {
        return wrong("it is too long");
    }
    if uri.ends_with('/') {
        return wrong("it must not end with a slash");
    }
    let Ok(url) = Url::parse(uri) else { return wrong("it is no absolute URI") };
    if url.fragment().is_some() || uri.contains(char::is_whitespace) {
        return wrong("fragments and spaces are not allowed");
    }
    match url.scheme() {
        "api" if is_tied(home, after, uri) || (after.token_version == 2 && !limits.personal) => Ok(()),
        "api" => Err(refused(
            "identifierUris",
            format!("Failed to add identifier URI {}. All newly added URIs must contain a tenant verified domain, tenant ID, or app ID, as per the default tenant policy.", shown(uri)),
        )),
        "https" if url.host_str().is_some_and(|host| is_verified(home, host)) => Ok(()),
        _ => Err(GraphError::new(
            400,
            "HostNameNotOnVerifiedDomain",
            format!("Values of identifierUris property must use a verified domain of the organization or its subdomain: '{}'", shown(uri)),
        )
        .detail("HostNameNotOnVerifiedDomain", "identifierUris")),
    }
}

/// `api://{appId}`, `api://{tid}/…`, `api://{text}/{appId}`, or with a verified domain.
fn is_tied(home: &Tenant, after: &Application, uri: &str) -> bool {
    let rest = uri.strip_prefix("api://").unwrap_or_default().to_ascii_lowercase();
    let app_id = after.app_id.to_string();
    let (first, last) =
        (rest.split('/').next().unwrap_or_default(), rest.rsplit('/').next().unwrap_or_default());
    first == app_id || last == app_id || first == home.id.to_string() || is_verified(home, first)
}

fn is_verified(home: &Tenant, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    home.domains.iter().any(|domain| {
        host == *domain || host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.ends_with('.'))
    })
}

fn check_redirect_uris(after: &Application, limits: Limits) -> Result<(), GraphError> {
    if after.redirect_uris.len() > limits.redirect_uris {
        let message = format!("An application takes at most {} redirect URIs.", limits.redirect_uris);
        return Err(refused("redirectUris", message));
    }
    let mut seen = HashSet::new();
    for (platform, property) in [
        (Platform::Web, "web.redirectUris"),
        (Platform::Spa, "spa.redirectUris"),
        (Platform::Native, "publicClient.redirectUris"),
    ] {
        for uri in redirects(after, platform) {
            if !seen.insert(uri) {
                let message = format!("The redirect URI '{}' is registered twice.", shown(uri));
                return Err(refused(property, message));
            }
            if let Some(why) = redirect_problem(uri, platform, limits) {
                let message =
                    format!("The redirect URI '{}' in property {property} is not valid: {why}.", shown(uri));
                return Err(refused(property, message));
            }
        }
    }
    Ok(())
}

fn redirect_problem(uri: &str, platform: Platform, limits: Limits) -> Option<&'static str> {
    let Ok(url) = Url::parse(uri) else { return Some("it is no absolute URI") };
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
    match url.scheme() {
        _ if uri.chars().count() > 256 => Some("it is longer than 256 characters"),
        _ if uri.contains(['!', '$', '\'', '(', ')', ',', ';', ' ']) => {
            Some("it holds an unsupported character")
        }
        _ if uri.contains('#') => Some("fragments are not allowed"),
        _ if uri.contains('*') && limits.personal => Some("wildcards are for organisations only"),
        _ if url.query().is_some() && limits.personal => Some("query strings are for organisations only"),
        "javascript" | "data" | "vbscript" => Some("its scheme is not allowed"),
        "https" => None,
        "http" if local => None,
        "http" if url.host_str() == Some("[::1]") => Some("the IPv6 loopback address is not supported"),
        "http" => Some("it must start with https, or with http for localhost"),
        _ if platform == Platform::Native => None,
        _ => Some("it must start with https, or with http for localhost"),
    }
}

fn check_permissions(after: &Application, limits: Limits) -> Result<(), GraphError> {
    let duplicate = |property: &str| {
        let message =
            format!("Property {property} holds a value twice: every id and every value must be unique.");
        GraphError::new(400, "DuplicateValue", message).detail("DuplicateValue", property)
    };
    let (mut ids, mut values) = (HashSet::new(), HashSet::new());
    for scope in &after.scopes {
        check_value("api.oauth2PermissionScopes.value", &scope.value, limits)?;
        if !ids.insert(scope.id) || !values.insert(&scope.value) {
            return Err(duplicate("api.oauth2PermissionScopes"));
        }
    }
    let (mut ids, mut values) = (HashSet::new(), HashSet::new());
    for role in &after.app_roles {
        check_value("appRoles.value", &role.value, limits)?;
        if !ids.insert(role.id) || !values.insert(&role.value) {
            return Err(duplicate("appRoles"));
        }
    }
    Ok(())
}

fn check_value(property: &str, value: &str, limits: Limits) -> Result<(), GraphError> {
    let fits = value.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\~".contains(&byte))
        && !value.starts_with('.');
    match fits && value.len() <= limits.value {
        true => Ok(()),
        false => Err(refused(property, format!("Invalid value '{}' for property {property}.", shown(value)))),
    }
}

/// What is in use must be disabled in one step and removed or renamed in the next.
fn check_disabled_before_removed(
    before: Option<&Application>,
    after: &Application,
) -> Result<(), GraphError> {
    let Some(before) = before else { return Ok(()) };
    let scope_stays = |id| after.scopes.iter().any(|one| one.id == id);
    let role_stays = |id| after.app_roles.iter().any(|one| one.id == id);
    let scope = before.scopes.iter().any(|one| one.enabled && !scope_stays(one.id));
    let role = before.app_roles.iter().any(|one| one.enabled && !role_stays(one.id));
    match scope || role {
        true => Err(GraphError::new(
            400,
            "CannotDeleteOrUpdateEnabledEntitlement",
            "Property value cannot be deleted or updated unless it is disabled first: Permission (scope or role) cannot be deleted or updated unless disabled first.",
        )
        .detail("CannotDeleteOrUpdateEnabledEntitlement", if scope { "api.oauth2PermissionScopes" } else { "appRoles" })),
        false => Ok(()),
    }
}

fn check_amounts(after: &Application, limits: Limits) -> Result<(), GraphError> {
    let required: usize =
        after.required_permissions.iter().map(|one| one.scopes.len() + one.roles.len()).sum();
    if after.required_permissions.len() > 50 || required > limits.permissions {
        let message = format!(
            "Property requiredResourceAccess takes at most 50 APIs and {} permissions.",
            limits.permissions
        );
        return Err(refused("requiredResourceAccess", message));
    }
    if after.secrets.len() > limits.secrets {
        return Err(refused(
            "passwordCredentials",
            "Property passwordCredentials takes at most 2 secrets with personal accounts.",
        ));
    }
    let entries = required
        + after.scopes.len()
        + after.app_roles.len()
        + after.redirect_uris.len()
        + after.identifier_uris.len()
        + after.known_clients.len()
        + after.pre_authorized.len()
        + after.secrets.len()
        + after.certificates.len();
    match entries > ENTRIES_MAX {
        true => Err(GraphError::new(
            403,
            "Directory_QuotaExceeded",
            format!(
                "The size of the object has exceeded its limit of {ENTRIES_MAX} entries. Please reduce the number of values and retry your request."
            ),
        )),
        false => Ok(()),
    }
}

fn check_references(world: &World, after: &Application) -> Result<(), GraphError> {
    let listed = after
        .known_clients
        .iter()
        .copied()
        .chain(after.pre_authorized.iter().map(crate::world::PreAuthorized::client));
    for client in listed {
        if client != after.app_id && world.resource(&client.to_string()).is_none() {
            let message = format!("Property api references application '{client}', which cannot be found.");
            return Err(refused("api", message));
        }
    }
    let taken = |other: &Application| other.app_id != after.app_id && other.unique_name == after.unique_name;
    match after.unique_name.is_some() && world.applications().any(taken) {
        true => Err(GraphError::conflicting("uniqueName")),
        false => Ok(()),
    }
}

fn shown(text: &str) -> String {
    text.chars().take(260).collect()
}
