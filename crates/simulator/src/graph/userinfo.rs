//! `/oidc/userinfo` (OpenID Connect Core §5.3), which at Entra is Microsoft Graph's.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::auth::{self, CallerKind};
use super::error::GraphError;
use super::reply::Ids;
use crate::state::Context;
use crate::tokens::pairwise_subject;

pub(super) async fn answer(State(context): State<Context>, headers: HeaderMap) -> Response {
    let refused = |refusal: GraphError| {
        refusal
            .challenged(context.authority.base())
            .reply(&Ids::new(&context.state, &headers))
            .response(&Ids::new(&context.state, &headers))
    };
    match claims(&context, &headers) {
        Ok(claims) => (StatusCode::OK, Json(claims)).into_response(),
        Err(refusal) => refused(refusal),
    }
}

/// The person behind a token for Graph. `sub` is the one of the client's ID tokens.
fn claims(context: &Context, headers: &HeaderMap) -> Result<Value, GraphError> {
    let world = context.state.world();
    let caller = auth::caller(context, &world, headers)?;
    let tenant = world.tenant_by_id(caller.tenant);
    let user = tenant.and_then(|tenant| tenant.users.iter().find(|user| user.id == caller.object));
    let account = tenant.zip(user).and_then(|(tenant, user)| world.account_of(tenant, user));
    let account = account.filter(|_| caller.kind == CallerKind::Person);
    let account = account.ok_or_else(|| GraphError::token("The token is not a person's."))?;
    let name = &account.user.display_name;
    let (given, family) = name.split_once(' ').unwrap_or((name, ""));
    Ok(json!({
        "sub": pairwise_subject(&account, &caller.client.to_string()),
        "name": name,
        "given_name": given,
        "family_name": family,
        "email": account.email(),
        "picture": format!("{}/graph/v1.0/me/photo/$value", context.authority.base()),
    }))
}
