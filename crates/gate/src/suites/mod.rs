//! All cases, one file for each suite.
//!
//! A case is never a copy of another with a new name: each is here because some validator that passes all others could
//! fail it (T-160).

mod answers;
mod audience;
mod control;
mod forgery;
mod isolation;
mod keys;
mod kind;
mod layers;
mod lifetime;
mod memory;
mod oddities;
mod placement;
mod shape;
mod tenancy;
mod version;

use crate::Case;
pub(crate) use layers::concerns;

/// Every case, in the order of suites and files.
pub fn all() -> Vec<Case> {
    [
        control::cases(),
        tenancy::cases(),
        kind::cases(),
        forgery::cases(),
        lifetime::cases(),
        audience::cases(),
        version::cases(),
        shape::cases(),
        placement::cases(),
        answers::cases(),
        oddities::cases(),
        memory::cases(),
        keys::cases(),
        isolation::cases(),
        layers::cases(),
    ]
    .concat()
}
