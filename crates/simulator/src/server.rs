//! A running simulator: its listeners and what code in the same process may ask of it.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use url::Url;

use crate::authority::Authority;
use crate::builder::{SimulatorBuilder, any_port};
use crate::error::SimulatorError;
use crate::faults::Fault;
use crate::hosts;
use crate::keys::{KeyRotation, KeySource, Keys, RotatedKeys};
use crate::random::Random;
use crate::reload;
use crate::requests::{REQUESTS_MAX, RecordedRequests};
use crate::service::{Transport, serve};
use crate::source::Source;
use crate::state::{Authorities, Context, Parts, State};
use crate::store::{Remembered, Store};
use crate::tls;
use crate::tokens::{MintError, Minted, TokenRequest, mint};
use crate::world::World;

/// A running simulator. Dropping it closes its listeners.
pub struct Simulator {
    state: Arc<State>,
    /// The listeners, and the eye on the world file.
    tasks: Vec<JoinHandle<()>>,
    store: Option<Arc<Store>>,
}

impl Simulator {
    /// Starts the built-in world on a random loopback port, plain HTTP.
    ///
    /// # Errors
    /// [`SimulatorError`], in practice only when the machine has no free port.
    pub async fn start() -> Result<Self, SimulatorError> {
        Self::builder().start().await
    }

    /// Choices before the start.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder::default()
    }

    pub(crate) async fn start_with(choices: SimulatorBuilder) -> Result<Self, SimulatorError> {
        let (public, seed) = (choices.check_public_base()?, choices.seed);
        let bound = Bound::listen(&choices).await?;
        let authorities = bound.authorities(public.as_ref());
        let public_host = public.and_then(|url| url.host_str().map(ToOwned::to_owned));
        let secure = authorities.https.clone();
        let tasks_api = choices.tasks_api.clone();
        let (watch, source) = (choices.watch, Source::new(choices.world.clone(), choices.native_allow_list));
        let (store, remembered) = match &choices.state_dir {
            Some(directory) => {
                Store::open(directory).await.map(|(store, kept)| (Some(Arc::new(store)), kept))?
            }
            None => (None, Remembered::default()),
        };
        let (world, remembered, source, keys, tls) = blocking(move || {
            let world = remembered.world(source.load()?, &source.digest())?;
            let keys = Keys::open(KeySource::open(choices.seed, choices.state_dir.as_deref())?)?;
            let names = |secure: Authority| {
                public_host.into_iter().chain(hosts::names(&world, secure.host())).collect()
            };
            let tls = secure.map(|secure| tls::server_config(keys.source(), names(secure))).transpose()?;
            Ok((world, remembered, source, keys, tls))
        })
        .await?;
        let parts = Parts { source, keys, random: Random::new(seed), authorities, tasks_api };
        let state = Arc::new(State::new(world, parts));
        if store.is_some() {
            remembered.restore(&state);
        }
        tracing::warn!(authorities = ?state.authorities, "simulator started: anybody who reaches it can have any token made");
        let mut tasks = bound.serve(&state, tls);
        tasks.extend(watch.then(|| tokio::spawn(reload::watch(Arc::clone(&state)))));
        tasks.extend(store.clone().map(|store| tokio::spawn(store.keep(Arc::clone(&state)))));
        Ok(Self { tasks, state, store })
    }

    /// Base of the HTTP listener, for example `http://localhost:9400`; `None` when there is none.
    pub fn http_base(&self) -> Option<&str> {
        self.state.authorities.http.as_ref().map(Authority::base)
    }

    /// Base of the HTTPS listener, for example `https://localhost:9443`; `None` when there is none.
    pub fn https_base(&self) -> Option<&str> {
        self.state.authorities.https.as_ref().map(Authority::base)
    }

    /// Base of the HTTP listener, or of the HTTPS one where that is the only one.
    pub fn base(&self) -> &str {
        self.authority().base()
    }

    /// Certificate of the simulator's authority, PEM: what a client of the HTTPS listener must trust. Takes a moment
    /// at the first call when there is no HTTPS listener.
    ///
    /// # Errors
    /// [`SimulatorError::Key`] when the key cannot be made or kept.
    pub fn ca_pem(&self) -> Result<String, SimulatorError> {
        Ok(tls::authority_pem(self.state.keys.source())?)
    }

    /// The world as it is now.
    pub fn world(&self) -> Arc<World> {
        self.state.world()
    }

    /// Makes any token, as `POST /sim/tokens` does.
    ///
    /// # Errors
    /// [`MintError`] names the field that makes no sense.
    pub fn mint(&self, request: &TokenRequest) -> Result<Minted, MintError> {
        let authority = match request.listener.as_deref() {
            None => Some(self.authority()),
            Some(name) => self.state.authorities.named(name),
        };
        let problem = || MintError { field: "listener", problem: "no such listener is up".to_owned() };
        mint(&self.state, authority.ok_or_else(problem)?, request)
    }

    /// Rotates signing keys, as `POST /sim/keys/rotate` does. Takes as long as an RSA key takes to make.
    ///
    /// # Errors
    /// [`SimulatorError::Key`] when a key cannot be made or kept, or when the world knows no such owner.
    pub async fn rotate_keys(&self, how: KeyRotation) -> Result<RotatedKeys, SimulatorError> {
        let state = Arc::clone(&self.state);
        blocking(move || state.rotate_keys(how)).await
    }

    /// Replaces the fault rules; an empty list ends all faults.
    ///
    /// # Errors
    /// [`SimulatorError::Fault`] for a rule that says nothing or too much; the old rules stay.
    pub fn set_faults(&self, rules: Vec<Fault>) -> Result<(), SimulatorError> {
        self.state.faults.replace(rules).map_err(SimulatorError::Fault)
    }

    /// Unix seconds by the simulator's clock.
    pub fn now(&self) -> i64 {
        self.state.clock.now()
    }

    /// Moves the clock so that it is `offset_s` seconds ahead of the system's; negative for behind.
    pub fn set_clock_offset_s(&self, offset_s: i64) {
        self.state.clock.set_offset_s(offset_s);
    }

    /// Whether applications' `allowed_tenants` is obeyed from now on.
    pub fn set_native_allow_list(&self, enabled: bool) {
        self.state.set_native_allow_list(enabled);
    }

    /// What clients sent since the start or the last [`Simulator::clear_requests`].
    pub fn requests(&self) -> RecordedRequests {
        self.state.requests.select(REQUESTS_MAX, |_, _| true)
    }

    /// Forgets the recorded requests and their counts.
    pub fn clear_requests(&self) {
        self.state.requests.clear();
    }

    /// Closes the listeners, waits until their ports are free, and writes down what a state directory is to keep. A
    /// simulator that is dropped instead loses up to the last quarter of a second of that.
    pub async fn shutdown(mut self) {
        for task in std::mem::take(&mut self.tasks) {
            task.abort();
            let _ = task.await;
        }
        if let Some(store) = self.store.take() {
            store.close(&self.state).await;
        }
    }

    fn authority(&self) -> &Authority {
        let Authorities { http, https } = &self.state.authorities;
        http.as_ref().or(https.as_ref()).unwrap_or_else(|| unreachable!("a simulator has a listener"))
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulator").field("authorities", &self.state.authorities).finish_non_exhaustive()
    }
}

