//! One simulator for all tests of a binary: making its keys is what takes time.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]
#![allow(dead_code, reason = "not every test needs all of it")]

use std::sync::LazyLock;

use tenantry::{AllowList, Audience, Auth, Authority, Principal};
use tenantry_simulator::{Simulator, TokenRequest, builtin};

static SIMULATOR: LazyLock<Simulator> = LazyLock::new(|| {
    let (tell, started) = std::sync::mpsc::channel();
    // Each test has a runtime of its own, which ends with it; the simulator's has to last.
    std::thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        runtime.block_on(async {
            tell.send(Simulator::builder().seed(7).http(any).https(any).start().await.unwrap()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    started.recv().unwrap()
});

/// The simulator, playing the built-in world.
pub(crate) fn simulator() -> &'static Simulator {
    &SIMULATOR
}

/// An access token, or whatever else `request` asks for.
pub(crate) fn token(request: &TokenRequest) -> String {
    simulator().mint(request).unwrap().token
}

/// A verified caller: the only sort there is, so tests of the store go through a token as well.
pub(crate) async fn principal(tenant: &str, user: &str) -> Principal {
    let auth = Auth::builder()
        .authority(Authority::at_host(simulator().base()).unwrap())
        .audience(Audience::new(builtin::API).unwrap())
        .tenants(AllowList::new([tenant.parse().unwrap()]))
        .build()
        .await
        .unwrap();
    let token = token(&TokenRequest::for_user(tenant, user).audience(builtin::API));
    let headers = [(axum::http::header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap())];
    auth.verify(&headers.into_iter().collect()).await.unwrap()
}
