//! `/$batch`: several calls in one (Microsoft Graph, "Combine multiple HTTP requests using JSON batching").

use std::collections::{HashMap, HashSet};

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::{Value, json};

use super::answer_one;
use super::call::{Call, Object, Sent, members};
use super::error::GraphError;
use super::path::GraphPath;
use super::reply::{Content, Ids, Reply};

/// Most calls in one batch.
const STEPS_MAX: usize = 20;

/// One call of a batch.
struct Step {
    id: String,
    depends_on: Vec<String>,
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Bytes,
}

/// `POST /$batch`. Calls run one after the other, each after those that it depends on.
pub(super) fn route(call: &Call<'_>) -> Result<Reply, GraphError> {
    if call.method != Method::POST {
        return Err(super::wrong_method(call));
    }
    let steps = steps(&call.json()?)?;
    let mut answers: HashMap<&str, (bool, Value)> = HashMap::new();
    let mut order = Vec::new();
    while order.len() < steps.len() {
        let is_ready = |step: &&Step| {
            !answers.contains_key(step.id.as_str())
                && step.depends_on.iter().all(|other| answers.contains_key(other.as_str()))
        };
        // The ids were checked, so only a circle leaves nobody ready.
        let step = steps.iter().find(is_ready).ok_or_else(|| invalid("'dependsOn' goes in a circle"))?;
        let failed =
            step.depends_on.iter().any(|other| answers.get(other.as_str()).is_some_and(|(ok, _)| !ok));
        let (ok, answer) = if failed { not_tried(call, step) } else { run(call, step) };
        answers.insert(&step.id, (ok, answer));
        order.push(step.id.as_str());
    }
    let responses: Vec<Value> = order.iter().filter_map(|id| Some(answers.remove(id)?.1)).collect();
    Ok(Reply::json(200, json!({ "responses": responses })))
}

fn steps(body: &Object) -> Result<Vec<Step>, GraphError> {
    let requests = body.get("requests").and_then(Value::as_array);
    let requests = requests.ok_or_else(|| invalid("'requests' must be a list"))?;
    if requests.is_empty() || requests.len() > STEPS_MAX {
        return Err(invalid(&format!(
            "number of batch request steps must be between 1 and the maximum value of {STEPS_MAX}"
        )));
    }
    let steps: Vec<Step> = requests.iter().map(step).collect::<Result<_, _>>()?;
    let ids: HashSet<&str> = steps.iter().map(|step| step.id.as_str()).collect();
    if ids.len() < steps.len() {
        return Err(invalid("every 'id' must be unique"));
    }
    let mut named = steps.iter().flat_map(|step| &step.depends_on);
    match named.all(|other| ids.contains(other.as_str())) {
        true => Ok(steps),
        false => Err(invalid("'dependsOn' names a request that is not there")),
    }
}

fn step(request: &Value) -> Result<Step, GraphError> {
    let text = |name: &str| request.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let id = text("id").ok_or_else(|| invalid("every request needs an 'id'"))?;
    let url = text("url")
        .filter(|url| !url.contains("://"))
        .ok_or_else(|| invalid("every 'url' must be relative"))?;
    let method = text("method").and_then(|method| method.to_ascii_uppercase().parse().ok());
    let depends_on = request.get("dependsOn").and_then(Value::as_array).into_iter().flatten();
    let body = request.get("body").filter(|body| !body.is_null());
    Ok(Step {
        id: id.to_owned(),
        depends_on: depends_on.filter_map(|id| id.as_str().map(ToOwned::to_owned)).collect(),
        method: method.ok_or_else(|| invalid("every request needs a 'method'"))?,
        url: format!("/{}", url.trim_start_matches('/')),
        headers: headers(request.get("headers")),
        body: body.map(|body| Bytes::from(body.to_string())).unwrap_or_default(),
    })
}

fn headers(given: Option<&Value>) -> HeaderMap {
    let given = given.and_then(Value::as_object).into_iter().flatten();
    let header = |(name, value): (&String, &Value)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(value.as_str()?).ok()?))
    };
    given.filter_map(header).collect()
}

fn run(call: &Call<'_>, step: &Step) -> (bool, Value) {
    let ids = Ids::new(&call.context.state, &step.headers);
    let sent = Sent {
        method: step.method.clone(),
        target: &step.url,
        headers: &step.headers,
        body: step.body.clone(),
    };
    let reply = match is_batch(&step.url) {
        true => Err(invalid("a batch cannot be part of a batch")),
        false => answer_one(call.context, call.caller, call.version, sent),
    };
    shown(step, reply.unwrap_or_else(|refusal| refusal.reply(&ids)))
}

/// However it is spelled: read as the routing reads it.
fn is_batch(url: &str) -> bool {
    let path = url.split_once('?').map_or(url, |(path, _)| path);
    GraphPath::parse(path).is_ok_and(|path| path.names().first().is_some_and(|name| name == "$batch"))
}

fn not_tried(call: &Call<'_>, step: &Step) -> (bool, Value) {
    let ids = Ids::new(&call.context.state, &step.headers);
    let refusal = GraphError::new(424, "FailedDependency", "A request that this one depends on failed.");
    shown(step, refusal.reply(&ids))
}

/// Whether the call succeeded, and its part of the answer.
fn shown(step: &Step, reply: Reply) -> (bool, Value) {
    let mut headers = Object::new();
    headers.extend(reply.content_type().map(|kind| ("Content-Type".to_owned(), json!(kind))));
    for (name, value) in &reply.headers {
        headers.insert(in_title_case(name), json!(value));
    }
    let mut answer = members(json!({ "id": step.id, "status": reply.status, "headers": headers }));
    match reply.body {
        Content::Nothing => {}
        Content::Json(body) => drop(answer.insert("body".to_owned(), body)),
        Content::Text(body) => drop(answer.insert("body".to_owned(), json!(body))),
    }
    ((200..300).contains(&reply.status), Value::Object(answer))
}

/// `retry-after` → `Retry-After`, the spelling that clients look for in a JSON object.
fn in_title_case(name: &str) -> String {
    let capital = |word: &str| match word.split_at_checked(1) {
        Some((first, rest)) => format!("{}{rest}", first.to_ascii_uppercase()),
        None => String::new(),
    };
    name.split('-').map(capital).collect::<Vec<_>>().join("-")
}

fn invalid(why: &str) -> GraphError {
    GraphError::unreadable(format!("Invalid batch payload format: {why}."))
}
