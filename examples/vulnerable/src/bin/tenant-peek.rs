//! The executable `tenant-peek`.

use std::process::ExitCode;

fn main() -> ExitCode {
    vulnerable::run(|| Ok(vulnerable::Program::TenantPeek))
}
