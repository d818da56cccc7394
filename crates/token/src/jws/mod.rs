//! The compact form of a signed token: bytes in, three strictly decoded parts out (RFC 7515 §7.1).

mod algorithm;
mod compact;
mod header;
pub(crate) mod json;

pub use algorithm::Algorithm;
pub(crate) use compact::Compact;
pub(crate) use header::{Header, TokenType};
