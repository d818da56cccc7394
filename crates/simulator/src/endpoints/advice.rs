//! Refusals that a person reads: the code, what it is about, and what to do.

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{Response, StatusCode};
use serde::Deserialize;

use super::aadsts::Aadsts;
use crate::pages::{ErrorPage, page};
use crate::state::Context;

/// The error page. `other_account` leads back to the sign-in.
pub(super) fn shown(context: &Context, refusal: &Aadsts, other_account: Option<String>) -> Response<Body> {
    let error = ErrorPage {
        code: refusal.cause.code,
        description: refusal.description(),
        advice: advice(refusal.cause.code),
        other_account,
        correlation_id: context.state.random.guid().to_string(),
        timestamp: context.state.clock.timestamp(),
    };
    refusal.noted(page(StatusCode::BAD_REQUEST, &error))
}

#[derive(Deserialize)]
pub(super) struct Lookup {
    code: Option<String>,
}

/// `GET /error?code=n`: what a code means.
pub(super) async fn look_up(State(_): State<Context>, Query(lookup): Query<Lookup>) -> Response<Body> {
    let code = lookup.code.and_then(|code| code.parse().ok()).unwrap_or(0);
    let description = format!("AADSTS{code}");
    let (correlation_id, timestamp) = (String::new(), String::new());
    let error =
        ErrorPage { code, description, advice: advice(code), other_account: None, correlation_id, timestamp };
    page(StatusCode::OK, &error)
}

fn advice(code: u32) -> &'static str {
    match code {
        50011 => {
            "Send a redirect URI that is registered for the application, to the letter; for native clients any port of http://localhost will do."
        }
        50020 => {
            "The account is not in this tenant. Sign in with another one, address the account's home tenant, or invite it as a guest. (If the application is missing in the tenant and not the person, the code is 700016.)"
        }
        50034 | 50126 => "The names and passwords of this world are listed at /sim.",
        50057 => "The person's account has enabled = false, at home or in this tenant.",
        50105 => {
            "The application lets only people in who were assigned to it: add the person, or a group, to the assignments of its service principal in this tenant, give the person one of its app roles, or set assignment_required = false."
        }
        50194 => {
            "The application is for accounts of its home tenant only: use that tenant's address, or give it another sign_in_audience."
        }
        500011 => "No API has this client id or App ID URI. Those of this world are listed at /sim.",
        500014 => "The API, or its service principal in this tenant, has enabled = false.",
        501051 => {
            "The API lets only assigned programs in: grant the client one of its app roles, by admin consent or in the world file."
        }
        _ => about_consent(code),
    }
}

fn about_consent(code: u32) -> &'static str {
    match code {
        65001 => {
            "Nobody consented. Send the person through the authorize endpoint without prompt=none, which asks; or let an administrator consent for everybody: /{tenant}/v2.0/adminconsent?client_id={client}&scope={scope}. What was granted is listed at /sim."
        }
        65004 => "Consent was refused on the page. The application may ask again.",
        650052 => {
            "The API has no service principal in this tenant: somebody has to consent to it there. List the client in the API's known_clients and ask for {api}/.default, so that one consent brings in both (same home tenant only); or give the API a redirect URI and let an administrator consent to it by itself: /{tenant}/v2.0/adminconsent?client_id={api}&scope={api}/.default."
        }
        650057 => {
            "/.default means the permissions that the registration lists: add the API to the client's required_permissions, or name the scope."
        }
        650059 => {
            "The application's sign_in_audience was narrowed; widen it, or remove its service principal here."
        }
        90093..=90095 => {
            "Only an administrator of the tenant can grant this: /{tenant}/v2.0/adminconsent?client_id={client}&scope={scope}. Who is one is listed at /sim; guests are none. Whether people may consent for themselves is the tenant's user_consent."
        }
        900971 => "Send a registered redirect_uri, or register one: the answer has nowhere to go.",
        70001 | 7000112 => "The application, or its service principal in this tenant, has enabled = false.",
        700016 => {
            "The client id is unknown, the application is for another tenant's accounts only, or nobody in this tenant consented to it yet: the authorize endpoint asks people, /{tenant}/v2.0/adminconsent asks an administrator."
        }
        _ => about_the_rest(code),
    }
}

fn about_the_rest(code: u32) -> &'static str {
    match code {
        70011 => {
            "Write scopes as {App ID URI}/{name}, with a name that the API defines, and /.default alone for its API."
        }
        7000118 | 7000119 => {
            "The native list of allowed tenants keeps this tenant out. POST {\"enabled\":false} to /sim/native-allow-list to see whether the API's own check holds."
        }
        7000229 => {
            "The program has no service principal in this tenant: let an administrator of the tenant consent to it, /{tenant}/v2.0/adminconsent?client_id={client}&scope={api}/.default."
        }
        90002 => "Use a tenant id or a verified domain from /sim, or common, organizations, consumers.",
        900144 => "Add the parameter that is named above.",
        9001023 => "Programs, and administrators who consent, need a tenant in the address and no alias.",
        _ => {
            "See docs/reference/simulator.md for what the simulator does, and /sim for what is in its world."
        }
    }
}
