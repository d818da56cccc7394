//! Reads an authorize request, in two steps: what must be right before anything may be redirected, and the rest.

use std::collections::BTreeSet;

use super::respond::{ResponseMode, Target};
use crate::authority::Version;
use crate::endpoints::aadsts::{
    Aadsts, BAD_CHALLENGE_METHOD, BAD_CHALLENGE_SIZE, CHALLENGE_NEEDED, INVALID_SCOPE, ORGANIZATIONS_ONLY,
    PARAMETER_MISSING, PERSONAL_ONLY, REDIRECT_URI_UNKNOWN, RESOURCE_PARAMETER, RESPONSE_MODE_UNSUPPORTED,
    RESPONSE_TYPE_UNSUPPORTED, SINGLE_TENANT,
};
use crate::endpoints::claims_request::ClaimsRequest;
use crate::endpoints::parameters::Parameters;
use crate::endpoints::policy::Policy;
use crate::endpoints::scope::Scope;
use crate::grants::Challenge;
use crate::world::{Application, Platform, SignInAudience, Slot};

/// What the client wants to happen with the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prompt {
    /// Whatever is needed.
    Default,
    /// No page, ever.
    None,
    /// The password again.
    Login,
    /// A choice of account.
    SelectAccount,
    /// The consent page, whatever is granted.
    Consent,
    /// The same, for everybody in the tenant (version 1).
    AdminConsent,
}

/// What the answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ResponseType {
    pub(super) code: bool,
    pub(super) id_token: bool,
}

/// A request whose parameters make sense.
#[derive(Debug, Clone)]
pub(super) struct AuthorizeRequest {
    pub(super) version: Version,
    pub(super) response_type: ResponseType,
    /// The scope parameter as it was sent, or what a version 1 `resource` means.
    pub(super) scope_text: String,
    pub(super) scope: Scope,
    pub(super) nonce: Option<String>,
    pub(super) challenge: Option<Challenge>,
    pub(super) prompt: Prompt,
    pub(super) login_hint: Option<String>,
    pub(super) domain_hint: Option<String>,
    pub(super) session_id: Option<String>,
    pub(super) max_age_s: Option<i64>,
    pub(super) claims: ClaimsRequest,
}

impl AuthorizeRequest {
    /// Whether the consent page is wanted even where everything is granted.
    pub(super) fn asks_again(&self) -> bool {
        matches!(self.prompt, Prompt::Consent | Prompt::AdminConsent)
    }
}

/// Client and redirect URI. A refusal here is shown, never redirected: the address is not proven.
pub(super) fn target<'w>(policy: &Policy<'w>, parameters: &Parameters) -> Result<Target<'w>, Aadsts> {
    let client = policy.client(parameters.get("client_id").ok_or_else(|| missing("client_id"))?)?;
    let asked = parameters.get("redirect_uri");
    let registered = client.redirect_uris.first().map(crate::world::RedirectUri::uri);
    let redirect_uri = asked
        .or(registered)
        .ok_or_else(|| REDIRECT_URI_UNKNOWN.because("No reply address is registered for the application."))?;
    let platform = client.platform_of(redirect_uri).ok_or_else(|| unregistered(client, redirect_uri))?;
    Ok(Target {
        client,
        redirect_uri: redirect_uri.to_owned(),
        platform,
        mode: response_mode(parameters)?,
        state: parameters.get("state").map(ToOwned::to_owned),
        wants_client_info: parameters.get("client_info") == Some("1"),
    })
}

/// Tokens must not travel in a query, where logs and referrers keep them (OAuth 2.0 Multiple Response Types §3).
fn response_mode(parameters: &Parameters) -> Result<ResponseMode, Aadsts> {
    let words = parameters.get("response_type").unwrap_or_default();
    let holds_tokens = words.split_ascii_whitespace().any(|word| word != "code");
    match (parameters.get("response_mode"), holds_tokens) {
        (None | Some("query"), false) => Ok(ResponseMode::Query),
        (None, true) | (Some("fragment"), _) => Ok(ResponseMode::Fragment),
        (Some("form_post"), _) => Ok(ResponseMode::FormPost),
        (Some("query"), true) => Err(RESPONSE_MODE_UNSUPPORTED
            .because("'query' is not a supported value of 'response_mode' when requesting a token.")),
        (Some(_), _) => {
            Err(RESPONSE_MODE_UNSUPPORTED.because("The response_mode is none of query, fragment, form_post."))
        }
    }
}

pub(in crate::endpoints) fn unregistered(client: &Application, redirect_uri: &str) -> Aadsts {
    let shown: String = redirect_uri.chars().take(256).collect();
    REDIRECT_URI_UNKNOWN.because(format!(
        "The redirect URI '{shown}' specified in the request does not match the redirect URIs configured for the application '{}'.",
        client.app_id
    ))
}

/// Aliases are for applications of many tenants, and those of personal accounts for applications of people at home.
pub(crate) fn check_alias(client: &Application, slot: Slot<'_>) -> Result<(), Aadsts> {
    let id = client.app_id;
    match (slot, client.sign_in_audience) {
        (Slot::Common | Slot::Organizations, SignInAudience::MyOrg) => Err(SINGLE_TENANT.because(format!(
            "Application '{id}' is not configured as a multi-tenant application. Use a tenant-specific endpoint."
        ))),
        (Slot::Consumers(_), SignInAudience::MyOrg | SignInAudience::MultipleOrgs) => Err(ORGANIZATIONS_ONLY
            .because(format!(
                "Application '{id}' is configured for use by accounts of organisations only. Do not use /consumers."
            ))),
        (Slot::Organizations, SignInAudience::Personal) => Err(PERSONAL_ONLY.because(format!(
            "Application '{id}' is configured for use by personal accounts only. Use /consumers."
        ))),
        _ => Ok(()),
    }
}

