//! The success answers of the token endpoint.

use axum::Json;
use axum::body::Body;
use axum::http::Response;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::TokenCall;
use super::client_auth::Proof;
use crate::authority::Version;
use crate::endpoints::aadsts::{Aadsts, PASSWORD_CHANGED, not_stored};
use crate::endpoints::authorize::client_info;
use crate::endpoints::policy::Granted;
use crate::endpoints::scope::{OFFLINE, Scope};
use crate::endpoints::signing::{ID_LIFETIME_S, signed};
use crate::grants::{RefreshGrant, SPA_LIFETIME_S, SignIn};
use crate::tokens::{AccessToken, Circumstances, IdToken, IssuedBy, Stamp, Subject, audience};
use crate::world::{Account, Application, Platform, Slot, Tenant, TenantKind, graph};

/// From this life on a token comes with the advice to renew it half-way. Seconds.
const REFRESH_AHEAD_S_MIN: i64 = 2 * 3_600;

/// A person's grant, proven and ready to become tokens.
pub(super) struct Delegated<'a, 'w> {
    pub(super) client: &'w Application,
    pub(super) sign_in: &'a SignIn,
    /// Which account of the person: at home for an alias, a guest where a tenant is named.
    pub(super) slot: Slot<'w>,
    pub(super) scope: &'a str,
    pub(super) proof: Proof,
    pub(super) nonce: Option<String>,
    pub(super) wants_auth_time: bool,
    pub(super) chain_started_at: i64,
}

impl Delegated<'_, '_> {
    /// What the client says in this request that it can do, or what it said at the sign-in.
    fn circumstances(&self, call: &TokenCall<'_, '_>) -> Circumstances {
        let said = [&call.claims.capabilities, &self.sign_in.client_capabilities];
        Circumstances {
            auth_time: Some(self.sign_in.auth_time),
            session_id: Some(self.sign_in.session_id.clone()),
            client_capabilities: said.into_iter().find(|said| !said.is_empty()).cloned().unwrap_or_default(),
            auth_contexts: self.sign_in.auth_contexts.clone(),
        }
    }
}

/// Access token, and ID token, refresh token and client info as far as they were asked for.
pub(super) fn tokens<'w>(
    call: &TokenCall<'_, 'w>,
    delegated: &Delegated<'_, 'w>,
) -> Result<Response<Body>, Aadsts> {
    let account = call.policy.account(delegated.slot, delegated.sign_in.home, delegated.sign_in.user)?;
    if account.home_user.password.mark() != delegated.sign_in.password_mark {
        return Err(PASSWORD_CHANGED.because(
            "The provided grant has expired because the user changed the password since; sign in again.",
        ));
    }
    call.claims.check(&delegated.sign_in.auth_contexts)?;
    call.check_one_resource()?;
    let scope = Scope::parse(delegated.scope);
    let granted = call.policy.delegated(&scope, delegated.client, &account)?;
    let state = &call.context.state;
    let lifetime_s = Stamp::lifetime_at(
        granted.resource,
        &delegated.circumstances(call).client_capabilities,
        &state.random,
    );
    let stamp = Stamp::new(&state.random, state.clock.now(), lifetime_s);
    let mut answer = json!({
        "token_type": "Bearer",
        "scope": echoed(&scope, &granted),
        "expires_in": stamp.lifetime_s,
        "ext_expires_in": stamp.lifetime_s,
        "access_token": access_token(call, delegated, (&account, &granted), &stamp)?,
    });
    if scope.has("openid") || call.version == Version::V1 {
        answer["id_token"] = json!(id_token(call, delegated, (&account, &scope))?);
    }
    if scope.has(OFFLINE) || call.version == Version::V1 {
        add_refresh_token(call, delegated, &mut answer);
    }
    if call.parameters.get("client_info") == Some("1") {
        answer["client_info"] = json!(client_info(&account));
    }
    Ok(finished(call, answer, &granted.asked_as, &stamp))
}

