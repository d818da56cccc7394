//! `GET /sim/openapi.json` describes what the controls do: every operation is tried with its own example, and the answer is
//! compared with its schema (capability row 96).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Map, Value};
use support::{client, get_json};
use tenantry_simulator::Simulator;

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// A value against a schema, as far as the document uses JSON Schema. The answer says where it does not fit.
fn mismatch(document: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target =
            document.pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("{reference}"));
        return mismatch(document, target, value, at);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fits = choices.iter().filter(|choice| mismatch(document, choice, value, at).is_none()).count();
        return (fits != 1).then(|| format!("{at}: fits {fits} of the choices: {value}"));
    }
    if let Some(known) = schema["enum"].as_array()
        && !known.contains(value)
    {
        return Some(format!("{at}: `{value}` is none of {known:?}"));
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !types.is_empty() && !types.contains(&kind) {
        return Some(format!("{at}: {kind} instead of {types:?}"));
    }
    match value {
        Value::Array(items) => items.iter().find_map(|item| mismatch(document, &schema["items"], item, at)),
        Value::Object(members) => object_mismatch(document, schema, members, at),
        _ => None,
    }
}

fn object_mismatch(
    document: &Value,
    schema: &Value,
    members: &Map<String, Value>,
    at: &str,
) -> Option<String> {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    if let Some(missing) = required.into_iter().find(|name| !members.contains_key(*name)) {
        return Some(format!("{at}: `{missing}` is missing"));
    }
    members.iter().find_map(|(name, value)| match schema["properties"].get(name) {
        Some(schema) => mismatch(document, schema, value, &format!("{at}.{name}")),
        None => (schema["additionalProperties"] == false).then(|| format!("{at}: `{name}` is not described")),
    })
}

async fn document(simulator: &Simulator) -> Value {
    get_json(&format!("{}/sim/openapi.json", simulator.base())).await
}

/// A path with its parameters filled in by their examples, as a client would send it.
fn filled(path: &str, item: &Value) -> String {
    let parameters = item["parameters"].as_array().into_iter().flatten().filter(|one| one["in"] == "path");
    parameters.fold(path.to_owned(), |path, parameter| {
        let name = format!("{{{}}}", parameter["name"].as_str().unwrap());
        path.replace(&name, parameter["example"].as_str().unwrap())
    })
}

#[tokio::test]
async fn every_operation_does_what_is_written() {
    let document = document(&Simulator::start().await.unwrap()).await;
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in METHODS.into_iter().filter(|method| item.get(method).is_some()) {
            // Each on a world of its own: what one deletes the next one needs.
            let simulator = Simulator::start().await.unwrap();
            let operation = &item[method];
            let url = format!("{}{}", simulator.base(), filled(path, item));
            let mut request =
                client().request(Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(), &url);
            let content = &operation["requestBody"]["content"]["application/json"];
            if let Some(example) = content.get("example") {
                let fault = mismatch(&document, &content["schema"], example, "example");
                assert_eq!(fault, None, "{method} {path}");
                request = request.json(example);
            }
            let response = request.header("accept", "application/json").send().await.unwrap();
            let status = response.status();
            let body = response.text().await.unwrap();
            assert!(status.is_success(), "{method} {path}: {status} {body}");
            let described = operation["responses"].get(status.as_str());
            let described = described.unwrap_or_else(|| panic!("{method} {path}: {status} is not described"));
            match described["content"].get("application/json") {
                Some(content) => {
                    let value =
                        serde_json::from_str(&body).unwrap_or_else(|_| panic!("{method} {path}: {body}"));
                    assert_eq!(
                        mismatch(&document, &content["schema"], &value, path),
                        None,
                        "{method} {path}"
                    );
                }
                None => {
                    assert!(body.is_empty() || described.get("content").is_some(), "{method} {path}: {body}");
                }
            }
        }
    }
}

#[tokio::test]
async fn every_path_answers_to_the_methods_that_are_written_and_no_others() {
    let simulator = Simulator::start().await.unwrap();
    let document = document(&simulator).await;
    for (path, item) in document["paths"].as_object().unwrap() {
        // The router says which methods there are when it is asked for one that there is not.
        let request = client().request(Method::TRACE, format!("{}{}", simulator.base(), filled(path, item)));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 405, "{path} is described in openapi.json and does not exist");
        let allow = response.headers()["allow"].to_str().unwrap().to_ascii_lowercase();
        let routed: BTreeSet<&str> = allow.split(',').filter(|method| *method != "head").collect();
        let described: BTreeSet<&str> =
            METHODS.into_iter().filter(|method| item.get(method).is_some()).collect();
        assert_eq!(described, routed, "{path}: openapi.json on the left, the router on the right");
    }
}

#[tokio::test]
async fn refusals_have_the_shape_that_is_written() {
    let simulator = Simulator::start().await.unwrap();
    let document = document(&simulator).await;
    let problem = &document["components"]["schemas"]["Problem"];
    for (method, path, body, status) in [
        (Method::GET, "/sim/tenants/nowhere.example", "", 404),
        (Method::GET, "/sim/tenants/contoso.example/users/nobody", "", 404),
        (Method::POST, "/sim/tenants", "[]", 400),
        (Method::POST, "/sim/tenants", "{", 400),
        (Method::PUT, "/sim/world", "nothing", 400),
        (Method::POST, "/sim/clock", "{}", 400),
    ] {
        let url = format!("{}{path}", simulator.base());
        let response = client().request(method.clone(), url).body(body).send().await.unwrap();
        assert_eq!(response.status(), status, "{method} {path}");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(mismatch(&document, problem, &answer, path), None, "{answer}");
    }
}

#[test]
fn the_comparison_finds_what_does_not_fit() {
    let schema = serde_json::json!({
        "type": "object", "required": ["a"], "additionalProperties": false,
        "properties": { "a": { "type": "array", "items": { "enum": ["x"] } }, "b": { "oneOf": [{ "type": "string" }, { "type": "integer" }] } }
    });
    for (value, told) in [
        (r#"{"a":["x"],"b":1}"#, None),
        (r#"{}"#, Some("`a` is missing")),
        (r#"{"a":["y"]}"#, Some("is none of")),
        (r#"{"a":1}"#, Some("integer instead of")),
        (r#"{"a":[],"b":null}"#, Some("fits 0")),
        (r#"{"a":[],"c":1}"#, Some("`c` is not described")),
    ] {
        let found = mismatch(&Value::Null, &schema, &serde_json::from_str(value).unwrap(), "v");
        assert_eq!(found.is_some(), told.is_some(), "{value}: {found:?}");
        assert!(found.unwrap_or_default().contains(told.unwrap_or_default()), "{value}");
    }
}

#[tokio::test]
async fn a_token_request_has_the_members_that_the_document_names() {
    let simulator = Simulator::start().await.unwrap();
    let document = get_json(&format!("{}/sim/openapi.json", simulator.base())).await;
    let members = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let read = serde_json::to_value(tenantry_simulator::TokenRequest::default()).unwrap();
    assert_eq!(members(&document["components"]["schemas"]["TokenRequest"]["properties"]), members(&read));
}