impl Authorities {
    /// The listener called `http` or `https`.
    pub(crate) fn named(&self, name: &str) -> Option<&Authority> {
        match name {
            "http" => self.http.as_ref(),
            "https" => self.https.as_ref(),
            _ => None,
        }
    }
}

/// Sockets that are open and not yet served.
struct Bound {
    http: Option<TcpListener>,
    https: Option<TcpListener>,
}

impl Bound {
    async fn listen(choices: &SimulatorBuilder) -> Result<Self, SimulatorError> {
        let http = choices.http.or_else(|| choices.https.is_none().then(any_port));
        let mut bound = Self { http: None, https: None };
        if let Some(addr) = http {
            bound.http = Some(listen(choices.check_address(addr)?).await?);
        }
        if let Some(addr) = choices.https {
            bound.https = Some(listen(choices.check_address(addr)?).await?);
        }
        Ok(bound)
    }

    fn authorities(&self, public: Option<&Url>) -> Authorities {
        let base = |listener: &Option<TcpListener>, scheme: &str, alone: bool| {
            let port = listener.as_ref()?.local_addr().ok()?.port();
            let fits = public.filter(|url| alone || url.scheme() == scheme);
            Some(fits.map_or_else(
                || Authority::new(&format!("{scheme}://localhost:{port}")),
                |url| Authority::new(url.as_str()),
            ))
        };
        Authorities {
            http: base(&self.http, "http", self.https.is_none()),
            https: base(&self.https, "https", self.http.is_none()),
        }
    }

    fn serve(self, state: &Arc<State>, tls: Option<Arc<rustls::ServerConfig>>) -> Vec<JoinHandle<()>> {
        let context = |authority: &Option<Authority>| {
            authority.clone().map(|authority| Context { state: Arc::clone(state), authority })
        };
        let plain = self.http.zip(context(&state.authorities.http));
        let plain = plain.map(|(listener, context)| tokio::spawn(serve(listener, Transport::Plain, context)));
        let secure = self.https.zip(context(&state.authorities.https)).zip(tls);
        let secure = secure.map(|((listener, context), tls)| {
            tokio::spawn(serve(listener, Transport::Tls(TlsAcceptor::from(tls)), context))
        });
        plain.into_iter().chain(secure).collect()
    }
}

async fn listen(addr: SocketAddr) -> Result<TcpListener, SimulatorError> {
    TcpListener::bind(addr).await.map_err(|source| match source.kind() {
        std::io::ErrorKind::AddrInUse => SimulatorError::PortTaken { addr },
        _ => SimulatorError::Listen { addr, source },
    })
}

/// Runs slow work (key generation, files) where it holds up nobody.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SimulatorError> + Send + 'static,
) -> Result<T, SimulatorError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| SimulatorError::Interrupted)?
}
