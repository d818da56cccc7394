//! `$select`: which properties of an object go out.

use serde_json::{Map, Value};

use super::{Kind, Options};
use crate::graph::error::GraphError;

/// The chosen properties; without `$select` those that come by themselves.
pub(in crate::graph) fn selected(
    mut object: Map<String, Value>,
    kind: &Kind,
    options: &Options,
) -> Map<String, Value> {
    match &options.select {
        None => object.retain(|name, _| !kind.on_request.contains(&name.as_str())),
        Some(names) if names.iter().any(|name| name == "*") => {}
        Some(names) => object.retain(|name, _| names.contains(name) || name.starts_with("@odata.")),
    }
    object
}

/// A single object with its context.
pub(in crate::graph) fn entity(
    object: Map<String, Value>,
    kind: &Kind,
    options: &Options,
    root: &str,
) -> Result<Value, GraphError> {
    options.check_select(kind)?;
    let mut body = Map::new();
    let context = format!("{root}/$metadata#{}{}/$entity", kind.set, options.context());
    body.insert("@odata.context".to_owned(), Value::String(context));
    body.extend(selected(object, kind, options));
    Ok(Value::Object(body))
}

impl Options {
    /// Names in `$select` must exist.
    pub(super) fn check_select(&self, kind: &Kind) -> Result<(), GraphError> {
        let mut names = self.select.iter().flatten().filter(|name| *name != "*");
        names.try_for_each(|name| kind.check_property(name, "Parsing OData Select and Expand failed"))
    }

    /// `(id,displayName)` where a selection was made.
    pub(super) fn context(&self) -> String {
        let names = self.select.as_ref().filter(|names| !names.is_empty());
        names.map(|names| format!("({})", names.join(","))).unwrap_or_default()
    }
}
