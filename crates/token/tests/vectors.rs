//! The published vectors, judged: an unexpected acceptance fails loudly, and so does a refusal for another reason.

#![allow(clippy::unwrap_used, reason = "tests")]

mod published;

use std::{
    collections::{BTreeMap, HashSet},
    fmt::Write,
};

use published::{Expected, Sheet, Vector};
use tenantry_token::{Explanation, Outcome, Principal, Rejection, Step, Verifier};

fn seen(principal: &Principal) -> Expected {
    let texts = |list: &mut dyn Iterator<Item = &str>| list.map(ToOwned::to_owned).collect();
    Expected {
        tenant: principal.tenant().to_string(),
        object_id: principal.object_id().map(|id| id.to_string()),
        subject: principal.subject().map(Into::into),
        kind: name(principal.kind()),
        membership: name(principal.membership()),
        client_id: principal.client_id().as_str().into(),
        roles: texts(&mut principal.roles()),
        scopes: texts(&mut principal.scopes()),
    }
}

/// `user`, `guest` and so on, as published.
fn name(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().into()
}

fn fault(vector: &Vector, verifier: &Verifier) -> Option<String> {
    let verdict = verifier.verify(vector.credentials(), vector.now());
    let Vector { id, expect, why, .. } = vector;
    match (verdict, &vector.principal) {
        (Ok(_), _) if !vector.is_accepted() => {
            Some(format!("{id}: ACCEPTED, and must be refused as `{expect}`: {why}"))
        }
        (Ok(verified), Some(principal)) if seen(verified.principal()) == *principal => None,
        (Ok(verified), expected) => {
            Some(format!("{id}: {:?} came in, expected {expected:?}", seen(verified.principal())))
        }
        (Err(refused), _) if refused.code() == expect => None,
        (Err(refused), _) => {
            Some(format!("{id}: refused as `{}` ({refused}), expected `{expect}`: {why}", refused.code()))
        }
    }
}

fn all_vectors() -> Vec<Vector> {
    published::sheets().into_iter().flat_map(|sheet| sheet.vectors).collect()
}

#[test]
fn all_are_judged_as_published() {
    let verifiers = published::world().verifiers();
    let (vectors, mut report) = (all_vectors(), String::new());
    for vector in &vectors {
        if let Some(fault) = fault(vector, &verifiers[&vector.configuration]) {
            writeln!(report, "  {fault}").unwrap();
        }
    }
    let accepted = vectors.iter().filter(|vector| vector.is_accepted()).count();
    println!("{} vectors: {accepted} accepted, {} refused", vectors.len(), vectors.len() - accepted);
    assert!(report.is_empty(), "these vectors were judged otherwise:\n{report}");
    assert!(vectors.len() >= 170);
}

/// Row 32, T-113: the long form says the same, in printable text only.
#[test]
fn explanations_agree_and_are_printable() {
    let verifiers = published::world().verifiers();
    for vector in all_vectors() {
        let explanation = verifiers[&vector.configuration].explain(vector.credentials(), vector.now());
        assert_eq!(explanation.verdict, vector.expect, "{}", vector.id);
        assert_steps_agree(&vector, &explanation);
        for text in texts(&explanation) {
            let stray = text.chars().find(|c| !matches!(c, ' '..='~' | '…'));
            assert_eq!(stray, None, "{}: {text}", vector.id);
            assert!(!text.contains(['<', '>']), "{}: markup comes out: {text}", vector.id);
            assert!(text.len() < 40_000, "{}: {} bytes of text", vector.id, text.len());
        }
    }
}

fn texts(explanation: &Explanation) -> impl Iterator<Item = &String> {
    let steps = explanation.steps.iter().flat_map(|step| [&step.expected, &step.seen]);
    explanation.reason.iter().chain(steps)
}

