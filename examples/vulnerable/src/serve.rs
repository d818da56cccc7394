//! From a configuration to a running program, on this machine alone.

use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::known::{self, KnownHole};
use crate::{Config, Holes, holes, tenant_peek, two_tenants};

/// Which API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Looks at the unverified `tid`, then verifies with that tenant's keys.
    TenantPeek,
    /// Issuer validation off; the address says who somebody is.
    TwoTenants,
    /// Right, but for these.
    Holes(Holes),
}

impl Program {
    /// What is wrong with it, by name; of [`Program::Holes`] what may be.
    pub fn known_holes(self) -> &'static [KnownHole] {
        match self {
            Self::TenantPeek => known::TENANT_PEEK,
            Self::TwoTenants => known::TWO_TENANTS,
            Self::Holes(_) => holes::KNOWN,
        }
    }
}

/// Why a program does not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Others could reach it there.
    #[error(
        "{0} can be reached from other machines; these programs are vulnerable, listen on 127.0.0.1 or [::1]"
    )]
    NotThisMachine(SocketAddr),
    /// Another program listens there, or the system does not let us.
    #[error("cannot listen on {address}: {why}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system says.
        why: std::io::Error,
    },
    /// No HTTP client for the key documents.
    #[error("cannot fetch key documents: {0}")]
    Client(#[from] reqwest::Error),
}

/// A program that runs until it is shut down or dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same as a URL, without a slash at the end.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns when the program ends, which it does not do by itself.
    pub async fn ended(&mut self) {
        let _ = (&mut self.server).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Starts `program` at [`Config::listen`]. Dropping the answer ends it.
///
/// # Errors
/// [`ServeError::NotThisMachine`] for any address but loopback's; [`ServeError::Listen`].
pub async fn serve(program: Program, config: Config) -> Result<Running, ServeError> {
    let listen = config.listen;
    if !listen.ip().is_loopback() {
        return Err(ServeError::NotThisMachine(listen));
    }
    let cannot = |why| ServeError::Listen { address: listen, why };
    let listener = TcpListener::bind(listen).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let router = router(program, config)?;
    let server = tokio::spawn(async move {
        if let Err(why) = axum::serve(listener, router).await {
            eprintln!("server: {why}");
        }
    });
    Ok(Running { address, server })
}

fn router(program: Program, config: Config) -> Result<Router, ServeError> {
    let http = reqwest::Client::builder()
        .timeout(std::time::Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()?;
    Ok(match program {
        Program::TenantPeek => tenant_peek::app(config, http),
        Program::TwoTenants => two_tenants::app(config, http),
        Program::Holes(holes) => holes::app(config, holes, http),
    })
}
