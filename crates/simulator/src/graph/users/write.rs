//! Makes, changes and removes people.

use serde_json::Value;

use super::view::kept_properties;
use super::{KIND, account, is_self, view};
use crate::graph::applications::keep;
use crate::graph::call::{Call, Object};
use crate::graph::error::GraphError;
use crate::graph::permission::{ME_WRITE, USERS_WRITE};
use crate::graph::reply::Reply;
use crate::ids::ObjectId;
use crate::world::{DirectoryRole, Secret, Tenant, User, World};

/// What a person may change of themselves.
const OWN: [&str; 6] =
    ["businessPhones", "mobilePhone", "preferredLanguage", "officeLocation", "otherMails", "streetAddress"];

/// What takes an account over, or away from its person.
const SENSITIVE: [&str; 3] = ["accountEnabled", "passwordProfile", "userPrincipalName"];

/// `POST /users`
pub(super) fn create(call: &Call<'_>) -> Result<Reply, GraphError> {
    call.reach(&USERS_WRITE)?;
    let body = call.json()?;
    for name in ["accountEnabled", "displayName", "mailNickname", "passwordProfile", "userPrincipalName"] {
        if body.get(name).is_none_or(Value::is_null) {
            let message = format!("A value is required for property '{name}' of resource 'User'.");
            return Err(GraphError::bad(message).detail("MissingValue", name));
        }
    }
    let id: ObjectId =
        call.context.state.random.guid().to_string().parse().map_err(|_| GraphError::denied())?;
    call.change(|world| {
        let tenant = world.tenant_mut(call.caller.tenant).ok_or_else(GraphError::denied)?;
        let mut user = nobody(id);
        keep(&mut user.graph, "createdDateTime", &Value::String(call.now_text()));
        apply(tenant, &mut user, &body)?;
        tenant.users.push(user);
        Ok(())
    })?;
    shown(call, id)
}

/// 201 with a person who is there since just now.
pub(in crate::graph) fn shown(call: &Call<'_>, id: ObjectId) -> Result<Reply, GraphError> {
    let world = call.context.state.world();
    let tenant = world.tenant_by_id(call.caller.tenant).ok_or_else(GraphError::denied)?;
    let user = tenant.users.iter().find(|user| user.id == id);
    let account = user.and_then(|user| world.account_of(tenant, user));
    let account = account.ok_or_else(|| GraphError::not_found(&id.to_string()))?;
    call.made(&id.to_string());
    call.created(&KIND, view(&account))
}

/// A person without any property.
pub(in crate::graph) fn nobody(id: ObjectId) -> User {
    User::new(id, String::new(), String::new())
}

/// `PATCH /users/{id}`
pub(super) fn patch(call: &Call<'_>, id: ObjectId) -> Result<Reply, GraphError> {
    let body = call.json()?;
    let only_own = body.keys().all(|name| OWN.contains(&name.as_str()));
    call.reach(if is_self(call, id) && only_own { &ME_WRITE } else { &USERS_WRITE })?;
    if body.keys().any(|name| SENSITIVE.contains(&name.as_str())) {
        check_rank(call, id)?;
    }
    call.change(|world| {
        let tenant = world.tenant_mut(call.caller.tenant).ok_or_else(GraphError::denied)?;
        let place = tenant.users.iter().position(|user| user.id == id);
        let place = place.ok_or_else(|| GraphError::not_found(&id.to_string()))?;
        let mut user = tenant.users[place].clone();
        apply(tenant, &mut user, &body)?;
        tenant.users[place] = user;
        Ok(Reply::nothing())
    })
}

/// Administrators of people must not make themselves more by way of somebody who is (Microsoft Graph, "Who can perform
/// sensitive actions").
fn check_rank(call: &Call<'_>, id: ObjectId) -> Result<(), GraphError> {
    let tenant = call.tenant()?;
    let person = |id| tenant.users.iter().find(|user| user.id == id);
    let rules = |user: &User| user.directory_roles.contains(&DirectoryRole::GlobalAdministrator);
    let may = !call.is_person() || is_self(call, id) || person(call.caller.object).is_some_and(rules);
    match may || !person(id).is_some_and(User::is_administrator) {
        true => Ok(()),
        false => Err(GraphError::denied()),
    }
}

