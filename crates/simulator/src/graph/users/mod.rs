//! `/users` and `/me`: people of the caller's tenant, guests included.

mod memberships;
mod view;
mod write;

use axum::http::Method;
use serde_json::{Value, json};

use self::view::{KIND, view};
pub(super) use self::write::nobody;
use super::call::{Call, Object, members};
use super::error::GraphError;
use super::odata::Kind;
use super::path::Key;
use super::permission::{DIRECTORY_READ, ME_READ, MEMBERSHIPS_READ, USERS_READ};
use super::reply::Reply;
use super::service_principals;
use super::{assignments, grants, unknown_segment, wrong_method};
use crate::ids::ObjectId;
use crate::world::{Account, User};

/// Any object of a directory, as far as lists of mixed kinds show it.
const DIRECTORY_OBJECT: Kind = Kind {
    name: "directoryObject",
    set: "directoryObjects",
    properties: &[
        "id",
        "deletedDateTime",
        "displayName",
        "userPrincipalName",
        "appId",
        "description",
        "roleTemplateId",
        "securityEnabled",
        "@odata.type",
    ],
    on_request: &[],
};

/// Everything below `/users`.
pub(super) fn route(call: &Call<'_>, rest: &[&str]) -> Result<Reply, GraphError> {
    match (&call.method, rest) {
        (&Method::GET, []) => {
            call.reach(&USERS_READ)?;
            call.collection(&KIND, all(call))
        }
        (&Method::POST, []) => write::create(call),
        (&Method::GET, ["$count"]) => {
            call.reach(&USERS_READ)?;
            call.count(&KIND, all(call))
        }
        (_, []) => Err(wrong_method(call)),
        (_, [_, rest @ ..]) => one(call, named(call)?, rest),
    }
}

/// Everything below `/me`.
pub(super) fn route_me(call: &Call<'_>, rest: &[&str]) -> Result<Reply, GraphError> {
    if !call.is_person() {
        return Err(GraphError::unreadable("/me request is only valid with delegated authentication flow."));
    }
    one(call, call.caller.object, rest)
}

fn one(call: &Call<'_>, id: ObjectId, rest: &[&str]) -> Result<Reply, GraphError> {
    match (&call.method, rest) {
        (&Method::GET, []) => {
            call.reach(if is_self(call, id) { &ME_READ } else { &USERS_READ })?;
            call.entity(&KIND, view(&account(call, id)?))
        }
        (&Method::PATCH, []) => write::patch(call, id),
        (&Method::DELETE, []) => write::delete(call, id),
        (_, []) => Err(wrong_method(call)),
        (_, ["approleassignments", rest @ ..]) => {
            account(call, id)?;
            assignments::route(call, assignments::Side::Principal(id), rest)
        }
        (&Method::GET, ["oauth2permissiongrants"]) => grants::of_user(call, id),
        (
            _,
            [
                "memberof" | "transitivememberof" | "getmemberobjects" | "getmembergroups"
                | "checkmembergroups",
                ..,
            ],
        ) => {
            call.reach(if is_self(call, id) { &ME_READ } else { &MEMBERSHIPS_READ })?;
            memberships::route(call, &account(call, id)?, rest)
        }
        (_, [unknown, ..]) => Err(unknown_segment(unknown)),
    }
}

fn is_self(call: &Call<'_>, id: ObjectId) -> bool {
    call.is_person() && call.caller.object == id
}

fn all(call: &Call<'_>) -> Vec<Object> {
    let Ok(tenant) = call.tenant() else { return Vec::new() };
    let arrived = tenant.users.iter().filter(|user| call.has_arrived(&user.id.to_string()));
    arrived.filter_map(|user| call.world.account_of(tenant, user)).map(|account| view(&account)).collect()
}

/// The person that the path names by id or user principal name.
fn named(call: &Call<'_>) -> Result<ObjectId, GraphError> {
    let key = call.path.key(1);
    let fits = |user: &&User| match key {
        Key::Id(id) => id.parse() == Ok(user.id) || user.upn.eq_ignore_ascii_case(id),
        Key::Named("userPrincipalName", name) => user.upn.eq_ignore_ascii_case(name),
        Key::Named(..) => false,
    };
    let found = call.tenant()?.users.iter().find(fits);
    let found = found.filter(|user| call.has_arrived(&user.id.to_string()));
    // Who may read nobody is not told who is there.
    match found {
        Some(user) => Ok(user.id),
        None => Err(call.reach(&USERS_READ).err().unwrap_or_else(|| GraphError::not_found(key.value()))),
    }
}

fn account<'c>(call: &'c Call<'_>, id: ObjectId) -> Result<Account<'c>, GraphError> {
    let tenant = call.tenant()?;
    let user = tenant.users.iter().find(|user| user.id == id);
    let account = user.and_then(|user| call.world.account_of(tenant, user));
    account.ok_or_else(|| GraphError::not_found(&id.to_string()))
}

/// Objects of mixed kinds, each with its type.
pub(super) fn directory_objects(call: &Call<'_>, ids: &[ObjectId]) -> Result<Reply, GraphError> {
    call.collection(&DIRECTORY_OBJECT, ids.iter().filter_map(|id| directory_object(call, *id)).collect())
}

/// `/directoryObjects/{id}`
pub(super) fn show_directory_object(call: &Call<'_>) -> Result<Reply, GraphError> {
    if call.method != Method::GET {
        return Err(wrong_method(call));
    }
    call.reach(&DIRECTORY_READ)?;
    let key = call.path.key(1).value();
    let found = key.parse().ok().and_then(|id| directory_object(call, id));
    call.entity(&DIRECTORY_OBJECT, found.ok_or_else(|| GraphError::not_found(key))?)
}

/// `/directoryObjects/getByIds`: those of the asked that are there.
pub(super) fn directory_objects_by_ids(call: &Call<'_>) -> Result<Reply, GraphError> {
    if call.method != Method::POST {
        return Err(wrong_method(call));
    }
    call.reach(&DIRECTORY_READ)?;
    let body = call.json()?;
    let ids = body.get("ids").and_then(Value::as_array).filter(|ids| ids.len() <= 1_000);
    let ids = ids.ok_or_else(|| GraphError::bad("Property 'ids' takes a list of at most 1000 ids."))?;
    let ids: Vec<ObjectId> = ids.iter().filter_map(|id| id.as_str()?.parse().ok()).collect();
    directory_objects(call, &ids)
}

/// Any object of the tenant, with its type.
pub(super) fn directory_object(call: &Call<'_>, id: ObjectId) -> Option<Object> {
    let tenant = call.tenant().ok()?;
    let user = tenant.users.iter().find(|user| user.id == id);
    let user = user.map(|user| {
        let (name, upn) = (&user.display_name, &user.upn);
        typed("user", members(json!({ "id": id, "displayName": name, "userPrincipalName": upn })))
    });
    let group = tenant.groups.iter().find(|group| group.id == id);
    let group = group.map(|group| typed("group", super::groups::view(group)));
    let principal = service_principals::by_id(call, &call.world, id).map(|local| {
        let (name, app_id) = (&local.application.display_name, local.application.app_id);
        typed("servicePrincipal", members(json!({ "id": id, "displayName": name, "appId": app_id })))
    });
    user.or(group).or(principal).map(members)
}

/// An object among others of other types.
pub(super) fn typed(name: &str, object: Object) -> Value {
    let mut typed = members(json!({ "@odata.type": format!("#microsoft.graph.{name}") }));
    typed.extend(object);
    Value::Object(typed)
}
