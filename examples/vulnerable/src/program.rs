//! What the executables have in common.

use std::process::ExitCode;

use crate::{Config, Program, serve};

/// Listed by `--help`.
const HELP: &str = "\
Vulnerable on purpose. Listens on this machine alone. README.md names every hole.

  AZURE_AUTHORITY_HOST   who issues the tokens: the address of a simulator
  AZURE_API_CLIENT_ID    client id of this API's registration
  ALLOWED_TENANT_IDS     organisations to let in, with commas
  ALLOW_ANY_TENANT       `true` instead of the list: any organisation
  AZURE_TOKEN_VERSION    1 or 2, as the registration asks (default: 2)
  TASKS_LISTEN           loopback address and port (default: 127.0.0.1:3000; port 0 takes a free one)
  TASKS_KEY_REFRESH      age at which keys are fetched again (default: 3s)
  TASKS_KEY_COOL_DOWN    pause after a fetch for an unknown key (default: 1s)
  VULNERABLE_HOLES       of `holes` alone: names of holes to open, with commas (default: none)
";

const FAILED: u8 = 1;
const TOLD_WRONGLY: u8 = 2;

/// Runs the program that `choose` makes of the environment, until it is ended. Ends with 1 when it could not run, with 2 when it
/// was told something impossible. Prints `listening on http://ADDRESS` to standard output.
pub fn run(choose: impl FnOnce() -> Result<Program, String>) -> ExitCode {
    if std::env::args().len() > 1 {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let config = Config::from_variables(&|name| std::env::var(name).ok()).map_err(|wrong| wrong.to_string());
    let (program, config) = match choose().and_then(|program| Ok((program, config?))) {
        Ok(chosen) => chosen,
        Err(wrong) => return end(TOLD_WRONGLY, &format!("{wrong}; --help lists all variables")),
    };
    let Ok(runtime) = tokio::runtime::Runtime::new() else { return end(FAILED, "no runtime") };
    match runtime.block_on(until_the_end(program, config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => end(FAILED, &why.to_string()),
    }
}

async fn until_the_end(program: Program, config: Config) -> Result<(), crate::ServeError> {
    eprintln!(
        "!!! THIS PROGRAM IS VULNERABLE ON PURPOSE. It is for teaching and tests. Give it no data and no tokens that matter. !!!"
    );
    let mut running = serve(program, config).await?;
    println!("listening on {}", running.base());
    running.ended().await;
    Ok(())
}

fn end(code: u8, why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::from(code)
}
