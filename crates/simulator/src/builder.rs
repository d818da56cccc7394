//! How a simulator shall be started.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use url::Url;

use crate::error::SimulatorError;
use crate::server::Simulator;
use crate::source::WorldSource;
use crate::world::{ShippedWorld, World, is_real_host};

/// Choices for a simulator; made by [`Simulator::builder`].
#[derive(Debug, Clone, Default)]
pub struct SimulatorBuilder {
    pub(crate) http: Option<SocketAddr>,
    pub(crate) https: Option<SocketAddr>,
    pub(crate) public_base: Option<String>,
    pub(crate) seed: Option<u64>,
    pub(crate) world: WorldSource,
    pub(crate) watch: bool,
    pub(crate) state_dir: Option<PathBuf>,
    pub(crate) native_allow_list: Option<bool>,
    pub(crate) tasks_api: Option<String>,
    pub(crate) reachable_from_other_machines: bool,
}

/// A random port on the loopback interface.
pub(crate) fn any_port() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

impl SimulatorBuilder {
    /// Listens for plain HTTP there. Default: a random loopback port, unless only HTTPS was asked for.
    #[must_use]
    pub fn http(self, addr: SocketAddr) -> Self {
        Self { http: Some(addr), ..self }
    }

    /// Listens for HTTPS there, with a certificate of the simulator's own authority. Default: not at all.
    #[must_use]
    pub fn https(self, addr: SocketAddr) -> Self {
        Self { https: Some(addr), ..self }
    }

    /// Listens for HTTPS on a random loopback port.
    #[must_use]
    pub fn https_on_any_port(self) -> Self {
        self.https(any_port())
    }

    /// Origin that clients reach the simulator by, where it differs from the listener, for example
    /// `https://localhost` behind a port forward. Used for the listener of its scheme, or for the only one.
    #[must_use]
    pub fn public_base(self, base: &str) -> Self {
        Self { public_base: Some(base.to_owned()), ..self }
    }

    /// Where the tasks API answers: named in the configuration that `/sim` offers to copy. Default
    /// `http://localhost:3000`, where the example listens by itself.
    #[must_use]
    pub fn tasks_api(self, base: &str) -> Self {
        Self { tasks_api: Some(base.to_owned()), ..self }
    }

    /// Makes keys, certificates and token ids repeatable. Whoever knows the seed knows the keys. Default: random.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// The world to play. Default: [`World::builtin`].
    #[must_use]
    pub fn world(self, world: World) -> Self {
        Self { world: WorldSource::Given(world), ..self }
    }

    /// One of the worlds that come with the simulator. Default: [`ShippedWorld::Demo`].
    #[must_use]
    pub fn shipped_world(self, world: ShippedWorld) -> Self {
        Self { world: WorldSource::Shipped(world), ..self }
    }

    /// Reads the world from a TOML file at start, and whenever it is told to reload.
    #[must_use]
    pub fn world_file(self, path: impl Into<PathBuf>) -> Self {
        Self { world: WorldSource::File(path.into()), ..self }
    }

    /// Reads the world file again by itself within about a second after it changed. A broken one is refused: the last
    /// good one stays, and `GET /sim/health` says what is wrong. Default: only when told by `POST /sim/reload`.
    #[must_use]
    pub fn watch_world_file(self) -> Self {
        Self { watch: true, ..self }
    }

    /// Keeps the keys there, readable by the owner only, so that they survive a restart. With the feature `sqlite` also
    /// what was changed in the directory, browser sessions, refresh tokens, waiting devices, faults and the clock. Default:
    /// memory only.
    #[must_use]
    pub fn state_dir(self, path: impl Into<PathBuf>) -> Self {
        Self { state_dir: Some(path.into()), ..self }
    }

    /// Whether `allowed_tenants` of applications is obeyed at start. Default: as the world says. Off shows that an
    /// API's own tenant check holds by itself.
    #[must_use]
    pub fn native_allow_list(self, enabled: bool) -> Self {
        Self { native_allow_list: Some(enabled), ..self }
    }

    /// Permits addresses that other machines can reach. Anybody there can then have any token made.
    #[must_use]
    pub fn danger_reachable_from_other_machines(self) -> Self {
        Self { reachable_from_other_machines: true, ..self }
    }

    /// Starts it.
    ///
    /// # Errors
    /// [`SimulatorError`]: a taken port, an address that is not loopback, a broken world, an unusable state
    /// directory.
    pub async fn start(self) -> Result<Simulator, SimulatorError> {
        Simulator::start_with(self).await
    }

    pub(crate) fn check_address(&self, addr: SocketAddr) -> Result<SocketAddr, SimulatorError> {
        match addr.ip().is_loopback() || self.reachable_from_other_machines {
            true => Ok(addr),
            false => Err(SimulatorError::NotLoopback { addr }),
        }
    }

    pub(crate) fn check_public_base(&self) -> Result<Option<Url>, SimulatorError> {
        let Some(base) = &self.public_base else { return Ok(None) };
        let refuse = |problem| SimulatorError::PublicBase { base: base.clone(), problem };
        let url = Url::parse(base).map_err(|_| refuse("not a URL"))?;
        if !matches!(url.scheme(), "http" | "https")
            || url.path() != "/"
            || url.query().is_some()
            || url.fragment().is_some()
        {
            return Err(refuse("must be `http(s)://host[:port]` and nothing more"));
        }
        if is_real_host(url.host_str().unwrap_or_default()) {
            return Err(refuse("the simulator must not pose as a real identity provider"));
        }
        Ok(Some(url))
    }
}
