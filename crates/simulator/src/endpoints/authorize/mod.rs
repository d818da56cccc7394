//! The authorize endpoint and the sign-in form behind it.
//!
//! Order: [`request::target`] (refusals are shown) → [`request::read`] (refusals go back to the client) → [`session`]
//! (who is it?) → [`step_up`] (is more proof wanted?) → [`consent`] (does anybody have to agree?) → [`issue`] (then a code).
//! A [`device`] that waits takes the same way, to a question instead of a code.

mod consent;
pub(super) mod device;
mod issue;
mod request;
pub(super) mod respond;
mod session;
mod step_up;

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Response, StatusCode};

pub(super) use self::issue::client_info;
use self::issue::issue;
use self::request::{AuthorizeRequest, Prompt};
pub(super) use self::request::{check_alias, missing, scope_text, unregistered, version_1_scope};
use self::respond::{ResponseMode, Target};
use self::session::{Choice, choose, within_domain};
use super::aadsts::{Aadsts, NO_SESSION, unknown_tenant};
use super::advice::shown;
use super::cookie;
use super::decision::Decision;
use super::parameters::Parameters;
use super::policy::Policy;
use super::sign_in::{Found, Typed, pickable, still_good, user_name};
use crate::authority::Version;
use crate::pages::{SignInPage, page};
use crate::sessions::SignedIn;
use crate::state::Context;
use crate::world::{Slot, World};

/// `GET|POST /{t}/oauth2/v2.0/authorize`
pub(super) async fn v2(
    State(context): State<Context>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let parameters = Parameters::parse(&[query.unwrap_or_default().as_bytes(), &body]);
    authorize(&context, &Call::started(segment, Version::V2, parameters), &headers)
}

/// `GET|POST /{t}/oauth2/authorize`
pub(super) async fn v1(
    State(context): State<Context>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let parameters = Parameters::parse(&[query.unwrap_or_default().as_bytes(), &body]);
    authorize(&context, &Call::started(segment, Version::V1, parameters), &headers)
}

/// `POST /{t}/login`: the sign-in form. It carries the authorize request, which is checked again from the start.
pub(super) async fn sign_in(
    State(context): State<Context>,
    Path(segment): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let form = Parameters::parse(&[&body]);
    let step = Step::SignIn(Typed::read(&form));
    authorize(&context, &Call::carried(segment, &form, step), &headers)
}

/// `POST /{t}/consent`: the consent form. It carries the authorize request too.
pub(super) async fn consent(
    State(context): State<Context>,
    Path(segment): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let form = Parameters::parse(&[&body]);
    let step = Step::Decision(Decision::read(&form));
    authorize(&context, &Call::carried(segment, &form, step), &headers)
}

/// `POST /{t}/step-up`: the page of the second factor. It carries the authorize request too.
pub(super) async fn step_up(
    State(context): State<Context>,
    Path(segment): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let form = Parameters::parse(&[&body]);
    let step = Step::SecondFactor(form.get("ticket").unwrap_or_default().to_owned());
    authorize(&context, &Call::carried(segment, &form, step), &headers)
}

/// One call of the endpoint.
struct Call {
    segment: String,
    version: Version,
    parameters: Parameters,
    step: Step,
}

/// How far a sign-in is.
enum Step {
    /// It starts.
    Request,
    /// The sign-in page was filled in.
    SignIn(Typed),
    /// The consent page was answered.
    Decision(Decision),
    /// The answer was yes, and is written down.
    Consented(SignedIn),
    /// The page of the second factor was answered; the ticket on it.
    SecondFactor(String),
    /// Nothing more is wanted of this person's sign-in.
    Proven(SignedIn),
    /// The person said that the device is theirs.
    Confirmed(SignedIn),
}

impl Call {
    /// A call from outside. Which device is waiting is told by forms only, after its code was typed.
    fn started(segment: String, version: Version, parameters: Parameters) -> Self {
        Self { segment, version, parameters: parameters.dropping(device::USER_CODE), step: Step::Request }
    }

    /// A call that a form carries.
    fn carried(segment: String, form: &Parameters, step: Step) -> Self {
        let version = if form.get("version") == Some(Version::V1.name()) { Version::V1 } else { Version::V2 };
        Self { segment, version, parameters: form.carried(), step }
    }

    /// What was typed as the user name, to be shown again.
    fn typed_name(&self) -> Option<&str> {
        match &self.step {
            Step::SignIn(typed) => typed.user_name.as_deref(),
            _ => None,
        }
    }
}

/// Everything known once client and redirect URI are proven.
struct Attempt<'a, 'w> {
    context: &'a Context,
    call: &'a Call,
    world: &'w World,
    slot: Slot<'w>,
    policy: &'a Policy<'w>,
    target: Target<'w>,
}

fn authorize(context: &Context, call: &Call, headers: &HeaderMap) -> Response<Body> {
    let world = context.state.world();
    let policy = Policy::new(&context.state, &world);
    let Some(slot) = world.slot(&call.segment) else {
        return shown(context, &unknown_tenant(&call.segment), None);
    };
    let target = match call.parameters.get(device::USER_CODE) {
        Some(user_code) => device::target(context, &policy, (user_code, &call.parameters)),
        None => request::target(&policy, &call.parameters),
    };
    match target {
        Err(refusal) => shown(context, &refusal, None),
        Ok(target) => Attempt { context, call, world: &world, slot, policy: &policy, target }.run(headers),
    }
}

