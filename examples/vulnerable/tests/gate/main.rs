//! The gate at programs of which every hole is known. T-160: for each check there is an attack that only its absence lets in.
//!
//! `mutants.rs` opens one hole at a time, `articles.rs` attacks the articles' programs, `stage.rs` is what both stand on.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod articles;
mod mutants;
mod stage;
