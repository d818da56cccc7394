//! A known person asks for a code: every policy, then the code.

use super::Attempt;
use super::request::AuthorizeRequest;
use crate::encoding::base64url;
use crate::endpoints::aadsts::Aadsts;
use crate::endpoints::signing::{ID_LIFETIME_S, signed};
use crate::grants::{CodeGrant, SignIn};
use crate::sessions::SignedIn;
use crate::tokens::{Circumstances, IdToken, IssuedBy, Stamp, code_hash};
use crate::world::Account;

/// The parameters of a successful answer.
pub(super) fn issue(
    attempt: &Attempt<'_, '_>,
    request: &AuthorizeRequest,
    signed_in: &SignedIn,
) -> Result<Vec<(&'static str, String)>, Aadsts> {
    let account = attempt.policy.account(attempt.slot, signed_in.home, signed_in.user)?;
    attempt.policy.delegated(&request.scope, attempt.target.client, &account)?;
    let state = &attempt.context.state;
    let code = request.response_type.code.then(|| format!("1.{}", state.random.handle()));
    let mut fields = Vec::new();
    if request.response_type.id_token {
        fields.push(("id_token", id_token(attempt, request, (signed_in, &account), code.as_deref())?));
    }
    if let Some(code) = code {
        state.grants.add_code(code.clone(), grant(attempt, request, (signed_in, &account)));
        fields.push(("code", code));
    }
    if attempt.target.wants_client_info {
        fields.push(("client_info", client_info(&account)));
    }
    fields.push(("session_state", signed_in.session_id.clone()));
    Ok(fields)
}

/// For hybrid flow and sign-in without a code.
fn id_token(
    attempt: &Attempt<'_, '_>,
    request: &AuthorizeRequest,
    (signed_in, account): (&SignedIn, &Account<'_>),
    code: Option<&str>,
) -> Result<String, Aadsts> {
    let (context, client) = (attempt.context, attempt.target.client);
    let stamp = Stamp::new(&context.state.random, context.state.clock.now(), ID_LIFETIME_S);
    let token = IdToken {
        account: *account,
        version: request.version,
        client: client.app_id.to_string(),
        registration: Some(client),
        roles: account.roles_at(client),
        nonce: request.nonce.clone(),
        circumstances: Circumstances {
            auth_time: Some(signed_in.at),
            session_id: Some(signed_in.session_id.clone()),
            auth_contexts: signed_in.auth_contexts.clone(),
            client_capabilities: request.claims.capabilities.clone(),
        },
        wants_auth_time: request.max_age_s.is_some(),
        wants_email: request.scope.has("email"),
        issued_by: IssuedBy::AuthorizeEndpoint,
        code_hash: code.map(code_hash),
    };
    signed(context, (account.tenant, client), request.version, &token.claims(&context.authority, &stamp))
}

fn grant(
    attempt: &Attempt<'_, '_>,
    request: &AuthorizeRequest,
    (signed_in, account): (&SignedIn, &Account<'_>),
) -> CodeGrant {
    CodeGrant {
        sign_in: sign_in(attempt, request, (signed_in, account)),
        tenant: account.tenant.id,
        scope: request.scope_text.clone(),
        redirect_uri: attempt.target.redirect_uri.clone(),
        nonce: request.nonce.clone(),
        challenge: request.challenge.clone(),
        wants_auth_time: request.max_age_s.is_some(),
        version: request.version,
        issued_at: attempt.context.state.clock.now(),
        redeemed: false,
    }
}

/// What a client may turn into tokens.
pub(super) fn sign_in(
    attempt: &Attempt<'_, '_>,
    request: &AuthorizeRequest,
    (signed_in, account): (&SignedIn, &Account<'_>),
) -> SignIn {
    SignIn {
        home: account.home.id,
        user: account.home_user.id,
        client: attempt.target.client.app_id,
        platform: attempt.target.platform,
        session_id: signed_in.session_id.clone(),
        auth_time: signed_in.at,
        password_mark: signed_in.password_mark.clone(),
        auth_contexts: signed_in.auth_contexts.clone(),
        client_capabilities: request.claims.capabilities.clone(),
    }
}

/// Who the account is at home; MSAL keys its cache on it.
pub(crate) fn client_info(account: &Account<'_>) -> String {
    let text = serde_json::json!({ "uid": account.home_user.id, "utid": account.home.id }).to_string();
    base64url(text.as_bytes())
}