impl Attempt<'_, '_> {
    fn run(&self, headers: &HeaderMap) -> Response<Body> {
        let request = match request::read(&self.call.parameters, &self.target, self.slot, self.call.version) {
            Ok(request) => request,
            Err(refusal) => return self.target.refuse(self.context, &refusal),
        };
        let handle = cookie::session(headers);
        let known = self.context.state.sessions.accounts(handle, self.context.state.clock.now());
        let known = within_domain(self, &request, &still_good(self.world, known));
        let browser = (handle.unwrap_or_default(), known.as_slice());
        match &self.call.step {
            Step::Request => self.signed_in_before(&request, browser),
            Step::SignIn(typed) => self.signed_in_by_form(&request, typed, browser),
            Step::Decision(decision) => consent::decide(self, &request, decision, (browser, headers)),
            Step::SecondFactor(ticket) => step_up::prove(self, &request, ticket, (browser, headers)),
            Step::Consented(account) | Step::Proven(account) | Step::Confirmed(account) => {
                self.finish(&request, account, browser.0)
            }
        }
    }

    /// No form was sent: a session may do, a page is needed otherwise.
    fn signed_in_before(
        &self,
        request: &AuthorizeRequest,
        (handle, known): (&str, &[SignedIn]),
    ) -> Response<Body> {
        match (choose(self, request, known), request.prompt) {
            (Choice::Account(account), _) => self.finish(request, &account, handle),
            (Choice::Ask, Prompt::None) => {
                let refusal =
                    NO_SESSION.because("A silent sign-in request was sent but no user is signed in.");
                self.target.refuse(self.context, &refusal)
            }
            (Choice::Ask, Prompt::Login) => self.sign_in_page(request, &[], None),
            (Choice::Ask, _) => self.sign_in_page(request, known, None),
        }
    }

    fn signed_in_by_form(
        &self,
        request: &AuthorizeRequest,
        typed: &Typed,
        (handle, known): (&str, &[SignedIn]),
    ) -> Response<Body> {
        match typed.prove(&self.context.state, self.world, known) {
            // `prompt=login` wants a password, whoever is picked.
            Found::Known(_) if request.prompt == Prompt::Login => self.sign_in_page(request, &[], None),
            Found::Known(account) => self.finish(request, &account, handle),
            Found::Proven(account) => {
                cookie::renewed(self.context, handle, &account, |fresh| self.finish(request, &account, fresh))
            }
            Found::Nobody(problem) => self.sign_in_page(request, known, problem),
        }
    }

    /// A question, a code, or the reason why not: silent requests get that by redirect, people read it.
    fn finish(&self, request: &AuthorizeRequest, account: &SignedIn, handle: &str) -> Response<Body> {
        match self.question_or_answer(request, account, handle) {
            Ok(answer) => answer,
            Err(refusal) if request.prompt == Prompt::None || refusal.is_for_the_client() => {
                self.target.refuse(self.context, &refusal)
            }
            Err(refusal) => shown(self.context, &refusal, Some(self.again_with_another_account())),
        }
    }

    fn question_or_answer(
        &self,
        request: &AuthorizeRequest,
        account: &SignedIn,
        handle: &str,
    ) -> Result<Response<Body>, Aadsts> {
        if let Some(page) = step_up::ask(self, request, (account, handle))? {
            return Ok(page);
        }
        if let Some(page) = consent::ask(self, request, (account, handle))? {
            return Ok(page);
        }
        match (&self.target.mode, &self.call.step) {
            (ResponseMode::Device(code), Step::Confirmed(_)) => device::accept(self, request, account, code),
            (ResponseMode::Device(code), _) => device::confirm_page(self, request, (account, handle), code),
            _ => {
                let fields = issue(self, request, account)?;
                let sessions = &self.context.state.sessions;
                sessions.note_client(handle, &account.session_id, self.target.client.app_id);
                Ok(self.target.answer(fields))
            }
        }
    }

    fn again_with_another_account(&self) -> String {
        if let ResponseMode::Device(_) = self.target.mode {
            return self.context.authority.device_page();
        }
        let rest = self.call.parameters.without("prompt");
        let endpoint = self.context.authority.oauth2(&self.slot.segment(), self.call.version, "authorize");
        format!("{endpoint}?{rest}&prompt=select_account")
    }

    fn sign_in_page(
        &self,
        request: &AuthorizeRequest,
        known: &[SignedIn],
        problem: Option<Aadsts>,
    ) -> Response<Body> {
        let typed = self.call.typed_name().map(ToOwned::to_owned);
        let hint = request.login_hint.as_deref().and_then(|hint| user_name(self.world, hint));
        page(
            StatusCode::OK,
            &SignInPage {
                application: &self.target.client.display_name,
                place: self.slot.place(),
                action: format!("{}/{}/login", self.context.authority.base(), self.slot.segment()),
                request: &self.call.parameters.without(""),
                version: self.call.version.name(),
                user_name: typed.or(hint).unwrap_or_default(),
                problem: problem.map(Aadsts::problem),
                accounts: pickable(self.world, known),
            },
        )
    }
}
