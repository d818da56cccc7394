//! `tenant-peek`: an API as an article on multi-tenant sign-in builds it. Holes: the table in `README.md`.
//!
//! `token.rs` has the checks in the article's order, `claims.rs` what its token library looks at, `api.rs` the routes and the tasks, nested
//! by tenant and person.

mod api;
mod claims;
mod token;

pub(crate) use api::app;
