//! `GET /sim`: the world as a page, for the developer who works with it.
//!
//! Everything shown is a screenful, however large the world is: `listing.rs` searches and pages on the server.

mod change;
mod choice;
mod configuration;
mod listing;
mod log;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{Response, StatusCode};
use axum::response::Redirect;
use serde::Deserialize;

pub(super) use self::change::change;
use crate::faults::Fault;
use crate::pages::directory::SwitchesView;
use crate::pages::{DirectoryPage, page};
use crate::state::Context;

/// Requests on the page.
const REQUESTS_SHOWN: usize = 25;

/// What the page is asked to show. Anything that makes no sense is as good as nothing.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// Text to search for.
    q: String,
    /// Screenful of tenants, from 1.
    tenants: String,
    /// Screenful of applications, from 1.
    applications: String,
    /// Client to configure.
    app: String,
    /// Tenant or alias it signs in at.
    tenant: String,
    /// API it calls.
    api: String,
    /// Snippet to open.
    show: String,
}

/// `GET /sim`
pub(super) async fn show(State(context): State<Context>, Query(asked): Query<Asked>) -> Response<Body> {
    page(StatusCode::OK, &directory(&context, &asked, None))
}

/// `GET /`: whoever opens the address in a browser finds out what it is.
pub(crate) async fn from_the_root() -> Redirect {
    Redirect::to("/sim")
}

fn directory(context: &Context, asked: &Asked, problem: Option<String>) -> DirectoryPage {
    let world = context.state.world();
    let latest = context.state.requests.select(REQUESTS_SHOWN, |_, _| true);
    let authorities = &context.state.authorities;
    let both = [&authorities.https, &authorities.http].into_iter().flatten();
    let https = authorities.https.as_ref().map(|https| https.base().to_owned());
    DirectoryPage {
        bases: both.map(|authority| authority.base().to_owned()).collect(),
        accept_at: https.filter(|_| !context.authority.is_https()),
        query: asked.q.clone(),
        configuration: configuration::view(context, &world, asked),
        tenants: listing::tenants(&world, context, asked),
        applications: listing::applications(&world, asked),
        requests: log::views(&world, &latest.requests),
        requests_total: latest.total,
        switches: switches(context),
        problem,
    }
}

fn switches(context: &Context) -> SwitchesView {
    let state = &context.state;
    SwitchesView {
        native_allow_list: state.native_allow_list(),
        now: state.clock.timestamp(),
        offset_s: state.clock.offset_s(),
        faults: state.faults.list().iter().map(in_words).collect(),
    }
}

fn in_words(fault: &Fault) -> String {
    serde_json::to_string(fault).unwrap_or_default()
}
