//! A plan out of an OpenAPI 3 document: one resource that can be made, listed and fetched by its id.
//!
//! Modest on purpose: a `POST` with a JSON body that has room for a text, at a path that has a `/{…}` beneath it. What is
//! required is filled in by the schema's types. The report names the request that was chosen and counts what was left out.

use serde_json::{Map, Value, json};

use super::Plan;
use crate::target::{Call, Isolation};

/// How deep schemas are followed; they may be recursive.
const DEPTH: usize = 8;

/// Names of query parameters that look for a text.
const SEARCH: &[&str] = &["q", "query", "search", "filter", "text", "title", "name", "contains"];

/// The plan, or why the document gives none.
pub(super) fn plan(text: &str, isolation: &Isolation) -> Result<Plan, String> {
    let document: Value =
        serde_json::from_str(text).map_err(|error| format!("the OpenAPI document is no JSON: {error}"))?;
    let document = Document(&document);
    let paths = document.0["paths"].as_object().ok_or("the OpenAPI document has no `paths`")?;
    let found = paths.iter().find_map(|(path, item)| document.resource(path, item, paths));
    let resource = found
        .ok_or("no `POST` with room for a text and a path with an id beneath it in the OpenAPI document")?;
    let operations: usize =
        paths.values().map(|item| METHODS.iter().filter(|method| !item[**method].is_null()).count()).sum();
    // A search is the list's operation.
    let reads = resource.reads.iter().filter(|path| !path.contains('?')).count();
    let covered = 1 + reads + resource.exports.len() + resource.changes.len();
    Ok(Plan {
        id: isolation.id.clone(),
        role: isolation.role.clone(),
        admin_role: isolation.admin_role.clone(),
        personal: isolation.personal,
        not_covered: format!(
            "{} of {operations} operations are not looked at",
            operations.saturating_sub(covered)
        ),
        ..resource
    })
}

const METHODS: &[&str] = &["get", "put", "post", "delete", "patch"];

struct Document<'d>(&'d Value);

