//! The tasks API from outside: real tokens of a simulated Entra, real databases, every route.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

mod cors;
mod input;
mod isolation;
#[cfg(feature = "postgres")]
mod outage;
mod roles;
mod tokens;

#[cfg(feature = "postgres")]
#[path = "../support/postgres.rs"]
mod postgres;
#[path = "../support/simulator.rs"]
mod simulator;
#[path = "../support/world.rs"]
mod world;
