//! A simulated Entra, a ring that learns its keys, and a verdict on the simulator's tokens.

use std::{sync::Arc, time::Duration};

use tenantry_authority::{Clock, KeyRing, KeyRingBuilder, LiveVerifier};
use tenantry_simulator::{
    Endpoint, Fault, FaultKind, KeyRotation, Simulator, TokenRequest,
    builtin::{API, CONTOSO, CONTOSO_ADMIN, FABRIKAM, FABRIKAM_ADMIN},
};
use tenantry_token::{
    Audience, Authority, Credentials, FixedList, KeyAnswer, KeySource, Policy, TenantId, UnixTime, Verifier,
};

/// Contoso and Fabrikam are admitted, Northwind is not. Time stands still until [`Stage::pass`].
pub(crate) struct Stage {
    pub(crate) simulator: Simulator,
    pub(crate) authority: Authority,
    pub(crate) clock: Clock,
    pub(crate) live: LiveVerifier,
    passed_s: std::sync::atomic::AtomicI64,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::with(|builder| builder).await
    }

    pub(crate) async fn with(configure: impl FnOnce(KeyRingBuilder) -> KeyRingBuilder) -> Self {
        Self::around(Simulator::start().await.unwrap(), configure)
    }

    pub(crate) fn around(
        simulator: Simulator,
        configure: impl FnOnce(KeyRingBuilder) -> KeyRingBuilder,
    ) -> Self {
        let authority = Authority::custom(simulator.base()).unwrap();
        let clock = Clock::manual(UnixTime::from_secs(simulator.now()));
        let live = live_verifier(&authority, &clock, configure);
        Self { simulator, authority, clock, live, passed_s: 0.into() }
    }

    pub(crate) fn ring(&self) -> &Arc<KeyRing> {
        self.live.ring()
    }

    /// Fetches the keys of both tenants, and forgets the requests.
    pub(crate) async fn warm(self) -> Self {
        let report = self.ring().warm(both()).await;
        assert!(report.failed.is_empty(), "{report:?}");
        self.simulator.clear_requests();
        self
    }

    pub(crate) fn mint(&self, request: &TokenRequest) -> String {
        self.simulator.mint(request).unwrap().token
    }

    /// A good token of Contoso's administrator.
    pub(crate) fn contoso(&self) -> String {
        self.mint(&contoso())
    }

    /// A good token of Fabrikam's administrator.
    pub(crate) fn fabrikam(&self) -> String {
        self.mint(&TokenRequest::for_user(FABRIKAM, FABRIKAM_ADMIN).audience(API))
    }

    /// `accepted`, or the rejection's code.
    pub(crate) async fn verdict(&self, token: &str) -> &'static str {
        let verdict = self.live.verify(Credentials::bearer(token)).await;
        verdict.map_or_else(|refused| refused.code(), |_| "accepted")
    }

    /// The same by what is in memory.
    pub(crate) fn cached(&self, token: &str) -> &'static str {
        let verdict = self.live.verify_cached(Credentials::bearer(token));
        verdict.map_or_else(|refused| refused.code(), |_| "accepted")
    }

    /// Requests since the last `clear_requests`: for metadata, for keys.
    pub(crate) fn fetches(&self) -> (u64, u64) {
        let seen = self.simulator.requests().by_endpoint;
        let of = |endpoint| seen.get(&endpoint).copied().unwrap_or(0);
        (of(Endpoint::Metadata), of(Endpoint::Keys))
    }

    pub(crate) async fn rotate(&self, withdraw: bool) {
        self.simulator.rotate_keys(KeyRotation { withdraw, ..KeyRotation::default() }).await.unwrap();
    }

    pub(crate) fn outage(&self) {
        let outage = Fault { kind: Some(FaultKind::Outage), ..Fault::default() };
        self.simulator.set_faults(vec![outage]).unwrap();
    }

    /// Moves our clock and the simulator's.
    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
        let by = i64::try_from(seconds).unwrap();
        let passed = self.passed_s.fetch_add(by, std::sync::atomic::Ordering::SeqCst) + by;
        self.simulator.set_clock_offset_s(passed);
    }
}

pub(crate) fn both() -> [TenantId; 2] {
    [CONTOSO.parse().unwrap(), FABRIKAM.parse().unwrap()]
}

pub(crate) fn contoso() -> TokenRequest {
    TokenRequest::for_user(CONTOSO, CONTOSO_ADMIN).audience(API)
}

pub(crate) fn live_verifier(
    authority: &Authority,
    clock: &Clock,
    configure: impl FnOnce(KeyRingBuilder) -> KeyRingBuilder,
) -> LiveVerifier {
    let tenants = Arc::new(FixedList::new(both()));
    let builder = KeyRing::builder([authority.clone()], tenants.clone()).clock(clock.clone());
    let ring = configure(builder).build().unwrap();
    let policy = Policy::new([authority.clone()], [Audience::new(API).unwrap()]).unwrap();
    LiveVerifier::new(Verifier::new(policy, tenants, ring.clone()), ring, clock.clone())
}

/// What the ring answers, as a word.
pub(crate) fn answer(ring: &KeyRing, authority: &Authority, tenant: TenantId, key_id: &str) -> &'static str {
    match ring.key(authority, tenant, key_id) {
        KeyAnswer::Key(_) => "key",
        KeyAnswer::Unknown => "unknown",
        KeyAnswer::Unavailable => "unavailable",
    }
}
