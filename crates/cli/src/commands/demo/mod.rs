//! `tenantry demo`: a simulated Entra with several tenants, and the tasks API behind its auth module, on this machine.

mod api;
mod banner;
mod page;
mod tenants;

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Context;
use tenantry_simulator::Simulator;
use tokio::net::TcpListener;

use crate::{exit::Exit, terminal};

/// Start a simulated Entra with several tenants, and a tasks API that they share.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Ports: N for the tasks API, N+1 and N+2 for the simulator (HTTP, HTTPS). Default: 8080, 9400, 9443.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=65_533))]
    port_base: Option<u16>,
    /// Make keys and ids repeatable.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Origin of a page that may call the tasks API; can be repeated.
    #[arg(long, value_name = "ORIGIN", default_value = "http://localhost:5173")]
    allow_origin: Vec<tasks::Origin>,
    #[command(flatten)]
    lock: tenants::LockArgs,
    /// Print the addresses as one line of JSON, for scripts.
    #[arg(long)]
    json: bool,
}

/// Where the demo's three listeners are.
struct Ports {
    front_door: u16,
    http: u16,
    https: u16,
}

impl Ports {
    fn chosen(base: Option<u16>) -> Self {
        match base {
            Some(n) => Self { front_door: n, http: n + 1, https: n + 2 },
            None => Self { front_door: 8080, http: 9400, https: 9443 },
        }
    }
}

pub(crate) fn run(args: Args) -> anyhow::Result<Exit> {
    terminal::start_log("warn,tenantry::decision=info,tenantry::allow_list=info");
    tokio::runtime::Runtime::new()?.block_on(serve(args))
}

async fn serve(args: Args) -> anyhow::Result<Exit> {
    let ports = Ports::chosen(args.port_base);
    let tenants = args.lock.tenants()?;
    let front_door = listen(ports.front_door).await?;
    let simulator = start_simulator(&ports, args.seed).await?;
    let front_door_base = format!("http://localhost:{}", ports.front_door);
    let stage = page::Stage::new(&simulator, &tenants, &front_door_base)?;
    let api = api::router(&simulator, tenants, args.allow_origin).await?;
    let router = api.merge(page::router(&stage)?);
    if args.json {
        println!("{}", banner::json(&stage));
    } else {
        banner::print(&stage);
    }
    axum::serve(front_door, router).with_graceful_shutdown(stop()).await.context("the front door failed")?;
    simulator.shutdown().await;
    Ok(Exit::Ok)
}

async fn stop() {
    if let Err(fault) = super::stop::requested().await {
        tracing::error!(%fault, "cannot listen for Ctrl-C, stopping");
    }
}

/// The demo shows that the API's own tenant check holds alone: the provider's native list is off.
async fn start_simulator(ports: &Ports, seed: Option<u64>) -> anyhow::Result<Simulator> {
    let mut builder = Simulator::builder()
        .http(loopback(ports.http))
        .https(loopback(ports.https))
        .native_allow_list(false)
        .tasks_api(&format!("http://localhost:{}", ports.front_door));
    if let Some(seed) = seed {
        builder = builder.seed(seed);
    }
    builder.start().await.context("the simulator did not start: `--port-base N` moves all three ports")
}

async fn listen(port: u16) -> anyhow::Result<TcpListener> {
    let bound = TcpListener::bind(loopback(port)).await;
    bound.with_context(|| {
        format!("port {port} is taken, or not to be had: `--port-base N` moves all three ports")
    })
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}
