//! `tenantry gate`: against the tasks API, a wrong one, one that refuses everybody, and none. Rows 97 to 99, 118; T-160 to T-163.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod init;
mod lists;
mod promotion;
mod reports;
mod runs;
mod samples;
mod support;

use support::target;

/// Not a test of its own: this very program, started by the gate as its target.
#[test]
fn served_when_asked() {
    if let Ok(kind) = std::env::var("GATE_TEST_TARGET") {
        target::serve(&kind);
    }
}
