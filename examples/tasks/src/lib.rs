//! The multi-tenant tasks API: an example of a whole service on the crate `tenantry` alone.
//!
//! [`Store::of`] is why no query goes without a tenant. The guide is `docs/guide/tasks.md`.

mod config;
mod role;
mod store;

pub use config::{
    Config, ConfigError, Keys, Origin, OriginError, Tenants, UnlistedTenant, VARIABLES, Variable, help,
};
pub use role::{ParseRoleError, Role};
pub use store::{
    Change, Cursor, DatabaseUrl, DatabaseUrlError, Page, Store, StoreError, Task, TenantStore, Title, TitleError,
    Whose,
};
