//! The multi-tenant tasks API: an example of a whole service on the crate `tenantry` alone.
//!
//! People of several organisations sign in with Microsoft Entra ID and work on their own organisation's tasks. Start at
//! `api/mod.rs`: routes and permissions stand there. [`Store::of`] is why no query goes without a tenant. The guide is
//! `docs/guide/tasks.md`.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let config = tasks::Config::from_env()?;
//! tasks::serve(&config, async { tokio::signal::ctrl_c().await.unwrap_or_default() }).await?;
//! # Ok(()) }
//! ```

mod api;
mod config;
mod not_in_a_release;
mod role;
mod server;
mod store;

#[cfg(all(test, feature = "postgres"))]
#[path = "../tests/support/postgres.rs"]
mod test_postgres;
#[cfg(test)]
#[path = "../tests/support/simulator.rs"]
mod test_simulator;

pub use api::app;
#[doc(hidden)]
pub use api::unchecked_for_the_bench;
pub use config::{
    Config, ConfigError, Keys, LockedTenants, Origin, OriginError, Tenants, UnlistedTenant, VARIABLES,
    Variable, help, unknown_variables,
};
pub use role::{ParseRoleError, Role};
pub use server::{ServeError, auth, serve};
pub use store::{
    Change, Cursor, CursorError, DatabaseUrl, DatabaseUrlError, Page, Store, StoreError, Task, TenantStore,
    Title, TitleError, Whose,
};
#[cfg(feature = "test-layers")]
pub use store::{LayersOff, UnknownLayer};
