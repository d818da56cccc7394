//! How a key set is fetched: one flight per document at a time, whoever asked for it.

use std::{collections::HashSet, sync::Arc};

use reqwest::Url;
use tenantry_token::{Authority, TenantId, UnixTime};
use tokio::{sync::watch, task::JoinSet, time::timeout};

use crate::{
    KeyRing,
    fetch::FetchError,
    metadata,
    slot::{Cause, Flight, Landed, Slot, Snapshot},
    unique::KeyList,
};

/// Fetches that [`KeyRing::warm`] and the refresher have under way at the same time, at most.
const AT_ONCE: usize = 8;

/// What became of a token's wish for newer keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MissOutcome {
    /// The set was fetched; the key may be in it now.
    Refreshed,
    /// A token caused a refresh not long ago: nothing was asked.
    CoolingDown,
    /// The set could not be fetched. The one at hand stays.
    Failed,
    /// The authority is not configured, or the tenant not admitted: nothing was asked (T-007).
    NotAdmitted,
}

/// How [`KeyRing::warm`] went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WarmReport {
    /// Key sets that were fetched.
    pub loaded: usize,
    /// Key sets that could not be fetched.
    pub failed: Vec<WarmFailure>,
}

/// A key set that could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WarmFailure {
    /// Whose keys.
    pub authority: Authority,
    /// The one tenant that it is for; `None` for a document that all tenants of the authority share.
    pub tenant: Option<TenantId>,
    /// Why: one escaped line.
    pub error: String,
    /// Whether an older set is at hand all the same.
    pub usable: bool,
}

impl KeyRing {
    /// Fetches the keys of `tenant` again because a token named one that is not there. Callers who come meanwhile wait for
    /// the same fetch; callers within the cool-down are answered at once, and so are strangers.
    ///
    /// Waits no longer than [`crate::FetchLimits::with_time_out`]. Source: Entra, "Signing key rollover"; T-023, rows 15, 16.
    pub async fn refresh_after_miss(
        self: &Arc<Self>,
        authority: &Authority,
        tenant: TenantId,
    ) -> MissOutcome {
        let Some((at, slot)) = self.admitted_slot(authority, tenant) else {
            return MissOutcome::NotAdmitted;
        };
        let Some(flight) = self.depart(at, &slot, Cause::Token) else {
            return MissOutcome::CoolingDown;
        };
        match landing(flight).await {
            Landed::Fetched => MissOutcome::Refreshed,
            Landed::Failed => MissOutcome::Failed,
        }
    }

    /// Fetches the key sets of these tenants now, at most eight at once, so that their first requests need not wait.
    /// Sets at hand within their time to live, kept on disk by an earlier process for example, are passed over: renewing
    /// those is for the refresher. So are tenants that are not admitted. Does not start any cool-down.
    ///
    /// May be dropped at any time: what is under way still lands, the rest is left to the refresher and to misses.
    pub async fn warm(self: &Arc<Self>, tenants: impl IntoIterator<Item = TenantId>) -> WarmReport {
        let (mut wanted, now) = (self.slots_of(tenants), self.clock.now());
        wanted.retain(|(_, slot)| !slot.is_fresh(&self.schedule, now));
        self.fetch_all(&wanted).await;
        self.report(&wanted)
    }

    fn slots_of(&self, tenants: impl IntoIterator<Item = TenantId>) -> Vec<(usize, Arc<Slot>)> {
        let mut seen = HashSet::new();
        let of_tenant = |tenant| {
            self.shelves
                .iter()
                .filter_map(move |shelf| self.admitted_slot(shelf.documents.authority(), tenant))
        };
        tenants.into_iter().flat_map(of_tenant).filter(|(_, slot)| seen.insert(Arc::as_ptr(slot))).collect()
    }

    fn report(&self, slots: &[(usize, Arc<Slot>)]) -> WarmReport {
        let now = self.clock.now();
        let failure = |(at, slot): &(usize, Arc<Slot>)| {
            let error = slot.upkeep().last_error.as_ref()?.to_string();
            let authority = self.shelves[*at].documents.authority().clone();
            let tenant = slot.scope.tenant().or(authority.fixed_tenant());
            Some(WarmFailure { authority, tenant, error, usable: slot.is_usable(&self.schedule, now) })
        };
        let failed: Vec<_> = slots.iter().filter_map(failure).collect();
        WarmReport { loaded: slots.len() - failed.len(), failed }
    }

    /// Fetches these sets, a few at a time.
    pub(crate) async fn fetch_all(self: &Arc<Self>, slots: &[(usize, Arc<Slot>)]) {
        let mut under_way = JoinSet::new();
        for (at, slot) in slots {
            // Whichever lands first makes room: one that hangs takes one place, not eight.
            if under_way.len() >= AT_ONCE {
                under_way.join_next().await;
            }
            if let Some(flight) = self.depart(*at, slot, Cause::Schedule) {
                under_way.spawn(landing(flight));
            }
        }
        while under_way.join_next().await.is_some() {}
    }

