//! Fabricated workspaces: what must pass, and above all what must not.

use serde_json::{Value, json};

use super::check::{self, Rule};
use super::house::HOUSE;
use crate::workspace::{Package, Workspace};

/// A package as `cargo metadata` writes it, with dependencies as (name, kind, path).
fn package(name: &str, dependencies: &[(&str, Option<&str>, Option<&str>)]) -> Value {
    let dependencies: Vec<Value> = dependencies
        .iter()
        .map(|(name, kind, path)| json!({ "name": name, "kind": kind, "path": path, "req": "*" }))
        .collect();
    json!({ "name": name, "manifest_path": format!("/w/{name}/Cargo.toml"), "dependencies": dependencies })
}

fn read(packages: &[Value]) -> Vec<Package> {
    let metadata = json!({ "packages": packages, "workspace_root": "/w", "target_directory": "/w/target" });
    serde_json::from_value::<Workspace>(metadata).unwrap().packages
}

fn rules(packages: &[Value]) -> Vec<Rule> {
    check::problems(&read(packages)).into_iter().map(|problem| problem.rule).collect()
}

/// One crate with one dependency on a crate of ours.
fn arrow(from: &str, to: &str, kind: Option<&str>) -> Vec<Rule> {
    rules(&[package(from, &[(to, kind, Some("/w/x"))])])
}

#[test]
fn arrows_of_the_design_pass() {
    for (from, to) in [
        ("tenantry-allow-list", "tenantry-token"),
        ("tenantry-authority", "tenantry-token"),
        ("tenantry", "tenantry-allow-list"),
        ("tenantry", "tenantry-authority"),
        ("tenantry", "tenantry-token"),
        ("tenantry-sign-in", "tenantry-authority"),
        ("tenantry-registry", "tenantry-allow-list"),
        ("tenantry-registry", "tenantry-token"),
        ("tenantry-gateway", "tenantry-sign-in"),
        ("tenantry-gateway", "tenantry"),
        ("tenantry-gateway", "tenantry-registry"),
        ("tenantry-gateway", "tenantry-graph"),
        ("tasks", "tenantry"),
        ("tenantry-cli", "tenantry-gateway"),
        ("tenantry-cli", "tenantry-simulator"),
        ("tenantry-cli", "tasks"),
    ] {
        assert_eq!(arrow(from, to, None), [], "{from} -> {to}");
        assert_eq!(arrow(from, to, Some("build")), [], "{from} -> {to}, build");
    }
}

#[test]
fn any_other_arrow_fails() {
    for (from, to) in [
        ("tenantry-token", "tenantry-authority"),
        ("tenantry-token", "tenantry-simulator"),
        ("tenantry-allow-list", "tenantry-authority"),
        ("tenantry-authority", "tenantry"),
        ("tenantry", "tenantry-registry"),
        ("tenantry", "tenantry-simulator"),
        ("tenantry-sign-in", "tenantry"),
        ("tenantry-registry", "tenantry-authority"),
        ("tenantry-gateway", "tenantry-gate"),
        ("tenantry-gate", "tenantry-token"),
        ("tenantry-simulator", "tenantry-token"),
        ("tenantry-graph", "tenantry-registry"),
        ("tasks", "tenantry-token"),
        ("tasks", "tenantry-simulator"),
        ("xtask", "tenantry-token"),
        ("tenantry", "tenantry-cli"),
    ] {
        assert_eq!(arrow(from, to, None), [Rule::Arrow], "{from} -> {to}");
        assert_eq!(arrow(from, to, Some("build")), [Rule::Arrow], "{from} -> {to}, build");
    }
}

#[test]
fn tests_may_add_the_simulator_and_nothing_else() {
    for room in HOUSE {
        assert_eq!(arrow(room.name, "tenantry-simulator", Some("dev")), [], "{}", room.name);
    }
    assert_eq!(arrow("tenantry-token", "tenantry", Some("dev")), [Rule::Arrow]);
    assert_eq!(arrow("tenantry-simulator", "tenantry-token", Some("dev")), [Rule::Arrow]);
}