/// Fully qualified for an API of one's own, short for Microsoft Graph, `.default` when it was asked for.
fn echoed(scope: &Scope, granted: &Granted<'_>) -> String {
    if granted.resource.app_id == graph().app_id {
        let oidc = scope.oidc().filter(|name| *name != OFFLINE).map(ToOwned::to_owned);
        let mut names: Vec<String> = oidc.collect();
        names.extend(granted.scopes.iter().filter(|name| !scope.has(name)).cloned());
        names.extend(granted.default.then(|| format!("{}/.default", granted.asked_as)));
        return names.join(" ");
    }
    let mut names: Vec<String> =
        granted.scopes.iter().map(|name| format!("{}/{name}", granted.asked_as)).collect();
    names.extend(granted.default.then(|| format!("{}/.default", granted.asked_as)));
    names.join(" ")
}

fn access_token(
    call: &TokenCall<'_, '_>,
    delegated: &Delegated<'_, '_>,
    (account, granted): (&Account<'_>, &Granted<'_>),
    stamp: &Stamp,
) -> Result<String, Aadsts> {
    let resource = granted.resource;
    let version = Version::of_resource(resource, account.tenant);
    let token = AccessToken {
        subject: Subject::Person(*account),
        version,
        audience: audience(resource, &granted.asked_as, version),
        client: delegated.client.app_id.to_string(),
        client_proof: delegated.proof,
        scopes: granted.scopes.clone(),
        roles: account.roles_at(resource),
        resource: Some(resource),
        circumstances: delegated.circumstances(call),
    };
    signed(call.context, (account.tenant, resource), version, &token.claims(&call.context.authority, stamp))
}

fn id_token(
    call: &TokenCall<'_, '_>,
    delegated: &Delegated<'_, '_>,
    (account, scope): (&Account<'_>, &Scope),
) -> Result<String, Aadsts> {
    let state = &call.context.state;
    let stamp = Stamp::new(&state.random, state.clock.now(), ID_LIFETIME_S);
    let token = IdToken {
        account: *account,
        version: call.version,
        client: delegated.client.app_id.to_string(),
        registration: Some(delegated.client),
        roles: account.roles_at(delegated.client),
        nonce: delegated.nonce.clone(),
        circumstances: delegated.circumstances(call),
        wants_auth_time: delegated.wants_auth_time,
        wants_email: scope.has("email"),
        issued_by: IssuedBy::TokenEndpoint,
        code_hash: None,
    };
    let claims = token.claims(&call.context.authority, &stamp);
    signed(call.context, (account.tenant, delegated.client), call.version, &claims)
}

fn add_refresh_token(call: &TokenCall<'_, '_>, delegated: &Delegated<'_, '_>, answer: &mut Value) {
    let state = &call.context.state;
    let handle = format!("1.{}", state.random.handle());
    let now = state.clock.now();
    if delegated.sign_in.platform == Platform::Spa {
        let left = delegated.chain_started_at + SPA_LIFETIME_S - now;
        answer["refresh_token_expires_in"] = json!(left.clamp(0, SPA_LIFETIME_S - 1));
    }
    answer["refresh_token"] = json!(handle);
    let grant = RefreshGrant {
        sign_in: delegated.sign_in.clone(),
        scope: delegated.scope.to_owned(),
        issued_at: now,
        chain_started_at: delegated.chain_started_at,
    };
    state.grants.add_refresh(handle, grant);
}

impl Version {
    /// The API's registration decides, whatever endpoint was asked; personal accounts have version 2 only.
    pub(super) fn of_resource(resource: &Application, tenant: &Tenant) -> Self {
        match resource.token_version == 2 || tenant.kind == TenantKind::Personal {
            true => Self::V2,
            false => Self::V1,
        }
    }
}

/// Version 1 answers hold numbers as strings and three more members.
pub(super) fn finished(
    call: &TokenCall<'_, '_>,
    mut answer: Value,
    resource: &str,
    stamp: &Stamp,
) -> Response<Body> {
    if stamp.lifetime_s >= REFRESH_AHEAD_S_MIN {
        answer["refresh_in"] = json!(stamp.lifetime_s / 2);
    }
    if call.version == Version::V1 {
        for name in ["expires_in", "ext_expires_in", "refresh_in"] {
            if let Some(number) = answer.get_mut(name) {
                *number = json!(number.to_string());
            }
        }
        answer["expires_on"] = json!((stamp.now + stamp.lifetime_s).to_string());
        answer["not_before"] = json!(stamp.now.to_string());
        answer["resource"] = json!(resource);
    }
    let mut response = Json(answer).into_response();
    not_stored(&mut response);
    response
}
