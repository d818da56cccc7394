//! `/directory/deletedItems`: registrations in the bin.

use axum::http::Method;
use serde_json::{Value, json};

use super::applications::{self, is_owner};
use super::call::{Call, Object};
use super::error::GraphError;
use super::permission::{APPLICATIONS_READ, APPLICATIONS_WRITE, Reach, Rule};
use super::reply::{Reply, date_time};
use super::users::typed;
use super::{unknown_segment, wrong_method};
use crate::ids::ObjectId;
use crate::world::Deleted;

/// Everything below `/directory/deletedItems`.
pub(super) fn route(call: &Call<'_>, rest: &[&str]) -> Result<Reply, GraphError> {
    match (&call.method, rest) {
        (&Method::GET, [] | ["application"]) => {
            let reach = call.reach(&APPLICATIONS_READ)?;
            let all = call.world.deleted(call.caller.tenant);
            let reached = all.filter(|one| reach == Reach::Everything || is_owner(call, &one.application));
            call.collection(applications::kind(call), reached.map(|one| view(call, one)).collect())
        }
        (&Method::GET, ["user" | "group" | "serviceprincipal"]) => {
            call.reach(&APPLICATIONS_READ)?;
            call.collection(applications::kind(call), Vec::new())
        }
        (&Method::GET, [_]) => {
            let deleted = find(call, &APPLICATIONS_READ)?;
            let object = typed("application", view(call, deleted));
            call.entity(applications::kind(call), super::call::members(object))
        }
        (&Method::POST, [_, "restore"]) => restore(call),
        (&Method::DELETE, [_]) => purge(call),
        (_, [] | [_] | [_, "restore"]) => Err(wrong_method(call)),
        (_, [_, unknown, ..]) => Err(unknown_segment(unknown)),
    }
}

fn view(call: &Call<'_>, deleted: &Deleted) -> Object {
    let mut object = applications::view(call, &deleted.application);
    object.insert("deletedDateTime".to_owned(), json!(date_time(deleted.deleted_at)));
    object
}

fn find<'c>(call: &'c Call<'_>, rule: &Rule) -> Result<&'c Deleted, GraphError> {
    let reach = call.reach(rule)?;
    let key = call.path.key(2).value();
    let mut bin = call.world.deleted(call.caller.tenant);
    let found = bin.find(|one| key.parse() == Ok(one.application.object_id()));
    let found = found.ok_or_else(|| GraphError::not_found(key))?;
    match reach == Reach::Everything || is_owner(call, &found.application) {
        true => Ok(found),
        false => Err(GraphError::denied()),
    }
}

fn restore(call: &Call<'_>) -> Result<Reply, GraphError> {
    let id = find(call, &APPLICATIONS_WRITE)?.application.object_id();
    let application = call.change(|world| {
        let back = world.restore_application(call.caller.tenant, id);
        back.ok_or_else(|| GraphError::not_found(&id.to_string()))
    })?;
    let object: Value = typed("application", applications::view(call, &application));
    call.entity(applications::kind(call), super::call::members(object))
}

fn purge(call: &Call<'_>) -> Result<Reply, GraphError> {
    let id: ObjectId = find(call, &APPLICATIONS_WRITE)?.application.object_id();
    call.change(|world| {
        world.purge_application(call.caller.tenant, id);
        Ok(Reply::nothing())
    })
}
