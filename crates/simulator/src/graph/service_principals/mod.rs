//! `/servicePrincipals`: what is known of applications in the caller's tenant.

mod view;

use axum::http::Method;
use serde_json::Value;

pub(super) use self::view::{KIND, view};
use super::call::{Call, Object};
use super::error::GraphError;
use super::path::Key;
use super::permission::{APPLICATIONS_READ, APPLICATIONS_WRITE, Reach, Rule};
use super::reply::Reply;
use super::{applications, assignments, grants, unknown_segment, users, wrong_method};
use crate::ids::{AppId, ObjectId};
use crate::world::{Application, ServicePrincipal, Tenant, World, graph};

/// A service principal with its registration, wherever that is.
#[derive(Debug, Clone)]
pub(super) struct Local<'w> {
    pub(super) principal: ServicePrincipal,
    pub(super) application: &'w Application,
}

/// Everything below `/servicePrincipals`.
pub(super) fn route(call: &Call<'_>, rest: &[&str]) -> Result<Reply, GraphError> {
    match (&call.method, rest) {
        (&Method::GET, []) => call.collection(&KIND, all(call)?),
        (&Method::POST, []) => create(call),
        (&Method::GET, ["$count"]) => call.count(&KIND, all(call)?),
        (&Method::GET, [_]) => {
            let local = find(call, &APPLICATIONS_READ)?;
            call.entity(&KIND, view(call, &local))
        }
        (&Method::PATCH, [_]) => patch(call),
        (&Method::DELETE, [_]) => delete(call),
        (_, [] | [_]) => Err(wrong_method(call)),
        (_, [_, "approleassignedto", rest @ ..]) => {
            assignments::route(call, assignments::Side::Resource(id(call)?), rest)
        }
        (_, [_, "approleassignments", rest @ ..]) => {
            assignments::route(call, assignments::Side::Principal(id(call)?), rest)
        }
        (&Method::GET, [_, "oauth2permissiongrants"]) => grants::of_client(call, id(call)?),
        (&Method::GET, [_, "owners"]) => {
            let local = find(call, &APPLICATIONS_READ)?;
            users::directory_objects(call, &owners(&local.principal.graph))
        }
        (&Method::GET, [_, "memberof" | "transitivememberof"]) => {
            find(call, &APPLICATIONS_READ)?;
            users::directory_objects(call, &[])
        }
        (_, [_, unknown, ..]) => Err(unknown_segment(unknown)),
    }
}

/// Ids among the kept `owners`.
pub(super) fn owners(kept: &Object) -> Vec<ObjectId> {
    let owners = kept.get("owners").and_then(Value::as_array).into_iter().flatten();
    owners.filter_map(|owner| owner.as_str()?.parse().ok()).collect()
}

/// The service principals of the caller's tenant that have arrived. Microsoft Graph's own is everywhere.
pub(super) fn here<'w>(call: &Call<'_>, world: &'w World) -> Vec<Local<'w>> {
    let Some(tenant) = world.tenant_by_id(call.caller.tenant) else { return Vec::new() };
    let stored = tenant.service_principals.iter().cloned();
    let is_graph_stored = tenant.service_principal(graph().app_id).is_some();
    let graph_itself = (!is_graph_stored).then(|| graph_principal(tenant));
    let with_application = |principal: ServicePrincipal| {
        let application = world.resource(&principal.app_id.to_string())?;
        Some(Local { principal, application })
    };
    let locals = stored.chain(graph_itself).filter_map(with_application);
    locals.filter(|local| call.has_arrived(&local.principal.id.to_string())).collect()
}

fn graph_principal(tenant: &Tenant) -> ServicePrincipal {
    ServicePrincipal {
        id: tenant.principal_id(graph().app_id),
        app_id: graph().app_id,
        enabled: true,
        assignment_required: false,
        grants: Vec::new(),
        assignments: Vec::new(),
        graph: Object::new(),
    }
}

pub(super) fn by_id<'w>(call: &Call<'_>, world: &'w World, id: ObjectId) -> Option<Local<'w>> {
    here(call, world).into_iter().find(|local| local.principal.id == id)
}

fn all(call: &Call<'_>) -> Result<Vec<Object>, GraphError> {
    let reach = call.reach(&APPLICATIONS_READ)?;
    let all = here(call, &call.world).into_iter();
    let reached = all.filter(|local| reach == Reach::Everything || is_owner(call, local));
    Ok(reached.map(|local| view(call, &local)).collect())
}

/// The service principal that the path names, if the caller may do to it what `rule` is about.
pub(super) fn find<'c>(call: &'c Call<'_>, rule: &Rule) -> Result<Local<'c>, GraphError> {
    let reach = call.reach(rule)?;
    let key = call.path.key(1);
    let fits = |local: &Local<'_>| match key {
        Key::Id(id) | Key::Named("id", id) => id.parse() == Ok(local.principal.id),
        Key::Named("appId", id) => id.parse() == Ok(local.principal.app_id),
        Key::Named(..) => false,
    };
    let found = here(call, &call.world).into_iter().find(fits);
    let found = found.ok_or_else(|| GraphError::not_found(key.value()))?;
    match reach == Reach::Everything || is_owner(call, &found) {
        true => Ok(found),
        false => Err(GraphError::denied()),
    }
}

/// The object id behind the path's key. Whether the caller may see more is for the sub-collection to say.
fn id(call: &Call<'_>) -> Result<ObjectId, GraphError> {
    let key = call.path.key(1);
    let fits = |local: &Local<'_>| match key {
        Key::Named("appId", id) => id.parse() == Ok(local.principal.app_id),
        key => key.value().parse() == Ok(local.principal.id),
    };
    let found = here(call, &call.world).into_iter().find(fits);
    found.map(|local| local.principal.id).ok_or_else(|| GraphError::not_found(key.value()))
}

