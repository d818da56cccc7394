//! `two-tenants`: an application for employees and partners that asks the address who somebody is. Holes: the table in
//! `README.md`.
//!
//! `token.rs` has the checks, `api.rs` the routes.

mod api;
mod token;

pub(crate) use api::app;
