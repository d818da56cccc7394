//! *forgery*: tokens that the issuer never signed, or not like this. Nobody needs an account anywhere to send most of them.
//!
//! `algorithm.rs` is what `alg` says, `confusion.rs` public keys as secrets, `carried_key.rs` keys and addresses of keys that a
//! token brings along, `key_id.rs` what `kid` says, `header.rs` what else a header says, `signature.rs` the third part,
//! `form.rs` other ways to write a token down.

mod algorithm;
mod carried_key;
mod confusion;
mod form;
mod header;
mod key_id;
mod signature;

use serde_json::Value;

use crate::Scene;
use crate::case::{Case, Severity, Suite};
use crate::token::{Recipe, Signer, decode, encode};

const fn case(id: &'static str, severity: Severity) -> Case {
    Case::new(id, Suite::Forgery, severity)
}

pub(super) fn cases() -> Vec<Case> {
    let files = [
        algorithm::cases(),
        confusion::cases(),
        carried_key::cases(),
        key_id::cases(),
        header::cases(),
        signature::cases(),
        form::cases(),
    ];
    files.concat()
}

/// What a good token says, signed by the attacker under the issuer's `kid`.
fn forged(scene: &Scene) -> Recipe {
    Recipe::good(scene).signed_by(Signer::Attacker)
}

/// A good token with `edit` applied to the object in its header, signed as `recipe` says.
fn with_header(recipe: Recipe, edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Recipe {
    recipe.header_text(move |text| {
        let mut header = serde_json::from_str(&text).unwrap_or_default();
        edit(&mut header);
        header.to_string()
    })
}

/// The three parts of a finished token; empty where it has fewer.
fn parts(token: &str) -> [&str; 3] {
    let mut parts = token.splitn(3, '.');
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

/// The object in a part of a token, changed.
fn edited(part: &str, edit: impl Fn(&mut Value)) -> String {
    let mut object = serde_json::from_slice(&decode(part).unwrap_or_default()).unwrap_or_default();
    edit(&mut object);
    encode(object.to_string())
}
