use serde_json::{Value, json};

use super::*;
use crate::report::{Verdict, samples, samples::PRIVATE_KEY};

fn key() -> SigningKey {
    SigningKey::from_pem(PRIVATE_KEY).unwrap()
}

/// A key that nobody here trusts.
fn stranger() -> SigningKey {
    let pem = PRIVATE_KEY.replace("INTuctv5E1hK", "INTuctv5E1hL");
    SigningKey::from_pem(&pem).unwrap()
}

fn trusted() -> Vec<VerifyingKey> {
    vec![key().public()]
}

/// An envelope with a changed member.
fn changed(envelope: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut value: Value = serde_json::from_str(envelope).unwrap();
    change(&mut value);
    value.to_string()
}

/// A statement with a changed member, signed by the trusted key.
fn forged(change: impl FnOnce(&mut Value)) -> String {
    let mut value: Value = serde_json::from_slice(&Statement::of(&samples::passed()).json()).unwrap();
    change(&mut value);
    Envelope::seal(value.to_string().as_bytes(), &key()).json()
}

fn fault(envelope: &str, report: &str) -> EvidenceFault {
    SignedEvidence::verify(envelope, report, &trusted()).unwrap_err()
}

#[test]
fn what_is_signed_comes_back() {
    for (name, report) in samples::all() {
        let envelope = SignedEvidence::sign(&report, &key());
        let evidence = SignedEvidence::verify(&envelope, &report.json(), &trusted()).unwrap();
        assert_eq!(evidence.verdict, report.verdict(), "{name}: evidence of a failed run is evidence too");
        assert_eq!(SignedEvidence::sign(&report, &key()), envelope, "{name}: deterministic");
    }
    let evidence = SignedEvidence::of(&samples::passed());
    assert_eq!(evidence.verdict, Verdict::Passed);
    assert_eq!(
        (evidence.started_at.as_str(), evidence.finished_at.as_str()),
        ("2026-03-01T09:00:00Z", "2026-03-01T09:00:21Z")
    );
    assert_eq!(evidence.allow_list.unwrap().revision, 7);
}

#[test]
fn the_statement_is_in_totos() {
    let statement: Value = serde_json::from_slice(&Statement::of(&samples::passed()).json()).unwrap();
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(statement["predicateType"], "urn:tenantry:gate-evidence:v1");
    let digest = samples::passed().digest();
    assert_eq!(statement["subject"], json!([{"name": "Orders API", "digest": {"sha256": digest[7..]}}]));
    let gates: Vec<_> = (1..=3).map(|number| json!({"number": number, "verdict": "passed"})).collect();
    assert_eq!(statement["predicate"]["gates"], json!(gates));
    assert_eq!(statement["predicate"]["allowList"]["revision"], 7);
}

#[test]
fn another_report_is_refused() {
    let (passed, failed) = (samples::passed(), samples::failed());
    let envelope = SignedEvidence::sign(&passed, &key());
    assert!(matches!(fault(&envelope, &failed.json()), EvidenceFault::ReportAltered { .. }));
    assert!(matches!(
        fault(&envelope, &passed.json().replace("held", "Held")),
        EvidenceFault::ReportAltered { .. }
    ));
    assert!(matches!(fault(&envelope, ""), EvidenceFault::ReportAltered { .. }));
    assert!(matches!(
        fault(&SignedEvidence::sign(&failed, &key()), &passed.json()),
        EvidenceFault::ReportAltered { .. }
    ));
}

#[test]
fn signatures_that_do_not_count_are_refused() {
    let report = samples::passed();
    let envelope = SignedEvidence::sign(&report, &key());
    let strangers = SignedEvidence::sign(&report, &stranger());
    let json = report.json();
    assert!(
        matches!(fault(&strangers, &json), EvidenceFault::UnknownKey(id) if id == stranger().public().id())
    );
    let lied = changed(&strangers, |e| e["signatures"][0]["keyid"] = key().public().id().into());
    assert!(matches!(fault(&lied, &json), EvidenceFault::Signature(_)));
    let none = changed(&envelope, |e| e["signatures"] = json!([]));
    assert!(matches!(fault(&none, &json), EvidenceFault::Unsigned));
    let empty = changed(&envelope, |e| e["signatures"][0]["sig"] = "".into());
    assert!(matches!(fault(&empty, &json), EvidenceFault::Signature(_)));
    assert!(matches!(SignedEvidence::verify(&envelope, &json, &[]), Err(EvidenceFault::UnknownKey(_))));
    let many = changed(&envelope, |e| e["signatures"] = json!(vec![e["signatures"][0].clone(); 17]));
    assert!(matches!(fault(&many, &json), EvidenceFault::Envelope(_)));
}

