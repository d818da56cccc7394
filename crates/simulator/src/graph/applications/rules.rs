//! The rules of registrations (Entra, "Validation differences by supported account types"; Microsoft Graph, `application`).
//! Those of URIs are in `uris.rs`.

use std::collections::HashSet;

use super::super::error::GraphError;
use super::uris::{check_identifier_uris, check_redirect_uris};
use crate::world::{Application, SignInAudience, World};

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
pub(super) struct Limits {
    pub(super) personal: bool,
    name: usize,
    value: usize,
    pub(super) redirect_uris: usize,
    pub(super) identifier_uri: usize,
    permissions: usize,
    secrets: usize,
}

impl Limits {
    pub(super) fn of(audience: SignInAudience) -> Self {
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

pub(super) fn refused(property: &str, message: impl Into<String>) -> GraphError {
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
                "Property signInAudience cannot be changed while signInAudienceRestrictions holds tenants; \
                set it to unrestricted first."
            }
            false => {
                "Property signInAudienceRestrictions is only valid with signInAudience AzureADMultipleOrgs."
            }
        };
        return Err(refused("signInAudienceRestrictions", message));
    }
    Ok(())
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
            "Permission (scope or role) cannot be deleted or updated unless disabled first.",
        )
        .detail(
            "CannotDeleteOrUpdateEnabledEntitlement",
            if scope { "api.oauth2PermissionScopes" } else { "appRoles" },
        )),
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
                "The size of the object has exceeded its limit of {ENTRIES_MAX} entries. Please reduce the number of \
                values and retry your request."
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

pub(super) fn shown(text: &str) -> String {
    text.chars().take(260).collect()
}
