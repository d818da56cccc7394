//! Collections: filtered, sorted, cut into pages.

use serde_json::{Map, Value, json};

use super::order::Order;
use super::select::selected;
use super::{Kind, Options};
use crate::encoding::{base64url, from_base64url};
use crate::graph::error::GraphError;

/// Where a collection is, for its links.
#[derive(Debug, Clone, Copy)]
pub(in crate::graph) struct Page<'p> {
    /// `http://localhost:9400/graph/v1.0`
    pub(in crate::graph) root: &'p str,
    /// Path behind the root, as sent.
    pub(in crate::graph) path: &'p str,
    pub(in crate::graph) kind: &'p Kind,
    pub(in crate::graph) options: &'p Options,
}

impl Page<'_> {
    /// The page that was asked for.
    pub(in crate::graph) fn of(&self, objects: Vec<Map<String, Value>>) -> Result<Value, GraphError> {
        let fitting = self.fitting(objects)?;
        let start = self.start(&fitting)?;
        let size = self.options.page_size();
        let rest = fitting.len().saturating_sub(start + size);
        let mut body = Map::new();
        body.insert("@odata.context".to_owned(), json!(self.context()));
        if self.options.count {
            body.insert("@odata.count".to_owned(), json!(fitting.len()));
        }
        let mut last = None;
        let mut value = Vec::new();
        for object in fitting.into_iter().skip(start).take(size) {
            let Value::Object(object) = object else { continue };
            last = object.get("id").cloned();
            value.push(Value::Object(selected(object, self.kind, self.options)));
        }
        if rest > 0 {
            let token = skip_token(start + size, last.as_ref().and_then(Value::as_str).unwrap_or_default());
            body.insert("@odata.nextLink".to_owned(), json!(self.next_link(&token)));
        }
        body.insert("value".to_owned(), Value::Array(value));
        Ok(Value::Object(body))
    }

    /// How many objects fit.
    pub(in crate::graph) fn count(&self, objects: Vec<Map<String, Value>>) -> Result<usize, GraphError> {
        Ok(self.fitting(objects)?.len())
    }

    fn fitting(&self, objects: Vec<Map<String, Value>>) -> Result<Vec<Value>, GraphError> {
        self.check()?;
        let Options { filter, search, order, .. } = self.options;
        let objects = objects.into_iter().map(Value::Object);
        let objects = objects.filter(|object| filter.as_ref().is_none_or(|filter| filter.matches(object)));
        let mut fitting: Vec<Value> =
            objects.filter(|object| search.as_ref().is_none_or(|text| is_found(object, text))).collect();
        fitting.sort_by(|one, other| Order::compare(order, one, other));
        Ok(fitting)
    }

    fn check(&self) -> Result<(), GraphError> {
        let Options { filter, order, .. } = self.options;
        self.options.check_select(self.kind)?;
        let mut properties = Vec::new();
        filter.iter().for_each(|filter| filter.properties(&mut properties));
        properties.iter().try_for_each(|path| self.kind.check_property(path, "Invalid filter clause"))?;
        order
            .iter()
            .try_for_each(|order| self.kind.check_property(&order.property, "Invalid $orderby clause"))
    }

    /// Behind the object that the last page ended with, or at the same place if it is gone.
    fn start(&self, objects: &[Value]) -> Result<usize, GraphError> {
        let Some(token) = &self.options.skip_token else { return Ok(0) };
        let (offset, last) = read_skip_token(token).ok_or_else(|| {
            GraphError::new(400, "Directory_ExpiredPageToken", "The specified page token value is not valid.")
        })?;
        let behind = objects.iter().position(|object| object["id"] == last.as_str()).map(|place| place + 1);
        Ok(behind.unwrap_or(offset).min(objects.len()))
    }

    fn context(&self) -> String {
        format!("{}/$metadata#{}{}", self.root, self.kind.set, self.options.context())
    }

    /// Carries every option of the request, and the page size in any case.
    fn next_link(&self, token: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.options.pairs {
            query.append_pair(name, value);
        }
        let has_top = self.options.pairs.iter().any(|(name, _)| name.trim_start_matches('$') == "top");
        if !has_top {
            query.append_pair("$top", &self.options.page_size().to_string());
        }
        query.append_pair("$skiptoken", token);
        // Clients compare the names as written.
        let query = query.finish().replace("%24", "$").replace('+', "%20");
        format!("{}/{}?{query}", self.root, self.path)
    }
}

/// Any word of the display name starts with the text, or the name holds it.
fn is_found(object: &Value, text: &str) -> bool {
    object["displayName"].as_str().is_some_and(|name| name.to_lowercase().contains(text))
}

fn skip_token(offset: usize, last: &str) -> String {
    base64url(format!("{offset}|{last}").as_bytes())
}

fn read_skip_token(token: &str) -> Option<(usize, String)> {
    let text = String::from_utf8(from_base64url(token)?).ok()?;
    let (offset, last) = text.split_once('|')?;
    Some((offset.parse().ok()?, last.to_owned()))
}
