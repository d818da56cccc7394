//! `tenantry simulate`: the local Entra alone. What it does instead of starting is in `inspect.rs`.

mod address;
mod inspect;

use std::{net::SocketAddr, path::PathBuf};

use anyhow::Context;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser as _;
use tenantry_simulator::{ShippedWorld, Simulator, SimulatorBuilder};

use crate::{
    exit::{self, Exit},
    terminal,
};

/// Start the simulated Entra alone.
#[derive(Debug, clap::Args)]
#[command(after_help = exit::SIMULATE_HELP)]
pub(crate) struct Args {
    /// World file (TOML): tenants, people, applications. `--print-world --world minimal` prints one to start from.
    #[arg(long, value_name = "FILE", conflicts_with = "world")]
    config: Option<PathBuf>,
    /// One of the worlds that come with it: *demo*, *minimal* (a template), *large* (10 000 tenants).
    #[arg(long, value_name = "NAME", default_value = "demo", value_parser = shipped())]
    world: ShippedWorld,
    /// Do not read the world file again when it changes. `POST /sim/reload` still does.
    #[arg(long, requires = "config")]
    no_watch: bool,
    /// Only say whether the world is sound, how much is in it, and what in it is probably a mistake.
    #[arg(long, conflicts_with = "print_world")]
    check: bool,
    /// With `--check`: one JSON object, for scripts.
    #[arg(long, requires = "check")]
    json: bool,
    /// Only print the world as a world file.
    #[arg(long)]
    print_world: bool,
    /// Plain HTTP address: `PORT` or `ADDRESS:PORT`. Clients such as curl may use it; MSAL wants HTTPS.
    #[arg(long, value_name = "ADDR", default_value = "9400", value_parser = address::parse)]
    http: SocketAddr,
    /// HTTPS address: `PORT` or `ADDRESS:PORT`. Its certificate authority is at `/sim/ca.pem`.
    #[arg(long, value_name = "ADDR", default_value = "9443", value_parser = address::parse)]
    https: SocketAddr,
    /// Origin that clients use where it differs from the HTTPS listener, for example `https://localhost`.
    #[arg(long, value_name = "ORIGIN")]
    public_base: Option<String>,
    /// Keep keys, sign-ins, and what was changed in this folder, so that a restart goes on where it was.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Make keys and ids repeatable. Whoever knows the seed knows the keys.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Do not obey the applications' own lists of allowed tenants: then only the API's check is left.
    #[arg(long)]
    no_native_allow_list: bool,
    /// Permit addresses that other machines can reach. Anybody there can then have any token made.
    #[arg(long)]
    danger_reachable_from_other_machines: bool,
}

/// Completion scripts list the names.
fn shipped() -> impl clap::builder::TypedValueParser<Value = ShippedWorld> {
    PossibleValuesParser::new(ShippedWorld::ALL.map(ShippedWorld::name)).try_map(|name| name.parse())
}

pub(crate) fn run(args: Args) -> anyhow::Result<Exit> {
    if args.check {
        return Ok(inspect::check(args.config.as_deref(), args.world, args.json));
    }
    if args.print_world {
        return inspect::print(args.config.as_deref(), args.world);
    }
    terminal::start_log("warn,tenantry_simulator::reload=info");
    tokio::runtime::Runtime::new()?.block_on(async {
        let world =
            args.config.as_ref().map_or(args.world.name().to_owned(), |path| path.display().to_string());
        let simulator = args.builder().start().await?;
        print_addresses(&simulator, &world);
        super::stop::requested().await.context("cannot listen for Ctrl-C")?;
        simulator.shutdown().await;
        Ok(Exit::Ok)
    })
}

impl Args {
    fn builder(self) -> SimulatorBuilder {
        let mut builder = Simulator::builder().http(self.http).https(self.https).shipped_world(self.world);
        if let Some(path) = self.config {
            builder = builder.world_file(path);
            builder = if self.no_watch { builder } else { builder.watch_world_file() };
        }
        if let Some(base) = self.public_base {
            builder = builder.public_base(&base);
        }
        if let Some(dir) = self.state {
            builder = builder.state_dir(dir);
        }
        if let Some(seed) = self.seed {
            builder = builder.seed(seed);
        }
        if self.no_native_allow_list {
            builder = builder.native_allow_list(false);
        }
        if self.danger_reachable_from_other_machines {
            builder = builder.danger_reachable_from_other_machines();
        }
        builder
    }
}

fn print_addresses(simulator: &Simulator, world: &str) {
    let heading = "A simulated Microsoft Entra ID, for development and tests only";
    anstream::println!("{}", terminal::styled(heading, terminal::BOLD));
    anstream::println!("  world      {world}: {}", simulator.world().counts());
    for base in [simulator.https_base(), simulator.http_base()].into_iter().flatten() {
        anstream::println!("  authority  {base}/{{tenant}}");
    }
    let page = simulator.https_base().unwrap_or(simulator.base());
    anstream::println!("  for you    {page}/sim (people, passwords, configuration to copy)");
    if let Some(https) = simulator.https_base() {
        anstream::println!("  CA         {https}/sim/ca.pem");
    }
    anstream::println!("Ctrl-C ends it.");
}
