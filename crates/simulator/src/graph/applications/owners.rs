//! `…/owners`: who may change a registration without being an administrator.

use axum::http::Method;
use serde_json::{Value, json};

use super::super::call::Call;
use super::super::error::GraphError;
use super::super::groups::{already_there, reference};
use super::super::permission::{APPLICATIONS_READ, APPLICATIONS_WRITE};
use super::super::reply::Reply;
use super::super::service_principals::owners;
use super::super::{users, wrong_method};
use super::{change, find};
use crate::ids::ObjectId;

/// Most owners.
const OWNERS_MAX: usize = 100;

pub(super) fn route(call: &Call<'_>, rest: &[&str]) -> Result<Reply, GraphError> {
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let application = find(call, &APPLICATIONS_READ)?;
            users::directory_objects(call, &owners(&application.graph))
        }
        (&Method::POST, ["$ref"]) => add(call),
        (&Method::DELETE, [_, "$ref"]) => remove(call),
        _ => Err(wrong_method(call)),
    }
}

fn change_owners(
    call: &Call<'_>,
    act: impl FnOnce(&mut Vec<ObjectId>) -> Result<(), GraphError>,
) -> Result<Reply, GraphError> {
    let app_id = find(call, &APPLICATIONS_WRITE)?.app_id;
    change(call, app_id, |_, application| {
        let mut all = owners(&application.graph);
        act(&mut all)?;
        application.graph.insert("owners".to_owned(), json!(all));
        Ok(Reply::nothing())
    })
}

fn add(call: &Call<'_>) -> Result<Reply, GraphError> {
    let owner = reference(&call.json()?)?;
    let kind = users::directory_object(call, owner);
    let kind = kind.ok_or_else(|| GraphError::not_found(&owner.to_string()))?;
    if kind.get("@odata.type").and_then(Value::as_str) == Some("#microsoft.graph.group") {
        return Err(GraphError::bad(
            "The reference target of type 'Group' is invalid for the 'owners' reference.",
        ));
    }
    change_owners(call, |all| match all.contains(&owner) {
        true => Err(already_there("owners")),
        false if all.len() >= OWNERS_MAX => Err(GraphError::bad("An application takes at most 100 owners.")),
        false => {
            all.push(owner);
            Ok(())
        }
    })
}

fn remove(call: &Call<'_>) -> Result<Reply, GraphError> {
    let key = call.path.key(3).value();
    change_owners(call, |all| {
        let before = all.len();
        all.retain(|owner| key.parse() != Ok(*owner));
        if all.len() < before { Ok(()) } else { Err(GraphError::not_found(key)) }
    })
}
