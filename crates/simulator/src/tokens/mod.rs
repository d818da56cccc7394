//! Tokens: what they say ([`claims`]), how they are signed ([`sign`]), and any token on request ([`mint`]).

mod claims;
mod mint;
mod request;
mod sign;

pub(crate) use claims::{AccessToken, IdToken, Stamp, Subject, login_hint};
pub use mint::{MintError, Minted};
pub(crate) use mint::{mint, owner_of};
pub use request::{SignWith, TokenKind, TokenRequest};
pub(crate) use sign::{JsonObject, sign_as_tenant};
