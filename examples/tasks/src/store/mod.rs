//! Where tasks live: one [`Store`], which opens only for the tenant of a verified caller.
//!
//! Top-down: [`Store::of`] takes a [`Principal`] and gives a [`TenantStore`], which has all the queries. Nothing else has
//! any, so a query without a tenant does not compile, and neither does a tenant that no token proved (T-140):
//!
//! ```no_run
//! # async fn f(store: tasks::Store, caller: tenantry::Principal) -> Result<(), tasks::StoreError> {
//! let tasks = store.of(&caller).list(tasks::Whose::Own, &tasks::Page::default()).await?;
//! # Ok(()) }
//! ```
//! ```compile_fail,E0599
//! # async fn f(store: tasks::Store, caller: tenantry::Principal) -> Result<(), tasks::StoreError> {
//! let tasks = store.list(tasks::Whose::Own, &tasks::Page::default()).await?; // whose tenant's?
//! # Ok(()) }
//! ```
//! ```compile_fail,E0308
//! # async fn f(store: tasks::Store, tenant: tenantry::TenantId) -> Result<(), tasks::StoreError> {
//! let tasks = store.of(&tenant).list(tasks::Whose::Own, &tasks::Page::default()).await?; // says who?
//! # Ok(()) }
//! ```
//! ```compile_fail,E0308
//! # async fn f(store: tasks::Store) -> Result<(), tasks::StoreError> {
//! let header = "aaaaaaaa-0000-4000-8000-000000000001";
//! let tasks = store.of(header).list(tasks::Whose::Own, &tasks::Page::default()).await?;
//! # Ok(()) }
//! ```
//!
//! The types are the first wall. The second stands in the database, so that a forgotten `WHERE tenant_id` still shows
//! nothing of another tenant: forced row-level security in PostgreSQL, one file per tenant in SQLite. All SQL is in
//! `statements.rs`, as constants (T-147).

mod error;
#[cfg(feature = "test-layers")]
mod layers_off;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
mod statements;
mod task;
mod tenant;
mod url;
mod walls;

use std::sync::Arc;

use tenantry::Principal;

pub use error::StoreError;
#[cfg(feature = "test-layers")]
pub use layers_off::{LayersOff, UnknownLayer};
pub use task::{Change, Cursor, CursorError, Page, Task, Title, TitleError, Whose};
pub use tenant::TenantStore;
pub use url::{DatabaseUrl, DatabaseUrlError};
use walls::Walls;

#[cfg(not(any(feature = "sqlite", feature = "postgres")))]
compile_error!("choose a store: feature `sqlite`, feature `postgres`, or both");

/// All tenants' tasks. Shows nothing by itself; see [`Store::of`].
/// Cheap to clone; all clones share connections.
#[derive(Clone, Debug)]
pub struct Store {
    backend: Arc<Backend>,
    walls: Walls,
}

#[derive(Debug)]
enum Backend {
    #[cfg(feature = "sqlite")]
    Sqlite(sqlite::Files),
    #[cfg(feature = "postgres")]
    Postgres(postgres::Server),
}

impl Store {
    /// Opens the database at `url`, makes what is missing, and makes sure that it keeps tenants apart.
    ///
    /// # Errors
    /// [`StoreError::Unprotected`] where a PostgreSQL database would show one tenant's rows to another (T-141);
    /// [`StoreError::Directory`] for a directory that cannot be used; [`StoreError::Migration`] and
    /// [`StoreError::Database`] as the database says.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        Self::behind(Walls::default(), url).await
    }

    /// Opens the database at `url` with walls taken down: other tenants' rows may come out. For tests (row 101).
    ///
    /// # Errors
    /// As [`Store::open`]; and [`StoreError::Unprotected`] where PostgreSQL's wall is to be down, but the role cannot
    /// pass by it.
    #[cfg(feature = "test-layers")]
    pub async fn open_without(url: &DatabaseUrl, off: LayersOff) -> Result<Self, StoreError> {
        Self::behind(off.into(), url).await
    }

    async fn behind(walls: Walls, url: &DatabaseUrl) -> Result<Self, StoreError> {
        let backend = match url {
            #[cfg(feature = "sqlite")]
            DatabaseUrl::Directory(directory) => {
                Backend::Sqlite(sqlite::Files::in_directory(directory)?.behind(walls))
            }
            #[cfg(feature = "sqlite")]
            DatabaseUrl::Temporary => Backend::Sqlite(sqlite::Files::temporary()?.behind(walls)),
            #[cfg(feature = "postgres")]
            DatabaseUrl::Postgres(url) => Backend::Postgres(postgres::Server::connect(url, walls).await?),
        };
        Ok(Self { backend: Arc::new(backend), walls })
    }

    /// The part of the store that belongs to the tenant of `caller`: the only way to any row.
    pub fn of(&self, caller: &Principal) -> TenantStore<'_> {
        TenantStore::new(self, caller)
    }

    /// Ends all connections, so that what was written is in its final place.
    pub async fn close(&self) {
        match &*self.backend {
            #[cfg(feature = "sqlite")]
            Backend::Sqlite(files) => files.close().await,
            #[cfg(feature = "postgres")]
            Backend::Postgres(server) => server.close().await,
        }
    }
}
