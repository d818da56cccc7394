//! The key ring against a simulated Entra, and against servers that mean no good.

mod floods;
mod hostile;
mod outage;
mod persistence;
mod provider;
mod rotation;
mod stage;
mod tenants;
