//! Tokens: what they say ([`claims`], [`optional`], [`memberships`]), how they are signed ([`sign`]), how they are read when
//! they come back ([`read`]), and any token on request ([`mint`]).

mod claims;
mod memberships;
mod mint;
mod optional;
mod read;
mod request;
mod sign;

pub(crate) use claims::{
    AccessToken, Circumstances, IdToken, Stamp, Subject, audience, code_hash, hinted, login_hint,
    pairwise_subject,
};
pub(crate) use memberships::IssuedBy;
pub(crate) use mint::mint;
pub use mint::{MintError, Minted};
pub(crate) use read::{Jwt, NotOurs, issued_here};
pub use request::{SignWith, TokenKind, TokenRequest};
pub(crate) use sign::{JsonObject, owner_of, sign_as_tenant};
