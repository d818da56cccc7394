//! Runs the built-in world on fixed ports until Ctrl-C: `cargo run -p tenantry-simulator --example serve -- 9400 9443`.

use std::net::SocketAddr;

use tenantry_simulator::Simulator;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut ports = std::env::args().skip(1).map(|port| port.parse::<u16>());
    let mut address = |default| {
        let port = ports.next().unwrap_or(Ok(default))?;
        Ok::<_, std::num::ParseIntError>(SocketAddr::from(([127, 0, 0, 1], port)))
    };
    let (http, https) = (address(9400)?, address(9443)?);
    let simulator = Simulator::builder().http(http).https(https).start().await?;
    println!("{}\n{}/sim", simulator.https_base().unwrap_or_default(), simulator.base());
    tokio::signal::ctrl_c().await?;
    simulator.shutdown().await;
    Ok(())
}
