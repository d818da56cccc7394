//! The part of OData that Graph's directory speaks: `$filter`, `$search`, `$orderby`, `$select`, `$top`, `$count` and paging.
//!
//! Start at [`Options::parse`]; collections and single objects are shaped in `page.rs` and `select.rs`.

mod filter;
mod options;
mod order;
mod page;
mod parse;
mod select;

pub(super) use options::Options;
pub(super) use page::Page;
pub(super) use select::entity;

use super::error::GraphError;

/// A type of object, with the names that queries may use.
#[derive(Debug)]
pub(super) struct Kind {
    /// `microsoft.graph.` and this.
    pub(super) name: &'static str,
    /// The collection in `@odata.context`.
    pub(super) set: &'static str,
    /// Properties that come without being asked for.
    pub(super) properties: &'static [&'static str],
    /// Properties that only `$select` brings.
    pub(super) on_request: &'static [&'static str],
}

impl Kind {
    /// Checks that a path such as `api/requestedAccessTokenVersion` starts with a property of this type.
    fn check_property(&self, path: &str, clause: &str) -> Result<(), GraphError> {
        let first = path.split('/').next().unwrap_or_default();
        let known = self.properties.iter().chain(self.on_request).any(|name| *name == first);
        if known {
            return Ok(());
        }
        let shown: String = first.chars().take(120).collect();
        Err(GraphError::unreadable(format!(
            "{clause}: Could not find a property named '{shown}' on type 'microsoft.graph.{}'.",
            self.name
        )))
    }
}
