//! `appRoleAssignment`: who has which app role. People and groups have it by assignments, programs by grants of
//! application permissions; Graph knows no difference.

use axum::http::Method;
use serde_json::{Value, json};

use super::call::{Call, Object, members};
use super::error::GraphError;
use super::odata::Kind;
use super::path::Key;
use super::permission::{ASSIGNMENTS_READ, ASSIGNMENTS_WRITE, GRAPH_ROLES_WRITE};
use super::reply::Reply;
use super::service_principals::{self, Local};
use super::{hashed, unknown_segment, wrong_method};
use crate::ids::{ObjectId, PartId};
use crate::world::{Application, Assignment, Tenant, World, graph};

pub(super) const KIND: Kind = Kind {
    name: "appRoleAssignment",
    set: "appRoleAssignments",
    properties: &[
        "id",
        "deletedDateTime",
        "appRoleId",
        "createdDateTime",
        "principalDisplayName",
        "principalId",
        "principalType",
        "resourceDisplayName",
        "resourceId",
    ],
    on_request: &[],
};

/// Access without a role.
const DEFAULT_ACCESS: &str = "00000000-0000-0000-0000-000000000000";

/// From which end a request looks.
#[derive(Debug, Clone, Copy)]
pub(super) enum Side {
    /// `…/servicePrincipals/{id}/appRoleAssignedTo`
    Resource(ObjectId),
    /// `…/appRoleAssignments` of a person, group or client.
    Principal(ObjectId),
}

/// One assignment with its names resolved.
#[derive(Debug, Clone)]
struct Assigned {
    principal: ObjectId,
    principal_name: String,
    principal_type: &'static str,
    resource: ObjectId,
    resource_name: String,
    /// The role's value; absent for default access.
    role: Option<String>,
    role_id: String,
}

impl Assigned {
    fn id(&self) -> String {
        hashed(&format!("{}|{}|{}", self.principal, self.resource, self.role_id))
    }

    fn view(&self) -> Object {
        members(json!({
            "id": self.id(),
            "deletedDateTime": null,
            "appRoleId": self.role_id,
            "createdDateTime": "2026-01-01T00:00:00Z",
            "principalDisplayName": self.principal_name,
            "principalId": self.principal,
            "principalType": self.principal_type,
            "resourceDisplayName": self.resource_name,
            "resourceId": self.resource,
        }))
    }

    fn is_seen_from(&self, side: Side) -> bool {
        match side {
            Side::Resource(id) => self.resource == id,
            Side::Principal(id) => self.principal == id,
        }
    }
}

/// Everything below either collection.
pub(super) fn route(call: &Call<'_>, side: Side, rest: &[&str]) -> Result<Reply, GraphError> {
    match (&call.method, rest) {
        (&Method::GET, []) => {
            call.reach(&ASSIGNMENTS_READ)?;
            let all = all(call, &call.world).into_iter().filter(|one| one.is_seen_from(side));
            call.collection(&KIND, all.map(|one| one.view()).collect())
        }
        (&Method::POST, []) => create(call, side),
        (&Method::GET, [_]) => {
            call.reach(&ASSIGNMENTS_READ)?;
            call.entity(&KIND, find(call, side)?.view())
        }
        (&Method::DELETE, [_]) => delete(call, side),
        (_, [] | [_]) => Err(wrong_method(call)),
        (_, [_, unknown, ..]) => Err(unknown_segment(unknown)),
    }
}

/// Every assignment in the caller's tenant.
fn all(call: &Call<'_>, world: &World) -> Vec<Assigned> {
    let Some(tenant) = world.tenant_by_id(call.caller.tenant) else { return Vec::new() };
    let locals = service_principals::here(call, world);
    let mut all = Vec::new();
    for resource in &locals {
        for assignment in &resource.principal.assignments {
            all.extend(assigned(
                tenant,
                &locals,
                resource,
                (assignment.principal, assignment.role.as_deref()),
            ));
        }
    }
    for client in &locals {
        for grant in client.principal.grants.iter().filter(|grant| grant.user.is_none()) {
            let resource = locals.iter().find(|local| local.principal.app_id == grant.resource);
            for role in
                resource.iter().flat_map(|resource| grant.roles.iter().map(move |role| (resource, role)))
            {
                let (resource, role) = role;
                all.extend(assigned(tenant, &locals, resource, (client.principal.id, Some(role))));
            }
        }
    }
    all.retain(|one| call.has_arrived(&one.id()));
    all
}

