//! Decides whether a bearer token may enter, and says why not.
//!
//! Top-down: [`Credentials`] → [`Verifier`] → [`Verified`] → [`Principal`]. Keys ([`KeySource`]), tenants
//! ([`TenantDirectory`]) and time ([`UnixTime`]) are arguments: nothing here reads a clock, a network, a file or the
//! environment. Start at `verifier.rs`: the order of the ten steps is written there and nowhere else.
//!
//! What a token says before its signature is checked never leaves this crate as data. It shows in a
//! [`Rejection`]'s text and in an [`Explanation`], for operators, bounded and escaped.
//!
//! ```
//! use std::sync::Arc;
//! use tenantry_token::{FixedList, Audience, Authority, Cloud, Credentials, KeySet, Policy, UnixTime, Verifier};
//!
//! let entra = Authority::entra(Cloud::Worldwide);
//! let keys = KeySet::parse(br#"{"keys":[]}"#, &entra)?;
//! let policy = Policy::new([entra], [Audience::new("11111111-2222-4333-8444-555555555555")?])?;
//! let tenants = FixedList::new(["aaaaaaaa-0000-4000-8000-000000000001".parse()?]);
//!
//! let verifier = Verifier::new(policy, Arc::new(tenants), Arc::new(keys));
//! let refused = verifier.verify(Credentials::bearer("not.a.token"), UnixTime::from_secs(1_767_225_600));
//! assert_eq!(refused.unwrap_err().code(), "malformed_token");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A proof cannot be made by hand, and nothing unproven can be read:
//!
//! ```compile_fail,E0451
//! // `Verified` has no public constructor, and its one field is private.
//! let forged = tenantry_token::Verified::<tenantry_token::AccessToken> { content: todo!() };
//! ```
//! ```compile_fail,E0603
//! // Claims before their proof are private to the crate.
//! use tenantry_token::claims::Claims;
//! ```
//! ```compile_fail,E0277
//! // No other kind of token can be invented.
//! struct IdToken;
//! impl tenantry_token::TokenKind for IdToken {
//!     type Content = ();
//! }
//! ```

mod advice;
mod audience;
mod authority;
mod checks;
mod claims;
mod credentials;
mod directory;
mod explain;
mod ids;
mod issuer;
mod jwks;
mod jws;
mod limits;
mod policy;
mod principal;
mod rejection;
mod time;
mod untrusted;
mod verified;
mod verifier;

pub use audience::{Audience, AudienceError};
pub use authority::{Authority, AuthorityError, AuthorityKind, Cloud, Versions};
pub use credentials::Credentials;
pub use directory::{FixedList, Guests, ListStatus, RefusedList, TenantDirectory, TenantPolicy};
pub use explain::{Explanation, Outcome, StepReport};
pub use ids::{ClientId, ObjectId, ParseIdError, TenantId};
pub use jwks::{KeyAnswer, KeyFault, KeySet, KeySetError, KeySource, SkippedKey, VerificationKey};
pub use jws::Algorithm;
pub use limits::Limits;
pub use policy::{Policy, PolicyError};
pub use principal::{Authentication, ClientProof, Membership, Principal, PrincipalKind};
pub use rejection::{Rejection, Step};
pub use time::UnixTime;
pub use untrusted::Untrusted;
pub use verified::{AccessToken, TokenKind, Verified};
pub use verifier::Verifier;

/// Parsers that fuzzers drive on their own. Not part of the public surface.
#[doc(hidden)]
pub mod fuzzing {
    /// Parses a JOSE header; the answer says only whether it parsed.
    pub fn header(json: &[u8]) -> bool {
        crate::jws::Header::parse(json).is_ok()
    }

    /// Parses a claims set; the answer says only whether it parsed.
    pub fn claims(json: &[u8]) -> bool {
        crate::claims::Claims::parse(json).is_ok()
    }
}