impl Document<'_> {
    /// The plan for what is made at `path`, if it is a collection that this can work with.
    fn resource(&self, path: &str, item: &Value, paths: &Map<String, Value>) -> Option<Plan> {
        if path.contains('{') {
            return None;
        }
        let body = self.body(&item["post"], true)?;
        let (one, of_one) = paths.iter().find(|(other, _)| is_one_of(path, other))?;
        let by_id = with_id(one);
        let mut reads: Vec<_> = self.list(path, item);
        reads.extend(of_one["get"].is_object().then(|| by_id.clone()));
        let change =
            |method: &str, body| Call { method: method.to_ascii_uppercase(), path: by_id.clone(), body };
        let edits = ["patch", "put"].iter().filter(|method| of_one[**method].is_object());
        let mut changes: Vec<_> =
            edits.map(|method| change(method, self.body(&of_one[*method], false))).collect();
        changes.extend(of_one["delete"].is_object().then(|| change("delete", None)));
        (!reads.is_empty()).then(|| Plan {
            create: Call { method: "POST".to_owned(), path: path.to_owned(), body: Some(body) },
            id: String::new(),
            reads,
            exports: exports(path, paths),
            changes,
            role: None,
            admin_role: String::new(),
            personal: false,
            not_covered: String::new(),
        })
    }

    /// The list, and the same with each parameter that looks for a text.
    fn list(&self, path: &str, item: &Value) -> Vec<String> {
        if !item["get"].is_object() {
            return Vec::new();
        }
        let parameters = [&item["parameters"], &item["get"]["parameters"]];
        let parameters = parameters.into_iter().filter_map(Value::as_array).flatten();
        let names = parameters.filter_map(|parameter| {
            let parameter = self.resolved(parameter, DEPTH);
            let name = parameter["name"].as_str().filter(|_| parameter["in"] == "query")?;
            SEARCH.contains(&&*name.to_ascii_lowercase()).then(|| name.to_owned())
        });
        let searches = names.map(|name| format!("{path}?{name}={{canary}}"));
        std::iter::once(path.to_owned()).chain(searches).collect()
    }

    /// A JSON body for the operation; with the canary in it, or `None` where that is asked for and there is no room.
    fn body(&self, operation: &Value, needs_canary: bool) -> Option<Value> {
        let content = self.resolved(operation.get("requestBody")?, DEPTH)["content"].as_object()?;
        let (_, media) = content.iter().find(|(name, _)| name.contains("json"))?;
        let schema = self.object(&media["schema"], DEPTH);
        let mut body = Map::new();
        let (plain, others): (Vec<_>, Vec<_>) =
            schema.properties.iter().partition(|(_, schema)| self.is_plain_text(schema));
        let is_required = |name: &str| schema.required.iter().any(|required| required == name);
        for (name, schema) in others.into_iter().filter(|(name, _)| is_required(name)) {
            body.insert(name.clone(), self.value(schema, DEPTH));
        }
        let first = plain.iter().position(|(name, _)| is_required(name)).unwrap_or_default();
        for (at, (name, _)) in plain.into_iter().enumerate() {
            if at == first || is_required(name) {
                body.insert(name.clone(), json!("{canary}"));
            }
        }
        let body = Value::Object(body);
        (!needs_canary || body.to_string().contains("{canary}")).then_some(body)
    }

    /// A text that may be anything, and has room for the canary.
    fn is_plain_text(&self, schema: &Value) -> bool {
        let schema = self.resolved(schema, DEPTH);
        let is_free = ["format", "enum", "pattern", "const"].iter().all(|limit| schema[*limit].is_null());
        let has_room = schema["maxLength"].as_u64().is_none_or(|length| length >= 24);
        is_text(schema) && is_free && has_room && schema["readOnly"] != true
    }

    /// Something that the schema permits, most likely.
    fn value(&self, schema: &Value, depth: usize) -> Value {
        let schema = self.resolved(schema, depth);
        if let Some(given) = ["const", "default", "example"].iter().find_map(|name| schema.get(*name)) {
            return given.clone();
        }
        if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
            return first.clone();
        }
        match kind(schema) {
            "boolean" => json!(false),
            "integer" | "number" => schema.get("minimum").cloned().unwrap_or(json!(1)),
            "array" => json!([]),
            "string" => json!(match schema["format"].as_str() {
                Some("date-time") => "2030-01-01T00:00:00Z",
                Some("date") => "2030-01-01",
                Some("uuid") => "00000000-0000-4000-8000-000000000000",
                Some("email") => "canary@contoso.example",
                Some("uri" | "url") => "https://contoso.example/",
                _ => "canary",
            }),
            _ if depth == 0 => Value::Null,
            _ => {
                let object = self.object(schema, depth - 1);
                let required =
                    object.properties.into_iter().filter(|(name, _)| object.required.contains(name));
                required.map(|(name, schema)| (name, self.value(schema, depth - 1))).collect()
            }
        }
    }

    /// Properties and required names, those of `allOf` included.
    fn object<'s>(&'s self, schema: &'s Value, depth: usize) -> Object<'s> {
        let schema = self.resolved(schema, depth);
        let mut object = Object::default();
        for part in schema["allOf"].as_array().into_iter().flatten().take_while(|_| depth > 0) {
            let part = self.object(part, depth - 1);
            object.properties.extend(part.properties);
            object.required.extend(part.required);
        }
        let properties = schema["properties"].as_object().into_iter().flatten();
        object.properties.extend(properties.map(|(name, schema)| (name.clone(), schema)));
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        object.required.extend(required.map(str::to_owned));
        object
    }

    /// What a `$ref` within the document stands for.
    fn resolved<'s>(&'s self, value: &'s Value, depth: usize) -> &'s Value {
        let target = value["$ref"].as_str().and_then(|link| self.0.pointer(link.strip_prefix('#')?));
        match target {
            Some(target) if depth > 0 => self.resolved(target, depth - 1),
            _ => value,
        }
    }
}

#[derive(Default)]
struct Object<'s> {
    properties: Vec<(String, &'s Value)>,
    required: Vec<String>,
}

/// `string`, `object` …; of several types (OpenAPI 3.1) the first that is not `null`.
fn kind(schema: &Value) -> &str {
    let several = || schema["type"].as_array()?.iter().filter_map(Value::as_str).find(|kind| *kind != "null");
    schema["type"].as_str().or_else(several).unwrap_or("object")
}

fn is_text(schema: &Value) -> bool {
    kind(schema) == "string"
}

/// Whether `other` is `path` and one parameter.
fn is_one_of(path: &str, other: &str) -> bool {
    let rest = other.strip_prefix(path.trim_end_matches('/')).and_then(|rest| rest.strip_prefix("/{"));
    rest.and_then(|rest| rest.strip_suffix('}')).is_some_and(|name| !name.contains(['/', '{', '}']))
}

