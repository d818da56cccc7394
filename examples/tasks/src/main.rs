//! The executable `tasks`. Ends with 0, with 1 when it could not run, with 2 when it was told something impossible.

use std::process::ExitCode;

use tasks::{Config, LockedTenants, ServeError, Store, Tenants};
use tenantry::ListStatus;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

const FAILED: u8 = 1;
const TOLD_WRONGLY: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => configured(serve),
        ["--check"] => configured(check),
        ["--migrate"] => configured(migrate),
        ["--help" | "-h"] => {
            print!("{}", tasks::help());
            ExitCode::SUCCESS
        }
        ["--version" | "-V"] => {
            println!("tasks {}", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("tasks: unknown argument; `tasks --help` lists what there is");
            ExitCode::from(TOLD_WRONGLY)
        }
    }
}

/// Reads the environment, then runs `command`.
fn configured(command: impl AsyncFnOnce(&Config) -> Result<(), ServeError>) -> ExitCode {
    log_to_stderr();
    let set = std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned());
    for name in tasks::unknown_variables(set) {
        tracing::warn!("{name} is set, and means nothing here; `tasks --help` lists all variables");
    }
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(wrong) => {
            eprintln!("tasks: {wrong}\n`tasks --help` lists all variables");
            return ExitCode::from(TOLD_WRONGLY);
        }
    };
    match run(command(&config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tasks: {error}");
            ExitCode::from(FAILED)
        }
    }
}

fn run(command: impl Future<Output = Result<(), ServeError>>) -> Result<(), ServeError> {
    tokio::runtime::Runtime::new().map_err(ServeError::Server)?.block_on(command)
}

async fn serve(config: &Config) -> Result<(), ServeError> {
    if config.tenants == Tenants::EveryTenantOfTheAuthority {
        tracing::warn!("ALLOW_ANY_TENANT=true: every organisation in the world may sign in here");
    }
    tasks::serve(config, end_of_work()?).await
}

/// Reading the configuration checked it; a locked list is read as well, and nothing is remembered of it.
async fn check(config: &Config) -> Result<(), ServeError> {
    print!("{config}");
    if let Tenants::Locked(locked) = &config.tenants {
        let list = LockedTenants { seen_file: None, ..locked.clone() }.load()?;
        let tenants = list.tenants().len();
        if let Some(ListStatus { revision, digest, expires_at, .. }) = list.status() {
            let end = tenantry::rfc3339(expires_at);
            println!("# allow-list: revision {revision}, tenants: {tenants}, until {end}, {digest}");
        }
    }
    Ok(())
}

async fn migrate(config: &Config) -> Result<(), ServeError> {
    Store::open(&config.database).await?.close().await;
    println!("{} is up to date", config.database);
    Ok(())
}

/// Ctrl-C, or a service manager's word.
fn end_of_work() -> Result<impl Future<Output = ()> + Send + 'static, ServeError> {
    let mut terminate = signal(SignalKind::terminate()).map_err(ServeError::Server)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(ServeError::Server)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
