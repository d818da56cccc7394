//! Each layer holds alone when another is off: the provider's own list, the module's gate, the walls of the store.
//! Row 101; promotion gate "no single point of failure".
//!
//! One rogue organisation, Northwind, which is on nobody's list, tries to read a task of Contoso's in every
//! configuration. Only where *all* layers are off does it succeed: that run shows that the switches switch.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::process::Command;

use serde_json::Value;
use simulator::{simulator, token};
use tasks::{Config, DatabaseUrl, LayersOff, Store, Tenants};
use tenantry_simulator::{TokenRequest, builtin};
use world::{Api, config, user};

#[cfg(feature = "postgres")]
#[path = "support/postgres.rs"]
mod postgres;
#[path = "support/simulator.rs"]
mod simulator;
#[path = "support/world.rs"]
mod world;

/// What stopped the rogue organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stopped {
    /// The provider issued no token.
    Provider,
    /// The module answered 401.
    Module,
    /// The store showed nothing of Contoso's.
    Store,
    /// Nothing did: it read Contoso's task.
    Nowhere,
}
use Stopped::{Module, Nowhere, Provider, Store as InStore};

/// What is off. Everything else is on.
#[derive(Clone, Copy, Debug, Default)]
struct Off {
    native_list: bool,
    module_gate: bool,
    store: LayersOff,
}

const COLUMN: LayersOff = LayersOff { tenant_column: true, database_wall: false };
const WALL: LayersOff = LayersOff { tenant_column: false, database_wall: true };
const STORE: LayersOff = LayersOff { tenant_column: true, database_wall: true };
const ON: Off = Off { native_list: false, module_gate: false, store: NONE };
const NONE: LayersOff = LayersOff { tenant_column: false, database_wall: false };

/// What is off; what stops a person of Northwind who signs in; and what stops the token that Entra would never issue.
const MATRIX: &[(Off, Stopped, Stopped)] = &[
    (ON, Provider, Module),
    // One at a time.
    (Off { native_list: true, ..ON }, Module, Module),
    (Off { module_gate: true, ..ON }, Provider, InStore),
    (Off { store: COLUMN, ..ON }, Provider, Module),
    (Off { store: WALL, ..ON }, Provider, Module),
    (Off { store: STORE, ..ON }, Provider, Module),
    // All but one.
    (Off { native_list: true, store: STORE, ..ON }, Module, Module),
    (Off { module_gate: true, store: STORE, ..ON }, Provider, Nowhere),
    (Off { native_list: true, module_gate: true, ..ON }, InStore, InStore),
    // Of the store, one wall alone.
    (Off { native_list: true, module_gate: true, store: COLUMN }, InStore, InStore),
    (Off { native_list: true, module_gate: true, store: WALL }, InStore, InStore),
    // Nothing is left.
    (Off { native_list: true, module_gate: true, store: STORE }, Nowhere, Nowhere),
];

/// One after the other: the native list belongs to the one simulator.
#[tokio::test]
async fn another_layer_holds() {
    #[cfg(feature = "sqlite")]
    in_every_configuration(&"sqlite::memory:".parse().unwrap()).await;
    #[cfg(feature = "postgres")]
    if let Some(database) = postgres::Database::fresh().await {
        in_every_configuration(&database.url().parse().unwrap()).await;
        database.remove().await;
    }
}

async fn in_every_configuration(database: &DatabaseUrl) {
    for (off, person, minted) in MATRIX {
        simulator().set_native_allow_list(!off.native_list);
        let stage = Stage::with(database, *off).await;
        assert_eq!(stage.attempt(sign_in().await).await, *person, "person; {database}, {off:?}");
        assert_eq!(stage.attempt(Some(minted_token())).await, *minted, "minted; {database}, {off:?}");
        // A daemon with the role Editor asks for its own tasks only, so that the module's gate is the last to tell.
        let daemon = stage.attempt(client_credentials().await).await;
        let expected = if *person == Nowhere { InStore } else { *person };
        assert_eq!(daemon, expected, "daemon; {database}, {off:?}");
        stage.api.store.close().await;
    }
}

