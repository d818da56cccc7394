//! The worlds that come with the simulator.

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{DirectoryRole, Grant, Secret, ServicePrincipal, Tenant, User, World, builtin, graph};
use crate::ids::{AppId, ObjectId, TenantId};

/// Organisations that the large world has in addition to those of the demo.
const LARGE_TENANTS: u32 = 10_000;
/// What distinguishes one large world from another; fixed, so that its ids can be written down.
const LARGE_SEED: u64 = 1;

/// A world that comes with the simulator, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ShippedWorld {
    /// Contoso, Fabrikam, Northwind, customers and personal accounts: see [`builtin`].
    #[default]
    Demo,
    /// Two organisations, an API and a single-page application: a file to start from.
    Minimal,
    /// The demo and 10 000 further organisations, the same in every run. Number 1 is `organisation-00001.example`.
    Large,
}

/// A name that no shipped world has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no world is called `{0}`: there are `demo`, `minimal` and `large`")]
pub struct UnknownWorld(String);

impl ShippedWorld {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Demo, Self::Minimal, Self::Large];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Minimal => "minimal",
            Self::Large => "large",
        }
    }

    /// The world.
    pub fn world(self) -> World {
        match self {
            Self::Demo => shipped(include_str!("builtin.toml")),
            Self::Minimal => shipped(include_str!("minimal.toml")),
            Self::Large => large(LARGE_SEED, LARGE_TENANTS),
        }
    }

    /// The world as a file, with its comments where it was written by hand.
    pub fn toml(self) -> Cow<'static, str> {
        match self {
            Self::Demo => include_str!("builtin.toml").into(),
            Self::Minimal => include_str!("minimal.toml").into(),
            Self::Large => self.world().to_toml().into(),
        }
    }
}

impl FromStr for ShippedWorld {
    type Err = UnknownWorld;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|world| world.name() == name);
        found.ok_or_else(|| UnknownWorld(name.to_owned()))
    }
}

impl World {
    /// The world of the demo: Contoso, Fabrikam, Northwind, customers, personal accounts; see [`super::builtin`].
    pub fn builtin() -> Self {
        ShippedWorld::Demo.world()
    }

    /// The world as a world file, which reads back as the same world; without the bin.
    pub fn to_toml(&self) -> String {
        toml::to_string(&self.without_nulls())
            .unwrap_or_else(|error| unreachable!("a world has nothing TOML lacks: {error}"))
    }
}

impl World {
    /// TOML has no null. Where Microsoft Graph keeps one, its absence means the same.
    fn without_nulls(&self) -> Self {
        let mut world = self.clone();
        for tenant in &mut world.tenants {
            let users = tenant.users.iter().map(|user| &user.graph);
            let principals = tenant.service_principals.iter().map(|principal| &principal.graph);
            if users.chain(principals).any(|graph| graph.values().any(has_null)) {
                let tenant = Arc::make_mut(tenant);
                tenant.users.iter_mut().for_each(|user| strip(&mut user.graph));
                tenant.service_principals.iter_mut().for_each(|principal| strip(&mut principal.graph));
            }
        }
        for application in world.applications.iter_mut().filter(|one| one.graph.values().any(has_null)) {
            strip(&mut Arc::make_mut(application).graph);
        }
        world.deleted.clear();
        world
    }
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.iter().any(has_null),
        Value::Object(members) => members.values().any(has_null),
        _ => false,
    }
}

fn strip(members: &mut Map<String, Value>) {
    members.retain(|_, value| !value.is_null());
    members.values_mut().for_each(strip_value);
}

fn strip_value(value: &mut Value) {
    match value {
        Value::Array(values) => {
            values.retain(|value| !value.is_null());
            values.iter_mut().for_each(strip_value);
        }
        Value::Object(members) => strip(members),
        _ => {}
    }
}

fn shipped(text: &str) -> World {
    // A test reads the files, so that a broken one cannot ship.
    World::from_toml(text).unwrap_or_else(|error| unreachable!("a world that ships: {error}"))
}

fn large(seed: u64, tenants: u32) -> World {
    let mut world = World::builtin();
    (1..=tenants).for_each(|number| world.add_tenant(organisation(seed, number)));
    world.settle().unwrap_or_else(|error| unreachable!("the large world: {error}"));
    world
}

