//! Everything one running simulator shares between its listeners.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::authority::Authority;
use crate::clock::Clock;
use crate::devices::Devices;
use crate::error::SimulatorError;
use crate::faults::Faults;
use crate::grants::GrantStore;
use crate::graph::GraphControls;
#[cfg(feature = "sqlite")]
use crate::kept::Persist;
use crate::keys::{KeyError, KeyRotation, Keys, RotatedKeys};
use crate::random::Random;
use crate::requests::RequestLog;
use crate::sessions::Sessions;
use crate::source::Source;
use crate::tickets::Tickets;
use crate::world::{World, WorldError};

/// Where the tasks example listens by itself.
const TASKS_API: &str = "http://localhost:3000";

/// The shared state.
pub(crate) struct State {
    world: RwLock<Arc<World>>,
    /// Held during a change, so that two cannot overwrite each other and readers need not wait.
    changing: Mutex<()>,
    native_allow_list: AtomicBool,
    /// Where the world comes from, and how the last attempt to read it again ended.
    pub(crate) source: Source,
    pub(crate) keys: Keys,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) faults: Faults,
    pub(crate) requests: RequestLog,
    pub(crate) sessions: Sessions,
    pub(crate) grants: GrantStore,
    pub(crate) devices: Devices,
    pub(crate) graph: GraphControls,
    pub(crate) tickets: Tickets,
    pub(crate) authorities: Authorities,
    /// Where the tasks API answers, for configuration to copy.
    pub(crate) tasks_api: String,
}

/// What a state is made of besides its world.
pub(crate) struct Parts {
    pub(crate) source: Source,
    pub(crate) keys: Keys,
    pub(crate) random: Random,
    pub(crate) authorities: Authorities,
    pub(crate) tasks_api: Option<String>,
}

/// The public bases of the listeners that are up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Authorities {
    pub(crate) http: Option<Authority>,
    pub(crate) https: Option<Authority>,
}

impl State {
    pub(crate) fn new(world: World, parts: Parts) -> Self {
        let Parts { source, keys, random, authorities, tasks_api } = parts;
        Self {
            native_allow_list: AtomicBool::new(world.native_allow_list),
            world: RwLock::new(Arc::new(world)),
            source,
            changing: Mutex::new(()),
            devices: Devices::default(),
            tickets: Tickets::new(&random),
            keys,
            clock: Clock::default(),
            random,
            faults: Faults::default(),
            requests: RequestLog::default(),
            sessions: Sessions::default(),
            grants: GrantStore::default(),
            graph: GraphControls::default(),
            authorities,
            tasks_api: tasks_api.unwrap_or_else(|| TASKS_API.to_owned()),
        }
    }

    /// The world as it is now; a request works on one snapshot throughout.
    pub(crate) fn world(&self) -> Arc<World> {
        Arc::clone(&self.world.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the world by a changed one; requests under way go on with the old one.
    ///
    /// # Errors
    /// What `change` says, or the rule of the world that the change would break. Nothing is changed then.
    pub(crate) fn change<T, E: From<WorldError>>(
        &self,
        change: impl FnOnce(&mut World) -> Result<T, E>,
    ) -> Result<T, E> {
        let _alone = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.world();
        let mut world = World::clone(&before);
        let answer = change(&mut world)?;
        world.settle_after(&before)?;
        *self.world.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(world);
        Ok(answer)
    }

    /// Rotates the keys of an owner that the world knows. Slow (generation); call it where blocking is allowed.
    pub(crate) fn rotate_keys(&self, how: KeyRotation) -> Result<RotatedKeys, SimulatorError> {
        match self.world().key_owners().contains(&how.owner) {
            true => Ok(self.keys.rotate(how)?),
            false => Err(KeyError::NoOwner(format!("{:?}", how.owner)).into()),
        }
    }

    /// Puts another world in its place, which must be settled.
    pub(crate) fn replace(&self, world: World) {
        let _alone = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        self.set_native_allow_list(world.native_allow_list);
        *self.world.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(world);
    }

    /// Forgets what happened since the start: sessions, codes, refresh tokens, waiting devices, faults, Graph's lag and
    /// throttle, the clock's offset, requests.
    pub(crate) fn forget(&self) {
        self.sessions.clear();
        self.grants.clear();
        self.devices.clear();
        self.faults.clear();
        self.graph.lag.set_lag_ms(0);
        self.graph.throttle.set(None);
        self.clock.set_offset_s(0);
        self.requests.clear();
    }

    /// What a store keeps across a restart, by the names it has there.
    #[cfg(feature = "sqlite")]
    pub(crate) fn persisted(&self) -> [(&'static str, &dyn Persist); 3] {
        [
            ("session", self.sessions.persisted()),
            ("refresh_token", self.grants.persisted()),
            ("device", &self.devices),
        ]
    }

    pub(crate) fn native_allow_list(&self) -> bool {
        self.native_allow_list.load(Ordering::Relaxed)
    }

    pub(crate) fn set_native_allow_list(&self, enabled: bool) {
        self.native_allow_list.store(enabled, Ordering::Relaxed);
    }
}

/// What a request handler works with: the shared state and the listener the request came through.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) state: Arc<State>,
    pub(crate) authority: Authority,
}

impl Context {
    /// The faces of this simulator: the one the request came through, then every other.
    pub(crate) fn authorities(&self) -> impl Iterator<Item = &Authority> {
        let Authorities { http, https } = &self.state.authorities;
        std::iter::once(&self.authority).chain(http).chain(https)
    }
}
