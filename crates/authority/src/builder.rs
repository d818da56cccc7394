//! How a ring is configured. Mistakes show here, at the start.

use std::{io, path::PathBuf, sync::Arc};

use reqwest::{Certificate, Proxy};
use tenantry_token::{Authority, ClientId, TenantDirectory};

use crate::{
    Clock, FetchLimits, KeyMode, KeyRing, RefreshSchedule,
    document::Documents,
    fetch::{Fetcher, Outbound},
    ring::{Parts, Shelf},
    store::Store,
};

/// Configures a [`KeyRing`]. Made by [`KeyRing::builder`].
#[must_use]
pub struct KeyRingBuilder {
    authorities: Vec<Authority>,
    tenants: Arc<dyn TenantDirectory>,
    mode: KeyMode,
    schedule: RefreshSchedule,
    limits: FetchLimits,
    trusted_pem: Vec<u8>,
    proxy: Option<String>,
    directory: Option<PathBuf>,
    clock: Clock,
    app: Option<ClientId>,
}

/// Why a ring cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyRingError {
    /// No authority.
    #[error("no authority is configured: there is nobody to ask for keys")]
    NoAuthority,
    /// An authority whose address is no URL.
    #[error("`{0}` is not a URL")]
    Address(Authority),
    /// The certificates to trust are not PEM, or there are none.
    #[error("the certificates to trust are not PEM certificates")]
    Certificates,
    /// The proxy's address is no URL.
    #[error("`{0}` is not the address of a proxy")]
    Proxy(String),
    /// No HTTPS client could be made, for example because this machine has no root certificates.
    #[error("cannot make HTTPS requests from this machine: {0}")]
    Client(String),
    /// The directory for key sets cannot be written to.
    #[error("cannot keep key sets in `{}`: {source}", .directory.display())]
    Directory {
        /// The directory.
        directory: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl KeyRingBuilder {
    pub(crate) fn new(authorities: Vec<Authority>, tenants: Arc<dyn TenantDirectory>) -> Self {
        Self {
            authorities,
            tenants,
            mode: KeyMode::default(),
            schedule: RefreshSchedule::default(),
            limits: FetchLimits::default(),
            trusted_pem: Vec::new(),
            proxy: None,
            directory: None,
            clock: Clock::system(),
            app: None,
        }
    }

    /// Which documents are read for authorities with many tenants. Default [`KeyMode::PerTenant`].
    pub fn mode(self, mode: KeyMode) -> Self {
        Self { mode, ..self }
    }

    /// When sets are fetched, and how long they are trusted. Default [`RefreshSchedule::default`].
    pub fn schedule(self, schedule: RefreshSchedule) -> Self {
        Self { schedule, ..self }
    }

    /// What a fetch may cost. Default [`FetchLimits::default`].
    pub fn limits(self, limits: FetchLimits) -> Self {
        Self { limits, ..self }
    }

    /// Also trusts these certificate authorities (one or more PEM certificates), besides those of this machine.
    pub fn trust_pem(mut self, certificates: &[u8]) -> Self {
        self.trusted_pem.extend_from_slice(certificates);
        self.trusted_pem.push(b'\n');
        self
    }

    /// Sends requests through the proxy at `url`. Default: none, whatever the environment says (T-177).
    pub fn proxy(self, url: &str) -> Self {
        Self { proxy: Some(url.into()), ..self }
    }

    /// Keeps a copy of each key set in `directory`, for the owner only, and starts with what is there: a process can then
    /// start while its provider is down (row 22). Default: nothing is kept.
    ///
    /// Whoever can write there as this user can make us accept their tokens. Sets keep their age; those too old, damaged
    /// or of other authorities and tenants are left out with a warning. A folder that somebody else owns or may write to is
    /// not used at all, with a warning: name one below it that this can create.
    pub fn persist_to(self, directory: impl Into<PathBuf>) -> Self {
        Self { directory: Some(directory.into()), ..self }
    }

    /// Where the time comes from. Default [`Clock::system`].
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Asks Entra for the keys of one application (`?appid=`), whose tokens are signed by a key of its own because claims
    /// are mapped for it. Default: the keys of everybody. Source: Entra, "Access tokens"; row 19.
    pub fn app_specific_keys(self, app: ClientId) -> Self {
        Self { app: Some(app), ..self }
    }

    /// The ring, with the key sets that an earlier process kept. Fetches nothing yet.
    ///
    /// # Errors
    /// [`KeyRingError`], for a configuration that could never work.
    pub fn build(self) -> Result<Arc<KeyRing>, KeyRingError> {
        if self.authorities.is_empty() {
            return Err(KeyRingError::NoAuthority);
        }
        let fetcher = self.fetcher()?;
        let (mode, app) = (self.mode, self.app);
        let shelf = |authority: Authority| match Documents::new(authority.clone(), mode, app.clone()) {
            Some(documents) => Ok(Shelf::new(documents)),
            None => Err(KeyRingError::Address(authority)),
        };
        let shelves = self.authorities.into_iter().map(shelf).collect::<Result<_, _>>()?;
        let store = self.directory.map(|directory| open_store(directory, self.limits)).transpose()?.flatten();
        let (tenants, schedule, clock) = (self.tenants, self.schedule, self.clock);
        let ring = KeyRing::assemble(shelves, Parts { tenants, schedule, clock, fetcher, store });
        ring.load_kept();
        Ok(Arc::new(ring))
    }

    fn fetcher(&self) -> Result<Fetcher, KeyRingError> {
        let extra_roots = Certificate::from_pem_bundle(&self.trusted_pem)
            .ok()
            .filter(|found| !found.is_empty() || self.trusted_pem.is_empty())
            .ok_or(KeyRingError::Certificates)?;
        let proxy = match &self.proxy {
            Some(url) => Some(Proxy::all(url).map_err(|_| KeyRingError::Proxy(url.clone()))?),
            None => None,
        };
        let uses_tls = self.authorities.iter().any(|authority| authority.base().starts_with("https:"));
        let outbound = Outbound { limits: self.limits, extra_roots, proxy, uses_tls };
        Fetcher::new(outbound).map_err(|error| KeyRingError::Client(error.to_string()))
    }
}

fn open_store(directory: PathBuf, limits: FetchLimits) -> Result<Option<Store>, KeyRingError> {
    Store::open(directory.clone(), limits.body_bytes_max)
        .map_err(|source| KeyRingError::Directory { directory, source })
}
