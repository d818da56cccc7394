//! `/groups`: security groups of the caller's tenant and their members.

use axum::http::Method;
use serde_json::{Value, json};

use super::call::{Call, Object, members};
use super::error::GraphError;
use super::odata::Kind;
use super::permission::{GROUPS_READ, GROUPS_WRITE};
use super::reply::Reply;
use super::{assignments, unknown_segment, users, wrong_method};
use crate::ids::ObjectId;
use crate::world::Group;

pub(super) const KIND: Kind = Kind {
    name: "group",
    set: "groups",
    properties: &[
        "id",
        "deletedDateTime",
        "classification",
        "createdDateTime",
        "description",
        "displayName",
        "expirationDateTime",
        "groupTypes",
        "isAssignableToRole",
        "mail",
        "mailEnabled",
        "mailNickname",
        "membershipRule",
        "securityEnabled",
        "visibility",
        "onPremisesSyncEnabled",
        "proxyAddresses",
        "renewedDateTime",
        "securityIdentifier",
    ],
    on_request: &[],
};

/// Everything below `/groups`.
pub(super) fn route(call: &Call<'_>, rest: &[&str]) -> Result<Reply, GraphError> {
    match (&call.method, rest) {
        (&Method::GET, []) => call.collection(&KIND, all(call)?),
        (&Method::POST, []) => create(call),
        (&Method::GET, ["$count"]) => call.count(&KIND, all(call)?),
        (&Method::GET, [_]) => call.entity(&KIND, view(find(call)?)),
        (&Method::DELETE, [_]) => delete(call),
        (_, [] | [_]) => Err(wrong_method(call)),
        (&Method::GET, [_, "members"]) => users::directory_objects(call, &find(call)?.members),
        (&Method::POST, [_, "members", "$ref"]) => add_member(call),
        (&Method::DELETE, [_, "members", _, "$ref"]) => remove_member(call),
        (_, [_, "approleassignments", rest @ ..]) => {
            let group = named(call)?.id;
            assignments::route(call, assignments::Side::Principal(group), rest)
        }
        (_, [_, "members", ..]) => Err(wrong_method(call)),
        (_, [_, unknown, ..]) => Err(unknown_segment(unknown)),
    }
}

pub(super) fn view(group: &Group) -> Object {
    members(json!({
        "id": group.id,
        "deletedDateTime": null,
        "classification": null,
        "createdDateTime": "2026-01-01T00:00:00Z",
        "description": null,
        "displayName": group.name,
        "expirationDateTime": null,
        "groupTypes": [],
        "isAssignableToRole": null,
        "mail": null,
        "mailEnabled": false,
        "mailNickname": group.name.replace(' ', "").to_lowercase(),
        "membershipRule": null,
        "securityEnabled": true,
        "visibility": null,
        "onPremisesSyncEnabled": null,
        "proxyAddresses": [],
        "renewedDateTime": "2026-01-01T00:00:00Z",
        "securityIdentifier": null,
    }))
}

fn all(call: &Call<'_>) -> Result<Vec<Object>, GraphError> {
    call.reach(&GROUPS_READ)?;
    let arrived = call.tenant()?.groups.iter().filter(|group| call.has_arrived(&group.id.to_string()));
    Ok(arrived.map(view).collect())
}

fn find<'c>(call: &'c Call<'_>) -> Result<&'c Group, GraphError> {
    call.reach(&GROUPS_READ)?;
    named(call)
}

fn named<'c>(call: &'c Call<'_>) -> Result<&'c Group, GraphError> {
    let key = call.path.key(1).value();
    let found = call.tenant()?.groups.iter().find(|group| key.parse() == Ok(group.id));
    found.filter(|group| call.has_arrived(&group.id.to_string())).ok_or_else(|| GraphError::not_found(key))
}

