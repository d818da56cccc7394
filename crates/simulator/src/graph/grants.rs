//! `/oauth2PermissionGrants`: delegated permissions, for everybody or for one person.

use axum::http::Method;
use serde_json::{Value, json};

use super::call::{Call, Object, members};
use super::error::GraphError;
use super::odata::Kind;
use super::path::Key;
use super::permission::{GRANTS_READ, GRANTS_WRITE};
use super::reply::Reply;
use super::service_principals::{self, Local};
use super::{hashed, unknown_segment, wrong_method};
use crate::ids::{AppId, ObjectId};
use crate::world::{Grant, World};

pub(super) const KIND: Kind = Kind {
    name: "oAuth2PermissionGrant",
    set: "oauth2PermissionGrants",
    properties: &["clientId", "consentType", "id", "principalId", "resourceId", "scope"],
    on_request: &[],
};

/// A grant with its ends resolved.
#[derive(Debug, Clone)]
struct Granted {
    client: ObjectId,
    client_app: AppId,
    resource: ObjectId,
    resource_app: AppId,
    user: Option<ObjectId>,
    scope: String,
}

impl Granted {
    /// Follows from what the grant is between, and stays when its scopes change.
    fn id(&self) -> String {
        let user = self.user.map(|user| user.to_string()).unwrap_or_default();
        hashed(&format!("{}|{}|{user}", self.client, self.resource))
    }

    fn view(&self) -> Object {
        members(json!({
            "clientId": self.client,
            "consentType": if self.user.is_some() { "Principal" } else { "AllPrincipals" },
            "id": self.id(),
            "principalId": self.user,
            "resourceId": self.resource,
            "scope": self.scope,
        }))
    }
}

/// Everything below `/oauth2PermissionGrants`.
pub(super) fn route(call: &Call<'_>, rest: &[&str]) -> Result<Reply, GraphError> {
    match (&call.method, rest) {
        (&Method::GET, []) => listed(call, |_| true),
        (&Method::POST, []) => create(call),
        (&Method::GET, ["$count"]) => {
            call.reach(&GRANTS_READ)?;
            call.count(&KIND, all(call, &call.world).iter().map(Granted::view).collect())
        }
        (&Method::GET, [_]) => {
            call.reach(&GRANTS_READ)?;
            call.entity(&KIND, find(call)?.view())
        }
        (&Method::PATCH, [_]) => patch(call),
        (&Method::DELETE, [_]) => delete(call),
        (_, [] | [_]) => Err(wrong_method(call)),
        (_, [_, unknown, ..]) => Err(unknown_segment(unknown)),
    }
}

/// `/servicePrincipals/{id}/oauth2PermissionGrants`
pub(super) fn of_client(call: &Call<'_>, client: ObjectId) -> Result<Reply, GraphError> {
    listed(call, |grant| grant.client == client)
}

/// `/users/{id}/oauth2PermissionGrants`
pub(super) fn of_user(call: &Call<'_>, user: ObjectId) -> Result<Reply, GraphError> {
    listed(call, |grant| grant.user == Some(user))
}

fn listed(call: &Call<'_>, keep: impl Fn(&Granted) -> bool) -> Result<Reply, GraphError> {
    call.reach(&GRANTS_READ)?;
    let all = all(call, &call.world);
    call.collection(&KIND, all.iter().filter(|grant| keep(grant)).map(Granted::view).collect())
}

/// Every delegated grant in the caller's tenant. Grants of application permissions only are assignments.
fn all(call: &Call<'_>, world: &World) -> Vec<Granted> {
    let locals = service_principals::here(call, world);
    let mut all = Vec::new();
    for client in &locals {
        let delegated = |grant: &&Grant| !grant.scopes.is_empty() || grant.roles.is_empty();
        for grant in client.principal.grants.iter().filter(delegated) {
            let resource = locals.iter().find(|local| local.principal.app_id == grant.resource);
            let granted =
                resource.map(|resource| granted(client, resource, grant.user, grant.scopes.join(" ")));
            all.extend(granted.filter(|granted| call.has_arrived(&granted.id())));
        }
    }
    all
}

fn granted(client: &Local<'_>, resource: &Local<'_>, user: Option<ObjectId>, scope: String) -> Granted {
    Granted {
        client: client.principal.id,
        client_app: client.principal.app_id,
        resource: resource.principal.id,
        resource_app: resource.principal.app_id,
        user,
        scope,
    }
}

fn find(call: &Call<'_>) -> Result<Granted, GraphError> {
    let Key::Id(wanted) = call.path.key(1) else { return Err(GraphError::not_found("")) };
    let found = all(call, &call.world).into_iter().find(|grant| grant.id() == wanted);
    found.ok_or_else(|| GraphError::not_found(wanted))
}

