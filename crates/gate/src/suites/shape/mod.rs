//! *shape*: bytes, JSON, sizes. Everything here is signed by the issuer's own key, so that the parser alone decides.
//!
//! Entra sends none of it. What a token says twice, in another type or past its end, two parsers read differently, and between
//! those two an attacker who can influence claims finds room.
//!
//! `repeated.rs` is members that are there twice, `types.rs` claims of another type, `json.rs` what is not JSON, `size.rs` what is
//! too large.

mod json;
mod repeated;
mod size;
mod types;

use crate::case::{Case, Severity, Suite};

const fn case(id: &'static str, severity: Severity) -> Case {
    Case::new(id, Suite::Shape, severity)
}

pub(super) fn cases() -> Vec<Case> {
    [repeated::cases(), types::cases(), json::cases(), size::cases()].concat()
}

/// An object's text with `members` before all others.
fn first(members: &str, object: &str) -> String {
    format!("{{{members},{}", object.strip_prefix('{').unwrap_or_default())
}

/// An object's text with `members` after all others.
fn last(members: &str, object: &str) -> String {
    format!("{},{members}}}", object.strip_suffix('}').unwrap_or_default())
}
