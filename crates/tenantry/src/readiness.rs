//! Whether this API can judge tokens now, and on what: for load balancers and operators (rows 28, 104).

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use serde::Serialize;
use tenantry_authority::KeySetStatus;
use tenantry_token::{ListStatus, UnixTime};

use crate::{Auth, module_report::as_rfc3339};

/// Whether tokens can be judged now. As a response: 200 or 503, and JSON that names no tenant and nobody else.
///
/// Not ready is an API whose locked allow-list has expired, and one that has asked for keys and holds none that it may use.
/// A newer list that was refused is told, and is no reason not to be ready: the last good one is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Readiness {
    ready: bool,
    keys: KeyReadiness,
    allow_list: Option<ListReadiness>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct KeyReadiness {
    /// Documents that are held, or were asked for.
    sets: usize,
    usable: usize,
    oldest_age_s: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct ListReadiness {
    revision: u64,
    digest: String,
    #[serde(serialize_with = "as_rfc3339")]
    expires_at: UnixTime,
    #[serde(serialize_with = "as_rfc3339")]
    read_at: UnixTime,
    usable: bool,
    refused: Option<RefusedReadiness>,
}

/// The reason stays in the log: it may name people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct RefusedReadiness {
    code: &'static str,
    #[serde(serialize_with = "as_rfc3339")]
    since: UnixTime,
}

impl Readiness {
    fn new(keys: KeyReadiness, list: Option<ListStatus>) -> Self {
        let list_counts = list.as_ref().is_none_or(|list| list.usable);
        let ready = list_counts && (keys.sets == 0 || keys.usable > 0);
        Self { ready, keys, allow_list: list.map(ListReadiness::from) }
    }

    /// Whether tokens can be judged now.
    pub fn is_ready(&self) -> bool {
        self.ready
    }
}

impl KeyReadiness {
    fn of(sets: &[KeySetStatus]) -> Self {
        // A set that nobody has asked for yet says nothing, and waits for the first request.
        let asked_for = sets.iter().filter(|set| set.age_s.is_some() || set.last_error.is_some());
        let usable = asked_for.clone().filter(|set| set.usable);
        let oldest_age_s = usable.clone().filter_map(|set| set.age_s).max();
        Self { sets: asked_for.count(), usable: usable.count(), oldest_age_s }
    }
}

impl From<ListStatus> for ListReadiness {
    fn from(list: ListStatus) -> Self {
        let ListStatus { revision, digest, expires_at, usable, read_at, refused } = list;
        let refused = refused.map(|refused| RefusedReadiness { code: refused.code, since: refused.since });
        Self { revision, digest, expires_at, read_at, usable, refused }
    }
}

impl Auth {
    /// Whether tokens can be judged now: state of keys and allow-list, from memory.
    pub fn readiness(&self) -> Readiness {
        Readiness::new(KeyReadiness::of(&self.keys().status()), self.tenants().list_status())
    }
}

impl IntoResponse for Readiness {
    fn into_response(self) -> Response {
        let status = if self.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        (status, [(header::CACHE_CONTROL, "no-store")], Json(self)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tenantry_token::{ListStatus, RefusedList, UnixTime};

    use super::{KeyReadiness, Readiness};

    fn keys(sets: usize, usable: usize) -> KeyReadiness {
        KeyReadiness { sets, usable, oldest_age_s: (usable > 0).then_some(90) }
    }

    fn list(usable: bool) -> ListStatus {
        let reason = "signed by ada alone".to_owned();
        ListStatus {
            revision: 7,
            digest: "sha256:00ff".into(),
            expires_at: UnixTime::from_secs(1_772_355_600),
            usable,
            read_at: UnixTime::from_secs(1_767_225_600),
            refused: Some(RefusedList {
                code: "half_signed",
                reason,
                since: UnixTime::from_secs(1_767_225_660),
            }),
        }
    }

    #[test]
    fn it_is_ready_with_keys_and_a_list_that_counts() {
        for (sets, listed, ready) in [
            (keys(0, 0), None, true),
            (keys(2, 1), None, true),
            (keys(2, 0), None, false),
            (keys(1, 1), Some(list(true)), true),
            (keys(1, 1), Some(list(false)), false),
        ] {
            assert_eq!(Readiness::new(sets.clone(), listed.clone()).is_ready(), ready, "{sets:?} {listed:?}");
        }
    }

    /// Row 104; nobody is named.
    #[test]
    fn it_tells_the_age_of_keys_and_the_revision() {
        let told = serde_json::to_value(Readiness::new(keys(2, 1), Some(list(true)))).unwrap();
        let expected = json!({
            "ready": true,
            "keys": {"sets": 2, "usable": 1, "oldest_age_s": 90},
            "allow_list": {
                "revision": 7, "digest": "sha256:00ff", "expires_at": "2026-03-01T09:00:00Z",
                "read_at": "2026-01-01T00:00:00Z", "usable": true,
                "refused": {"code": "half_signed", "since": "2026-01-01T00:01:00Z"},
            },
        });
        assert_eq!(told, expected);
    }
}
