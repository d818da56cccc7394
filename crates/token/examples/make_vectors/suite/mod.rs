//! The vectors, subject by subject: what is presented, what must come of it, and why.

#![allow(dead_code, missing_docs, unreachable_pub, reason = "shared by an example and a test, in parts")]
#![allow(clippy::unwrap_used, reason = "a generator that cannot go on says so")]
#![allow(clippy::too_many_arguments, clippy::too_many_lines, reason = "tables: one call is one row")]

mod algorithm;
mod audience;
mod case;
mod claims_json;
mod client;
mod form;
mod guest;
mod header;
mod identity;
mod issuer;
mod key;
mod key_id;
mod keys;
mod kind;
mod lifetime;
mod oddities;
pub mod seeds;
mod signature;
mod tenant;
mod version;
mod world;

use std::{collections::HashMap, path::Path};

use serde::Serialize;

use case::{Case, Principal};

/// Where the vectors are published.
pub const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors");

/// Where the fuzzers' first inputs are, seen from there.
pub const SEEDS: &str = "../crates/token/fuzz/seeds";

/// The vectors of one subject: one file.
#[derive(Serialize)]
pub struct Sheet<'p> {
    subject: &'static str,
    about: &'static str,
    vectors: Vec<Vector>,
    #[serde(skip)]
    previous: &'p Previous,
}

#[derive(Serialize)]
struct Vector {
    id: String,
    expect: &'static str,
    why: String,
    source: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    configuration: Option<&'static str>,
    now: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<Principal>,
}

impl<'p> Sheet<'p> {
    fn new(subject: &'static str, about: &'static str, previous: &'p Previous) -> Self {
        Self { subject, about, vectors: Vec::new(), previous }
    }

    /// This one must pass.
    fn accepts(&mut self, name: &str, case: &Case, why: &str, source: &str) {
        self.add(name, "accepted", case, why, source);
    }

    /// This one must be refused with `code`.
    fn refuses(&mut self, name: &str, code: &'static str, case: &Case, why: &str, source: &str) {
        self.add(name, code, case, why, source);
    }

    fn add(&mut self, name: &str, expect: &'static str, case: &Case, why: &str, source: &str) {
        let id = format!("{}/{name}", self.subject);
        let (token, authorization) = case.presented(self.previous.token(&id));
        self.vectors.push(Vector {
            principal: (expect == "accepted").then(|| case.principal.clone()),
            id,
            expect,
            why: why.into(),
            source: source.split("; ").map(Into::into).collect(),
            configuration: case.configuration,
            now: case.now,
            token,
            authorization,
        });
    }
}

/// Tokens as they are published now, by vector: ES256 ones are kept.
#[derive(Default)]
pub struct Previous(HashMap<String, String>);

impl Previous {
    /// Reads what is in `folder`; nothing is fine.
    pub fn read(folder: &Path) -> Self {
        let read = |subject: &str| std::fs::read(folder.join(format!("{subject}.json"))).ok();
        let sheets = SUBJECTS
            .iter()
            .filter_map(|(subject, _)| serde_json::from_slice::<serde_json::Value>(&read(subject)?).ok());
        let mut tokens = HashMap::new();
        for sheet in sheets {
            for vector in sheet["vectors"].as_array().into_iter().flatten() {
                if let (Some(id), Some(token)) = (vector["id"].as_str(), vector["token"].as_str()) {
                    tokens.insert(id.to_owned(), token.to_owned());
                }
            }
        }
        Self(tokens)
    }

    fn token(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(AsRef::as_ref)
    }
}

type Fill = for<'p> fn(&'p Previous) -> Sheet<'p>;

/// All subjects, in the order of the verdict.
const SUBJECTS: &[(&str, Fill)] = &[
    ("form", form::sheet),
    ("header", header::sheet),
    ("algorithm", algorithm::sheet),
    ("key_id", key_id::sheet),
    ("claims_json", claims_json::sheet),
    ("tenant", tenant::sheet),
    ("issuer", issuer::sheet),
    ("version", version::sheet),
    ("key", key::sheet),
    ("signature", signature::sheet),
    ("lifetime", lifetime::sheet),
    ("audience", audience::sheet),
    ("kind", kind::sheet),
    ("identity", identity::sheet),
    ("guest", guest::sheet),
    ("client", client::sheet),
    ("oddities", oddities::sheet),
];

/// Every published file that this makes, by name.
pub fn files(previous: &Previous) -> Vec<(String, String)> {
    let mut files = vec![("world.json".to_owned(), pretty(&world::world()))];
    for (subject, fill) in SUBJECTS {
        files.push((format!("{subject}.json"), pretty(&fill(previous))));
    }
    files
}

fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap() + "\n"
}

/// Base64url without padding.
pub fn base64url(bytes: &[u8]) -> String {
    base64_simd::URL_SAFE_NO_PAD.encode_to_string(bytes)
}

fn from_base64(text: &str) -> Vec<u8> {
    base64_simd::STANDARD.decode_to_vec(text).unwrap()
}