#[test]
fn a_second_signature_neither_helps_nor_harms() {
    let report = samples::passed();
    let [ours, theirs] = [key(), stranger()].map(|key| SignedEvidence::sign(&report, &key));
    let theirs: Value = serde_json::from_str(&theirs).unwrap();
    for at in 0..2 {
        let both = changed(&ours, |envelope| {
            envelope["signatures"].as_array_mut().unwrap().insert(at, theirs["signatures"][0].clone());
        });
        assert!(SignedEvidence::verify(&both, &report.json(), &trusted()).is_ok());
        let nobody = ["ed25519:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=".parse().unwrap()];
        assert!(matches!(
            SignedEvidence::verify(&both, &report.json(), &nobody),
            Err(EvidenceFault::UnknownKey(_))
        ));
    }
}

#[test]
fn other_contents_are_refused_although_they_are_signed() {
    let json = samples::passed().json();
    let payload = Statement::of(&samples::passed()).json();
    let other_type = Envelope::sealed("application/json", &payload, &key()).json();
    assert!(matches!(fault(&other_type, &json), EvidenceFault::PayloadType(_)));
    let retyped = changed(&other_type, |e| e["payloadType"] = "application/vnd.in-toto+json".into());
    assert!(matches!(fault(&retyped, &json), EvidenceFault::Signature(_)), "the type is signed too");
    for (at, value) in [
        ("_type", json!("https://in-toto.io/Statement/v0.1")),
        ("predicateType", json!("https://slsa.dev/provenance/v1")),
        ("subject", json!([])),
        ("subject", json!([{"name": "Orders API", "digest": {"sha1": "00"}}])),
        ("predicate", json!({})),
    ] {
        assert!(matches!(fault(&forged(|s| s[at] = value), &json), EvidenceFault::Statement(_)), "{at}");
    }
    let lied = forged(|statement| statement["predicate"]["counts"]["held"] = 1000.into());
    assert!(matches!(fault(&lied, &json), EvidenceFault::Contradiction));
    let later = forged(|statement| statement["comment"] = "readers ignore what they do not know".into());
    assert!(SignedEvidence::verify(&later, &json, &trusted()).is_ok());
}

/// Whichever bit of the envelope is turned: refused, or what was signed comes back unchanged (the key's name is a hint alone).
#[test]
fn no_altered_byte_alters_what_is_read() {
    let report = samples::passed();
    let (envelope, json) = (SignedEvidence::sign(&report, &key()), report.json());
    let signed = SignedEvidence::of(&report);
    for at in 0..envelope.len() {
        for bit in [0x01, 0x20] {
            let mut bytes = envelope.clone().into_bytes();
            bytes[at] ^= bit;
            let Ok(altered) = String::from_utf8(bytes) else { continue };
            if let Ok(evidence) = SignedEvidence::verify(&altered, &json, &trusted()) {
                assert_eq!(evidence, signed, "byte {at}");
            }
        }
    }
}

#[test]
fn no_altered_byte_of_the_report_passes() {
    let report = samples::refuses_everything();
    let (envelope, json) = (SignedEvidence::sign(&report, &key()), report.json());
    for at in 0..json.len() {
        let mut bytes = json.clone().into_bytes();
        bytes[at] ^= 0x01;
        let Ok(altered) = String::from_utf8(bytes) else { continue };
        assert!(matches!(fault(&envelope, &altered), EvidenceFault::ReportAltered { .. }), "byte {at}");
    }
}

/// T-164: what stands in an envelope reaches a terminal as harmless text.
#[test]
fn faults_show_hostile_texts_harmlessly() {
    let json = samples::passed().json();
    let hostile = "\u{1b}[31m\u{202e}\n::error::".repeat(1000);
    let id = changed(&SignedEvidence::sign(&samples::passed(), &stranger()), |e| {
        e["signatures"][0]["keyid"] = hostile.clone().into();
    });
    let kind = Envelope::sealed(&hostile, b"", &key()).json();
    let predicate = forged(|statement| statement["predicateType"] = hostile.clone().into());
    for envelope in [&id, &kind, &predicate, &hostile] {
        let shown = fault(envelope, &json).to_string();
        assert!(shown.len() < 1000 && !shown.chars().any(char::is_control), "{shown}");
    }
}
