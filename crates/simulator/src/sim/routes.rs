//! Every control, once: the router is made of this list, and the OpenAPI document is compared with it.

use axum::routing::{MethodRouter, get, post};

use super::{directory, edit, graph, keys, openapi, requests, switches, tokens, world};
use crate::state::Context;

/// Paths in the form of OpenAPI, which is axum's too, and what answers there.
pub(super) fn routes() -> Vec<(&'static str, MethodRouter<Context>)> {
    vec![
        ("/sim/health", get(switches::health)),
        ("/sim/reload", post(switches::reload)),
        ("/sim/reset", post(world::reset)),
        ("/sim/world", get(world::show).put(world::put)),
        ("/sim/openapi.json", get(openapi::show)),
        ("/sim/ca.pem", get(keys::authority_pem)),
        ("/sim/directory", get(directory::show)),
        ("/sim/keys", get(keys::list)),
        ("/sim/keys/rotate", post(keys::rotate)),
        ("/sim/tokens", post(tokens::mint)),
        ("/sim/faults", get(switches::faults).post(switches::set_faults).delete(switches::clear_faults)),
        ("/sim/clock", get(switches::clock).post(switches::set_clock)),
        ("/sim/native-allow-list", get(switches::native_allow_list).post(switches::set_native_allow_list)),
        ("/sim/graph", get(graph::show).post(graph::set)),
        ("/sim/requests", get(requests::list).delete(requests::clear)),
        ("/sim/tenants", collection()),
        ("/sim/tenants/{tenant}", thing()),
        ("/sim/tenants/{tenant}/users", collection()),
        ("/sim/tenants/{tenant}/users/{user}", thing()),
        ("/sim/tenants/{tenant}/groups", collection()),
        ("/sim/tenants/{tenant}/groups/{group}", thing()),
        ("/sim/tenants/{tenant}/service_principals", collection()),
        ("/sim/tenants/{tenant}/service_principals/{principal}", thing()),
        ("/sim/tenants/{tenant}/service_principals/{principal}/grants", collection()),
        ("/sim/tenants/{tenant}/service_principals/{principal}/grants/{resource}", thing()),
        ("/sim/tenants/{tenant}/service_principals/{principal}/assignments", collection()),
        ("/sim/tenants/{tenant}/service_principals/{principal}/assignments/{assigned}", thing()),
        ("/sim/applications", collection()),
        ("/sim/applications/{application}", thing()),
    ]
}

fn collection() -> MethodRouter<Context> {
    get(edit::list).post(edit::create)
}

fn thing() -> MethodRouter<Context> {
    get(edit::show).put(edit::put).patch(edit::patch).delete(edit::remove)
}
