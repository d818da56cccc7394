//! The probes by other methods and other spellings of their paths, without a token. A check that is bound to one spelling does not see
//! the others; a router may.

use serde_json::Value;

use super::case;
use crate::case::{Answer, Case, Expect, Observed, Severity, Shot};
use crate::isolation::alike;
use crate::report::Finding;
use crate::token::Recipe;
use crate::{GateError, Probe, Stage};

/// Another way to a probe, as method and path. The second argument is a path that answers anybody.
type Ways = fn(&Probe, &str) -> Vec<(String, String)>;

/// A method that nobody has heard of.
const UNHEARD_OF: &str = "GATE";

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("placement/other-methods", Severity::Critical)
            .says(
                "no token, and the probes by `HEAD`, `OPTIONS`, lower-case and unheard-of methods",
                "every method needs the same token; what falls back to `GET` shows what `GET` shows",
            )
            .by("CWE-650; RFC 9110 §9.1; threat model T-035", &["T-021", "T-035"])
            .script(Expect::Refused, |stage| Box::pin(detours(stage, methods))),
        case("placement/path-spellings", Severity::Critical)
            .says(
                "no token, and the probes' paths with capitals, slashes, endings, parameters, or percent-encoded",
                "a check by path and a router that read one path differently leave a door between them",
            )
            .by("CWE-178; CWE-436; threat model T-031", &["T-021", "T-031"])
            .script(Expect::Refused, |stage| Box::pin(detours(stage, spellings))),
    ]
}

/// Goes every way to every probe. Any answer will do but the one that a token opens.
async fn detours(stage: &Stage, ways: Ways) -> Result<Observed, GateError> {
    let mut tried = 0;
    for probe in &stage.target().probes {
        let token = stage.token(&Recipe::good(&stage.scene().at(probe))).await?;
        let Ok(good) = stage.send(&Shot::of(probe).bearer(&token)).await? else { continue };
        for (method, path) in ways(probe, stage.target().ready_path()) {
            tried += 1;
            let way = Probe { method, path, ..probe.clone() };
            let Ok(answer) = stage.send(&Shot::of(&way)).await? else { continue };
            if is_served(&way, &answer, &good) && !serves_anything(stage, &way).await? {
                return Ok(opened(&way, &answer));
            }
        }
    }
    Ok(Observed::AsExpected(format!("{tried} other ways led nowhere without a token")))
}

fn opened(way: &Probe, answer: &Answer) -> Observed {
    let detail = format!("`{} {}` needs no token: {}", way.method, way.path, answer.status);
    Observed::Otherwise(Finding::Accepted, detail)
}

/// Whether an answer looks like the one that a token opens. `HEAD` has no body to compare.
fn is_served(way: &Probe, answer: &Answer, good: &Answer) -> bool {
    let is_head = way.method == "HEAD";
    let is_told = way.contains.as_ref().is_none_or(|text| answer.body.contains(text));
    // What may be asked for is said to anybody: a bare answer to `OPTIONS` shows nothing.
    let is_bare = way.method == "OPTIONS" && answer.body.is_empty();
    way.lets_in(answer.status) && (is_head || (is_told && !is_bare && is_of_one_form(answer, good)))
}

/// Whether two bodies are JSON of one form, or else nearly the same text.
fn is_of_one_form(one: &Answer, other: &Answer) -> bool {
    let read = |answer: &Answer| serde_json::from_str::<Value>(&answer.body).ok();
    match (read(one), read(other)) {
        (Some(Value::Object(one)), Some(Value::Object(other))) => one.keys().eq(other.keys()),
        (Some(Value::Array(_)), Some(Value::Array(_))) => true,
        _ => alike((0, &one.body), (0, &other.body)),
    }
}

/// Whether the API answers alike where nothing is, as those do that show a start page for every path.
async fn serves_anything(stage: &Stage, way: &Probe) -> Result<bool, GateError> {
    let nowhere = Probe { path: format!("/{}", stage.scene().guid("detour")), ..way.clone() };
    let answer = stage.send(&Shot::of(&nowhere)).await?;
    Ok(answer.is_ok_and(|answer| way.lets_in(answer.status)))
}

fn methods(probe: &Probe, _: &str) -> Vec<(String, String)> {
    let own = probe.method.to_ascii_lowercase();
    let others: &[&str] = if own == "get" { &["HEAD", "OPTIONS"] } else { &[] };
    let methods = others.iter().copied().chain([UNHEARD_OF, &own]);
    methods.map(|method| (method.to_owned(), probe.path.clone())).collect()
}

fn spellings(probe: &Probe, open: &str) -> Vec<(String, String)> {
    let (path, query) = match probe.path.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (probe.path.as_str(), String::new()),
    };
    let (folder, last) = path.rsplit_once('/').unwrap_or(("", path));
    let first = path.as_bytes().get(1).map_or_else(String::new, |byte| format!("%{byte:02x}"));
    let spelt = [
        path.to_uppercase(),
        format!("{path}/"),
        format!("/{path}"),
        format!("{folder}//{last}"),
        format!("{path};gate=1"),
        format!("{path};{open}"),
        format!("{path}.json"),
        format!("/{first}{}", path.get(2..).unwrap_or_default()),
        format!("{open}/..;{path}"),
        format!("{open}/..%2f{}", path.trim_start_matches('/')),
    ];
    let mut ways: Vec<String> = spelt.into_iter().map(|path| path + &query).collect();
    ways.push(format!("{}{}{open}", probe.path, if query.is_empty() { '?' } else { '&' }));
    ways.retain(|way| *way != probe.path);
    ways.into_iter().map(|path| (probe.method.clone(), path)).collect()
}

#[cfg(test)]
mod tests {
    use super::{is_served, spellings};
    use crate::Probe;
    use crate::case::Answer;

    fn answer(status: u16, body: &str) -> Answer {
        Answer { status, fields: Vec::new(), body: body.to_owned(), took: std::time::Duration::ZERO }
    }

    /// T-161: what a sound API says to a stranger is no open door.
    #[test]
    fn only_what_a_token_opens_counts() {
        let good = answer(200, r#"{"id":1,"tenant":"a"}"#);
        for (method, status, body, counts) in [
            ("GET", 200, r#"{"id":0,"tenant":null}"#, true),
            ("HEAD", 200, "", true),
            ("GET", 200, "<html>the start page</html>", false),
            ("GET", 200, r#"{"error":"unauthorized"}"#, false),
            ("GET", 404, r#"{"id":0,"tenant":null}"#, false),
            ("HEAD", 405, "", false),
            ("OPTIONS", 204, "", false),
            ("OPTIONS", 200, "GET,HEAD", false),
            ("OPTIONS", 200, r#"{"id":0,"tenant":null}"#, true),
        ] {
            let way = Probe { method: method.to_owned(), ..Probe::get("/me") };
            assert_eq!(is_served(&way, &answer(status, body), &good), counts, "{method} {status} {body}");
        }
    }

    #[test]
    fn a_path_is_spelt_in_other_ways_only() {
        for path in ["/", "/me", "/api/tasks?mine=1"] {
            let ways = spellings(&Probe::get(path), "/healthz");
            assert!(
                ways.len() > 8 && ways.iter().all(|(_, way)| way != path && way.starts_with('/')),
                "{ways:?}"
            );
        }
    }
}
