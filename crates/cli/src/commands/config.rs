//! `tenantry config check|show`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use crate::{
    config::Config,
    exit::{self, Exit},
    terminal,
};

/// Check or show the configuration file.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Read the file, and say what is wrong with it
    #[command(after_help = exit::CONFIG_HELP)]
    Check(File),
    /// Print the configuration as it is understood, defaults filled in
    Show(File),
}

#[derive(Debug, Args)]
pub(crate) struct File {
    /// The configuration file
    #[arg(default_value = "tenantry.toml", env = "TENANTRY_CONFIG", hide_env_values = true)]
    path: PathBuf,
    /// Print JSON, for scripts
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(command: &ConfigCommand) -> anyhow::Result<Exit> {
    match command {
        ConfigCommand::Check(file) => Ok(check(file)),
        ConfigCommand::Show(file) => show(file),
    }
}

fn check(file: &File) -> Exit {
    let checked = Config::load(&file.path);
    match (&checked, file.json) {
        (Ok(_), true) => println!("{}", json!({"sound": true})),
        (Ok(config), false) => println!("{} is sound: {}", file.path.display(), summary(config)),
        (Err(fault), true) => println!("{}", json!({"sound": false, "reason": format!("{fault:#}")})),
        (Err(fault), false) => terminal::error(fault),
    }
    if checked.is_ok() { Exit::Ok } else { Exit::Refused }
}

fn summary(config: &Config) -> String {
    let tenants = match &config.auth.open_to_every_tenant {
        Some(_) => "OPEN TO EVERY TENANT".to_owned(),
        None => count(config.auth.tenants.len(), "tenant"),
    };
    format!(
        "{}, {}, {tenants}",
        count(config.auth.authorities.len(), "authority"),
        count(config.auth.audiences.len(), "audience")
    )
}

fn count(n: usize, what: &str) -> String {
    match (n, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) => format!("{n} {stem}ies"),
        (_, None) => format!("{n} {what}s"),
    }
}

fn show(file: &File) -> anyhow::Result<Exit> {
    let config = Config::load(&file.path)?.effective()?;
    if file.json {
        println!("{}", serde_json::to_string_pretty(&config)?);
    } else {
        print!("{}", toml::to_string(&config)?);
    }
    Ok(Exit::Ok)
}
