//! T-001, T-003, T-113: any bytes as a token, through the whole verdict and its long explanation.
//!
//! The keys are published but nobody here has the private ones, so whatever is accepted is a finding. (The seeds are signed
//! with test keys: they are accepted at the time of the vectors, and expired at the time used here.)
#![no_main]

use std::sync::{Arc, LazyLock};

use tenantry_token::{
    Audience, Authority, Cloud, Credentials, FixedList, KeySet, Policy, UnixTime, Verifier,
};

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    let entra = Authority::entra(Cloud::Worldwide);
    let keys = KeySet::parse(include_bytes!("../seeds/key_set/0"), &entra).expect("a seed is a key set");
    let audience = Audience::new("bbbbbbbb-0000-4000-8000-000000000001").expect("a client id");
    let policy = Policy::new([entra], [audience]).expect("a policy");
    let tenant = "aaaaaaaa-0000-4000-8000-000000000001".parse().expect("a GUID");
    Verifier::new(policy, Arc::new(FixedList::new([tenant])), Arc::new(keys))
});

libfuzzer_sys::fuzz_target!(|token: &[u8]| {
    let Ok(token) = std::str::from_utf8(token) else { return };
    // 2027-01-01: a year after the seeds.
    let (credentials, now) = (Credentials::bearer(token), UnixTime::from_secs(1_798_761_600));
    let refused = VERIFIER.verify(credentials, now).expect_err("nobody can sign here");
    let told = VERIFIER.explain(credentials, now);
    assert_eq!(told.verdict, refused.code());
    let is_printable = |text: &str| text.chars().all(|c| matches!(c, ' '..='~' | '…'));
    assert!(is_printable(&refused.to_string()));
    assert!(told.steps.iter().all(|step| is_printable(&step.seen)));
});