fn assert_steps_agree(vector: &Vector, explanation: &Explanation) {
    let refused: Vec<_> = explanation
        .steps
        .iter()
        .filter(|step| step.outcome == Outcome::Refused)
        .map(|step| step.number)
        .collect();
    let expected: Vec<_> = step_of(&vector.expect).map(Step::number).into_iter().collect();
    assert_eq!(refused, expected, "{}", vector.id);
    let passed = explanation.steps.iter().filter(|step| step.outcome == Outcome::Passed).count();
    assert_eq!(passed, expected.first().map_or(10, |number| usize::from(*number) - 1), "{}", vector.id);
}

fn step_of(code: &str) -> Option<Step> {
    Rejection::CODES.iter().find(|(known, _)| *known == code).map(|(_, step)| *step)
}

/// T-002: whatever is accepted is the one spelling of its bytes.
#[test]
fn what_is_accepted_encodes_to_itself() {
    const BASE64URL: base64_simd::Base64 = base64_simd::URL_SAFE_NO_PAD;
    for vector in all_vectors().iter().filter(|vector| vector.is_accepted()) {
        let token = vector.credentials().token().unwrap();
        let again: Vec<_> = token
            .split('.')
            .map(|part| BASE64URL.encode_to_string(BASE64URL.decode_to_vec(part).unwrap()))
            .collect();
        assert_eq!(again.join("."), token, "{}", vector.id);
    }
}

/// A set that misses a code, a requirement or its own good neighbours proves little.
#[test]
fn the_set_is_complete() {
    let sheets = published::sheets();
    let vectors: Vec<_> = sheets.iter().flat_map(|sheet| &sheet.vectors).collect();
    let mut ids = HashSet::new();
    assert!(vectors.iter().all(|vector| ids.insert(&vector.id)), "two vectors have one id");
    for Sheet { subject, vectors, .. } in &sheets {
        assert!(vectors.iter().any(Vector::is_accepted), "{subject}: nothing is accepted");
        let stray = vectors.iter().find(|vector| !vector.id.starts_with(&format!("{subject}/")));
        assert!(stray.is_none(), "{subject}: a vector of another subject");
    }
    let mut by_code: BTreeMap<&str, usize> = BTreeMap::new();
    vectors.iter().for_each(|vector| *by_code.entry(&vector.expect).or_default() += 1);
    for (code, _) in Rejection::CODES {
        assert!(by_code.remove(code).is_some_and(|count| count >= 2), "fewer than two vectors for `{code}`");
    }
    assert_eq!(by_code.into_keys().collect::<Vec<_>>(), ["accepted"]);
    for number in (1..=22).chain([27]) {
        let requirement = format!("T-{number:03}");
        let cites = |vector: &&Vector| vector.source.contains(&requirement);
        assert!(vectors.iter().copied().any(|vector| cites(&vector)), "no vector cites {requirement}");
    }
}

#[test]
fn the_schema_names_every_code() {
    let text = std::fs::read_to_string(format!("{}/schema.json", published::FOLDER)).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
    let named: Vec<_> = schema["$defs"]["vector"]["properties"]["expect"]["enum"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap())
        .collect();
    let codes: Vec<_> = Rejection::CODES.iter().map(|(code, _)| *code).collect();
    assert_eq!(named, [&["accepted"][..], &codes].concat());
}

/// T-019: the long form names the client by the claim that counts, whatever else stands beside it.
#[test]
fn explanations_name_the_client_that_counts() {
    let verifiers = published::world().verifiers();
    for (id, seen) in [
        ("client/other-claim-listed", "azp cccccccc-0000-4000-8000-000000000002"),
        ("client/other-claim-listed-v1", "appid cccccccc-0000-4000-8000-000000000002"),
        ("issuer/openid", "client_id cccccccc-0000-4000-8000-000000000001"),
    ] {
        let vector = published::vector(id);
        let told = verifiers[&vector.configuration].explain(vector.credentials(), vector.now());
        assert_eq!(told.steps[9].seen, seen, "{id}");
    }
}