/// A customer of the demo's applications: an administrator, an editor, a reader, a person without a role.
fn organisation(seed: u64, number: u32) -> Tenant {
    let name = format!("organisation-{number:05}");
    let id = |what: &str| ObjectId::derived(&format!("{seed}|{name}|{what}"));
    let user = |local: &str, role: Option<&str>| User {
        password: Secret::new(builtin::password(local)),
        roles: role.map(ToOwned::to_owned).into_iter().collect(),
        ..User::new(id(local), format!("{local}@{name}.example"), format!("{local} of {name}"))
    };
    let mut admin = user("admin", Some("Admin"));
    admin.directory_roles.push(DirectoryRole::GlobalAdministrator);
    let users =
        vec![admin, user("editor", Some("Editor")), user("reader", Some("Reader")), user("newcomer", None)];
    Tenant {
        domains: vec![format!("{name}.example")],
        users,
        service_principals: principals(&id),
        ..Tenant::new(TenantId::derived(&format!("{seed}|{name}")), format!("Organisation {number}"))
    }
}

/// The tasks API, and two clients that were granted its scope.
fn principals(id: &impl Fn(&str) -> ObjectId) -> Vec<ServicePrincipal> {
    let app_id = |id: &str| id.parse::<AppId>().unwrap_or_else(|_| unreachable!("a constant GUID"));
    let principal = |app: &str, grants: Vec<Grant>| ServicePrincipal {
        id: id(app),
        app_id: app_id(app),
        enabled: true,
        assignment_required: false,
        grants,
        assignments: Vec::new(),
        graph: serde_json::Map::new(),
    };
    let grant = |resource: AppId, scope: &str| Grant {
        resource,
        user: None,
        scopes: vec![scope.to_owned()],
        roles: Vec::new(),
    };
    let usual = || vec![grant(graph().app_id, "User.Read"), grant(app_id(builtin::API), "access_as_user")];
    vec![
        principal(builtin::API, Vec::new()),
        principal(builtin::SPA, usual()),
        principal(builtin::WEB, usual()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_world_reads_back_from_its_file() {
        for name in [ShippedWorld::Demo, ShippedWorld::Minimal] {
            let (world, read) = (name.world(), World::from_toml(&name.toml()).unwrap());
            assert!(world.tenants().eq(read.tenants()) && world.applications().eq(read.applications()));
            assert_eq!(name.name().parse(), Ok(name));
        }
        let small = large(1, 3);
        let read = World::from_toml(&small.to_toml()).unwrap();
        assert!(small.tenants().eq(read.tenants()));
        assert!("huge".parse::<ShippedWorld>().unwrap_err().to_string().contains("`large`"));
    }

    #[test]
    fn what_microsoft_graph_keeps_can_be_written_down() {
        let mut world = World::builtin();
        let id = world.tenants().next().unwrap().id;
        let kept = serde_json::json!({ "jobTitle": null, "tags": ["a", null], "info": { "logo": null, "url": "u" } });
        world.tenant_mut(id).unwrap().users[0].graph = kept.as_object().unwrap().clone();
        let read = World::from_toml(&world.to_toml()).unwrap();
        let kept = Value::Object(read.tenant_by_id(id).unwrap().users[0].graph.clone());
        assert_eq!(kept, serde_json::json!({ "tags": ["a"], "info": { "url": "u" } }));
    }

    #[test]
    fn the_large_world_is_the_same_in_every_run() {
        let (one, two, other) = (large(1, 20), large(1, 20), large(2, 20));
        assert!(one.tenants().eq(two.tenants()));
        let id = |world: &World| world.tenant("organisation-00020.example").unwrap().id;
        assert_ne!(id(&one), id(&other));
        assert_eq!(one.tenants().len(), World::builtin().tenants().len() + 20);
    }

    #[test]
    fn the_large_world_is_as_large_as_it_says() {
        let world = ShippedWorld::Large.world();
        let last = world.tenant("organisation-10000.example").unwrap();
        assert_eq!((last.users.len(), last.service_principals.len()), (4, 3));
        assert!(world.user("organisation-00001.example", "editor@organisation-00001.example").is_some());
    }
}
