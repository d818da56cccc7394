//! What a `$filter` means, on the JSON of an object.

use std::cmp::Ordering;

use serde_json::Value;

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Filter {
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Not(Box<Filter>),
    Compare(String, Comparison, Value),
    In(String, Vec<Value>),
    Text(TextTest, String, String),
    /// `collection/any(variable:condition)`; no condition: not empty.
    Any(String, Option<(String, Box<Filter>)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
}

/// What a path starts at: the object, and the variables of `any` around it.
#[derive(Clone, Copy)]
struct Scope<'v> {
    object: &'v Value,
    variable: Option<(&'v str, &'v Value)>,
}

impl Filter {
    /// Whether an object fulfils the condition.
    pub(super) fn matches(&self, object: &Value) -> bool {
        self.holds(Scope { object, variable: None })
    }

    /// Whether only the index of advanced queries answers it (Microsoft Graph, "Advanced query capabilities").
    pub(super) fn is_advanced(&self) -> bool {
        match self {
            Self::And(left, right) | Self::Or(left, right) => left.is_advanced() || right.is_advanced(),
            Self::Not(_)
            | Self::Compare(_, Comparison::NotEqual, _)
            | Self::Text(TextTest::EndsWith | TextTest::Contains, ..) => true,
            Self::Any(_, inner) => inner.as_ref().is_some_and(|(_, inner)| inner.is_advanced()),
            Self::Compare(..) | Self::In(..) | Self::Text(..) => false,
        }
    }

    /// Paths that start at the object itself.
    pub(super) fn properties<'f>(&'f self, found: &mut Vec<&'f str>) {
        match self {
            Self::And(left, right) | Self::Or(left, right) => {
                left.properties(found);
                right.properties(found);
            }
            Self::Not(inner) => inner.properties(found),
            Self::Compare(path, ..) | Self::In(path, _) | Self::Text(_, path, _) => found.push(path),
            Self::Any(path, inner) => {
                found.push(path);
                if let Some((variable, inner)) = inner {
                    let mut within = Vec::new();
                    inner.properties(&mut within);
                    found.extend(within.into_iter().filter(|path| path.split('/').next() != Some(variable)));
                }
            }
        }
    }

    fn holds(&self, scope: Scope<'_>) -> bool {
        match self {
            Self::And(left, right) => left.holds(scope) && right.holds(scope),
            Self::Or(left, right) => left.holds(scope) || right.holds(scope),
            Self::Not(inner) => !inner.holds(scope),
            Self::Compare(path, comparison, wanted) => comparison.holds(scope.value(path), wanted),
            Self::In(path, wanted) => wanted.iter().any(|wanted| same(scope.value(path), wanted)),
            Self::Text(test, path, wanted) => {
                scope.value(path).as_str().is_some_and(|text| test.holds(text, wanted))
            }
            Self::Any(path, inner) => {
                let elements = scope.value(path).as_array().map(Vec::as_slice).unwrap_or_default();
                match inner {
                    None => !elements.is_empty(),
                    Some((variable, inner)) => elements
                        .iter()
                        .any(|element| inner.holds(Scope { variable: Some((variable, element)), ..scope })),
                }
            }
        }
    }
}

impl<'v> Scope<'v> {
    fn value(&self, path: &str) -> &'v Value {
        let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let (start, rest) = match self.variable {
            Some((variable, element)) if variable == first => (element, rest),
            _ => (self.object, Some(path)),
        };
        rest.into_iter().flat_map(|rest| rest.split('/')).fold(start, |value, name| &value[name])
    }
}

impl Comparison {
    fn holds(self, found: &Value, wanted: &Value) -> bool {
        match self {
            Self::Equal => same(found, wanted),
            Self::NotEqual => !same(found, wanted),
            Self::Greater => order(found, wanted) == Some(Ordering::Greater),
            Self::GreaterOrEqual => order(found, wanted).is_some_and(Ordering::is_ge),
            Self::Less => order(found, wanted) == Some(Ordering::Less),
            Self::LessOrEqual => order(found, wanted).is_some_and(Ordering::is_le),
        }
    }
}

impl TextTest {
    fn holds(self, text: &str, wanted: &str) -> bool {
        let (text, wanted) = (text.to_lowercase(), wanted.to_lowercase());
        match self {
            Self::StartsWith => text.starts_with(&wanted),
            Self::EndsWith => text.ends_with(&wanted),
            Self::Contains => text.contains(&wanted),
        }
    }
}

/// The directory compares texts without regard to letter case.
fn same(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::String(found), Value::String(wanted)) => found.to_lowercase() == wanted.to_lowercase(),
        (Value::Number(found), Value::Number(wanted)) => found.as_f64() == wanted.as_f64(),
        (found, wanted) => found == wanted,
    }
}

/// Numbers by size, texts (dates are written so that it works) by letter.
pub(super) fn order(one: &Value, other: &Value) -> Option<Ordering> {
    match (one, other) {
        (Value::String(one), Value::String(other)) => Some(one.to_lowercase().cmp(&other.to_lowercase())),
        (Value::Number(one), Value::Number(other)) => one.as_f64()?.partial_cmp(&other.as_f64()?),
        (Value::Bool(one), Value::Bool(other)) => Some(one.cmp(other)),
        _ => None,
    }
}
