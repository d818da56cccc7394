//! `README.md` lists every hole, and the tests show every hole.

use std::fmt::Write as _;

use vulnerable::{Holes, Program};

const README: &str = include_str!("../README.md");

#[test]
fn the_readme_lists_every_hole() {
    for program in [Program::TenantPeek, Program::TwoTenants, Program::Holes(Holes::default())] {
        let mut table = String::from("| hole | what is wrong | source | found by |\n|---|---|---|---|\n");
        for hole in program.known_holes() {
            // Writing to a string cannot fail.
            let _ =
                writeln!(table, "| `{}` | {} | {} | {} |", hole.name, hole.wrong, hole.source, hole.found_by);
        }
        assert!(README.contains(&table), "put this into README.md:\n{table}");
    }
}

#[test]
fn every_hole_is_shown_by_a_test() {
    let tests = [include_str!("tenant_peek.rs"), include_str!("two_tenants.rs")];
    for (program, test) in [Program::TenantPeek, Program::TwoTenants].into_iter().zip(tests) {
        for hole in program.known_holes() {
            assert!(test.contains(hole.name), "{program:?}: no test names `{}`", hole.name);
        }
    }
}
