//! APIs that are vulnerable on purpose: to teach with, and to prove that the gate's suites see what is wrong.
//!
//! None of them knows the auth module. [`Program::TenantPeek`] does what a well-read article on multi-tenant sign-in does,
//! [`Program::TwoTenants`] what another one warns of, and [`Program::Holes`] is right until a [`Hole`] is opened. `README.md`
//! lists every hole of each.
//!
//! Start at `tenant_peek/token.rs`, `two_tenants/token.rs` and `holes/validator.rs`: the checks, in order. They listen on this machine alone.

mod answer;
mod config;
mod holes;
mod jose;
mod known;
mod program;
mod serve;
mod tenant_peek;
mod two_tenants;

pub use config::{Config, ConfigError, Tenants};
pub use holes::{Hole, Holes, UnknownHole};
pub use known::KnownHole;
pub use program::run;
pub use serve::{Program, Running, ServeError, serve};
