//! `tenantry simulate`: the local Entra alone.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::Context;
use tenantry_simulator::{Simulator, SimulatorBuilder};

use crate::{exit::Exit, terminal};

/// Start the simulated Entra alone.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// World file (TOML): tenants, people, applications. Default: the built-in world.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Plain HTTP address: `PORT` or `ADDRESS:PORT`. Clients such as curl may use it; MSAL wants HTTPS.
    #[arg(long, value_name = "ADDR", default_value = "9400", value_parser = address)]
    http: SocketAddr,
    /// HTTPS address: `PORT` or `ADDRESS:PORT`. Its certificate authority is at `/sim/ca.pem`.
    #[arg(long, value_name = "ADDR", default_value = "9443", value_parser = address)]
    https: SocketAddr,
    /// Origin that clients use where it differs from the HTTPS listener, for example `https://localhost`.
    #[arg(long, value_name = "ORIGIN")]
    public_base: Option<String>,
    /// Keep keys in this folder, so that they survive a restart.
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

pub(crate) fn run(args: Args) -> anyhow::Result<Exit> {
    terminal::start_log("warn");
    tokio::runtime::Runtime::new()?.block_on(async {
        let simulator = args.builder().start().await?;
        print_addresses(&simulator);
        super::stop::requested().await.context("cannot listen for Ctrl-C")?;
        simulator.shutdown().await;
        Ok(Exit::Ok)
    })
}

impl Args {
    fn builder(self) -> SimulatorBuilder {
        let mut builder = Simulator::builder().http(self.http).https(self.https);
        if let Some(path) = self.config {
            builder = builder.world_file(path);
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

/// A port alone means this machine alone.
fn address(text: &str) -> Result<SocketAddr, String> {
    match (text.parse::<u16>(), text.parse()) {
        (Ok(port), _) => Ok(SocketAddr::from(([127, 0, 0, 1], port))),
        (_, Ok(address)) => Ok(address),
        _ => Err(format!("`{text}` is neither a port nor an address such as `127.0.0.1:9400`")),
    }
}

fn print_addresses(simulator: &Simulator) {
    let heading = "A simulated Microsoft Entra ID, for development and tests only";
    anstream::println!("{}", terminal::styled(heading, terminal::BOLD));
    for base in [simulator.https_base(), simulator.http_base()].into_iter().flatten() {
        anstream::println!("  authority  {base}/{{tenant}}");
    }
    anstream::println!("  directory  {}/sim/directory", simulator.base());
    if let Some(https) = simulator.https_base() {
        anstream::println!("  CA         {https}/sim/ca.pem");
    }
    anstream::println!("Ctrl-C ends it.");
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_port_alone_is_loopback() {
        assert_eq!(address("9400").unwrap().to_string(), "127.0.0.1:9400");
        assert_eq!(address("[::1]:80").unwrap().to_string(), "[::1]:80");
        assert!(address("70000").is_err() && address("localhost").is_err() && address("").is_err());
    }
}
