//! The device flow's pages (RFC 8628 §3.3): enter the code, sign in as at the authorize endpoint, confirm, done.

use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Response, StatusCode};

use super::issue::sign_in;
use super::request::AuthorizeRequest;
use super::respond::{ResponseMode, Target};
use super::{Attempt, Call, Step, authorize};
use crate::authority::Version;
use crate::devices::{DeviceRequest, Progress, WrongCode};
use crate::endpoints::aadsts::{Aadsts, DEVICE_CODE_WRONG, MALFORMED, USER_CODE_WRONG};
use crate::endpoints::cookie;
use crate::endpoints::parameters::Parameters;
use crate::endpoints::policy::Policy;
use crate::endpoints::sign_in::still_good;
use crate::pages::{DeviceCodePage, DeviceConfirmPage, DeviceDonePage, page};
use crate::sessions::SignedIn;
use crate::state::Context;
use crate::world::Platform;

/// The field of the page, and the parameter that marks a device's request within forms.
pub(super) const USER_CODE: &str = "otc";

/// `GET /device`, `GET /{t}/oauth2/deviceauth`
pub(in crate::endpoints) async fn enter(
    State(context): State<Context>,
    RawQuery(query): RawQuery,
) -> Response<Body> {
    let query = Parameters::parse(&[query.unwrap_or_default().as_bytes()]);
    code_page(&context, query.get(USER_CODE).unwrap_or_default(), None)
}

/// `POST` on either: the code, or the answer to the last question.
pub(in crate::endpoints) async fn entered(
    State(context): State<Context>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let form = Parameters::parse(&[&body]);
    match form.get("ticket") {
        Some(ticket) => decided(&context, (ticket, form.get("decision") == Some("accept")), &headers),
        None => {
            let typed = form.get(USER_CODE).unwrap_or_default();
            go_on(&context, typed, Step::Request, &headers)
        }
    }
}

fn code_page(context: &Context, typed: &str, problem: Option<&Aadsts>) -> Response<Body> {
    let action = format!("{}/common/oauth2/deviceauth", context.authority.base());
    let problem = problem.cloned().map(Aadsts::problem);
    page(StatusCode::OK, &DeviceCodePage { action, user_code: typed.to_owned(), problem })
}

/// The request behind a code, at a step of its sign-in.
fn go_on(context: &Context, typed: &str, step: Step, headers: &HeaderMap) -> Response<Body> {
    match context.state.devices.waiting(typed, context.state.clock.now()) {
        Ok((user_code, request)) => authorize(context, &call(&user_code, request, step), headers),
        Err(problem) => code_page(context, typed, Some(&described(problem))),
    }
}

fn described(problem: WrongCode) -> Aadsts {
    match problem {
        WrongCode::Unknown => USER_CODE_WRONG.because("The code is unknown or already used."),
        WrongCode::Expired => {
            DEVICE_CODE_WRONG.because("The code expired. Have the device show another one.")
        }
        WrongCode::TooMany => USER_CODE_WRONG.because("Too many wrong codes were entered. Wait a minute."),
    }
}

fn call(user_code: &str, request: DeviceRequest, step: Step) -> Call {
    let (version, parameters) = (request.version, parameters(user_code, &request));
    Call { segment: request.slot, version, parameters, step }
}

/// What the device asked for, as an authorize request. People pick their account anew: a device is not a browser.
fn parameters(user_code: &str, request: &DeviceRequest) -> Parameters {
    let client = request.client.to_string();
    let scope = if request.version == Version::V1 { "resource" } else { "scope" };
    let mut pairs = vec![
        (USER_CODE, user_code),
        ("client_id", &client),
        ("response_type", "code"),
        ("prompt", "select_account"),
        (scope, &request.scope),
    ];
    pairs.extend(request.claims.as_deref().map(|claims| ("claims", claims)));
    Parameters::of(pairs)
}

