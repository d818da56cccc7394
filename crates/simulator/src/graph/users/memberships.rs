//! Groups and directory roles of a person: `memberOf`, and where the overage claim of a token points.

use axum::http::Method;
use serde_json::{Value, json};

use super::{DIRECTORY_OBJECT, typed};
use crate::graph::call::{Call, Object, members};
use crate::graph::error::GraphError;
use crate::graph::reply::Reply;
use crate::graph::{groups, unknown_segment, wrong_method};
use crate::ids::ObjectId;
use crate::world::{Account, DirectoryRole};

pub(super) fn route(call: &Call<'_>, account: &Account<'_>, rest: &[&str]) -> Result<Reply, GraphError> {
    match (&call.method, rest) {
        (&Method::GET, [name @ ("memberof" | "transitivememberof")]) => {
            let objects = groups_of(account, *name == "memberof").chain(roles(account)).map(members);
            call.collection(&DIRECTORY_OBJECT, objects.collect())
        }
        (&Method::GET, [name @ ("memberof" | "transitivememberof"), "group"]) => {
            let objects = groups_of(account, *name == "memberof").map(members);
            call.collection(&groups::KIND, objects.collect())
        }
        (&Method::GET, ["memberof" | "transitivememberof", "directoryrole"]) => {
            call.collection(&DIRECTORY_OBJECT, roles(account).map(members).collect())
        }
        (&Method::POST, ["getmemberobjects"]) => {
            let roles = account.user.directory_roles.iter().map(|role| role_id(account, *role));
            let roles = roles.filter(|_| !only_security(call));
            Ok(ids(call, account.group_claims().into_iter().chain(roles)))
        }
        (&Method::POST, ["getmembergroups"]) => Ok(ids(call, account.group_claims().into_iter())),
        (&Method::POST, ["checkmembergroups"]) => {
            let body = call.json()?;
            let asked = body.get("groupIds").and_then(Value::as_array).into_iter().flatten();
            let asked: Vec<ObjectId> = asked.filter_map(|id| id.as_str()?.parse().ok()).collect();
            Ok(ids(call, account.group_claims().into_iter().filter(|id| asked.contains(id))))
        }
        (_, [_]) => Err(wrong_method(call)),
        (_, [.., unknown]) => Err(unknown_segment(unknown)),
        (_, []) => Err(unknown_segment("")),
    }
}

fn only_security(call: &Call<'_>) -> bool {
    call.json_or_nothing().is_ok_and(|body| body.get("securityEnabledOnly") == Some(&Value::Bool(true)))
}

fn ids(call: &Call<'_>, ids: impl Iterator<Item = ObjectId>) -> Reply {
    let mut result = Object::new();
    result.insert("value".to_owned(), json!(ids.collect::<Vec<_>>()));
    call.result("Collection(Edm.String)", result)
}

/// Groups with their type; `only_direct`: those that list the person.
fn groups_of<'a>(account: &'a Account<'_>, only_direct: bool) -> impl Iterator<Item = Value> + 'a {
    let fitting =
        account.groups().filter(move |group| !only_direct || group.members.contains(&account.user.id));
    fitting.map(|group| typed("group", groups::view(group)))
}

/// Directory roles with their type. Their objects are per tenant, their templates everywhere the same.
fn roles<'a>(account: &'a Account<'_>) -> impl Iterator<Item = Value> + 'a {
    account.user.directory_roles.iter().map(|role| {
        json!({
            "@odata.type": "#microsoft.graph.directoryRole",
            "id": role_id(account, *role),
            "displayName": json!(role).as_str().map(display_name),
            "roleTemplateId": role.template_id(),
        })
    })
}

fn role_id(account: &Account<'_>, role: DirectoryRole) -> ObjectId {
    ObjectId::derived(&format!("{}|{}", account.tenant.id, role.template_id()))
}

/// `global-administrator` → `Global Administrator`.
fn display_name(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    };
    name.split('-').map(capital).collect::<Vec<_>>().join(" ")
}
