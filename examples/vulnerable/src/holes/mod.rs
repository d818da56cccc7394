//! `holes`: a small validator and a small store that are right, from which any check can be taken out by name.
//!
//! `hole.rs` is the table of names, `validator.rs` the checks in order, `claims.rs` those about claims, `keys.rs` the published keys,
//! `memory.rs` what is remembered, `place.rs` where in a request a token may be, `data.rs` whose tasks somebody sees, `api.rs` the routes and the refusals.

mod api;
mod claims;
mod data;
mod hole;
mod json;
mod keys;
mod memory;
mod place;
mod validator;

pub(crate) use api::app;
pub(crate) use hole::KNOWN;
pub use hole::{Hole, Holes, UnknownHole};
