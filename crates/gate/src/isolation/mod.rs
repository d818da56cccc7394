//! One tenant's data, looked for by another: what is planted, how it is looked for, and what counts as found.
//!
//! `plan.rs` is which requests there are, by `gate.toml` or by `openapi.rs`; `canary.rs` is the thing that one tenant made; `ground.rs`
//! plants it, looks for it with anybody's token, and cleans up. The cases are in `suites/isolation`.

mod canary;
mod compare;
mod ground;
mod openapi;
mod plan;

pub(crate) use canary::Canary;
pub(crate) use compare::alike;
pub(crate) use ground::{Ground, Sight, broken, leaked};
pub(crate) use plan::Plan;