fn assigned(
    tenant: &Tenant,
    locals: &[Local<'_>],
    resource: &Local<'_>,
    (principal, role): (ObjectId, Option<&str>),
) -> Option<Assigned> {
    let (principal_type, principal_name) = named(tenant, locals, principal)?;
    let role_id = match role {
        None => DEFAULT_ACCESS.to_owned(),
        Some(value) => resource.application.app_roles.iter().find(|one| one.value == value)?.id.to_string(),
    };
    Some(Assigned {
        principal,
        principal_name,
        principal_type,
        resource: resource.principal.id,
        resource_name: resource.application.display_name.clone(),
        role: role.map(ToOwned::to_owned),
        role_id,
    })
}

/// Type and display name of what can be assigned.
fn named(tenant: &Tenant, locals: &[Local<'_>], id: ObjectId) -> Option<(&'static str, String)> {
    let user = tenant.users.iter().find(|user| user.id == id);
    let group = tenant.groups.iter().find(|group| group.id == id);
    let client = locals.iter().find(|local| local.principal.id == id);
    user.map(|user| ("User", user.display_name.clone()))
        .or(group.map(|group| ("Group", group.name.clone())))
        .or(client.map(|client| ("ServicePrincipal", client.application.display_name.clone())))
}

fn create(call: &Call<'_>, side: Side) -> Result<Reply, GraphError> {
    call.reach(&ASSIGNMENTS_WRITE)?;
    let body = call.json()?;
    let (principal, resource) = (id(&body, "principalId")?, id(&body, "resourceId")?);
    let role_id: PartId = id(&body, "appRoleId")?;
    let fits = match side {
        Side::Resource(id) => resource == id,
        Side::Principal(id) => principal == id,
    };
    if !fits {
        return Err(GraphError::bad("The id in the address is not the one in the body."));
    }
    let made = call.change(|world| assign(call, world, (principal, resource), role_id))?;
    let reply = call.created(&KIND, made.view());
    call.made(&made.id());
    reply
}

fn id<T: std::str::FromStr>(body: &Object, name: &str) -> Result<T, GraphError> {
    let id = body.get(name).and_then(Value::as_str).and_then(|id| id.parse().ok());
    id.ok_or_else(|| {
        let message =
            format!("Invalid value specified for property '{name}' of resource 'AppRoleAssignment'.");
        GraphError::bad(message).detail("InvalidValue", name)
    })
}

fn assign(
    call: &Call<'_>,
    world: &mut World,
    (principal, resource): (ObjectId, ObjectId),
    role_id: PartId,
) -> Result<Assigned, GraphError> {
    let tenant = world.tenant_by_id(call.caller.tenant).ok_or_else(GraphError::denied)?;
    let locals = service_principals::here(call, world);
    let target = locals.iter().find(|local| local.principal.id == resource);
    let target = target.ok_or_else(|| GraphError::not_found(&resource.to_string()))?;
    if target.application.app_id == graph().app_id {
        call.reach(&GRAPH_ROLES_WRITE)?;
    }
    let arrived = call.has_arrived(&principal.to_string());
    let named = named(tenant, &locals, principal).filter(|_| arrived);
    let (kind, _) = named.ok_or_else(|| GraphError::bad("Not a valid reference update."))?;
    let role = role(target.application, role_id, kind)?;
    let made = assigned(tenant, &locals, target, (principal, role.as_deref()));
    let made = made.ok_or_else(|| GraphError::bad("Not a valid reference update."))?;
    if all(call, world).iter().any(|one| one.id() == made.id()) {
        let message = "Permission being assigned already exists on the object.";
        return Err(GraphError::bad(message).detail("InvalidUpdate", "appRoleId"));
    }
    let resource_app = target.application.app_id;
    let client_app =
        locals.iter().find(|local| local.principal.id == principal).map(|local| local.principal.app_id);
    let tenant = world.tenant_mut(call.caller.tenant).ok_or_else(GraphError::denied)?;
    match (client_app, &role) {
        (Some(client), Some(role)) => {
            tenant.service_principal_mut(client).add_roles(resource_app, std::slice::from_ref(role));
        }
        _ => tenant.service_principal_mut(resource_app).assignments.push(Assignment { principal, role }),
    }
    Ok(made)
}

/// The role behind an id, if this kind of principal may have it. `None` is default access, for applications without roles.
fn role(application: &Application, id: PartId, kind: &str) -> Result<Option<String>, GraphError> {
    if id.to_string() == DEFAULT_ACCESS && application.app_roles.is_empty() {
        return Ok(None);
    }
    let unknown = || {
        let message =
            format!("Permission being assigned was not found on application '{}'.", application.app_id);
        GraphError::bad(message).detail("InvalidUpdate", "appRoleId")
    };
    let role = application.app_roles.iter().find(|role| role.id == id && role.enabled).ok_or_else(unknown)?;
    let fits = if kind == "ServicePrincipal" { role.is_for_applications() } else { role.is_for_people() };
    match fits {
        true => Ok(Some(role.value.clone())),
        false => Err(GraphError::bad(format!(
            "Permission being assigned is not for principals of type '{kind}' (allowedMemberTypes)."
        ))
        .detail("InvalidUpdate", "appRoleId")),
    }
}

/// Ids are compared to the letter; the routing's lower case would not do.
fn find(call: &Call<'_>, side: Side) -> Result<Assigned, GraphError> {
    let Key::Id(wanted) = call.path.key(3) else { return Err(GraphError::not_found("")) };
    let mut seen = all(call, &call.world).into_iter().filter(|one| one.is_seen_from(side));
    seen.find(|one| one.id() == wanted).ok_or_else(|| GraphError::not_found(wanted))
}

fn delete(call: &Call<'_>, side: Side) -> Result<Reply, GraphError> {
    call.reach(&ASSIGNMENTS_WRITE)?;
    let gone = find(call, side)?;
    let resource = service_principals::by_id(call, &call.world, gone.resource);
    let resource_app = resource.ok_or_else(|| GraphError::not_found(&gone.id()))?.principal.app_id;
    if resource_app == graph().app_id {
        call.reach(&GRAPH_ROLES_WRITE)?;
    }
    call.change(|world| {
        let tenant = world.tenant_mut(call.caller.tenant).ok_or_else(GraphError::denied)?;
        for principal in &mut tenant.service_principals {
            if principal.app_id == resource_app {
                principal.assignments.retain(|one| one.principal != gone.principal || one.role != gone.role);
            }
            if principal.id == gone.principal {
                for grant in principal.grants.iter_mut().filter(|grant| grant.resource == resource_app) {
                    grant.roles.retain(|role| Some(role) != gone.role.as_ref());
                }
                principal.grants.retain(|grant| {
                    grant.resource != resource_app || !(grant.scopes.is_empty() && grant.roles.is_empty())
                });
            }
        }
        Ok(Reply::nothing())
    })
}
