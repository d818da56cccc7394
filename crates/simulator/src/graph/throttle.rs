//! Throttling: at most so many requests per application and tenant in a window of time.
//!
//! Off unless `POST /sim/graph` says otherwise (Microsoft Graph, "Throttling guidance").

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::auth::Caller;
use super::error::GraphError;
use crate::ids::{AppId, TenantId};

/// Longest window. Seconds.
pub(crate) const WINDOW_S_MAX: u32 = 3_600;

/// How many requests pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limit {
    /// Requests per window; the parts of a batch count one by one.
    pub(crate) limit: u32,
    /// Seconds, by the simulator's clock.
    pub(crate) window_s: u32,
}

/// The limit in force and what was used of it.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<Used>);

#[derive(Debug, Default)]
struct Used {
    limit: Option<Limit>,
    windows: HashMap<(AppId, TenantId), Window>,
}

#[derive(Debug)]
struct Window {
    ends_at: i64,
    requests: u32,
}

impl Throttle {
    pub(crate) fn limit(&self) -> Option<Limit> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).limit
    }

    pub(crate) fn set(&self, limit: Option<Limit>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Used { limit, windows: HashMap::new() };
    }

    /// Counts a request, or refuses it with 429 and the time to wait.
    pub(super) fn count(&self, caller: &Caller, now: i64) -> Result<(), GraphError> {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Limit { limit, window_s }) = used.limit else { return Ok(()) };
        let ends_at = now + i64::from(window_s);
        // Only clients and tenants that exist get here, so the map stays as small as the world.
        let window = used.windows.entry((caller.client, caller.tenant));
        let window = window.or_insert(Window { ends_at, requests: 0 });
        if now >= window.ends_at {
            *window = Window { ends_at, requests: 0 };
        }
        if window.requests < limit {
            window.requests += 1;
            return Ok(());
        }
        Err(refused(caller, (window.ends_at - now).clamp(1, i64::from(WINDOW_S_MAX))))
    }
}

fn refused(caller: &Caller, wait_s: i64) -> GraphError {
    GraphError::new(429, "TooManyRequests", "Too many requests.")
        .header("retry-after", wait_s.to_string())
        .header(
            "x-ms-throttle-scope",
            format!("Tenant_Application/ReadWrite/{}/{}", caller.client, caller.tenant),
        )
        .header("x-ms-throttle-information", "ResourceUnitLimitExceeded")
        .header("x-ms-throttle-limit-percentage", "1.0")
}
