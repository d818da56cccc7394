//! The articles' programs: every hole of the tables, found by name.

use tenantry_gate::Report;
use vulnerable::{KnownHole, Program, Tenants};

use crate::stage::{attack, attack_with, failed, is_found};

#[tokio::test(flavor = "multi_thread")]
async fn every_hole_of_tenant_peek_is_found() {
    let listed = attack(Program::TenantPeek, &[]).await;
    all_found(&listed, Program::TenantPeek.known_holes().iter().filter(|hole| !is_of_open_mode(hole)));
}

/// `ALLOW_ANY_TENANT=true`, the article's other mode.
#[tokio::test(flavor = "multi_thread")]
async fn the_holes_of_its_open_mode_are_found() {
    let holes = || Program::TenantPeek.known_holes().iter().filter(|hole| is_of_open_mode(hole));
    let cases: Vec<&str> = holes().map(|hole| hole.found_by).collect();
    all_found(&attack_with(Program::TenantPeek, Tenants::Any, &cases).await, holes());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_hole_of_two_tenants_is_found() {
    let report = attack(Program::TwoTenants, &[]).await;
    all_found(&report, Program::TwoTenants.known_holes().iter());
}

fn is_of_open_mode(hole: &KnownHole) -> bool {
    hole.name.starts_with("open-")
}

fn all_found(report: &Report, holes: impl Iterator<Item = &'static KnownHole>) {
    let failed = failed(report);
    let missed = holes.filter(|hole| !is_found(hole, &failed)).map(|hole| (hole.name, hole.found_by));
    assert_eq!(missed.collect::<Vec<_>>(), [], "the gate found {failed:#?}");
}