/// Everything else; a refusal here goes back to the client.
pub(super) fn read(
    parameters: &Parameters,
    target: &Target<'_>,
    slot: Slot<'_>,
    version: Version,
) -> Result<AuthorizeRequest, Aadsts> {
    check_alias(target.client, slot)?;
    let response_type = ResponseType::read(parameters, target.client)?;
    let scope_text = scope_text(parameters, version)?;
    if response_type.id_token {
        check_id_token(parameters, &scope_text)?;
    }
    let text = |name: &str| parameters.get(name).map(ToOwned::to_owned);
    Ok(AuthorizeRequest {
        version,
        response_type,
        scope: Scope::parse(&scope_text),
        scope_text,
        nonce: parameters.bounded("nonce")?.map(ToOwned::to_owned),
        challenge: if response_type.code { challenge(parameters, target.platform)? } else { None },
        prompt: prompt(parameters.get("prompt").unwrap_or_default()),
        login_hint: text("login_hint"),
        domain_hint: text("domain_hint"),
        session_id: text("sid"),
        max_age_s: parameters.get("max_age").and_then(|age| age.parse().ok()),
        claims: ClaimsRequest::parse(parameters.bounded("claims")?)?,
    })
}

impl ResponseType {
    fn read(parameters: &Parameters, client: &Application) -> Result<Self, Aadsts> {
        let text = parameters.get("response_type").ok_or_else(|| missing("response_type"))?;
        // Who can decrypt an answer (`ear_jwk`) asks for tokens, and takes a code as well.
        if parameters.get("ear_jwk").is_some() {
            return Ok(Self { code: true, id_token: false });
        }
        let words: BTreeSet<&str> = text.split_ascii_whitespace().collect();
        let asked = Self { code: words.contains("code"), id_token: words.contains("id_token") };
        let refused = |problem: &str| {
            RESPONSE_TYPE_UNSUPPORTED.because(format!("{problem} for application '{}'.", client.app_id))
        };
        match words.iter().find(|word| !matches!(**word, "code" | "id_token")) {
            Some(_) => Err(refused("The response_type is supported by none but code and id_token")),
            None if asked.id_token && !client.id_token_from_authorize => {
                Err(refused("The response_type 'id_token' is not enabled"))
            }
            None => Ok(asked),
        }
    }
}

/// An ID token in a redirect is bound to the request by its nonce (OpenID Connect Core 1.0 §3.2.2.1).
fn check_id_token(parameters: &Parameters, scope: &str) -> Result<(), Aadsts> {
    if parameters.get("nonce").is_none() {
        return Err(missing("nonce"));
    }
    match Scope::parse(scope).has("openid") {
        true => Ok(()),
        false => Err(INVALID_SCOPE.because("The scope 'openid' is needed to get an ID token.")),
    }
}

fn prompt(text: &str) -> Prompt {
    match text {
        "none" => Prompt::None,
        "login" | "create" => Prompt::Login,
        "select_account" => Prompt::SelectAccount,
        "consent" => Prompt::Consent,
        "admin_consent" => Prompt::AdminConsent,
        _ => Prompt::Default,
    }
}

/// Version 1 names a resource instead of scopes, and always signs in.
pub(crate) fn scope_text(parameters: &Parameters, version: Version) -> Result<String, Aadsts> {
    match (version, parameters.bounded("scope")?, parameters.bounded("resource")?) {
        (Version::V2, _, Some(_)) => {
            Err(RESOURCE_PARAMETER.because("The 'resource' request parameter is not supported; use 'scope'."))
        }
        (Version::V2, Some(scope), None) => Ok(scope.to_owned()),
        (Version::V2, None, None) => Err(missing("scope")),
        (Version::V1, _, Some(resource)) => Ok(version_1_scope(resource)),
        (Version::V1, _, None) => Ok("openid profile offline_access".to_owned()),
    }
}

/// What a version 1 `resource` parameter means in terms of scopes.
pub(crate) fn version_1_scope(resource: &str) -> String {
    format!("{resource}/.default openid profile offline_access")
}

/// Characters of a code challenge (RFC 7636 §4.2).
const CHALLENGE_SIZE: std::ops::RangeInclusive<usize> = 43..=128;

/// RFC 7636 §4.3; single-page applications must send one, by S256.
fn challenge(parameters: &Parameters, platform: Platform) -> Result<Option<Challenge>, Aadsts> {
    let text = parameters.get("code_challenge");
    let challenge = match (text, parameters.get("code_challenge_method")) {
        (None, _) => None,
        (Some(text), Some("S256")) => Some(Challenge::S256(text.to_owned())),
        (Some(text), None | Some("plain")) => Some(Challenge::Plain(text.to_owned())),
        (Some(_), Some(_)) => {
            return Err(BAD_CHALLENGE_METHOD.because("The code_challenge_method is neither S256 nor plain."));
        }
    };
    if text.is_some_and(|text| !CHALLENGE_SIZE.contains(&text.len())) {
        return Err(BAD_CHALLENGE_SIZE.because("The code_challenge must have 43 to 128 characters."));
    }
    match (platform, &challenge) {
        (Platform::Spa, None | Some(Challenge::Plain(_))) => {
            Err(CHALLENGE_NEEDED.because("Proof Key for Code Exchange with S256 is required for cross-origin authorization code redemption."))
        }
        _ => Ok(challenge),
    }
}

pub(crate) fn missing(parameter: &str) -> Aadsts {
    PARAMETER_MISSING
        .because(format!("The request body must contain the following parameter: '{parameter}'."))
}
