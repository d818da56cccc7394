//! The executable `two-tenants`.

use std::process::ExitCode;

fn main() -> ExitCode {
    vulnerable::run(|| Ok(vulnerable::Program::TwoTenants))
}
