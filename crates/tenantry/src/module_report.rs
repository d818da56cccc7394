//! What a deployment tells a release gate about itself: which module, which version, which list of tenants (row 118).

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::header;
use serde::{Serialize, Serializer};
use tenantry_token::{ListStatus, UnixTime};

use crate::{Auth, rfc3339};

/// Where [`crate::Routes::tell_version`] serves the report.
pub(crate) const PATH: &str = "/.well-known/tenantry";

/// Name and version of this module, and the allow-list in force. Public: it names no tenant.
///
/// ```
/// # use tenantry_simulator::{Simulator, builtin};
/// use tenantry::{AllowList, Audience, Auth, Authority};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::start().await?;
/// # let (authority, client_id) = (simulator.base(), builtin::API);
/// let auth = Auth::builder()
///     .authority(Authority::at_host(authority)?)
///     .audience(Audience::new(client_id)?)
///     .tenants(AllowList::default())
///     .build()
///     .await?;
/// let report = serde_json::to_value(auth.module_report())?;
/// assert_eq!(report["module"], "tenantry");
/// assert_eq!(report["allow_list"], serde_json::Value::Null, "the list is not a locked one");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModuleReport {
    module: &'static str,
    version: &'static str,
    allow_list: Option<ListReport>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct ListReport {
    revision: u64,
    digest: String,
    #[serde(serialize_with = "as_rfc3339")]
    expires_at: UnixTime,
}

impl ModuleReport {
    fn new(list: Option<ListStatus>) -> Self {
        let allow_list = list.map(|list| ListReport {
            revision: list.revision,
            digest: list.digest,
            expires_at: list.expires_at,
        });
        Self { module: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION"), allow_list }
    }
}

impl Auth {
    /// What this module tells of itself. [`crate::Routes::tell_version`] serves it; other frameworks do it by hand.
    pub fn module_report(&self) -> ModuleReport {
        ModuleReport::new(self.tenants().list_status())
    }
}

impl IntoResponse for ModuleReport {
    fn into_response(self) -> Response {
        ([(header::CACHE_CONTROL, "no-store")], Json(self)).into_response()
    }
}

/// For `#[serde(serialize_with = …)]`.
pub(crate) fn as_rfc3339<S: Serializer>(at: &UnixTime, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&rfc3339(*at))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tenantry_token::{ListStatus, RefusedList, UnixTime};

    use super::ModuleReport;

    /// The contract with release gates: these members and no others.
    #[test]
    fn a_locked_list_is_told_by_revision_digest_and_end() {
        let refused = RefusedList { code: "altered", reason: "line 3".into(), since: UnixTime::from_secs(1) };
        let list = ListStatus {
            revision: 7,
            digest: "sha256:00ff".into(),
            expires_at: UnixTime::from_secs(1_772_355_600),
            usable: true,
            read_at: UnixTime::from_secs(0),
            refused: Some(refused),
        };
        let told = json!({
            "module": "tenantry",
            "version": env!("CARGO_PKG_VERSION"),
            "allow_list": {"revision": 7, "digest": "sha256:00ff", "expires_at": "2026-03-01T09:00:00Z"},
        });
        assert_eq!(serde_json::to_value(ModuleReport::new(Some(list))).unwrap(), told);
    }
}
