//! Admin consent: an administrator lets an application into the whole tenant (Entra, "Admin consent on the Microsoft
//! identity platform").
//!
//! Order: [`request::read`] (refusals are shown) → who is it? → [`request::Wish`] (refusals go back to the application)
//! → the page → the answer.

mod question;
mod request;

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Response, StatusCode};

use self::question::Question;
use self::request::AdminRequest;
pub(super) use self::request::Wish;
use super::aadsts::{Aadsts, unknown_tenant};
use super::advice::shown;
use super::cookie;
use super::decision::Decision;
use super::parameters::Parameters;
use super::policy::Policy;
use super::sign_in::{Found, Typed, pickable, still_good};
use crate::authority::Version;
use crate::pages::{SignInPage, page};
use crate::sessions::SignedIn;
use crate::state::Context;
use crate::world::{Slot, World};

/// `GET /{t}/v2.0/adminconsent`
pub(super) async fn v2(
    State(context): State<Context>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    start(&context, (segment, Version::V2), query, &headers)
}

/// `GET /{t}/adminconsent`
pub(super) async fn v1(
    State(context): State<Context>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    start(&context, (segment, Version::V1), query, &headers)
}

/// `POST` on the first: its forms, which carry the request.
pub(super) async fn form_v2(
    State(context): State<Context>,
    Path(segment): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    go_on(&context, (segment, Version::V2), &body, &headers)
}

/// `POST` on the second.
pub(super) async fn form_v1(
    State(context): State<Context>,
    Path(segment): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    go_on(&context, (segment, Version::V1), &body, &headers)
}

fn start(
    context: &Context,
    (segment, version): (String, Version),
    query: Option<String>,
    headers: &HeaderMap,
) -> Response<Body> {
    let parameters = Parameters::parse(&[query.unwrap_or_default().as_bytes()]);
    run(context, &Call { segment, version, parameters, step: Step::Request }, headers)
}

fn go_on(
    context: &Context,
    (segment, version): (String, Version),
    body: &Bytes,
    headers: &HeaderMap,
) -> Response<Body> {
    let form = Parameters::parse(&[body]);
    let parameters = form.carried();
    let step = match form.get("decision") {
        Some(_) => Step::Decision(Decision::read(&form)),
        None => Step::SignIn(Typed::read(&form)),
    };
    run(context, &Call { segment, version, parameters, step }, headers)
}

/// One call of the endpoint.
struct Call {
    segment: String,
    version: Version,
    parameters: Parameters,
    step: Step,
}

/// How far it is.
enum Step {
    /// It starts.
    Request,
    /// The sign-in page was filled in.
    SignIn(Typed),
    /// The consent page was answered.
    Decision(Decision),
}

/// Everything known once client and redirect URI are proven.
struct Attempt<'a, 'w> {
    context: &'a Context,
    call: &'a Call,
    world: &'w World,
    slot: Slot<'w>,
    policy: Policy<'w>,
    request: AdminRequest<'w>,
}

fn run(context: &Context, call: &Call, headers: &HeaderMap) -> Response<Body> {
    let world = context.state.world();
    let policy = Policy::new(&context.state, &world);
    let Some(slot) = world.slot(&call.segment) else {
        return shown(context, &unknown_tenant(&call.segment), None);
    };
    match request::read(&policy, &call.parameters, call.version) {
        Err(refusal) => shown(context, &refusal, None),
        Ok(request) => Attempt { context, call, world: &world, slot, policy, request }.run(headers),
    }
}

impl Attempt<'_, '_> {
    fn run(&self, headers: &HeaderMap) -> Response<Body> {
        if let Err(refusal) = self.request.check_place(self.slot) {
            return self.request.refuse(self.context, &refusal);
        }
        let cookie = cookie::session(headers);
        let known = self.context.state.sessions.accounts(cookie, self.context.state.clock.now());
        let known = still_good(self.world, known);
        let handle = cookie.unwrap_or_default();
        match (&self.call.step, known.as_slice()) {
            (Step::Request, [only]) if self.call.parameters.get("prompt").is_none() => {
                self.signed_in_before(only, handle)
            }
            (Step::Request, _) => self.sign_in_page(&known, None),
            (Step::SignIn(typed), _) => self.signed_in_by_form(typed, (handle, &known)),
            (Step::Decision(decision), _) => self.decided(decision, (handle, &known)),
        }
    }

    /// The browser's only account; a stranger to the tenant may be somebody else there.
    fn signed_in_before(&self, account: &SignedIn, handle: &str) -> Response<Body> {
        match self.policy.account(self.slot, account.home, account.user) {
            Ok(_) => self.ask(account, handle),
            Err(_) => self.sign_in_page(std::slice::from_ref(account), None),
        }
    }

    fn signed_in_by_form(&self, typed: &Typed, (handle, known): (&str, &[SignedIn])) -> Response<Body> {
        match typed.prove(&self.context.state, self.world, known) {
            Found::Known(account) => self.ask(&account, handle),
            Found::Proven(account) => {
                cookie::renewed(self.context, handle, &account, |fresh| self.ask(&account, fresh))
            }
            Found::Nobody(problem) => self.sign_in_page(known, problem),
        }
    }

    fn ask(&self, signed_in: &SignedIn, handle: &str) -> Response<Body> {
        match Question::of(self, signed_in) {
            Ok(question) => question.page(self, handle, None),
            Err(refusal) => self.request.refuse(self.context, &refusal),
        }
    }

    /// Without the ticket of a page that this browser was shown, the form decides nothing.
    fn decided(&self, decision: &Decision, (handle, known): (&str, &[SignedIn])) -> Response<Body> {
        let shown_to = known.iter().filter(|_| !handle.is_empty()).find_map(|signed_in| {
            let question = Question::of(self, signed_in).ok()?;
            question.was_shown(self, handle, decision).then_some(question)
        });
        match shown_to {
            Some(question) => question.answer(self, handle, decision),
            None => self.sign_in_page(known, None),
        }
    }

    fn sign_in_page(&self, known: &[SignedIn], problem: Option<Aadsts>) -> Response<Body> {
        let typed = match &self.call.step {
            Step::SignIn(typed) => typed.user_name.clone(),
            _ => None,
        };
        let hint = self.call.parameters.get("login_hint").map(ToOwned::to_owned);
        page(
            StatusCode::OK,
            &SignInPage {
                application: &self.request.client.display_name,
                place: self.slot.place(),
                action: self.action(),
                request: &self.call.parameters.without(""),
                version: self.call.version.name(),
                user_name: typed.or(hint).unwrap_or_default(),
                problem: problem.map(Aadsts::problem),
                accounts: pickable(self.world, known),
            },
        )
    }

    /// Where the forms go: the address of the request, rebuilt from what was recognised.
    fn action(&self) -> String {
        self.context.authority.admin_consent(&self.slot.segment(), self.call.version)
    }
}
