//! `/applications`: registrations of the caller's tenant.

mod body;
mod credentials;
mod federated;
mod owners;
mod parts;
mod proof;
mod rules;
mod uris;
mod view;

use axum::http::Method;
use serde_json::{Value, json};

pub(super) use self::body::keep;
pub(super) use self::view::{kind, view};
use super::call::{Call, Object};
use super::error::GraphError;
use super::groups::bound;
use super::path::Key;
use super::permission::{APPLICATIONS_CREATE, APPLICATIONS_READ, APPLICATIONS_WRITE, Reach, Rule};
use super::reply::Reply;
use super::{unknown_segment, wrong_method};
use crate::ids::AppId;
use crate::world::{Application, ApplicationKind, World};

/// Everything below `/applications`.
pub(super) fn route(call: &Call<'_>, rest: &[&str]) -> Result<Reply, GraphError> {
    match (&call.method, rest) {
        (&Method::GET, []) => call.collection(kind(call), all(call)?),
        (&Method::POST, []) => create(call, None),
        (&Method::GET, ["$count"]) => call.count(kind(call), all(call)?),
        (&Method::GET, ["delta"]) => Err(unknown_segment("delta")),
        (&Method::GET, [_]) => show(call),
        (&Method::PATCH, [_]) => patch_or_create(call),
        (&Method::DELETE, [_]) => delete(call),
        (&Method::POST, [_, action]) if credentials::is_action(action) => credentials::act(call, action),
        (_, [_, "federatedidentitycredentials", rest @ ..]) => federated::route(call, rest),
        (_, [_, "owners", rest @ ..]) => owners::route(call, rest),
        (_, [] | [_]) => Err(wrong_method(call)),
        (_, [_, action]) if credentials::is_action(action) => Err(wrong_method(call)),
        (_, [_, unknown, ..]) => Err(unknown_segment(unknown)),
    }
}

/// The registrations that the caller may see.
fn all(call: &Call<'_>) -> Result<Vec<Object>, GraphError> {
    let reach = call.reach(&APPLICATIONS_READ)?;
    let here = call.world.applications().filter(|one| one.home_tenant == call.caller.tenant);
    let seen = here.filter(|one| call.has_arrived(&one.object_id().to_string()));
    let reached = seen.filter(|one| reach == Reach::Everything || is_owner(call, one));
    Ok(reached.map(|one| view(call, one)).collect())
}

fn show(call: &Call<'_>) -> Result<Reply, GraphError> {
    let application = find(call, &APPLICATIONS_READ)?;
    call.entity(kind(call), view(call, application))
}

/// The registration that the path names, if the caller may do to it what `rule` is about.
pub(super) fn find<'c>(call: &'c Call<'_>, rule: &Rule) -> Result<&'c Application, GraphError> {
    let reach = call.reach(rule)?;
    let key = call.path.key(1);
    let application = named(&call.world, call, key).ok_or_else(|| GraphError::not_found(key.value()))?;
    match reach == Reach::Everything || is_owner(call, application) {
        true => Ok(application),
        false => Err(GraphError::denied()),
    }
}

/// By object id, `(appId='…')` or `(uniqueName='…')`.
fn named<'w>(world: &'w World, call: &Call<'_>, key: Key<'_>) -> Option<&'w Application> {
    let fits = |application: &&Application| match key {
        Key::Id(id) => id.parse() == Ok(application.object_id()),
        Key::Named("appId", id) => id.parse() == Ok(application.app_id),
        Key::Named("uniqueName", name) => application.unique_name.as_deref() == Some(name),
        Key::Named("id", id) => id.parse() == Ok(application.object_id()),
        Key::Named(..) => false,
    };
    let mut here = world.applications().filter(|one| one.home_tenant == call.caller.tenant);
    here.find(fits).filter(|one| call.has_arrived(&one.object_id().to_string()))
}

/// Whether the caller, a person or a program, is among the owners.
pub(super) fn is_owner(call: &Call<'_>, application: &Application) -> bool {
    let owners = application.graph.get("owners").and_then(Value::as_array);
    let caller = call.caller.object.to_string();
    owners.into_iter().flatten().any(|owner| owner.as_str() == Some(&caller))
}

/// `POST /applications`, or the creating half of an upsert.
fn create(call: &Call<'_>, unique_name: Option<&str>) -> Result<Reply, GraphError> {
    call.reach(&APPLICATIONS_CREATE)?;
    let mut body = call.json()?;
    if let Some(name) = unique_name {
        body.insert("uniqueName".to_owned(), json!(name));
    }
    if !body.get("displayName").is_some_and(Value::is_string) {
        let message = "A value is required for property 'displayName' of resource 'Application'.";
        return Err(GraphError::bad(message).detail("MissingValue", "displayName"));
    }
    let app_id: AppId =
        call.context.state.random.guid().to_string().parse().map_err(|_| GraphError::denied())?;
    let mut made = Application::new(app_id, "", call.caller.tenant, ApplicationKind::Web);
    made.graph.insert("createdDateTime".to_owned(), json!(call.now_text()));
    made.graph.insert("owners".to_owned(), first_owners(call, &body)?);
    let made = call.change(|world| {
        body::apply(call, world, &mut made, &body)?;
        rules::check(world, None, &made)?;
        world.add_application(made.clone());
        Ok(made)
    })?;
    call.made(&made.object_id().to_string());
    call.created(kind(call), view(call, &made))
}

/// Those that the body binds; without them the caller.
pub(super) fn first_owners(call: &Call<'_>, body: &Object) -> Result<Value, GraphError> {
    let bound = bound(call, body, "owners")?;
    Ok(if bound.is_empty() { json!([call.caller.object]) } else { json!(bound) })
}

/// `PATCH`: of an existing registration, or an upsert by its unique name.
fn patch_or_create(call: &Call<'_>) -> Result<Reply, GraphError> {
    let key = call.path.key(1);
    call.reach(&APPLICATIONS_WRITE)?;
    match (named(&call.world, call, key), key) {
        (None, Key::Named("uniqueName", name)) if call.prefers("create-if-missing") => {
            create(call, Some(name))
        }
        _ => patch(call),
    }
}

fn patch(call: &Call<'_>) -> Result<Reply, GraphError> {
    let app_id = find(call, &APPLICATIONS_WRITE)?.app_id;
    let body = call.json()?;
    change(call, app_id, |world, application| body::apply(call, world, application, &body))?;
    Ok(Reply::nothing())
}

fn delete(call: &Call<'_>) -> Result<Reply, GraphError> {
    let app_id = find(call, &APPLICATIONS_WRITE)?.app_id;
    call.change(|world| {
        world.delete_application(app_id, call.now());
        Ok(Reply::nothing())
    })
}

/// Changes one registration, by the rules of registrations.
pub(super) fn change<T>(
    call: &Call<'_>,
    app_id: AppId,
    act: impl FnOnce(&World, &mut Application) -> Result<T, GraphError>,
) -> Result<T, GraphError> {
    call.change(|world| {
        let before = world.client(app_id).ok_or_else(|| GraphError::not_found(&app_id.to_string()))?.clone();
        let mut after = before.clone();
        let answer = act(world, &mut after)?;
        rules::check(world, Some(&before), &after)?;
        world.follow_renamed_permissions(&before, &after);
        if let Some(place) = world.application_mut(app_id) {
            *place = after;
        }
        Ok(answer)
    })
}
