//! Secrets and certificates: `addPassword`, `removePassword`, `addKey`, `removeKey`.

use serde_json::{Value, json};

use super::super::call::{Call, Object, members};
use super::super::error::GraphError;
use super::super::permission::APPLICATIONS_WRITE;
use super::super::reply::{Reply, date_time, unix_seconds};
use super::body::{keep, settle_kind};
use super::{change, find, parts, view};
use crate::ids::PartId;
use crate::world::{Application, Certificate, ClientSecret, Secret};

/// Life of a secret without an end. Seconds; two years.
const SECRET_LIFETIME_S: i64 = 2 * 365 * 86_400;
/// Length of a secret. Characters, as at Entra.
const SECRET_LENGTH: usize = 40;

pub(super) fn is_action(name: &str) -> bool {
    matches!(name, "addpassword" | "removepassword" | "addkey" | "removekey")
}

pub(super) fn act(call: &Call<'_>, action: &str) -> Result<Reply, GraphError> {
    match action {
        "addpassword" => add_password(call),
        "removepassword" => remove_password(call),
        "addkey" => add_key(call),
        _ => remove_key(call),
    }
}

/// The secret's text is in this answer and in no other.
fn add_password(call: &Call<'_>) -> Result<Reply, GraphError> {
    let app_id = find(call, &APPLICATIONS_WRITE)?.app_id;
    let asked = members(call.json_or_nothing()?.remove("passwordCredential").unwrap_or(Value::Null));
    let moment = |name: &str| match asked.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let seconds = value.as_str().and_then(unix_seconds);
            seconds.map(Some).ok_or_else(|| parts::invalid(&format!("passwordCredential.{name}")))
        }
    };
    let starts_at = moment("startDateTime")?.unwrap_or_else(|| call.now());
    let expires_at = moment("endDateTime")?.unwrap_or(starts_at.saturating_add(SECRET_LIFETIME_S));
    if expires_at <= starts_at {
        return Err(GraphError::bad("The password credential ends before it starts.")
            .detail("InvalidValue", "endDateTime"));
    }
    let random = &call.context.state.random;
    let text: String = random.handle().chars().take(SECRET_LENGTH).collect();
    let key_id: PartId = random.guid().to_string().parse().map_err(|_| GraphError::denied())?;
    let name =
        parts::text("passwordCredential.displayName", asked.get("displayName").unwrap_or(&Value::Null))?;
    let secret = ClientSecret { text: Secret::new(text.clone()), key_id, name, expires_at: Some(expires_at) };
    let mut shown = change(call, app_id, |_, application| {
        remember(
            application,
            "passwordCredentials",
            json!({ "keyId": key_id, "startDateTime": date_time(starts_at) }),
        );
        let shown = view::password(application, &secret);
        application.secrets.push(secret);
        settle_kind(application);
        Ok(shown)
    })?;
    shown["secretText"] = json!(text);
    Ok(call.result("microsoft.graph.passwordCredential", members(shown)))
}

fn remove_password(call: &Call<'_>) -> Result<Reply, GraphError> {
    let app_id = find(call, &APPLICATIONS_WRITE)?.app_id;
    let key_id = key_id(&call.json()?)?;
    change(call, app_id, |_, application| {
        let before = application.secrets.len();
        application.secrets.retain(|secret| Ok(secret.key_id) != key_id.parse());
        forget(application, "passwordCredentials", &key_id);
        match application.secrets.len() < before {
            true => Ok(Reply::nothing()),
            false => Err(GraphError::bad(format!("No password credential found with keyId {key_id}."))),
        }
    })
}

/// The proof must be there and be the application's own; see `docs/reference/simulator-graph.md` for what is checked.
fn add_key(call: &Call<'_>) -> Result<Reply, GraphError> {
    let application = find(call, &APPLICATIONS_WRITE)?;
    let body = call.json()?;
    super::proof::check(call, application, &body)?;
    let mut entry = members(body.get("keyCredential").cloned().unwrap_or(Value::Null));
    let key = entry.remove("key").and_then(|key| key.as_str().map(ToOwned::to_owned));
    let certificate = parts::certificate(&key.ok_or_else(|| parts::invalid("keyCredential.key"))?)?;
    let app_id = application.app_id;
    entry.insert("sha256".to_owned(), json!(certificate.sha256_thumbprint()));
    let shown = change(call, app_id, |_, application| {
        if application.certificates.contains(&certificate) {
            return Err(GraphError::bad("The key credential is there already.")
                .detail("ObjectConflict", "keyCredential"));
        }
        remember(application, "keyCredentials", Value::Object(entry));
        let shown = view::key_credential(application, &certificate, false);
        application.certificates.push(certificate);
        settle_kind(application);
        Ok(shown)
    })?;
    Ok(call.result("microsoft.graph.keyCredential", members(shown)))
}

fn remove_key(call: &Call<'_>) -> Result<Reply, GraphError> {
    let application = find(call, &APPLICATIONS_WRITE)?;
    let body = call.json()?;
    super::proof::check(call, application, &body)?;
    let key_id = key_id(&body)?;
    change(call, application.app_id, |_, application| {
        let Some(certificate) = certificate_by_id(application, &key_id).cloned() else {
            return Err(GraphError::bad(format!("No key credential found with keyId {key_id}.")));
        };
        application.certificates.retain(|one| *one != certificate);
        forget(application, "keyCredentials", &key_id);
        Ok(Reply::nothing())
    })
}

fn key_id(body: &Object) -> Result<String, GraphError> {
    let id = body.get("keyId").and_then(Value::as_str);
    let id = id.filter(|id| id.parse::<PartId>().is_ok()).ok_or_else(|| parts::invalid("keyId"))?;
    Ok(id.to_ascii_lowercase())
}

/// By the id that a client chose, or the one that follows from the certificate.
pub(super) fn certificate_by_id<'a>(application: &'a Application, id: &str) -> Option<&'a Certificate> {
    let shown_as = |certificate: &&Certificate| {
        let shown = view::key_credential(application, certificate, false);
        shown["keyId"].as_str().is_some_and(|shown| shown.eq_ignore_ascii_case(id))
    };
    application.certificates.iter().find(shown_as)
}

fn told(application: &Application, list: &str) -> Vec<Value> {
    application.graph.get(list).and_then(Value::as_array).cloned().unwrap_or_default()
}

fn remember(application: &mut Application, list: &str, entry: Value) {
    let mut all = told(application, list);
    all.push(entry);
    keep(&mut application.graph, list, &Value::Array(all));
}

fn forget(application: &mut Application, list: &str, key_id: &str) {
    let is_it = |entry: &Value| entry["keyId"].as_str().is_some_and(|id| id.eq_ignore_ascii_case(key_id));
    let rest: Vec<Value> = told(application, list).into_iter().filter(|entry| !is_it(entry)).collect();
    keep(&mut application.graph, list, &Value::Array(rest));
}
