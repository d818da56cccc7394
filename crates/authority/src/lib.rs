//! Entra from outside: where an authority keeps its signing keys, and how a copy of them is kept fresh.
//!
//! Top-down: [`LiveVerifier`] → [`KeyRing`] → fetch. Requests read keys from memory ([`KeyRing`] is a
//! [`tenantry_token::KeySource`]); a token whose key is not there causes at most one refresh per tenant and cool-down, and
//! that happens in `live_verifier.rs` and nowhere else. Everything else is refreshed in the background
//! ([`KeyRing::spawn_refresher`]).
//!
//! The addresses that are asked come from configuration and from tenant ids that were parsed *and* admitted, never from
//! text in a token (T-007). Nothing on the request path holds a lock while it waits for the network.
//!
//! ```
//! use std::sync::Arc;
//! use tenantry_authority::{Clock, KeyRing, LiveVerifier};
//! use tenantry_token::{FixedList, Audience, Authority, Cloud, Credentials, Policy, Verifier};
//!
//! let entra = Authority::entra(Cloud::Worldwide);
//! let tenants = Arc::new(FixedList::new(["aaaaaaaa-0000-4000-8000-000000000001".parse()?]));
//! let policy = Policy::new([entra.clone()], [Audience::new("api://tasks")?])?;
//!
//! let ring = KeyRing::builder([entra], tenants.clone()).build()?;
//! let verifier = LiveVerifier::new(Verifier::new(policy, tenants, ring.clone()), ring, Clock::system());
//! assert_eq!(verifier.verify_cached(Credentials::bearer("x")).unwrap_err().code(), "malformed_token");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod builder;
mod clock;
mod document;
mod fetch;
mod limits;
mod live_verifier;
mod metadata;
mod platform;
mod refresh;
mod refresher;
mod ring;
mod schedule;
mod slot;
mod status;
mod store;
mod tenant_map;
mod unique;

pub use builder::{KeyRingBuilder, KeyRingError};
pub use clock::Clock;
pub use document::KeyMode;
pub use limits::FetchLimits;
pub use live_verifier::LiveVerifier;
pub use refresh::{MissOutcome, WarmFailure, WarmReport};
pub use refresher::RefresherHandle;
pub use ring::KeyRing;
pub use schedule::RefreshSchedule;
pub use status::KeySetStatus;