    /// Waits until every set that was fetched so far is kept on disk, where a folder is configured. For programs that end
    /// right after their work; services need not call it.
    pub async fn settle(&self) {
        let mut unkept = self.unkept.subscribe();
        // The sender is ours: it cannot be gone.
        let _settled = unkept.wait_for(|unkept| *unkept == 0).await;
    }

    /// The flight that is under way, or a new one; `None` during the cool-down.
    ///
    /// The fetch is a task of its own: a caller who hangs up does not end it for the others, and nobody holds a lock while
    /// it waits for the network.
    fn depart(self: &Arc<Self>, at: usize, slot: &Arc<Slot>, cause: Cause) -> Option<Flight> {
        let now = self.clock.now();
        let mut upkeep = slot.upkeep();
        if let Some(flight) = upkeep.under_way() {
            return Some(flight);
        }
        if cause == Cause::Token {
            if !self.schedule.is_cool(upkeep.token_refresh_at, now) {
                return None;
            }
            upkeep.token_refresh_at = Some(now);
        }
        let (landed, flight) = watch::channel(None);
        upkeep.flight = Some(flight.clone());
        drop(upkeep);
        tokio::spawn(self.clone().fly(at, slot.clone(), landed));
        Some(flight)
    }

    async fn fly(self: Arc<Self>, at: usize, slot: Arc<Slot>, landed: watch::Sender<Option<Landed>>) {
        let within = self.fetcher.limits().time_out;
        let fetched = timeout(within, self.fetch(at, &slot)).await.unwrap_or(Err(FetchError::TimedOut));
        match fetched {
            Ok((keys, body)) => {
                let set = self.note_success(at, &slot, keys);
                // Requests wait for the network, never for the disk.
                self.unkept.send_modify(|unkept| *unkept += 1);
                landed.send_replace(Some(Landed::Fetched));
                self.keep(at, &slot, set, body).await;
                self.unkept.send_modify(|unkept| *unkept -= 1);
            }
            Err(error) => {
                self.note_failure(at, &slot, error);
                landed.send_replace(Some(Landed::Failed));
            }
        }
    }

    async fn fetch(&self, at: usize, slot: &Slot) -> Result<(Arc<KeyList>, Vec<u8>), FetchError> {
        let documents = &self.shelves[at].documents;
        let url = self.keys_url(at, slot).await?;
        let body = self.fetcher.get(url).await?;
        let read = || documents.read_keys(slot.scope, &body).map_err(FetchError::Keys);
        let keys = self.unique.list(at, &body, read)?;
        Ok((keys, body))
    }

    /// Where the keys are. Remembered, so that a refresh usually costs one request (T-023).
    async fn keys_url(&self, at: usize, slot: &Slot) -> Result<Url, FetchError> {
        let now = self.clock.now();
        if let Some(known) = slot.upkeep().keys_url(&self.schedule, now) {
            return Ok(known);
        }
        let documents = &self.shelves[at].documents;
        let body = self.fetcher.get(documents.metadata_url(slot.scope)).await?;
        let url = metadata::keys_url(documents, slot.scope, &body)?;
        slot.upkeep().remember_keys_url(&url, now);
        Ok(url)
    }

    fn note_success(&self, at: usize, slot: &Slot, keys: Arc<KeyList>) -> Arc<Snapshot> {
        let now = self.clock.now();
        let first = slot.snapshot().is_none();
        let number = keys.len();
        let set = Arc::new(Snapshot { keys, fetched_at: now });
        self.install(slot, set.clone());
        let mut upkeep = slot.upkeep();
        if first {
            // The first load is no refresh: a rotation right after it is picked up at once.
            upkeep.token_refresh_at = None;
        }
        let had_failed = upkeep.succeeded(self.schedule.due_after_success(now, self.salt(slot, now)));
        drop(upkeep);
        let authority = self.shelves[at].documents.authority();
        if had_failed {
            tracing::info!(%authority, scope = %slot.scope, keys = number, "keys can be fetched again");
        } else {
            tracing::debug!(%authority, scope = %slot.scope, keys = number, "keys fetched");
        }
        set
    }

    fn note_failure(&self, at: usize, slot: &Slot, error: FetchError) {
        let now = self.clock.now();
        let unknown_there = error.is_denial() && slot.snapshot().is_none();
        let text = error.to_string();
        let due = |failures| match unknown_there {
            // A tenant of another cloud, or one that is gone: only a token or the operator asks again.
            true => UnixTime::from_secs(i64::MAX),
            false => self.schedule.due_after_failure(now, failures, self.salt(slot, now)),
        };
        let news = slot.upkeep().failed(error, due);
        let authority = self.shelves[at].documents.authority();
        if news {
            tracing::warn!(%authority, scope = %slot.scope, error = %text, "keys cannot be fetched");
        } else {
            tracing::debug!(%authority, scope = %slot.scope, error = %text, "keys still cannot be fetched");
        }
    }
}

async fn landing(mut flight: Flight) -> Landed {
    let landed = flight.wait_for(Option::is_some).await;
    landed.ok().and_then(|landed| *landed).unwrap_or(Landed::Failed)
}
