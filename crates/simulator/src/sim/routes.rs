//! Every control, once: the router is made of this list, and the OpenAPI document is compared with it.

use axum::routing::{MethodRouter, get, post};

use super::{directory, keys, requests, switches, tokens};
use crate::state::Context;

/// Paths in the form of OpenAPI, which is axum's too, and what answers there.
pub(super) fn routes() -> Vec<(&'static str, MethodRouter<Context>)> {
    vec![
        ("/sim/health", get(switches::health)),
        ("/sim/reload", post(switches::reload)),
        ("/sim/ca.pem", get(keys::authority_pem)),
        ("/sim/directory", get(directory::show)),
        ("/sim/keys", get(keys::list)),
        ("/sim/keys/rotate", post(keys::rotate)),
        ("/sim/tokens", post(tokens::mint)),
        ("/sim/faults", get(switches::faults).post(switches::set_faults).delete(switches::clear_faults)),
        ("/sim/clock", get(switches::clock).post(switches::set_clock)),
        ("/sim/native-allow-list", get(switches::native_allow_list).post(switches::set_native_allow_list)),
        ("/sim/requests", get(requests::list).delete(requests::clear)),
    ]
}
