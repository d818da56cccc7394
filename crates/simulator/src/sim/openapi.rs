//! `GET /sim/openapi.json`: the controls described for machines (OpenAPI 3.1).

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

/// Written by hand; the tests compare it with the routes and with what they answer.
const DOCUMENT: &str = include_str!("openapi.json");

pub(super) async fn show() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::super::routes::routes;
    use super::DOCUMENT;

    #[test]
    fn it_has_every_route_and_no_other() {
        let document: Value = serde_json::from_str(DOCUMENT).unwrap();
        let described: BTreeSet<&str> =
            document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
        let routed: BTreeSet<&str> = routes().into_iter().map(|(path, _)| path).collect();
        let missing: Vec<_> = routed.difference(&described).collect();
        let idle: Vec<_> = described.difference(&routed).collect();
        assert!(
            missing.is_empty(),
            "describe in crates/simulator/src/sim/openapi.json, under `paths`, what was added to `routes`: {missing:?}"
        );
        assert!(idle.is_empty(), "openapi.json describes what `routes` does not have: {idle:?}");
    }
}
