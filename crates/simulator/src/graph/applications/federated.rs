//! `…/federatedIdentityCredentials`: whose tokens count as the application's own proof.

use axum::http::Method;
use serde_json::{Value, json};

use super::super::call::{Call, Object, members};
use super::super::error::GraphError;
use super::super::odata::Kind;
use super::super::path::Key;
use super::super::permission::{APPLICATIONS_READ, APPLICATIONS_WRITE};
use super::super::reply::Reply;
use super::super::{unknown_segment, wrong_method};
use super::body::keep;
use super::{change, find, parts};
use crate::ids::PartId;
use crate::world::{Application, FederatedCredential};

/// Most per application.
const CREDENTIALS_MAX: usize = 20;

const KIND: Kind = Kind {
    name: "federatedIdentityCredential",
    set: "federatedIdentityCredentials",
    properties: &["id", "name", "issuer", "subject", "audiences", "description"],
    on_request: &[],
};

/// Everything below the collection.
pub(super) fn route(call: &Call<'_>, rest: &[&str]) -> Result<Reply, GraphError> {
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let application = find(call, &APPLICATIONS_READ)?;
            let all = application.federated_credentials.iter().map(|one| view(application, one));
            call.collection(&KIND, all.collect())
        }
        (&Method::POST, []) => create(call, None),
        (&Method::GET, [_]) => {
            let application = find(call, &APPLICATIONS_READ)?;
            call.entity(&KIND, view(application, named(call, application)?))
        }
        (&Method::PATCH, [_]) => patch(call),
        (&Method::DELETE, [_]) => delete(call),
        (_, [] | [_]) => Err(wrong_method(call)),
        (_, [_, unknown, ..]) => Err(unknown_segment(unknown)),
    }
}

fn id(application: &Application, credential: &FederatedCredential) -> PartId {
    PartId::derived(&format!("federated|{}|{}", application.app_id, credential.name))
}

fn view(application: &Application, credential: &FederatedCredential) -> Object {
    let descriptions = application.graph.get("federatedDescriptions");
    members(json!({
        "id": id(application, credential),
        "name": credential.name,
        "issuer": credential.issuer,
        "subject": credential.subject,
        "audiences": credential.audiences,
        "description": descriptions.and_then(|all| all.get(&credential.name)),
    }))
}

/// By id or by name, which both stay for good.
fn named<'a>(call: &Call<'_>, application: &'a Application) -> Result<&'a FederatedCredential, GraphError> {
    let key = call.path.key(3);
    let fits = |one: &&FederatedCredential| match key {
        Key::Named("name", name) => one.name == name,
        key => key.value() == one.name || key.value().parse() == Ok(id(application, one)),
    };
    let found = application.federated_credentials.iter().find(fits);
    found.ok_or_else(|| GraphError::not_found(key.value()))
}

fn create(call: &Call<'_>, name: Option<&str>) -> Result<Reply, GraphError> {
    let app_id = find(call, &APPLICATIONS_WRITE)?.app_id;
    let mut body = call.json()?;
    if let Some(name) = name {
        body.insert("name".to_owned(), json!(name));
    }
    let shown = change(call, app_id, |_, application| {
        let empty = FederatedCredential {
            name: text(&body, "name")?,
            issuer: String::new(),
            subject: String::new(),
            audiences: Vec::new(),
        };
        let made = changed(application, empty, &body)?;
        check(application, &made, None)?;
        application.federated_credentials.push(made.clone());
        Ok(view(application, &made))
    })?;
    call.created(&KIND, shown)
}

/// `PATCH`: of one that is there, or an upsert by name.
fn patch(call: &Call<'_>) -> Result<Reply, GraphError> {
    let application = find(call, &APPLICATIONS_WRITE)?;
    let before = match (named(call, application), call.path.key(3)) {
        (Err(_), Key::Named("name", name)) if call.prefers("create-if-missing") => {
            return create(call, Some(name));
        }
        (found, _) => found?.clone(),
    };
    let body = call.json()?;
    if body.get("name").is_some_and(|name| name != before.name.as_str()) {
        return Err(parts::invalid("name"));
    }
    change(call, application.app_id, |_, application| {
        let after = changed(application, before.clone(), &body)?;
        check(application, &after, Some(&before.name))?;
        let place = application.federated_credentials.iter_mut().find(|one| one.name == before.name);
        if let Some(place) = place {
            *place = after;
        }
        Ok(Reply::nothing())
    })
}

fn delete(call: &Call<'_>) -> Result<Reply, GraphError> {
    let application = find(call, &APPLICATIONS_WRITE)?;
    let name = named(call, application)?.name.clone();
    change(call, application.app_id, |_, application| {
        application.federated_credentials.retain(|one| one.name != name);
        describe(application, &name, &Value::Null);
        Ok(Reply::nothing())
    })
}

fn text(body: &Object, name: &str) -> Result<String, GraphError> {
    let text = body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty() && text.len() <= 600);
    text.map(ToOwned::to_owned).ok_or_else(|| parts::invalid(name))
}

fn changed(
    application: &mut Application,
    mut credential: FederatedCredential,
    body: &Object,
) -> Result<FederatedCredential, GraphError> {
    for (name, value) in body.iter().filter(|(name, _)| !name.contains('@')) {
        match name.as_str() {
            "name" | "id" => {}
            "issuer" => credential.issuer = text(body, name)?,
            "subject" => credential.subject = text(body, name)?,
            "audiences" => credential.audiences = parts::texts(name, value)?,
            "description" => describe(application, &credential.name, value),
            _ => return Err(parts::invalid(name)),
        }
    }
    Ok(credential)
}

fn describe(application: &mut Application, name: &str, text: &Value) {
    let all = application.graph.get("federatedDescriptions").and_then(Value::as_object);
    let mut all = all.cloned().unwrap_or_default();
    all.insert(name.to_owned(), text.clone());
    keep(&mut application.graph, "federatedDescriptions", &Value::Object(all));
}

/// One audience; name, and issuer with subject, at most once (Microsoft Graph, `federatedIdentityCredential`).
fn check(
    application: &Application,
    one: &FederatedCredential,
    itself: Option<&str>,
) -> Result<(), GraphError> {
    let well_named = (3..=120).contains(&one.name.len())
        && one.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    for (name, fits) in [
        ("name", well_named),
        ("issuer", one.issuer.starts_with("https://") || one.issuer.starts_with("http://localhost")),
        ("subject", !one.subject.is_empty()),
        ("audiences", one.audiences.len() == 1 && one.audiences.iter().all(|audience| !audience.is_empty())),
    ] {
        if !fits {
            return Err(parts::invalid(name));
        }
    }
    let mut others =
        application.federated_credentials.iter().filter(|other| Some(other.name.as_str()) != itself);
    let same = |other: &FederatedCredential| {
        other.name == one.name || (other.issuer == one.issuer && other.subject == one.subject)
    };
    if others.any(same) {
        let message = "FederatedIdentityCredential with the same name, or with the same issuer and subject, already exists.";
        return Err(GraphError::new(409, "Request_MultipleObjectsWithSameKeyValue", message));
    }
    match itself.is_none() && application.federated_credentials.len() >= CREDENTIALS_MAX {
        true => Err(GraphError::bad("An application takes at most 20 federated identity credentials.")),
        false => Ok(()),
    }
}
