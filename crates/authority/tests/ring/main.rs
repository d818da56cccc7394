//! The key ring against a simulated Entra, and against servers that mean no good.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod floods;
mod hostile;
mod outage;
mod persistence;
mod provider;
mod rotation;
mod stage;
mod tenants;
