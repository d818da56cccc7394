//! What a remembered verdict costs beside a fresh one, both through the whole of [`tenantry::Auth`], in one run.

use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use http::{HeaderMap, HeaderValue, header};
use tenantry::{AllowList, Audience, Auth, Authority};
use tenantry_simulator::{Simulator, TokenRequest, builtin};

async fn auth(simulator: &Simulator, verdict_cache_bytes: u64) -> Auth {
    let tenant = builtin::CONTOSO.parse().expect("a tenant id");
    Auth::builder()
        .authority(Authority::custom(simulator.base()).expect("an authority"))
        .audience(Audience::new(builtin::API).expect("an audience"))
        .tenants(AllowList::new([tenant]))
        .warm([tenant])
        .verdict_cache_bytes(verdict_cache_bytes)
        .build()
        .await
        .expect("an auth module")
}

/// About the size of a token of Entra: some opaque claims are added.
fn headers(simulator: &Simulator) -> HeaderMap {
    let mut request = TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN).audience(builtin::API);
    let groups: Vec<_> = (0..6).map(|n| format!("cccccccc-0000-4000-8000-{n:012}")).collect();
    request.claims.insert("groups".into(), groups.into());
    let token = simulator.mint(&request).expect("a token").token;
    eprintln!("token of {} bytes", token.len());
    let value = HeaderValue::try_from(format!("Bearer {token}")).expect("a header value");
    HeaderMap::from_iter([(header::AUTHORIZATION, value)])
}

fn cached(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let simulator = runtime.block_on(Simulator::start()).expect("a simulator");
    let (without, with) =
        runtime.block_on(async { (auth(&simulator, 0).await, auth(&simulator, 8 << 20).await) });
    let headers = headers(&simulator);
    let mut group = criterion.benchmark_group("cached");
    group.sample_size(60).warm_up_time(Duration::from_secs(2)).measurement_time(Duration::from_secs(5));
    for (name, auth) in [("cold", without), ("hit", with)] {
        // Polled by hand: the verdict is ready at once, and a runtime would be measured with it.
        group.bench_function(name, |b| {
            b.iter(|| {
                futures_util::FutureExt::now_or_never(auth.verify(&headers))
                    .expect("ready")
                    .expect("accepted")
            });
        });
    }
    group.finish();
}

criterion_group!(benches, cached);
criterion_main!(benches);
