//! Small first inputs for the fuzzers, a few per target.

use super::{
    case::{application, user, user_v1},
    world,
};

/// Each with its path, one folder per target.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let cases = [("user", user()), ("user-v1", user_v1()), ("application", application())];
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, case) in &cases {
        let (header, claims) = case.parts();
        files.push((format!("header/{name}"), header));
        files.push((format!("claims/{name}"), claims));
        files.push((format!("verdict/{name}"), case.compact(None).into()));
        files.push((format!("bearer/{name}"), format!("Bearer {}", case.compact(None)).into()));
    }
    let odd = r#" {"\u0061lg" : "RS256", "kid":"é", "x":[1e999,{"a":null}], "crit":["b64"]} "#;
    files.push(("header/odd".into(), odd.into()));
    let odd = r#"{"exp":1.5e9,"aud":["a"],"TID":"x","\u0069ss":"\ud83e\udd80","x":[[[[{}]]]]}"#;
    files.push(("claims/odd".into(), odd.into()));
    files.push(("bearer/two-fields".into(), b"Bearer a.b.c\nBasic dXNlcg==".to_vec()));
    files.push(("bearer/spaces".into(), b"bEaReR   e30.e30.AQ".to_vec()));
    for (index, document) in world::key_sets().into_iter().enumerate() {
        files.push((format!("key_set/{index}"), document.into_bytes()));
    }
    files
}
