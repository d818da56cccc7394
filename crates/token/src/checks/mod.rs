//! The checks of steps 4, 5 and 7 to 10, one file each. Their order is `verifier.rs`'s business.

mod audience;
mod client;
mod identity;
mod key;
mod kind;
mod lifetime;
mod tenant;

pub(crate) use audience::audience;
pub(crate) use client::client;
pub(crate) use identity::{Caller, client_claim};
pub(crate) use key::key;
pub(crate) use kind::access_token;
pub(crate) use lifetime::lifetime;
pub(crate) use tenant::tenant;
