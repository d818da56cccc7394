//! The query of a request.

use super::filter::Filter;
use super::order::Order;
use super::parse;
use crate::graph::error::GraphError;

/// Objects per page unless `$top` says otherwise.
const PAGE: usize = 100;
/// Most objects per page.
const PAGE_MAX: usize = 999;
/// Longest value of an option. Bytes.
const VALUE_BYTES_MAX: usize = 16 * 1024;

/// What a request's query asks for.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(super) filter: Option<Filter>,
    pub(super) search: Option<String>,
    pub(super) order: Vec<Order>,
    pub(super) top: Option<usize>,
    pub(super) skip_token: Option<String>,
    pub(super) count: bool,
    pub(super) select: Option<Vec<String>>,
    /// `ConsistencyLevel: eventual`: the index of advanced queries may be asked.
    pub(super) is_eventual: bool,
    /// Every option but the skip token, for the link to the next page.
    pub(super) pairs: Vec<(String, String)>,
}

impl Options {
    /// Reads a query. `is_eventual` is what the `ConsistencyLevel` header says.
    pub(in crate::graph) fn parse(query: &str, is_eventual: bool) -> Result<Self, GraphError> {
        let mut options = Self { is_eventual, ..Self::default() };
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            options.take(&name, &value)?;
            if !name.eq_ignore_ascii_case("$skiptoken") {
                options.pairs.push((name.into_owned(), value.into_owned()));
            }
        }
        options.check_consistency()?;
        Ok(options)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), GraphError> {
        if value.len() > VALUE_BYTES_MAX {
            return Err(GraphError::unreadable(format!("The value of '{}' is too long.", shown(name))));
        }
        match name.to_ascii_lowercase().trim_start_matches('$') {
            "filter" => self.filter = Some(parse::filter(value)?),
            "search" => self.search = Some(search(value)?),
            "orderby" => self.order = Order::parse(value)?,
            "select" => self.select = Some(list(value)),
            "top" => self.top = Some(page_size(value)?),
            "skiptoken" => self.skip_token = Some(value.to_owned()),
            "count" => self.count = boolean(value)?,
            "expand" => {
                return Err(GraphError::unsupported_query(
                    "Query option '$expand' is not supported by the simulator; read the related objects by their own address.",
                ));
            }
            "skip" => {
                let message = "'$skip' is not supported by the service; follow '@odata.nextLink'.";
                return Err(GraphError::unsupported_query(message));
            }
            _ if name.starts_with('$') => {
                let message = format!("Query option '{}' was not recognized.", shown(name));
                return Err(GraphError::unreadable(message));
            }
            // Options without a dollar sign are the client's own business.
            _ => {}
        }
        Ok(())
    }

    /// Advanced queries need the header that says that a stale answer will do.
    fn check_consistency(&self) -> Result<(), GraphError> {
        if self.is_eventual {
            return Ok(());
        }
        let is_advanced = self.filter.as_ref().is_some_and(Filter::is_advanced);
        match self.search.is_some() || is_advanced {
            true => Err(GraphError::unsupported_query(
                "Request with $search, or with an operator of advanced queries, is only supported \
                with the header 'ConsistencyLevel: eventual' and $count=true.",
            )),
            false => Ok(()),
        }
    }

    pub(super) fn page_size(&self) -> usize {
        self.top.unwrap_or(PAGE)
    }

    /// Names in `$select`.
    pub(in crate::graph) fn selects(&self, property: &str) -> bool {
        self.select.iter().flatten().any(|name| name == property)
    }

    /// `Prefer: odata.maxpagesize=n`, where the query has no `$top`.
    pub(in crate::graph) fn prefer_page_size(&mut self, wanted: Option<usize>) {
        self.top = self.top.or(wanted.filter(|size| (1..=PAGE_MAX).contains(size)));
    }

    pub(in crate::graph) fn is_eventual(&self) -> bool {
        self.is_eventual
    }
}

fn page_size(value: &str) -> Result<usize, GraphError> {
    match value.trim().parse() {
        Ok(size) if (1..=PAGE_MAX).contains(&size) => Ok(size),
        _ => Err(GraphError::bad(format!(
            "Invalid page size specified: '{}'. Must be between 1 and {PAGE_MAX} inclusive.",
            shown(value)
        ))),
    }
}

fn boolean(value: &str) -> Result<bool, GraphError> {
    match value.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(GraphError::unreadable("The value of '$count' must be 'true' or 'false'.")),
    }
}

fn list(value: &str) -> Vec<String> {
    value.split(',').map(str::trim).filter(|name| !name.is_empty()).map(ToOwned::to_owned).collect()
}

/// `"displayName:text"`: the text.
fn search(value: &str) -> Result<String, GraphError> {
    let inner = value.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let clause = inner.and_then(|inner| inner.split_once(':'));
    match clause {
        Some((property, text)) if property.trim() == "displayName" && !text.is_empty() => {
            Ok(text.trim().to_lowercase())
        }
        _ => Err(GraphError::unreadable(
            "Invalid $search clause: give one clause of the form \"displayName:text\", in double quotes.",
        )),
    }
}

fn shown(text: &str) -> String {
    text.chars().take(120).collect()
}
