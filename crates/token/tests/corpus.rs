//! The fuzzers' first inputs, through the same functions: so that the targets are right where no fuzzer is installed.

#![allow(clippy::unwrap_used, reason = "tests")]

mod published;

use std::{fs, path::PathBuf};

use tenantry_token::{Authority, Cloud, Credentials, KeySet, UnixTime, Verifier, fuzzing};

fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = format!("{}/fuzz/seeds/{target}", env!("CARGO_MANIFEST_DIR"));
    let paths: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(paths.len() >= 3, "{folder} has only {} files", paths.len());
    paths.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

#[test]
fn headers_and_claims() {
    for (target, parses) in [("header", fuzzing::header as fn(&[u8]) -> bool), ("claims", fuzzing::claims)] {
        for (path, seed) in seeds(target) {
            assert_eq!(parses(&seed), !path.ends_with("odd"), "{}", path.display());
        }
    }
}

#[test]
fn key_sets() {
    for (path, seed) in seeds("key_set") {
        let set = KeySet::parse(&seed, &Authority::entra(Cloud::Worldwide)).unwrap();
        assert!(set.keys().len() + set.skipped().len() > 0, "{}", path.display());
    }
}

fn judge(verifier: &Verifier, seed: &[u8]) -> bool {
    let credentials = Credentials::from_fields(seed.split(|byte| *byte == b'\n'));
    verifier.verify(credentials, UnixTime::from_secs(1_767_225_600)).is_ok()
}

#[test]
fn bearers_and_verdicts() {
    let verifier = published::world().verifiers().remove("base").unwrap();
    for (path, seed) in seeds("bearer") {
        let is_good = !path.ends_with("two-fields") && !path.ends_with("spaces");
        assert_eq!(judge(&verifier, &seed), is_good, "{}", path.display());
    }
    for (path, seed) in seeds("verdict") {
        assert!(judge(&verifier, &[b"Bearer ", &*seed].concat()), "{}", path.display());
    }
}
