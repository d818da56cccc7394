//! The tasks API of the demo, in this process, on its auth module alone.

use anyhow::Context;
use axum::Router;
use tenantry::{AllowList, Audience, Auth, Authority, RefreshSchedule, TenantId, Versions};
use tenantry_simulator::{Simulator, builtin};

/// Bytes of remembered verdicts.
const VERDICT_CACHE_BYTES: u64 = 8 * 1024 * 1024;

/// The tenants that the demo lets in: home and partner, not Northwind.
pub(super) fn allowed_tenants() -> anyhow::Result<[TenantId; 2]> {
    Ok([builtin::CONTOSO.parse()?, builtin::FABRIKAM.parse()?])
}

/// The tasks API, ready to serve. What it stores goes when it ends. Pages of `origins` may call it from a browser.
pub(super) async fn router(simulator: &Simulator, origins: Vec<tasks::Origin>) -> anyhow::Result<Router> {
    let database = "sqlite::memory:".parse()?;
    let store = tasks::Store::open(&database).await.context("cannot open the tasks store")?;
    let tenants = tasks::Tenants::Listed(allowed_tenants()?.to_vec());
    let config =
        tasks::Config { origins, well_known: true, ..tasks::Config::new(builtin::API, tenants, database) };
    Ok(tasks::app(&config, &auth(simulator).await?, store))
}

/// Both listeners of the simulator are authorities of their own. Their v1.0 issuers are the same, so one takes them.
async fn auth(simulator: &Simulator) -> anyhow::Result<Auth> {
    let https = Authority::custom(simulator.https_base().context("no HTTPS listener")?)?;
    let http = Authority::custom(simulator.http_base().context("no HTTP listener")?)?
        .with_versions(Versions::V2Only)?;
    let tenants = allowed_tenants()?;
    let auth = Auth::builder()
        .authority(https)
        .authority(http)
        .audience(Audience::new(builtin::API)?)
        .audience(Audience::new(builtin::API_URI)?)
        .tenants(AllowList::new(tenants))
        .warm(tenants)
        .trust_pem(simulator.ca_pem()?)
        .key_schedule(RefreshSchedule::development())
        .verdict_cache_bytes(VERDICT_CACHE_BYTES)
        .build()
        .await?;
    Ok(auth)
}
