//! Hosts of external tenants, below the simulator's own: `{subdomain}.localhost`, where customers sign in, and
//! `{tenant id}.localhost`, where the issuer of their tokens lies.

use axum::http::HeaderMap;
use axum::http::header::HOST;

use crate::authority::Authority;
use crate::path::RequestPath;
use crate::world::{Slot, Tenant, TenantKind, World};

/// External tenants whose hosts the HTTPS certificate names; a certificate must stay small enough for a handshake.
const NAMED_MAX: usize = 200;

/// The face that a request's `Host` header means: an external tenant's, or the listener's. The header only chooses among
/// hosts that the world knows, it adds none.
pub(crate) fn face(listener: &Authority, headers: &HeaderMap, world: &World) -> Authority {
    let host = headers.get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name).to_ascii_lowercase();
    let label = name.strip_suffix(listener.host()).and_then(|front| front.strip_suffix('.'));
    let tenant = label.and_then(|label| {
        let by_id = label.parse().ok().and_then(|id| world.tenant_by_id(id));
        by_id
            .filter(|tenant| tenant.kind == TenantKind::External)
            .or_else(|| world.tenant_by_subdomain(label))
    });
    match (tenant, label) {
        (Some(tenant), Some(label)) => listener.at_host_of(tenant.id, label),
        _ => listener.clone(),
    }
}

/// Whether a path leads to somebody else than the tenant whose host was asked: external tenants have no `common`, no
/// neighbours and no instance discovery.
pub(crate) fn is_out_of_place(authority: &Authority, path: &RequestPath<'_>, world: &World) -> bool {
    let Some(tenant) = authority.tenant() else { return false };
    match world.slot(path.slot) {
        Some(Slot::Tenant(named)) => named.id != tenant || path.is_instance_discovery(),
        Some(_) => true,
        // Escaped letters could spell a name that this comparison does not see.
        None => path.slot.contains('%'),
    }
}

/// Host names of the external tenants, for the certificate; none below a plain address.
pub(crate) fn names(world: &World, base_host: &str) -> Vec<String> {
    if base_host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok() {
        return Vec::new();
    }
    let external = world.tenants().filter(|tenant| tenant.kind == TenantKind::External).take(NAMED_MAX);
    let labels = |tenant: &Tenant| [tenant.subdomain.clone(), Some(tenant.id.to_string())];
    external.flat_map(labels).flatten().map(|label| format!("{label}.{base_host}")).collect()
}
