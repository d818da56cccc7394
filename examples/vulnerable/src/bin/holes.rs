//! The executable `holes`. `VULNERABLE_HOLES` names what is taken out.

use std::process::ExitCode;

use vulnerable::Program;

fn main() -> ExitCode {
    vulnerable::run(|| {
        let names = std::env::var("VULNERABLE_HOLES").unwrap_or_default();
        names.parse().map(Program::Holes).map_err(|unknown: vulnerable::UnknownHole| unknown.to_string())
    })
}