/// The examples are what the gate is tried on, and what runs on signed lists; their users get none of either.
#[test]
fn tests_of_examples_may_add_the_operators_tools_and_nobody_elses() {
    for example in ["tasks", "vulnerable"] {
        for tool in ["tenantry-gate", "tenantry-allow-list"] {
            assert_eq!(arrow(example, tool, Some("dev")), [], "{example}");
            assert_eq!(arrow(example, tool, None), [Rule::Arrow], "{example}");
        }
        assert_eq!(arrow(example, "tenantry-token", Some("dev")), [Rule::Arrow], "{example}");
    }
    assert_eq!(arrow("tenantry", "tenantry-gate", Some("dev")), [Rule::Arrow]);
}

#[test]
fn an_arrow_is_seen_by_name_as_well_as_by_path() {
    let by_name = package("tenantry-gate", &[("tenantry-token", None, None)]);
    assert_eq!(rules(&[by_name, package("tenantry-token", &[])]), [Rule::Arrow]);
}

#[test]
fn a_path_outside_the_table_is_no_way_around_it() {
    assert_eq!(arrow("tenantry-token", "helpers", None), [Rule::Arrow]);
}

#[test]
fn forbidden_imports_fail_with_their_whole_family() {
    for (name, import) in [
        ("tenantry-token", "tokio"),
        ("tenantry-token", "tokio-util"),
        ("tenantry-allow-list", "tokio"),
        ("tenantry-allow-list", "sqlx"),
        ("tenantry-token", "hyper"),
        ("tenantry-token", "reqwest"),
        ("tenantry-token", "axum"),
        ("tenantry-token", "sqlx"),
        ("tenantry-token", "http"),
        ("tenantry-authority", "axum"),
        ("tenantry-authority", "sqlx-core"),
        ("tenantry", "sqlx"),
        ("tenantry-sign-in", "sqlx"),
        ("tenantry-registry", "axum"),
    ] {
        assert_eq!(
            rules(&[package(name, &[(import, None, None)])]),
            [Rule::Import],
            "{name} imports {import}"
        );
        assert_eq!(rules(&[package(name, &[(import, Some("dev"), None)])]), [], "{name} tests with {import}");
    }
}

#[test]
fn other_imports_pass() {
    for (name, import) in [
        ("tenantry-token", "httparse"),
        ("tenantry-token", "serde"),
        ("tenantry-authority", "reqwest"),
        ("tenantry", "axum"),
        ("tenantry-registry", "sqlx"),
        ("tasks", "sqlx"),
    ] {
        assert_eq!(rules(&[package(name, &[(import, None, None)])]), [], "{name} imports {import}");
    }
}

#[test]
fn an_unknown_crate_fails() {
    assert_eq!(rules(&[package("tenantry-utils", &[])]), [Rule::Unknown]);
}

#[test]
fn the_message_names_the_arrow_and_what_to_do() {
    let packages = read(&[package("tenantry-registry", &[("tenantry-authority", None, Some("/w/a"))])]);
    let message = &check::problems(&packages)[0].message;
    assert!(message.contains("`tenantry-registry` -> `tenantry-authority`"), "{message}");
    assert!(message.contains("may name `tenantry-allow-list`, `tenantry-token` alone"), "{message}");
    assert!(message.contains("move the code"), "{message}");
}

#[test]
fn a_member_without_the_workspaces_lints_fails() {
    for (manifest, inherits) in [
        ("[lints]\nworkspace = true", true),
        ("[lints]\nworkspace = false", false),
        ("[lints.rust]\nunsafe_code = \"allow\"", false),
        ("[package]\nname = \"x\"", false),
    ] {
        assert_eq!(check::lints("x", &manifest.parse().unwrap()).is_none(), inherits, "{manifest}");
    }
}

#[test]
fn unsafe_code_must_be_forbidden_not_just_denied() {
    for (level, good) in [("forbid", true), ("deny", false), ("allow", false)] {
        let manifest = format!("[workspace.lints.rust]\nunsafe_code = \"{level}\"").parse().unwrap();
        assert_eq!(check::unsafe_forbidden(&manifest).is_none(), good, "{level}");
    }
    assert!(check::unsafe_forbidden(&toml::Table::new()).is_some());
}
