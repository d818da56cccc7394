//! The page at `/`.

use askama::Template;

use super::Page;
use crate::world::Tenant;

/// What this is, for a person who opens the address in a browser.
#[derive(Template)]
#[template(path = "index.html")]
pub(crate) struct IndexPage<'a> {
    pub(crate) base: &'a str,
    pub(crate) tenants: Vec<&'a Tenant>,
}

impl Page for IndexPage<'_> {
    #[cfg(test)]
    fn samples() -> Vec<(&'static str, Self)> {
        vec![("empty", Self { base: "http://localhost:9400", tenants: Vec::new() })]
    }
}
