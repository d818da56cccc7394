//! `[[probe]]`: one request, and what success looks like.

use serde::{Deserialize, Serialize};

use super::{TargetError, wrong};

/// A request that a good token opens and nothing else does.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Probe {
    /// Short name for reports. Default: method and path.
    #[serde(default)]
    pub name: Option<String>,
    /// HTTP method. Default `GET`.
    #[serde(default = "get")]
    pub method: String,
    /// Path with its query, from `/`.
    pub path: String,
    /// JSON body. Default: none.
    #[serde(default)]
    pub body: Option<serde_json::Value>,
    /// Statuses that mean "let in". Default: 200 to 299.
    #[serde(default)]
    pub success: Vec<u16>,
    /// A text that the body holds when the call was let in. Default: anything will do.
    #[serde(default)]
    pub contains: Option<String>,
}

impl Probe {
    /// A plain `GET`.
    pub(crate) fn get(path: &str) -> Self {
        Self {
            name: None,
            method: get(),
            path: path.to_owned(),
            body: None,
            success: Vec::new(),
            contains: None,
        }
    }

    /// The name for reports.
    pub fn label(&self) -> String {
        self.name.clone().unwrap_or_else(|| format!("{} {}", self.method, self.path))
    }

    /// Whether a status says that the call was let in.
    pub(crate) fn lets_in(&self, status: u16) -> bool {
        if self.success.is_empty() { (200..300).contains(&status) } else { self.success.contains(&status) }
    }

    pub(super) fn check(&self) -> Result<(), TargetError> {
        if !self.path.starts_with('/') || self.path.starts_with("//") {
            return Err(wrong("probe.path", format!("`{}` must begin with one `/`", self.path)));
        }
        if reqwest::Method::from_bytes(self.method.as_bytes()).is_err() {
            return Err(wrong("probe.method", format!("`{}` is no HTTP method", self.method)));
        }
        if self.success.iter().any(|status| !(200..400).contains(status)) {
            return Err(wrong("probe.success", "statuses between 200 and 399"));
        }
        Ok(())
    }
}

fn get() -> String {
    "GET".to_owned()
}