/// The device as the one that gets the answer: only for what it asked itself.
pub(super) fn target<'w>(
    context: &Context,
    policy: &Policy<'w>,
    (user_code, carried): (&str, &Parameters),
) -> Result<Target<'w>, Aadsts> {
    let waiting = context.state.devices.waiting(user_code, context.state.clock.now());
    let (user_code, request) = waiting.map_err(described)?;
    if *carried != parameters(&user_code, &request) {
        return Err(MALFORMED.because("The form does not hold what the device asked for."));
    }
    Ok(Target {
        client: policy.client(&request.client.to_string())?,
        redirect_uri: String::new(),
        platform: Platform::Native,
        mode: ResponseMode::Device(user_code),
        state: None,
        wants_client_info: false,
    })
}

/// The last question, once nothing stands in the way of a yes.
pub(super) fn confirm_page(
    attempt: &Attempt<'_, '_>,
    request: &AuthorizeRequest,
    (signed_in, handle): (&SignedIn, &str),
    user_code: &str,
) -> Result<Response<Body>, Aadsts> {
    let account = attempt.policy.account(attempt.slot, signed_in.home, signed_in.user)?;
    attempt.policy.delegated(&request.scope, attempt.target.client, &account)?;
    let context = attempt.context;
    let tag = context.state.tickets.issue(&shown(handle, user_code, &signed_in.session_id));
    Ok(page(
        StatusCode::OK,
        &DeviceConfirmPage {
            application: attempt.target.client.display_name.clone(),
            tenant: account.tenant.name.clone(),
            user: account.user.display_name.clone(),
            action: format!("{}/{}/oauth2/deviceauth", context.authority.base(), attempt.slot.segment()),
            ticket: format!("{user_code}.{}.{tag}", signed_in.session_id),
        },
    ))
}

fn shown<'a>(handle: &'a str, user_code: &'a str, session_id: &'a str) -> [&'a str; 4] {
    [handle, "device", user_code, session_id]
}

/// The question was answered. Without the ticket of a page that this browser was shown, nothing is decided.
fn decided(context: &Context, (ticket, accepted): (&str, bool), headers: &HeaderMap) -> Response<Body> {
    let mut parts = ticket.splitn(3, '.').map(ToOwned::to_owned);
    let (user_code, session_id, tag) = (parts.next(), parts.next(), parts.next());
    let (user_code, session_id) = (user_code.unwrap_or_default(), session_id.unwrap_or_default());
    let handle = cookie::session(headers).unwrap_or_default();
    let is_shown =
        context.state.tickets.is_valid(&tag.unwrap_or_default(), &shown(handle, &user_code, &session_id));
    let known = context.state.sessions.accounts(Some(handle), context.state.clock.now());
    let account = still_good(&context.state.world(), known)
        .into_iter()
        .find(|account| account.session_id == session_id);
    match account.filter(|_| is_shown && !handle.is_empty()) {
        Some(account) if accepted => go_on(context, &user_code, Step::Confirmed(account), headers),
        Some(_) => {
            let now = context.state.clock.now();
            context.state.devices.decide(&user_code, Progress::Declined, now);
            page(StatusCode::OK, &DeviceDonePage { accepted: false })
        }
        None => {
            let problem = MALFORMED.because("The form was not shown to this browser. Enter the code again.");
            code_page(context, "", Some(&problem))
        }
    }
}

/// Signs the device in.
pub(super) fn accept(
    attempt: &Attempt<'_, '_>,
    request: &AuthorizeRequest,
    signed_in: &SignedIn,
    user_code: &str,
) -> Result<Response<Body>, Aadsts> {
    let account = attempt.policy.account(attempt.slot, signed_in.home, signed_in.user)?;
    attempt.policy.delegated(&request.scope, attempt.target.client, &account)?;
    let sign_in = sign_in(attempt, request, (signed_in, &account));
    let progress = Progress::Accepted(Box::new(sign_in), account.tenant.id);
    let state = &attempt.context.state;
    match state.devices.decide(user_code, progress, state.clock.now()) {
        true => Ok(page(StatusCode::OK, &DeviceDonePage { accepted: true })),
        false => Err(described(WrongCode::Unknown)),
    }
}