/// The path with `{id}` for its parameter, whatever that is called.
fn with_id(path: &str) -> String {
    let collection = path.rsplit_once('/').map_or("", |(collection, _)| collection);
    format!("{collection}/{{id}}")
}

/// `GET`s without parameters whose path speaks of an export.
fn exports(path: &str, paths: &Map<String, Value>) -> Vec<String> {
    let speaks = |other: &&String| {
        let other = other.to_ascii_lowercase();
        *other != *path
            && !other.contains('{')
            && ["export", "download", "report"].iter().any(|word| other.contains(word))
    };
    let gets = paths.iter().filter(|(_, item)| item["get"].is_object());
    gets.map(|(path, _)| path).filter(speaks).cloned().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::plan;
    use crate::isolation::Plan;
    use crate::target::Isolation;

    fn isolation() -> Isolation {
        serde_json::from_value(json!({"openapi": "x"})).unwrap()
    }

    fn planned(document: &Value) -> Result<Plan, String> {
        plan(&document.to_string(), &isolation())
    }

    fn shop() -> Value {
        json!({
            "openapi": "3.1.0",
            "paths": {
                "/health": {"get": {}},
                "/login": {"post": {"requestBody": {"content": {"application/json": {"schema": {"properties": {"name": {"type": "string"}}}}}}}},
                "/orders": {
                    "get": {"parameters": [{"in": "query", "name": "limit"}, {"$ref": "#/components/parameters/Search"}]},
                    "post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewOrder"}}}}}
                },
                "/orders/export": {"get": {}},
                "/orders/{orderId}": {"get": {}, "delete": {}, "patch": {"requestBody": {"content": {"application/merge-patch+json": {"schema": {"properties": {"note": {"type": "string"}}}}}}}},
                "/orders/{orderId}/lines/{line}": {"get": {}}
            },
            "components": {
                "parameters": {"Search": {"in": "query", "name": "q"}},
                "schemas": {
                    "Base": {"required": ["amount", "state"], "properties": {"amount": {"type": "integer", "minimum": 5}, "state": {"enum": ["open", "closed"]}}},
                    "NewOrder": {"allOf": [{"$ref": "#/components/schemas/Base"}], "required": ["id", "note"], "properties": {
                        "id": {"type": "string", "format": "uuid"},
                        "note": {"type": ["string", "null"], "maxLength": 80},
                        "parent": {"$ref": "#/components/schemas/NewOrder"}
                    }}
                }
            }
        })
    }

    #[test]
    fn a_collection_becomes_a_plan() {
        let plan = planned(&shop()).unwrap();
        assert_eq!(plan.create.path, "/orders");
        let body = json!({"amount": 5, "state": "open", "id": "00000000-0000-4000-8000-000000000000", "note": "{canary}"});
        assert_eq!(plan.create.body, Some(body));
        assert_eq!(plan.reads, ["/orders", "/orders?q={canary}", "/orders/{id}"]);
        assert_eq!(plan.exports, ["/orders/export"]);
        let changes: Vec<_> =
            plan.changes.iter().map(|call| format!("{} {}", call.method, call.path)).collect();
        assert_eq!(changes, ["PATCH /orders/{id}", "DELETE /orders/{id}"]);
        assert_eq!(plan.not_covered, "3 of 9 operations are not looked at");
    }

    #[test]
    fn what_gives_no_plan_says_why() {
        let mut without_id = shop();
        without_id["paths"].as_object_mut().unwrap().retain(|path, _| !path.contains('{'));
        assert!(planned(&without_id).unwrap_err().contains("beneath it"));
        let mut without_room = shop();
        without_room["components"]["schemas"]["NewOrder"]["properties"]["note"]["maxLength"] = json!(8);
        assert!(planned(&without_room).unwrap_err().contains("room for a text"));
        assert!(planned(&json!({})).unwrap_err().contains("`paths`"));
        assert!(plan("openapi: 3.1", &isolation()).unwrap_err().contains("no JSON"));
        // A schema that is itself: an end is found.
        let circle = json!({"paths": {"/a": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/paths/~1a/post/requestBody/content/application~1json/schema"}}}}}}}});
        assert!(planned(&circle).is_err());
    }
}
