//! What can go wrong before a simulator runs.

use std::net::SocketAddr;

use crate::keys::KeyError;
use crate::world::{WorldError, WorldFileError};

/// Why a simulator did not start or could not do what it was told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimulatorError {
    /// Another program listens there.
    #[error("port {} is taken: another program listens on {addr}", addr.port())]
    PortTaken {
        /// The address that was asked for.
        addr: SocketAddr,
    },
    /// The address could not be bound for another reason.
    #[error("cannot listen on {addr}: {source}")]
    Listen {
        /// The address that was asked for.
        addr: SocketAddr,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The address can be reached from other machines, and nobody said that this is meant.
    #[error(
        "`{addr}` is not a loopback address: a simulator hands out tokens to anybody who asks, so it takes \
        `--danger-reachable-from-other-machines` as well"
    )]
    NotLoopback {
        /// The address that was asked for.
        addr: SocketAddr,
    },
    /// The public base is no origin of the form `http(s)://host[:port]`, or a real Entra host.
    #[error("public base `{base}`: {problem}")]
    PublicBase {
        /// What was given.
        base: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The world file could not be read.
    #[error("cannot read the world file `{path}`: {source}")]
    WorldFile {
        /// The file.
        path: std::path::PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The world file was read and is wrong.
    #[error(transparent)]
    WorldRefused(#[from] Box<WorldFileError>),
    /// The world contradicts itself.
    #[error(transparent)]
    World(#[from] WorldError),
    /// The state directory's database cannot be used.
    #[error("state `{}`: {why}", path.display())]
    State {
        /// The file.
        path: std::path::PathBuf,
        /// Why, and what to do.
        why: String,
    },
    /// A key could not be made, read or kept.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The HTTPS listener's certificate was refused by the TLS library.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// No listener was asked for.
    #[error("neither an HTTP nor an HTTPS address was given")]
    NoListener,
    /// A fault rule that says nothing or too much.
    #[error("fault rule: {0}")]
    Fault(String),
    /// The runtime is shutting down.
    #[error("a background task of the simulator did not finish")]
    Interrupted,
}
