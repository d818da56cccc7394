//! Does anybody have to agree? The consent page, the page that sends people to an administrator, and the answer.

use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode};

use super::request::{AuthorizeRequest, Prompt};
use super::{Attempt, Call, Step, authorize};
use crate::authority::Version;
use crate::endpoints::aadsts::{Aadsts, CONSENT_DECLINED};
use crate::endpoints::consent_items::{items, publisher};
use crate::endpoints::decision::{Decision, host_of, record, shown_parts};
use crate::endpoints::policy::{Consent, not_consented};
use crate::pages::{ConsentPage, NeedAdminPage, page};
use crate::sessions::SignedIn;
use crate::world::{Account, Extent};

/// The page that has to be answered before a code is issued; `None` when everything is granted.
pub(super) fn ask(
    attempt: &Attempt<'_, '_>,
    request: &AuthorizeRequest,
    (signed_in, handle): (&SignedIn, &str),
) -> Result<Option<Response<Body>>, Aadsts> {
    let question = Question::of(attempt, request, signed_in)?;
    let settled = matches!(attempt.call.step, Step::Consented(_));
    if settled || !question.is_open(request) {
        return Ok(None);
    }
    if request.prompt == Prompt::None {
        return Err(not_consented(attempt.target.client));
    }
    Ok(Some(match question.check_right(request) {
        Ok(()) => question.page(attempt, request, (handle, None)),
        Err(refusal) => question.need_admin_page(attempt, request, &refusal),
    }))
}

/// The consent form came back. Without the ticket of a page that this browser was shown, it decides nothing.
pub(super) fn decide(
    attempt: &Attempt<'_, '_>,
    request: &AuthorizeRequest,
    decision: &Decision,
    ((handle, known), headers): ((&str, &[SignedIn]), &HeaderMap),
) -> Response<Body> {
    let shown_to = known.iter().filter(|_| !handle.is_empty()).find_map(|signed_in| {
        let question = Question::of(attempt, request, signed_in).ok()?;
        let shown = question.shown(attempt, handle);
        decision.has_ticket(&attempt.context.state.tickets, &shown).then_some(question)
    });
    let Some(question) = shown_to else {
        return attempt.signed_in_before(request, (handle, known));
    };
    if !decision.accepted {
        let refusal =
            CONSENT_DECLINED.because("The resource owner or authorization server denied the request.");
        return attempt.target.refuse(attempt.context, &refusal);
    }
    let for_all = decision.for_organization || request.prompt == Prompt::AdminConsent;
    let recorded = question.check_extent(for_all).and_then(|extent| {
        record(attempt.context, question.account.tenant.id, &question.consent.granting(), extent)
    });
    match recorded {
        Ok(()) => continued(attempt, question.signed_in.clone(), headers),
        Err(refusal) => question.page(attempt, request, (handle, Some(refusal.description()))),
    }
}

/// The same request once more, in the world as it is after the consent.
fn continued(attempt: &Attempt<'_, '_>, account: SignedIn, headers: &HeaderMap) -> Response<Body> {
    let call = Call {
        segment: attempt.slot.segment(),
        version: attempt.call.version,
        parameters: attempt.call.parameters.clone(),
        step: Step::Consented(account),
    };
    authorize(attempt.context, &call, headers)
}

/// A consent that a person is, or could be, asked for.
struct Question<'a, 'w> {
    signed_in: &'a SignedIn,
    account: Account<'w>,
    consent: Consent<'w>,
}

impl<'a, 'w> Question<'a, 'w> {
    fn of(
        attempt: &Attempt<'_, 'w>,
        request: &AuthorizeRequest,
        signed_in: &'a SignedIn,
    ) -> Result<Self, Aadsts> {
        let account = attempt.policy.account(attempt.slot, signed_in.home, signed_in.user)?;
        let consent = attempt.policy.consent(
            &request.scope,
            attempt.target.client,
            (&account, request.asks_again()),
        )?;
        Ok(Self { signed_in, account, consent })
    }

    fn is_open(&self, request: &AuthorizeRequest) -> bool {
        self.consent.lacking || request.asks_again()
    }

    /// Whether this person may answer at all.
    fn check_right(&self, request: &AuthorizeRequest) -> Result<(), Aadsts> {
        match request.prompt {
            Prompt::AdminConsent => self.consent.check_right_for_all(&self.account),
            _ => self.consent.check_right(&self.account),
        }
    }

    /// For whom a yes counts, if this person may say it.
    fn check_extent(&self, for_all: bool) -> Result<Extent, Aadsts> {
        match for_all {
            true => self.consent.check_right_for_all(&self.account).map(|()| Extent::Everybody),
            false => self.consent.check_right(&self.account).map(|()| Extent::Person(self.account.user.id)),
        }
    }

    fn shown(&self, attempt: &Attempt<'_, '_>, handle: &str) -> Vec<String> {
        let kind = format!("consent {}", attempt.call.version.name());
        let request = attempt.call.parameters.without("");
        shown_parts((handle, self.signed_in), self.account.tenant.id, (&kind, &request), &self.consent)
    }

    fn page(
        &self,
        attempt: &Attempt<'_, '_>,
        request: &AuthorizeRequest,
        (handle, problem): (&str, Option<String>),
    ) -> Response<Body> {
        let client = attempt.target.client;
        let for_all = request.prompt == Prompt::AdminConsent;
        let tickets = &attempt.context.state.tickets;
        page(
            StatusCode::OK,
            &ConsentPage {
                application: client.display_name.clone(),
                publisher: publisher(attempt.world, client, self.account.tenant),
                tenant: self.account.tenant.name.clone(),
                user: self.account.user.display_name.clone(),
                permissions: items(&self.consent.permissions),
                admin_may_consent_for_all: self.account.may_consent_for_all() && !for_all,
                redirect_host: host_of(&attempt.target.redirect_uri),
                action: format!("{}/{}/consent", attempt.context.authority.base(), attempt.slot.segment()),
                request: attempt.call.parameters.without(""),
                version: attempt.call.version.name(),
                ticket: tickets.issue(&self.shown(attempt, handle)),
                problem,
            },
        )
    }

    fn need_admin_page(
        &self,
        attempt: &Attempt<'_, '_>,
        request: &AuthorizeRequest,
        refusal: &Aadsts,
    ) -> Response<Body> {
        let context = attempt.context;
        let answer = page(
            StatusCode::BAD_REQUEST,
            &NeedAdminPage {
                code: refusal.cause.code,
                application: attempt.target.client.display_name.clone(),
                tenant: self.account.tenant.name.clone(),
                user: self.account.user.display_name.clone(),
                permissions: items(&self.consent.permissions),
                link: admin_consent_link(attempt, request, &self.account),
                other_account: Some(attempt.again_with_another_account()),
                back: attempt.target.way_back(context, refusal),
                correlation_id: context.state.random.guid().to_string(),
                timestamp: context.state.clock.timestamp(),
            },
        );
        refusal.noted(answer)
    }
}

/// Where an administrator grants the same for everybody.
fn admin_consent_link(
    attempt: &Attempt<'_, '_>,
    request: &AuthorizeRequest,
    account: &Account<'_>,
) -> String {
    let tenant = account.tenant.id.to_string();
    let endpoint = attempt.context.authority.admin_consent(&tenant, request.version);
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("client_id", &attempt.target.client.app_id.to_string());
    if request.version == Version::V2 {
        query.append_pair("scope", &request.scope_text);
    }
    query.append_pair("redirect_uri", &attempt.target.redirect_uri);
    format!("{endpoint}?{}", query.finish())
}