/// The API in one configuration, with a task of Contoso's in its store.
struct Stage {
    api: Api,
    canary: String,
}

impl Stage {
    async fn with(database: &DatabaseUrl, off: Off) -> Self {
        let mut config = Config { database: database.clone(), ..config() };
        if off.module_gate {
            config.tenants = Tenants::EveryTenantOfTheAuthority;
        }
        let store = Store::open_without(&config.database, off.store).await.unwrap();
        let api = Api::over(store, &config).await;
        let canary = api.create(&user(builtin::CONTOSO, builtin::CONTOSO_ADMIN), "canary").await;
        Self { api, canary }
    }

    /// Tries to list, to read and to change the canary.
    async fn attempt(&self, token: Option<String>) -> Stopped {
        let Some(token) = token else { return Provider };
        let list = self.api.call("GET /api/tasks?limit=200", &token).await;
        let path = format!("/api/tasks/{}", self.canary);
        let read = self.api.call(&format!("GET {path}"), &token).await;
        let written = self.api.call_with(&format!("PATCH {path}"), &token, r#"{"completed":true}"#).await;
        match (list.status, list.body.contains(&self.canary), read.status, written.status) {
            (401, false, 401, 401) => Module,
            (200, false, 404, 404) => InStore,
            (200, true, 200, 200) => Nowhere,
            other => panic!("neither refused nor shown nothing: {other:?}"),
        }
    }
}

/// Northwind's Admin, by name and password at the token endpoint.
async fn sign_in() -> Option<String> {
    ask(&[
        ("grant_type", "password"),
        ("client_id", builtin::NATIVE),
        ("username", "anton@northwind.example"),
        ("password", &builtin::password("anton")),
        ("scope", builtin::API_SCOPE),
    ])
    .await
}

/// Northwind's own program, by its secret.
async fn client_credentials() -> Option<String> {
    ask(&[
        ("grant_type", "client_credentials"),
        ("client_id", builtin::NORTHWIND_DAEMON),
        ("client_secret", builtin::NORTHWIND_DAEMON_SECRET),
        ("scope", &format!("{}/.default", builtin::API_URI)),
    ])
    .await
}

/// As if the provider's list had failed: signed with the provider's own key.
fn minted_token() -> String {
    token(&TokenRequest::for_user(builtin::NORTHWIND, builtin::NORTHWIND_ADMIN).audience(builtin::API))
}

/// A token, or `None` where the native list is what refused it.
async fn ask(form: &[(&str, &str)]) -> Option<String> {
    let url = format!("{}/{}/oauth2/v2.0/token", simulator().base(), builtin::NORTHWIND);
    let answer = reqwest::Client::new().post(url).form(form).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    if let Some(token) = answer["access_token"].as_str() {
        return Some(token.to_owned());
    }
    assert_eq!(answer["error_codes"][0], 7_000_118, "{answer}");
    None
}

/// A release that could take a wall down does not compile. The compiler sees the very file that `lib.rs` includes.
#[test]
fn no_release_has_the_switches() {
    assert!(include_str!("../src/lib.rs").contains("\nmod not_in_a_release;\n"));
    let directory = tempfile::tempdir().unwrap();
    let compiles = |feature: &[&str], debug_assertions: &str| {
        let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()));
        rustc.args(["--edition=2024", "--crate-type=lib", "--emit=metadata", "--out-dir"]);
        rustc
            .arg(directory.path())
            .args(["-C", &format!("debug-assertions={debug_assertions}")])
            .args(feature);
        let output =
            rustc.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/src/not_in_a_release.rs")).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success() || said.contains("`test-layers` takes walls"), "{said}");
        output.status.success()
    };
    let feature = ["--cfg", r#"feature="test-layers""#];
    assert!(!compiles(&feature, "off"), "a release with the feature");
    assert!(compiles(&feature, "on") && compiles(&[], "off") && compiles(&[], "on"), "all others");
}
