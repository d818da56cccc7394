//! A report on a terminal, as wide as it is.

use tenantry_gate::{Report, Verdict};

/// Where there is no terminal.
const WIDTH: usize = 100;

/// Prints the report; `verdict` is what it comes to by the gates that had to be proven.
pub(super) fn print(report: &Report, verdict: Verdict) {
    let width = terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0));
    anstream::print!("\n{}", report.text(verdict, width));
}