fn create(call: &Call<'_>) -> Result<Reply, GraphError> {
    call.reach(&GRANTS_WRITE)?;
    let body = call.json()?;
    let id = |name: &str| {
        let id = body.get(name).and_then(Value::as_str).and_then(|id| id.parse::<ObjectId>().ok());
        id.ok_or_else(|| invalid(name))
    };
    let user = match body.get("consentType").and_then(Value::as_str) {
        Some("AllPrincipals") if body.get("principalId").is_none_or(Value::is_null) => None,
        Some("AllPrincipals") => return Err(invalid("principalId")),
        Some("Principal") => Some(id("principalId")?),
        _ => return Err(invalid("consentType")),
    };
    let scopes = scopes(&body)?;
    let (client, resource) = (id("clientId")?, id("resourceId")?);
    let made = call.change(|world| {
        let locals = service_principals::here(call, world);
        let local = |id: ObjectId| locals.iter().find(|local| local.principal.id == id);
        let ends = local(client).zip(local(resource));
        let (client, resource) = ends.ok_or_else(|| GraphError::bad("Not a valid reference update."))?;
        check_user(call, world, user)?;
        let made = granted(client, resource, user, scopes.join(" "));
        if all(call, world).iter().any(|one| one.id() == made.id()) {
            return Err(GraphError::new(
                409,
                "Request_MultipleObjectsWithSameKeyValue",
                "Permission entry already exists.",
            )
            .detail("ObjectConflict", "clientId"));
        }
        set_scopes(call, world, &made, Some(scopes))?;
        Ok(made)
    })?;
    let reply = call.created(&KIND, made.view());
    call.made(&made.id());
    reply
}

fn check_user(call: &Call<'_>, world: &World, user: Option<ObjectId>) -> Result<(), GraphError> {
    let tenant = world.tenant_by_id(call.caller.tenant).ok_or_else(GraphError::denied)?;
    let there = |id: ObjectId| tenant.users.iter().any(|user| user.id == id);
    match user.is_none_or(there) {
        true => Ok(()),
        false => Err(GraphError::bad("Not a valid reference update.").detail("InvalidValue", "principalId")),
    }
}

fn scopes(body: &Object) -> Result<Vec<String>, GraphError> {
    let text = body.get("scope").and_then(Value::as_str).ok_or_else(|| invalid("scope"))?;
    let mut scopes: Vec<String> = Vec::new();
    for scope in text.split_whitespace() {
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    Ok(scopes)
}

fn patch(call: &Call<'_>) -> Result<Reply, GraphError> {
    call.reach(&GRANTS_WRITE)?;
    let grant = find(call)?;
    let body = call.json()?;
    let scopes = scopes(&body)?;
    call.change(|world| set_scopes(call, world, &grant, Some(scopes)))?;
    Ok(Reply::nothing())
}

/// Revocation: what the client asks for next is refused for want of consent.
fn delete(call: &Call<'_>) -> Result<Reply, GraphError> {
    call.reach(&GRANTS_WRITE)?;
    let grant = find(call)?;
    call.change(|world| set_scopes(call, world, &grant, None))?;
    Ok(Reply::nothing())
}

/// Replaces the scopes of a grant; `None` ends it. Application permissions stay what they are.
fn set_scopes(
    call: &Call<'_>,
    world: &mut World,
    granted: &Granted,
    scopes: Option<Vec<String>>,
) -> Result<(), GraphError> {
    let tenant = world.tenant_mut(call.caller.tenant).ok_or_else(GraphError::denied)?;
    let grants = &mut tenant.service_principal_mut(granted.client_app).grants;
    let is_it = |grant: &Grant| grant.resource == granted.resource_app && grant.user == granted.user;
    match (grants.iter_mut().find(|grant| is_it(grant)), scopes) {
        // Without scopes the grant is empty, and still there, as at Graph.
        (Some(grant), Some(scopes)) => grant.scopes = scopes,
        (None, Some(scopes)) => {
            let (resource, user) = (granted.resource_app, granted.user);
            grants.push(Grant { resource, user, scopes, roles: Vec::new() });
        }
        (Some(grant), None) => {
            grant.scopes.clear();
            grants.retain(|grant| !(is_it(grant) && grant.roles.is_empty()));
        }
        (None, None) => {}
    }
    Ok(())
}

fn invalid(name: &str) -> GraphError {
    let message =
        format!("Invalid value specified for property '{name}' of resource 'OAuth2PermissionGrant'.");
    GraphError::bad(message).detail("InvalidValue", name)
}
