//! The articles' programs: every hole of the tables, found by name.

use vulnerable::{KnownHole, Program};

use crate::stage::{attack, failed, is_found};

#[tokio::test(flavor = "multi_thread")]
async fn every_hole_of_tenant_peek_is_found() {
    every_hole_is_found(Program::TenantPeek).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_hole_of_two_tenants_is_found() {
    every_hole_is_found(Program::TwoTenants).await;
}

async fn every_hole_is_found(program: Program) {
    let report = attack(program, &[]).await;
    let failed = failed(&report);
    let suites: Vec<&str> = tenantry_gate::all_cases().iter().map(|case| case.suite.name()).collect();
    let there = |hole: &&KnownHole| suites.contains(&hole.found_by.split('/').next().unwrap());
    let missed = program.known_holes().iter().filter(there).filter(|hole| !is_found(hole, &failed));
    let missed: Vec<_> = missed.map(|hole| (hole.name, hole.found_by)).collect();
    assert_eq!(missed, [], "the gate found {failed:#?}");
}
