//! The tasks API of the demo, in this process, on its auth module alone.

use anyhow::Context;
use axum::Router;
use tenantry::{AllowList, Audience, Auth, Authority, RefreshSchedule, Versions};
use tenantry_simulator::{Simulator, builtin};

/// Bytes of remembered verdicts.
const VERDICT_CACHE_BYTES: u64 = 8 * 1024 * 1024;

/// The tasks API for `tenants`, ready to serve. What it stores goes when it ends. Pages of `origins` may call it from a
/// browser.
pub(super) async fn router(
    simulator: &Simulator,
    tenants: AllowList,
    origins: Vec<tasks::Origin>,
) -> anyhow::Result<Router> {
    let database = "sqlite::memory:".parse()?;
    let store = tasks::Store::open(&database).await.context("cannot open the tasks store")?;
    let listed = tasks::Tenants::Listed(tenants.tenants());
    let config =
        tasks::Config { origins, well_known: true, ..tasks::Config::new(builtin::API, listed, database) };
    Ok(tasks::app(&config, &auth(simulator, tenants).await?, store))
}

/// Both listeners of the simulator are authorities of their own. Their v1.0 issuers are the same, so one takes them.
async fn auth(simulator: &Simulator, tenants: AllowList) -> anyhow::Result<Auth> {
    let https = Authority::custom(simulator.https_base().context("no HTTPS listener")?)?;
    let http = Authority::custom(simulator.http_base().context("no HTTP listener")?)?
        .with_versions(Versions::V2Only)?;
    let auth = Auth::builder()
        .authority(https)
        .authority(http)
        .audience(Audience::new(builtin::API)?)
        .audience(Audience::new(builtin::API_URI)?)
        .warm(tenants.tenants())
        .tenants(tenants)
        .trust_pem(simulator.ca_pem()?)
        .key_schedule(RefreshSchedule::development())
        .verdict_cache_bytes(VERDICT_CACHE_BYTES)
        .build()
        .await?;
    Ok(auth)
}
