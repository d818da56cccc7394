//! Tokens as attacks need them: a recipe says what is wrong, the simulator makes the rest, and our own hand signs.
//!
//! `recipe.rs` is what cases write; `bake.rs` turns a recipe into text; `rsa.rs` and `signer.rs` sign.

mod attacker;
mod bake;
mod base64url;
mod der;
mod recipe;
mod rsa;
mod signer;

pub(crate) use attacker::Attacker;
pub(crate) use bake::bake;
pub(crate) use base64url::{decode, encode};
pub use recipe::Recipe;
pub(crate) use rsa::RsaJwk;
pub use signer::{HmacSecret, Signer};