/// Owners of the object itself, or of its registration in the same tenant.
fn is_owner(call: &Call<'_>, local: &Local<'_>) -> bool {
    let own_tenant = local.application.home_tenant == call.caller.tenant;
    owners(&local.principal.graph).contains(&call.caller.object)
        || (own_tenant && applications::is_owner(call, local.application))
}

/// `POST /servicePrincipals`: the tenant takes an application in, without consent to anything yet.
fn create(call: &Call<'_>) -> Result<Reply, GraphError> {
    let reach = call.reach(&APPLICATIONS_WRITE)?;
    let mut body = call.json()?;
    let app_id = body.remove("appId").ok_or_else(|| missing("appId"))?;
    let app_id: AppId = app_id.as_str().and_then(|id| id.parse().ok()).ok_or_else(|| missing("appId"))?;
    let owners = applications::first_owners(call, &body)?;
    let id = call.change(|world| {
        check_backing(call, world, app_id, reach)?;
        let tenant = world.tenant_mut(call.caller.tenant).ok_or_else(GraphError::denied)?;
        if tenant.service_principal(app_id).is_some() {
            return Err(in_use(app_id));
        }
        let principal = tenant.service_principal_mut(app_id);
        principal.graph.insert("owners".to_owned(), owners);
        apply(principal, &body)?;
        Ok(principal.id)
    })?;
    let world = call.context.state.world();
    let made = by_id(call, &world, id).ok_or_else(|| GraphError::not_found(&id.to_string()))?;
    let reply = call.created(&KIND, view(call, &made));
    call.made(&id.to_string());
    reply
}

fn missing(property: &str) -> GraphError {
    let message = format!("A value is required for property '{property}' of resource 'ServicePrincipal'.");
    GraphError::bad(message).detail("MissingValue", property)
}

fn in_use(app_id: AppId) -> GraphError {
    let message = format!(
        "The service principal cannot be created, updated, or restored because the service \
        principal name {app_id} is already in use."
    );
    GraphError::new(409, "Request_MultipleObjectsWithSameKeyValue", message)
        .detail("ObjectConflict", "servicePrincipalNames")
}

/// The application must exist, have arrived, and let this tenant in; with a narrow permission it must also be one's own.
fn check_backing(call: &Call<'_>, world: &World, app_id: AppId, reach: Reach) -> Result<(), GraphError> {
    if app_id == graph().app_id {
        return Err(in_use(app_id));
    }
    let tenant = world.tenant_by_id(call.caller.tenant).ok_or_else(GraphError::denied)?;
    let admitted = |application: &&Application| {
        application.admits(tenant) && call.has_arrived(&application.object_id().to_string())
    };
    let application = world.client(app_id).filter(admitted).ok_or_else(|| {
        let message = format!(
            "The appId '{app_id}' of the service principal does not reference a valid application object."
        );
        GraphError::new(400, "NoBackingApplicationObject", message)
            .detail("NoBackingApplicationObject", "appId")
    })?;
    let own = application.home_tenant == tenant.id && applications::is_owner(call, application);
    match reach == Reach::Everything || own {
        true => Ok(()),
        false => Err(GraphError::new(
            403,
            "Authorization_RequestDenied",
            "When using this permission, the backing application of the service principal being created must \
            be in the local tenant and be owned by the caller.",
        )),
    }
}

fn patch(call: &Call<'_>) -> Result<Reply, GraphError> {
    let app_id = find(call, &APPLICATIONS_WRITE)?.principal.app_id;
    let body = call.json()?;
    changeable(app_id)?;
    call.change(|world| {
        let tenant = world.tenant_mut(call.caller.tenant).ok_or_else(GraphError::denied)?;
        apply(tenant.service_principal_mut(app_id), &body)?;
        Ok(Reply::nothing())
    })
}

/// Properties of the local half; everything else is the registration's.
fn apply(principal: &mut ServicePrincipal, body: &Object) -> Result<(), GraphError> {
    let invalid = |name: &str| {
        let message =
            format!("Invalid value specified for property '{name}' of resource 'ServicePrincipal'.");
        GraphError::bad(message).detail("InvalidValue", name)
    };
    for (name, value) in body.iter().filter(|(name, _)| !name.contains('@')) {
        match name.as_str() {
            "accountEnabled" => principal.enabled = value.as_bool().ok_or_else(|| invalid(name))?,
            "appRoleAssignmentRequired" => {
                principal.assignment_required = value.as_bool().ok_or_else(|| invalid(name))?;
            }
            "tags" if !value.is_array() => return Err(invalid(name)),
            "displayName" => {}
            name if view::kept_properties().iter().any(|(known, _)| *known == name) => {
                applications::keep(&mut principal.graph, name, value);
            }
            name if KIND.properties.contains(&name) => {
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

/// Microsoft's own are not for tenants to change.
fn changeable(app_id: AppId) -> Result<(), GraphError> {
    if app_id == graph().app_id { Err(GraphError::denied()) } else { Ok(()) }
}

/// Ends everything that the tenant granted to the application, and on it.
fn delete(call: &Call<'_>) -> Result<Reply, GraphError> {
    let local = find(call, &APPLICATIONS_WRITE)?;
    let (app_id, id) = (local.principal.app_id, local.principal.id);
    changeable(app_id)?;
    call.change(|world| {
        let tenant = world.tenant_mut(call.caller.tenant).ok_or_else(GraphError::denied)?;
        tenant.service_principals.retain(|principal| principal.id != id);
        for principal in &mut tenant.service_principals {
            principal.grants.retain(|grant| grant.resource != app_id);
            principal.assignments.retain(|assignment| assignment.principal != id);
        }
        Ok(Reply::nothing())
    })
}