fn create(call: &Call<'_>) -> Result<Reply, GraphError> {
    call.reach(&GROUPS_WRITE)?;
    let body = call.json()?;
    let name = body.get("displayName").and_then(Value::as_str).filter(|name| !name.is_empty());
    let Some(name) = name else {
        let message = "A value is required for property 'displayName' of resource 'Group'.";
        return Err(GraphError::bad(message).detail("MissingValue", "displayName"));
    };
    if body.get("securityEnabled") != Some(&Value::Bool(true))
        || body.get("mailEnabled") != Some(&Value::Bool(false))
    {
        let message =
            "The simulator knows security groups only: 'securityEnabled' true, 'mailEnabled' false.";
        return Err(GraphError::bad(message).detail("InvalidValue", "securityEnabled"));
    }
    let id: ObjectId =
        call.context.state.random.guid().to_string().parse().map_err(|_| GraphError::denied())?;
    let group = Group { id, name: name.to_owned(), members: bound(call, &body, "members")? };
    let shown = view(&group);
    call.change(|world| {
        let tenant = world.tenant_mut(call.caller.tenant).ok_or_else(GraphError::denied)?;
        tenant.groups.push(group);
        Ok(())
    })?;
    call.made(&id.to_string());
    call.created(&KIND, shown)
}

fn delete(call: &Call<'_>) -> Result<Reply, GraphError> {
    call.reach(&GROUPS_WRITE)?;
    let id = named(call)?.id;
    call.change(|world| {
        let tenant = world.tenant_mut(call.caller.tenant).ok_or_else(GraphError::denied)?;
        tenant.groups.retain(|group| group.id != id);
        tenant.groups.iter_mut().for_each(|group| group.members.retain(|member| *member != id));
        for principal in &mut tenant.service_principals {
            principal.assignments.retain(|assignment| assignment.principal != id);
        }
        Ok(Reply::nothing())
    })
}

/// The objects that a new one is bound to: `owners@odata.bind` and its like.
pub(super) fn bound(call: &Call<'_>, body: &Object, name: &str) -> Result<Vec<ObjectId>, GraphError> {
    let links = body.get(&format!("{name}@odata.bind")).and_then(Value::as_array).into_iter().flatten();
    let ids = links.map(|link| linked(link.as_str().unwrap_or_default()));
    let mut ids: Vec<ObjectId> = ids.collect::<Result<_, _>>()?;
    ids.sort();
    ids.dedup();
    match ids.iter().find(|id| users::directory_object(call, **id).is_none()) {
        Some(unknown) => Err(GraphError::not_found(&unknown.to_string())),
        None => Ok(ids),
    }
}

/// The object that an `@odata.id` refers to.
pub(super) fn reference(body: &Object) -> Result<ObjectId, GraphError> {
    linked(body.get("@odata.id").and_then(Value::as_str).unwrap_or_default())
}

/// The id at the end of a link.
fn linked(link: &str) -> Result<ObjectId, GraphError> {
    let last = link.trim_end_matches([')', '\'', '/']).rsplit(['/', '(', '\'']).next();
    let id = last.and_then(|id| id.parse().ok());
    id.ok_or_else(|| {
        GraphError::bad("Invalid URL format specified in payload: '@odata.id' must end with an object id.")
    })
}

fn change_members(
    call: &Call<'_>,
    act: impl FnOnce(&mut Vec<ObjectId>) -> Result<(), GraphError>,
) -> Result<Reply, GraphError> {
    call.reach(&GROUPS_WRITE)?;
    let id = named(call)?.id;
    call.change(|world| {
        let tenant = world.tenant_mut(call.caller.tenant).ok_or_else(GraphError::denied)?;
        let group = tenant.groups.iter_mut().find(|group| group.id == id);
        act(&mut group.ok_or_else(|| GraphError::not_found(&id.to_string()))?.members)?;
        Ok(Reply::nothing())
    })
}

fn add_member(call: &Call<'_>) -> Result<Reply, GraphError> {
    let member = reference(&call.json()?)?;
    if users::directory_object(call, member).is_none() {
        return Err(GraphError::not_found(&member.to_string()));
    }
    change_members(call, |members| match members.contains(&member) {
        true => Err(already_there("members")),
        false => {
            members.push(member);
            Ok(())
        }
    })
}

/// 400: the reference is among the others already.
pub(super) fn already_there(property: &str) -> GraphError {
    GraphError::bad(format!(
        "One or more added object references already exist for the following modified properties: '{property}'."
    ))
}

fn remove_member(call: &Call<'_>) -> Result<Reply, GraphError> {
    let key = call.path.key(3).value();
    change_members(call, |members| {
        let before = members.len();
        members.retain(|member| key.parse() != Ok(*member));
        if members.len() < before { Ok(()) } else { Err(GraphError::not_found(key)) }
    })
}
