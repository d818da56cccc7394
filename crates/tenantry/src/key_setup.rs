//! How the keys of an [`crate::Auth`] are set up at the start.

use std::{path::PathBuf, sync::Arc, time::Duration};

use tenantry_authority::{Clock, FetchLimits, KeyMode, KeyRing, KeyRingError, RefreshSchedule};
use tenantry_token::{Authority, ClientId, TenantDirectory, TenantId};

/// How long the start waits for keys. The rest comes in the background, or with the first token that needs it.
const WARM_WAIT: Duration = Duration::from_secs(5);

/// What was said about keys.
#[derive(Default)]
pub(crate) struct KeyOptions {
    pub(crate) mode: Option<KeyMode>,
    pub(crate) schedule: Option<RefreshSchedule>,
    pub(crate) fetch_limits: Option<FetchLimits>,
    pub(crate) proxy: Option<String>,
    pub(crate) trust_pem: Option<Vec<u8>>,
    pub(crate) cache_dir: Option<PathBuf>,
    pub(crate) app: Option<ClientId>,
    pub(crate) clock: Option<Clock>,
}

impl KeyOptions {
    pub(crate) fn ring(
        self,
        authorities: &[Authority],
        tenants: Arc<dyn TenantDirectory>,
        mode: KeyMode,
    ) -> Result<Arc<KeyRing>, KeyRingError> {
        let mut builder = KeyRing::builder(authorities.iter().cloned(), tenants).mode(mode);
        if let Some(schedule) = self.schedule {
            builder = builder.schedule(schedule);
        }
        if let Some(limits) = self.fetch_limits {
            builder = builder.limits(limits);
        }
        if let Some(proxy) = self.proxy {
            builder = builder.proxy(&proxy);
        }
        if let Some(pem) = self.trust_pem {
            builder = builder.trust_pem(&pem);
        }
        if let Some(dir) = self.cache_dir {
            builder = builder.persist_to(dir);
        }
        if let Some(app) = self.app {
            builder = builder.app_specific_keys(app);
        }
        if let Some(clock) = self.clock {
            builder = builder.clock(clock);
        }
        builder.build()
    }
}

/// Fetches the keys of `tenants`, but a provider that hangs must not keep an API from starting.
pub(crate) async fn warm(ring: &Arc<KeyRing>, tenants: Vec<TenantId>) {
    if tenants.is_empty() {
        return;
    }
    let ring = ring.clone();
    let fetching = tokio::spawn(async move { ring.warm(tenants).await });
    if tokio::time::timeout(WARM_WAIT, fetching).await.is_err() {
        tracing::warn!("keys are slow to come: starting without all of them");
    }
}
