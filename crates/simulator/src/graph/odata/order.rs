//! `$orderby`.

use std::cmp::Ordering;

use serde_json::Value;

use super::filter;
use crate::graph::error::GraphError;

/// One property to sort by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) property: String,
    descending: bool,
}

impl Order {
    pub(super) fn parse(text: &str) -> Result<Vec<Self>, GraphError> {
        text.split(',').map(Self::one).collect()
    }

    fn one(text: &str) -> Result<Self, GraphError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (property, descending) = match words.as_slice() {
            [property] | [property, "asc"] => (*property, false),
            [property, "desc"] => (*property, true),
            _ => {
                return Err(GraphError::unreadable(
                    "Invalid $orderby clause: give 'property', 'property asc' or 'property desc'.",
                ));
            }
        };
        Ok(Self { property: property.to_owned(), descending })
    }

    pub(super) fn compare(orders: &[Self], one: &Value, other: &Value) -> Ordering {
        let by = |order: &Self| {
            let ascending =
                filter::order(&one[&order.property], &other[&order.property]).unwrap_or(Ordering::Equal);
            if order.descending { ascending.reverse() } else { ascending }
        };
        orders.iter().map(by).find(|ordering| *ordering != Ordering::Equal).unwrap_or(Ordering::Equal)
    }
}
