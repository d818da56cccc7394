//! `[simulator]`: the gate's own simulator, where nobody names one that runs already.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{TargetError, wrong};

/// Where the gate's own simulator listens, and what it plays. The target has to trust these addresses, so they are fixed.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct SimulatorSettings {
    /// Address of the plain HTTP listener, on this machine. Default `127.0.0.1:9400`; port 0 takes any that is free.
    pub http: SocketAddr,
    /// Address of the HTTPS listener. Default `127.0.0.1:9443`. Its certificate authority is at `/sim/ca.pem`.
    pub https: SocketAddr,
    /// Which of the two the target has for its authority. Default: HTTP.
    pub authority: Listener,
    /// A world file, beside `gate.toml` unless the path is absolute. Default: the built-in world.
    pub world: Option<PathBuf>,
}

/// One of the simulator's two listeners. Version 2 tokens of each have an issuer of their own.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Listener {
    /// `http://localhost:9400`.
    #[default]
    Http,
    /// `https://localhost:9443`.
    Https,
}

impl Default for SimulatorSettings {
    fn default() -> Self {
        let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Self { http: at(9400), https: at(9443), authority: Listener::Http, world: None }
    }
}

impl SimulatorSettings {
    pub(super) fn check(&self) -> Result<(), TargetError> {
        let here = |key, address: SocketAddr| match address.ip().is_loopback() {
            true => Ok(()),
            false => {
                Err(wrong(key, format!("`{address}` can be reached from other machines; use 127.0.0.1")))
            }
        };
        here("simulator.http", self.http)?;
        here("simulator.https", self.https)
    }
}
