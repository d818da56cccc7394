//! What a verdict costs beside the signature check that it cannot do without, all in one run.
//!
//! `verdict/bare` is aws-lc-rs alone over the same bytes; `verdict/cold` the ten steps with one tenant on the list, and
//! `verdict/cold_100k` with 100 000. The ratios that `cargo xtask bench verdict` prints come from short rounds of all three
//! in turn.

use std::{
    fs,
    hint::black_box,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::{KeySize, PublicKeyComponents},
    signature::{KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair},
};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::json;
use tenantry_token::{
    Audience, Authority, Cloud, Credentials, FixedList, KeySet, Policy, TenantId, UnixTime, Verifier,
};

const NOW: i64 = 1_790_000_000;
const API: &str = "11111111-2222-4333-8444-555555555555";
const BASE64URL: base64_simd::Base64 = base64_simd::URL_SAFE_NO_PAD;

fn tenant(n: u32) -> TenantId {
    let spread = n.wrapping_mul(2_654_435_761);
    format!("{spread:08x}-0000-4000-8000-{n:012x}").parse().expect("a GUID")
}

/// A token as Entra makes them for a user with some groups: about 1.6 kB.
fn realistic_token(key: &RsaKeyPair) -> String {
    let tid = tenant(7).to_string();
    let group = |n: u32| format!("cccccccc-0000-4000-8000-{n:012}");
    let header = json!({"typ": "JWT", "alg": "RS256", "kid": "aVnUqz7kD1m4SbW0cYtF3hJxR2s"});
    let claims = json!({
        "aud": API, "iss": format!("https://login.microsoftonline.com/{tid}/v2.0"), "iat": NOW - 300, "nbf": NOW - 300,
        "exp": NOW + 4_200, "aio": "AVQAq/8TAAAAkFh6n2pG3yVb1sQd0uWlJ9cXeR7tKmZaL4oNfHwBvYi5EjUgMrS8qDkPx2TzCh6OaVnI1bGy",
        "azp": "22222222-3333-4444-8555-666666666666", "azpacr": "0", "name": "Ada Example",
        "oid": "dddddddd-0000-4000-8000-000000000001", "preferred_username": "ada@contoso.example",
        "rh": "1.AXoAq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJB6AAB6AA.", "roles": ["Admin", "Editor"],
        "scp": "access_as_user", "sid": "eeeeeeee-0000-4000-8000-000000000001",
        "sub": "b1N4eGm5d0hQc2ZLdVJ3VnlXa1lqTnRBcUxlSXpCb0Y", "tid": tid, "uti": "q83vEjRWeJCrze8SNFZ4kA", "ver": "2.0",
        "groups": [group(1), group(2), group(3), group(4)], "xms_ftd": "x0VniQq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vE",
    });
    let signed = format!(
        "{}.{}",
        BASE64URL.encode_to_string(header.to_string()),
        BASE64URL.encode_to_string(claims.to_string())
    );
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).expect("signs");
    format!("{signed}.{}", BASE64URL.encode_to_string(&signature))
}

fn verifier(key: &RsaKeyPair, tenants: u32) -> Verifier {
    let public = PublicKeyComponents::<Vec<u8>>::from(key.public_key());
    let jwks = json!({"keys": [{
        "kty": "RSA", "use": "sig", "kid": "aVnUqz7kD1m4SbW0cYtF3hJxR2s",
        "n": BASE64URL.encode_to_string(&public.n), "e": BASE64URL.encode_to_string(&public.e),
        "issuer": "https://login.microsoftonline.com/{tenantid}/v2.0",
    }]});
    let entra = Authority::entra(Cloud::Worldwide);
    let keys = KeySet::parse(jwks.to_string().as_bytes(), &entra).expect("a key set");
    let policy = Policy::new([entra], [Audience::new(API).expect("an audience")]).expect("a policy");
    Verifier::new(policy, Arc::new(FixedList::new((7..7 + tenants).map(tenant))), Arc::new(keys))
}

fn verdicts(criterion: &mut Criterion) {
    let key = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
    let token = realistic_token(&key);
    let (signed, signature) = token.rsplit_once('.').expect("three parts");
    let signature = BASE64URL.decode_to_vec(signature).expect("base64url");
    let spki: PublicKeyX509Der<'_> = key.public_key().as_der().expect("a public key");
    let parsed = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki.as_ref()).expect("parses");
    let (one, many) = (verifier(&key, 1), verifier(&key, 100_000));
    let now = UnixTime::from_secs(NOW);
    eprintln!("token of {} bytes", token.len());

    let mut group = criterion.benchmark_group("verdict");
    group.sample_size(60).warm_up_time(Duration::from_secs(2)).measurement_time(Duration::from_secs(6));
    group.bench_function("bare", |b| b.iter(|| parsed.verify_sig(black_box(signed.as_bytes()), &signature)));
    let cold =
        |verifier: &Verifier| verifier.verify(Credentials::bearer(black_box(&token)), now).expect("accepted");
    group.bench_function("cold", |b| b.iter(|| cold(&one)));
    group.bench_function("cold_100k", |b| b.iter(|| cold(&many)));
    group.finish();

    let judge_bare = || parsed.verify_sig(black_box(signed.as_bytes()), &signature).expect("good");
    write_ratios([&judge_bare, &|| drop(cold(&one)), &|| drop(cold(&many))]);
    write_bytes_per_tenant();
}

/// Ratios of neighbours in time: clocks of shared machines change from second to second.
fn write_ratios([bare, cold, cold_100k]: [&dyn Fn(); 3]) {
    const ROUNDS: usize = 601;
    let (mut cold_over_bare, mut many_over_one) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let [bare, cold, cold_100k] = [bare, cold, cold_100k].map(time_of_some);
        cold_over_bare.push(cold / bare);
        many_over_one.push(cold_100k / cold);
    }
    write_figure("cold_over_bare", median(cold_over_bare));
    write_figure("cold_100k_over_cold_1", median(many_over_one));
}

fn time_of_some(work: &dyn Fn()) -> f64 {
    let start = Instant::now();
    (0..60).for_each(|_| work());
    start.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Resident memory before and after a list of a million tenants.
fn write_bytes_per_tenant() {
    const TENANTS: u32 = 1_000_000;
    let before = resident_bytes();
    let list = FixedList::new((0..TENANTS).map(tenant));
    let bytes = resident_bytes().saturating_sub(before);
    write_figure("bytes_per_tenant", bytes as f64 / list.tenants().len() as f64);
}

/// Leaves a figure where `cargo xtask bench` looks for it.
fn write_figure(name: &str, value: f64) {
    let target = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/criterion");
    let json = serde_json::Value::from_iter([(name, value)]).to_string();
    let written =
        fs::create_dir_all(&target).and_then(|()| fs::write(target.join(format!("{name}.json")), json));
    if let Err(fault) = written {
        eprintln!("{name}.json was not written: {fault}");
    }
}

fn resident_bytes() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or_default() * 4096
}

criterion_group!(benches, verdicts);
criterion_main!(benches);
