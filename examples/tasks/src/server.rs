//! From a configuration to a running server.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tenantry::{
    AllowList, AllowListError, Audience, AudienceError, Auth, AuthBuilder, BuildError, RefreshSchedule,
    StatusCode,
};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::config::{Config, Keys, Tenants, UnlistedTenant};
use crate::{Store, StoreError, app};

/// How long answers may take that were begun when the end was asked for.
const GRACE: Duration = Duration::from_secs(10);

/// Why the server did not start, or ended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Another program listens there.
    #[error("{address} is taken by another program; end it, or choose another address with TASKS_LISTEN")]
    PortTaken {
        /// The address that was asked for.
        address: SocketAddr,
    },
    /// The system does not let us listen there.
    #[error("cannot listen on {address}: {why}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system says.
        why: std::io::Error,
    },
    /// What to trust is unclear.
    #[error("auth module: {0}")]
    Auth(#[from] BuildError),
    /// The locked allow-list does not count now.
    #[error(transparent)]
    AllowList(#[from] AllowListError),
    /// The client id makes no audience.
    #[error("AZURE_API_CLIENT_ID: {0}")]
    Audience(#[from] AudienceError),
    /// The extra certificate authority cannot be read.
    #[error("TASKS_CA_FILE is `{}`: {why}", path.display())]
    CaFile {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        why: std::io::Error,
    },
    /// The store did not open.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server ended by itself.
    #[error("server: {0}")]
    Server(std::io::Error),
}

/// The auth module that `config` describes: tokens for `{client id}` and `api://{client id}`, v1.0 and v2.0.
///
/// # Errors
/// [`ServeError::Auth`], [`ServeError::AllowList`], [`ServeError::Audience`], [`ServeError::CaFile`]. An authority that cannot be reached is none.
pub async fn auth(config: &Config) -> Result<Auth, ServeError> {
    let client_id = &config.client_id;
    let builder = Auth::builder()
        .authority(config.authority.clone())
        .audience(Audience::new(client_id)?)
        .audience(Audience::new(&format!("api://{client_id}"))?)
        .unlisted_tenant_status(match config.unlisted_tenant {
            UnlistedTenant::Unauthorized => StatusCode::UNAUTHORIZED,
            UnlistedTenant::Forbidden => StatusCode::FORBIDDEN,
        })
        .verdict_cache_bytes(config.verdict_cache_bytes)
        .key_schedule(schedule(config));
    let builder = with_callers(builder, config)?;
    Ok(with_keys(builder, &config.keys)?.build().await?)
}

fn with_callers(builder: AuthBuilder, config: &Config) -> Result<AuthBuilder, ServeError> {
    let listed = match &config.tenants {
        Tenants::Listed(listed) => Some(AllowList::new(listed.iter().copied())),
        Tenants::Locked(locked) => Some(locked.load()?),
        Tenants::EveryTenantOfTheAuthority => None,
    };
    let builder = match listed {
        Some(list) => builder.tenants(list.clone()).warm(list.tenants()),
        None => builder.open_to_every_tenant(),
    };
    let any = config.clients.is_empty();
    Ok(if any { builder } else { builder.clients(config.clients.iter().cloned()) })
}

fn with_keys(builder: AuthBuilder, keys: &Keys) -> Result<AuthBuilder, ServeError> {
    let builder = match &keys.ca_file {
        Some(path) => {
            let unreadable = |why| ServeError::CaFile { path: path.clone(), why };
            builder.trust_pem(std::fs::read(path).map_err(unreadable)?)
        }
        None => builder,
    };
    Ok(match &keys.cache_dir {
        Some(dir) => builder.key_cache_dir(dir),
        None => builder,
    })
}

/// Keys of a simulator on this machine change while somebody watches; those of Entra do not.
fn schedule(config: &Config) -> RefreshSchedule {
    let schedule = if is_on_this_machine(config.authority.base()) {
        RefreshSchedule::development()
    } else {
        RefreshSchedule::default()
    };
    let schedule = config.keys.refresh.map_or(schedule, |refresh| schedule.with_interval(refresh));
    config.keys.cool_down.map_or(schedule, |cool_down| schedule.with_cool_down(cool_down))
}

pub(crate) fn is_on_this_machine(base: &str) -> bool {
    let host_and_port = base.split_once("://").map_or(base, |(_, rest)| rest);
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| {
        host_and_port.strip_prefix(host).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    })
}

/// Serves until `shutdown` is over, then lets answers end that were begun (10 s at most), and closes the store.
///
/// # Errors
/// [`ServeError`]; above all [`ServeError::PortTaken`].
pub async fn serve(
    config: &Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let listener = listen(config.listen).await?;
    let store = open_store(config).await?;
    let auth = auth(config).await?;
    let router = app(config, &auth, store.clone());
    tracing::info!("tasks API on http://{}", listener.local_addr().map_err(ServeError::Server)?);
    let (ending, ended) = oneshot::channel();
    let shutdown = async {
        shutdown.await;
        let _ = ending.send(());
    };
    let served = tokio::select! {
        served = axum::serve(listener, router).with_graceful_shutdown(shutdown) => served,
        () = after_grace(ended) => Ok(()),
    };
    store.close().await;
    served.map_err(ServeError::Server)
}

#[cfg(not(feature = "test-layers"))]
async fn open_store(config: &Config) -> Result<Store, StoreError> {
    Store::open(&config.database).await
}

/// As the configuration says, and loud where a wall is down.
#[cfg(feature = "test-layers")]
async fn open_store(config: &Config) -> Result<Store, StoreError> {
    if !config.layers_off.is_none() {
        let off = config.layers_off;
        tracing::error!("TASKS_TEST_LAYERS_OFF={off}: tenants may see each other's tasks; for tests only");
    }
    Store::open_without(&config.database, config.layers_off).await
}

async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|why| match why.kind() {
        std::io::ErrorKind::AddrInUse => ServeError::PortTaken { address },
        _ => ServeError::Listen { address, why },
    })
}

/// A client that never finishes must not keep the process.
async fn after_grace(ended: oneshot::Receiver<()>) {
    let _ = ended.await;
    tokio::time::sleep(GRACE).await;
    tracing::warn!("some requests did not end in time");
}

#[cfg(test)]
mod tests {
    use super::is_on_this_machine;

    #[test]
    fn only_this_machine_gets_the_short_schedule() {
        for near in
            ["http://localhost:9400", "https://localhost:9443", "http://127.0.0.1:1", "http://[::1]:1"]
        {
            assert!(is_on_this_machine(near), "{near}");
        }
        for far in
            ["https://login.microsoftonline.com", "https://localhost.example", "https://127.0.0.1.example:1"]
        {
            assert!(!is_on_this_machine(far), "{far}");
        }
    }
}