fn apply(tenant: &Tenant, user: &mut User, body: &Object) -> Result<(), GraphError> {
    for (name, value) in body.iter().filter(|(name, _)| !name.contains('@')) {
        let text = || value.as_str().filter(|text| !text.is_empty()).map(ToOwned::to_owned);
        let required = || text().ok_or_else(|| invalid(name));
        match name.as_str() {
            "accountEnabled" => user.enabled = value.as_bool().ok_or_else(|| invalid(name))?,
            "displayName" => user.display_name = required()?,
            "userPrincipalName" => user.upn = upn(tenant, user, required()?)?,
            "mail" => user.email = text(),
            "passwordProfile" => {
                let password = value.get("password").and_then(Value::as_str).filter(|text| text.len() >= 8);
                let password = password.ok_or_else(|| {
                    let message =
                        "The specified password does not comply with password complexity requirements.";
                    GraphError::bad(message).detail("InvalidValue", "passwordProfile.password")
                })?;
                user.password = Secret::new(password.to_owned());
            }
            "country" => {
                user.country = text().filter(|country| country.len() == 2);
                keep(&mut user.graph, name, value);
            }
            "userType" | "passwordPolicies" => {}
            name if kept_properties().iter().any(|(known, _)| *known == name) => {
                keep(&mut user.graph, name, value);
            }
            name if KIND.properties.iter().chain(KIND.on_request).any(|known| *known == name) => {
                let message = format!("Property '{name}' is read-only and cannot be set.");
                return Err(GraphError::bad(message).detail("ReadOnly", name));
            }
            name => {
                let shown: String = name.chars().take(120).collect();
                return Err(GraphError::bad(format!("Invalid property '{shown}'.")));
            }
        }
    }
    Ok(())
}

/// In a verified domain, and nobody else's.
fn upn(tenant: &Tenant, user: &User, upn: String) -> Result<String, GraphError> {
    let domain = upn.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase());
    if !domain.is_some_and(|domain| tenant.domains.contains(&domain)) || upn.contains(char::is_whitespace) {
        let message = "The domain portion of the userPrincipalName property is invalid. You must use one of the \
            verified domain names in your organization.";
        return Err(GraphError::bad(message).detail("InvalidValue", "userPrincipalName"));
    }
    let mut others = tenant.users.iter().filter(|other| other.id != user.id);
    match others.any(|other| other.upn.eq_ignore_ascii_case(&upn)) {
        true => Err(GraphError::bad(
            "Another object with the same value for property userPrincipalName already exists.",
        )
        .detail("ObjectConflict", "userPrincipalName")),
        false => Ok(upn),
    }
}

fn invalid(name: &str) -> GraphError {
    let message = format!("Invalid value specified for property '{name}' of resource 'User'.");
    GraphError::bad(message).detail("InvalidValue", name)
}

/// `DELETE /users/{id}`: at once and for good, with the guest objects of the account in other tenants.
pub(super) fn delete(call: &Call<'_>, id: ObjectId) -> Result<Reply, GraphError> {
    call.reach(&USERS_WRITE)?;
    account(call, id)?;
    check_rank(call, id)?;
    call.change(|world| {
        let home = call.caller.tenant;
        let guests = |tenant: &Tenant| {
            let is_it = |user: &&User| user.home_tenant == Some(home) && user.home_user == Some(id);
            Some((tenant.id, tenant.users.iter().find(is_it)?.id))
        };
        let everywhere: Vec<_> = world.tenants().filter_map(guests).chain([(home, id)]).collect();
        for (tenant, id) in everywhere {
            remove(world, tenant, id);
        }
        Ok(Reply::nothing())
    })
}

fn remove(world: &mut World, tenant: crate::ids::TenantId, id: ObjectId) {
    let Some(tenant) = world.tenant_mut(tenant) else { return };
    tenant.users.retain(|user| user.id != id);
    for group in &mut tenant.groups {
        group.members.retain(|member| *member != id);
    }
    for principal in &mut tenant.service_principals {
        principal.assignments.retain(|assignment| assignment.principal != id);
        principal.grants.retain(|grant| grant.user != Some(id));
    }
}
