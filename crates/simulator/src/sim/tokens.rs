//! `POST /sim/tokens`: any token, valid or wrong on purpose.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;

use super::body::{self, Problem};
use crate::state::Context;
use crate::tokens::{self, Minted, TokenRequest};

pub(super) async fn mint(State(context): State<Context>, body: Bytes) -> Result<Json<Minted>, Problem> {
    let request: TokenRequest = body::read(&body)?;
    let authority = match request.listener.as_deref() {
        None => Some(&context.authority),
        Some(name) => context.state.authorities.named(name),
    };
    let authority =
        authority.ok_or_else(|| Problem::field("listener", "no such listener is up; `http` or `https`"))?;
    let minted = tokens::mint(&context.state, authority, &request);
    minted.map(Json).map_err(|error| Problem::field(error.field, error.problem))
}
