//! Looks at a place, or changes it: always by way of the whole tenant or application.

use std::ops::Range;

use serde_json::Value;

use super::super::body::Problem;
use super::kind::Kind;
use super::place::{Place, Step, Which, not_found};
use crate::ids::{AppId, TenantId};
use crate::state::Context;
use crate::world::{Application, Tenant, World};

/// How many things there are in a collection, and some of them.
pub(super) fn things(
    world: &World,
    place: &Place,
    range: Range<usize>,
) -> Result<(usize, Vec<Value>), Problem> {
    let some = |all: Vec<Value>| (all.len(), all.into_iter().skip(range.start).take(range.len()).collect());
    match place.split() {
        Some((Step { kind: Kind::Tenant, which: Which::All }, _)) => {
            let some = world.tenants().skip(range.start).take(range.len());
            Ok((world.tenants().len(), some.map(value).collect::<Result<_, _>>()?))
        }
        Some((Step { kind: Kind::Application, which: Which::All }, _)) => {
            let some = world.applications().skip(range.start).take(range.len());
            Ok((world.applications().len(), some.map(value).collect::<Result<_, _>>()?))
        }
        Some((root, steps)) => {
            let mut document = document(world, root)?.ok_or_else(|| not_found(root.kind, Some(root)))?;
            let (last, way) = steps.split_last().ok_or_else(|| place.not_found())?;
            Ok(some(collection(place, &mut document, way, last)?.clone()))
        }
        None => Err(place.not_found()),
    }
}

/// The thing in a place.
pub(super) fn thing(world: &World, place: &Place) -> Result<Value, Problem> {
    let (root, steps) = place.split().ok_or_else(|| place.not_found())?;
    let mut document = document(world, root)?.ok_or_else(|| not_found(root.kind, Some(root)))?;
    let Some((last, way)) = steps.split_last() else { return Ok(document) };
    let things = collection(place, &mut document, way, last)?;
    things.iter().find(|thing| place.fits(last, thing)).cloned().ok_or_else(|| place.not_found())
}

/// Lets `act` say what shall be in a place instead of what is there now, `None` for nothing; gives what is there then.
pub(super) fn change(
    context: &Context,
    place: &Place,
    act: impl FnOnce(Option<Value>) -> Result<Option<Value>, Problem>,
) -> Result<Value, Problem> {
    let (root, steps) = place.split().ok_or_else(|| place.not_found())?;
    context.state.change(|world| {
        let now = document(world, root)?;
        let Some((last, way)) = steps.split_last() else {
            let then = act(now.clone())?;
            keep_identity(root.kind, now.as_ref(), then.as_ref())?;
            let id = now.as_ref().and_then(|now| identity(root.kind, now));
            put_root(world, root.kind, id, then.clone(), context.state.clock.now())?;
            return Ok(then.unwrap_or_default());
        };
        let mut document = now.ok_or_else(|| not_found(root.kind, Some(root)))?;
        let things = collection(place, &mut document, way, last)?;
        let at = things.iter().position(|thing| place.fits(last, thing));
        let now = at.map(|at| things[at].clone());
        let then = act(now.clone())?;
        keep_identity(last.kind, now.as_ref(), then.as_ref())?;
        match (at, &then) {
            (Some(at), Some(then)) => things[at] = then.clone(),
            (Some(at), None) => drop(things.remove(at)),
            (None, Some(then)) => things.push(then.clone()),
            (None, None) => {}
        }
        let gone = now.filter(|_| then.is_none()).and_then(|gone| identity(last.kind, &gone));
        let tenant: Tenant = read(document)?;
        let tenant_id = tenant.id;
        put_tenant(world, tenant);
        gone.and_then(|id| id.parse().ok()).into_iter().for_each(|id| world.forget_object(tenant_id, id));
        Ok(then.unwrap_or_default())
    })
}

/// A thing keeps its id, or others would not find it any more.
fn keep_identity(kind: Kind, now: Option<&Value>, then: Option<&Value>) -> Result<(), Problem> {
    let (Some(now), Some(then)) = (now, then) else { return Ok(()) };
    match kind.identity().iter().find(|name| now.get(*name) != then.get(*name)) {
        None => Ok(()),
        Some(name) => Err(Problem::field(*name, "cannot be changed: make another one and delete this one")),
    }
}

fn identity(kind: Kind, thing: &Value) -> Option<String> {
    thing.get(kind.identity()[0]).and_then(Value::as_str).map(ToOwned::to_owned)
}

/// A tenant or application as a world file would have it.
fn document(world: &World, root: &Step) -> Result<Option<Value>, Problem> {
    let name = match &root.which {
        Which::All => return Ok(None),
        Which::Named(name) => name.clone(),
        Which::Like(thing) => identity(root.kind, thing).unwrap_or_default(),
    };
    match root.kind {
        Kind::Application => world.application(&name).map(value).transpose(),
        _ => world.tenant(&name).map(value).transpose(),
    }
}

/// The collection that `last` is about, `way` down from a document.
fn collection<'v>(
    place: &Place,
    document: &'v mut Value,
    way: &[Step],
    last: &Step,
) -> Result<&'v mut Vec<Value>, Problem> {
    let mut here = document;
    for step in way {
        let inner = array(here, step.kind)?;
        let found = inner.iter_mut().find(|thing| place.fits(step, thing));
        here = found.ok_or_else(|| not_found(step.kind, Some(step)))?;
    }
    array(here, last.kind)
}

fn array(thing: &mut Value, kind: Kind) -> Result<&mut Vec<Value>, Problem> {
    let missing = || Problem::not_found("path", "no such collection");
    let members = thing.as_object_mut().ok_or_else(missing)?;
    let inner = members.entry(kind.collection()).or_insert_with(|| Value::Array(Vec::new()));
    inner.as_array_mut().ok_or_else(missing)
}

fn put_root(
    world: &mut World,
    kind: Kind,
    old: Option<String>,
    then: Option<Value>,
    now: i64,
) -> Result<(), Problem> {
    match (kind, then) {
        (Kind::Application, Some(then)) => {
            let application: Application = read(then)?;
            match world.application_mut(application.app_id) {
                Some(place) => *place = application,
                None => world.add_application(application),
            }
        }
        (_, Some(then)) => put_tenant(world, read(then)?),
        (Kind::Application, None) => {
            let app_id: Option<AppId> = old.and_then(|id| id.parse().ok());
            app_id.into_iter().for_each(|app_id| world.forget_application(app_id, now));
        }
        (_, None) => {
            let id: Option<TenantId> = old.and_then(|id| id.parse().ok());
            id.into_iter().for_each(|id| world.forget_tenant(id, now));
        }
    }
    Ok(())
}

fn put_tenant(world: &mut World, tenant: Tenant) {
    match world.tenant_mut(tenant.id) {
        Some(place) => *place = tenant,
        None => world.add_tenant(tenant),
    }
}

fn value<T: serde::Serialize>(thing: &T) -> Result<Value, Problem> {
    serde_json::to_value(thing).map_err(|error| Problem::field("body", error.to_string()))
}

fn read<T: serde::de::DeserializeOwned>(document: Value) -> Result<T, Problem> {
    serde_json::from_value(document).map_err(|error| Problem::field("body", error.to_string()))
}
