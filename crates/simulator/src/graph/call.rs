//! One call: who asks what of which thing, and the world it is asked of.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method};
use serde_json::{Map, Value};

use super::auth::{Caller, CallerKind};
use super::error::GraphError;
use super::odata::{self, Kind, Options, Page};
use super::path::{ApiVersion, GraphPath};
use super::permission::{Reach, Rule};
use super::reply::{Reply, date_time};
use crate::state::Context;
use crate::world::{Tenant, World};

/// A call, alone or as part of a batch.
pub(super) struct Call<'c> {
    pub(super) context: &'c Context,
    pub(super) caller: &'c Caller,
    /// The world when the call began; changes are made on the newest.
    pub(super) world: Arc<World>,
    pub(super) version: ApiVersion,
    pub(super) method: Method,
    pub(super) path: GraphPath,
    pub(super) options: Options,
    /// The preferences of `Prefer`, in lower case.
    preferences: Vec<String>,
    body: Bytes,
}

/// A call as it comes in: method, target behind the version (path and query), headers, body.
pub(super) struct Sent<'s> {
    pub(super) method: Method,
    pub(super) target: &'s str,
    pub(super) headers: &'s HeaderMap,
    pub(super) body: Bytes,
}

/// What a call works on.
pub(super) type Object = Map<String, Value>;

impl<'c> Call<'c> {
    pub(super) fn new(
        context: &'c Context,
        caller: &'c Caller,
        version: ApiVersion,
        sent: Sent<'_>,
    ) -> Result<Self, GraphError> {
        let (path, query) = sent.target.split_once('?').unwrap_or((sent.target, ""));
        let header = |name: &str| sent.headers.get(name).and_then(|value| value.to_str().ok());
        let eventual = header("consistencylevel").is_some_and(|level| level.eq_ignore_ascii_case("eventual"));
        let preferences = header("prefer").unwrap_or_default().split([',', ';']);
        let preferences: Vec<String> = preferences.map(|one| one.trim().to_ascii_lowercase()).collect();
        let mut options = Options::parse(query, eventual)?;
        let page_size = preferences.iter().find_map(|one| one.strip_prefix("odata.maxpagesize="));
        options.prefer_page_size(page_size.and_then(|size| size.parse().ok()));
        Ok(Self {
            context,
            caller,
            world: context.state.world(),
            version,
            method: sent.method,
            path: GraphPath::parse(path)?,
            options,
            preferences,
            body: sent.body,
        })
    }

    /// The caller's tenant.
    pub(super) fn tenant(&self) -> Result<&Tenant, GraphError> {
        self.world.tenant_by_id(self.caller.tenant).ok_or_else(GraphError::denied)
    }

    pub(super) fn reach(&self, rule: &Rule) -> Result<Reach, GraphError> {
        rule.reach(self.caller, &self.world)
    }

    /// The body's members.
    pub(super) fn json(&self) -> Result<Object, GraphError> {
        serde_json::from_slice(&self.body).map_err(|_| {
            GraphError::unreadable(
                "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of \
                valid JSON format.",
            )
        })
    }

    /// The same, where nothing may be sent at all.
    pub(super) fn json_or_nothing(&self) -> Result<Object, GraphError> {
        if self.body.iter().all(u8::is_ascii_whitespace) { Ok(Object::new()) } else { self.json() }
    }

    pub(super) fn prefers(&self, preference: &str) -> bool {
        self.preferences.iter().any(|one| one == preference)
    }

    pub(super) fn is_beta(&self) -> bool {
        self.version == ApiVersion::Beta
    }

    /// Changes the newest world.
    pub(super) fn change<T>(
        &self,
        act: impl FnOnce(&mut World) -> Result<T, GraphError>,
    ) -> Result<T, GraphError> {
        self.context.state.change(act)
    }

    /// Says that an object is new: readers see it when the replication lag is over.
    pub(super) fn made(&self, id: &str) {
        self.context.state.graph.lag.made(id, self.context.state.clock.now_ms());
    }

    pub(super) fn has_arrived(&self, id: &str) -> bool {
        self.context.state.graph.lag.has_arrived(id, self.context.state.clock.now_ms())
    }

    pub(super) fn now(&self) -> i64 {
        self.context.state.clock.now()
    }

    pub(super) fn now_text(&self) -> String {
        date_time(self.now())
    }

    /// `http://localhost:9400/graph/v1.0`
    pub(super) fn root(&self) -> String {
        format!("{}/graph/{}", self.context.authority.base(), self.version.name())
    }

    pub(super) fn entity(&self, kind: &Kind, object: Object) -> Result<Reply, GraphError> {
        Ok(Reply::json(200, odata::entity(object, kind, &self.options, &self.root())?))
    }

    /// 201 with the new object, whatever the query selects.
    pub(super) fn created(&self, kind: &Kind, object: Object) -> Result<Reply, GraphError> {
        let id = object.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let location = format!("{}/{}/{id}", self.root(), kind.set);
        let body = odata::entity(object, kind, &Options::default(), &self.root())?;
        Ok(Reply::json(201, body).at(location))
    }

    pub(super) fn collection(&self, kind: &Kind, objects: Vec<Object>) -> Result<Reply, GraphError> {
        let root = self.root();
        let page = Page { root: &root, path: &self.path.raw, kind, options: &self.options };
        Ok(Reply::json(200, page.of(objects)?))
    }

    /// `…/$count`
    pub(super) fn count(&self, kind: &Kind, objects: Vec<Object>) -> Result<Reply, GraphError> {
        if !self.options.is_eventual() {
            let message =
                "$count is not currently supported without the header 'ConsistencyLevel: eventual'.";
            return Err(GraphError::unreadable(message));
        }
        let root = self.root();
        let page = Page { root: &root, path: &self.path.raw, kind, options: &self.options };
        Ok(Reply::text(page.count(objects)?.to_string()))
    }

    /// A result that is no object of a collection, with its context.
    pub(super) fn result(&self, context: &str, members: Object) -> Reply {
        let mut body = Object::new();
        body.insert(
            "@odata.context".to_owned(),
            Value::String(format!("{}/$metadata#{context}", self.root())),
        );
        body.extend(members);
        Reply::json(200, Value::Object(body))
    }

    pub(super) fn is_person(&self) -> bool {
        self.caller.kind == CallerKind::Person
    }
}

/// The members of a JSON literal.
pub(super) fn members(value: Value) -> Object {
    match value {
        Value::Object(members) => members,
        _ => Object::new(),
    }
}
