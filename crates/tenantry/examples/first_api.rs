//! A whole API on a simulated Entra: `cargo run -p tenantry --example first_api`.
//!
//! It asks itself once as a user of an allowed tenant and once as a user of another one, and prints the answers.

use tenantry::{AllowList, Audience, Auth, Authority, Permission, Principal, Routes, Tenant};
use tenantry_simulator::{Simulator, TokenRequest, builtin};

async fn greet(caller: Principal, tenant: Tenant) -> String {
    format!("{} of {}", caller.display_name().unwrap_or("somebody"), tenant.id())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let simulator = Simulator::start().await?;
    let auth = Auth::builder()
        .authority(Authority::custom(simulator.base())?)
        .audience(Audience::new(builtin::API)?)
        .tenants(AllowList::new([builtin::CONTOSO.parse()?]))
        .build()
        .await?;
    let api = Routes::<()>::new()
        .public_get("/healthz", async || "ok")
        .get("/me", Permission::users_with_scope("access_as_user"), greet)
        .protect(&auth);

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, api).await });

    for (tenant, user) in
        [(builtin::CONTOSO, builtin::CONTOSO_EDITOR), (builtin::NORTHWIND, builtin::NORTHWIND_EDITOR)]
    {
        let token = simulator.mint(&TokenRequest::for_user(tenant, user).audience(builtin::API))?.token;
        let answer =
            reqwest::Client::new().get(format!("http://{address}/me")).bearer_auth(token).send().await?;
        println!("{} {}", answer.status(), answer.text().await?);
    }
    Ok(())
}
