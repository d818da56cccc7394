// In Cargo.toml: tenantry (by path), axum, and tokio with the feature "full".
use tenantry::{AllowList, Audience, Auth, Authority, Permission, Principal, Routes};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let auth = Auth::builder()
        .authority(Authority::at_host("{{ v.base }}")?)
{% if v.is_https() %}        .trust_pem(std::fs::read("ca.pem")?)
{% endif %}        .audience(Audience::new("{{ v.api_id }}")?)
        .tenants(AllowList::new([{% for tenant in v.listed_tenants %}"{{ tenant }}".parse()?{% if !loop.last %}, {% endif %}{% endfor %}]))
        .build()
        .await?;
    let api = Routes::<()>::new()
        .get("/me", Permission::users_with_scope({{ v.scope_name.json()|safe }}), async |caller: Principal| caller.id())
        .protect(&auth);
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:3000").await?, api).await?;
    Ok(())
}
