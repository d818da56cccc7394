//! What an administrator is asked, and what the answer brings about.

use axum::body::Body;
use axum::http::{Response, StatusCode};

use super::Attempt;
use crate::endpoints::aadsts::{ADMIN_ONLY, Aadsts, CONSENT_DECLINED};
use crate::endpoints::consent_items::{app_only, delegated, items, publisher, qualified};
use crate::endpoints::decision::{Decision, host_of, record, shown_parts};
use crate::endpoints::policy::Consent;
use crate::pages::{AdminConsentPage, NeedAdminPage, page};
use crate::sessions::SignedIn;
use crate::world::{Account, Extent};

/// A consent for everybody, and the account that is asked for it.
pub(super) struct Question<'a, 'w> {
    signed_in: &'a SignedIn,
    account: Account<'w>,
    consent: Consent<'w>,
}

impl<'a, 'w> Question<'a, 'w> {
    pub(super) fn of(attempt: &Attempt<'_, 'w>, signed_in: &'a SignedIn) -> Result<Self, Aadsts> {
        let account = attempt.policy.account(attempt.slot, signed_in.home, signed_in.user)?;
        let wish = attempt.request.wish()?;
        let consent = attempt.policy.admin_consent(wish, attempt.request.client, account.tenant)?;
        Ok(Self { signed_in, account, consent })
    }

    /// Whether the form comes from the page that this browser was shown.
    pub(super) fn was_shown(&self, attempt: &Attempt<'_, '_>, handle: &str, decision: &Decision) -> bool {
        decision.has_ticket(&attempt.context.state.tickets, &self.shown(attempt, handle))
    }

    /// Writes a yes into the world, and tells the application.
    pub(super) fn answer(
        &self,
        attempt: &Attempt<'_, '_>,
        handle: &str,
        decision: &Decision,
    ) -> Response<Body> {
        let (context, request) = (attempt.context, &attempt.request);
        if !decision.accepted {
            let refusal = CONSENT_DECLINED.because("The administrator denied the request.");
            return request.refuse(context, &refusal);
        }
        let tenant = self.account.tenant.id;
        let recorded = self
            .consent
            .check_right_for_all(&self.account)
            .and_then(|()| record(context, tenant, &self.consent.granting(), Extent::Everybody));
        match recorded {
            Ok(()) => request.granted(tenant, self.granted_scopes(attempt)),
            Err(refusal) => self.page(attempt, handle, Some(refusal.description())),
        }
    }

    fn granted_scopes(&self, attempt: &Attempt<'_, '_>) -> String {
        let client = attempt.request.client.app_id;
        let own = self.consent.permissions.iter().filter(|wanted| wanted.client.app_id == client);
        let mut words: Vec<String> = own.flat_map(qualified).collect();
        words.extend(attempt.request.asked_defaults());
        words.join(" ")
    }

    fn shown(&self, attempt: &Attempt<'_, '_>, handle: &str) -> Vec<String> {
        let kind = format!("admin-consent {}", attempt.call.version.name());
        let request = attempt.call.parameters.without("");
        shown_parts((handle, self.signed_in), self.account.tenant.id, (&kind, &request), &self.consent)
    }

    /// The question, or whom to ask instead.
    pub(super) fn page(
        &self,
        attempt: &Attempt<'_, '_>,
        handle: &str,
        problem: Option<String>,
    ) -> Response<Body> {
        if !self.account.may_consent_for_all() {
            return self.need_admin_page(attempt);
        }
        let (context, request) = (attempt.context, &attempt.request);
        page(
            StatusCode::OK,
            &AdminConsentPage {
                application: request.client.display_name.clone(),
                publisher: publisher(attempt.world, request.client, self.account.tenant),
                tenant: self.account.tenant.name.clone(),
                user: self.account.user.display_name.clone(),
                delegated: delegated(&self.consent.permissions),
                app_only: app_only(&self.consent.permissions),
                redirect_host: host_of(&request.redirect_uri),
                action: attempt.action(),
                request: attempt.call.parameters.without(""),
                version: attempt.call.version.name(),
                ticket: context.state.tickets.issue(&self.shown(attempt, handle)),
                problem,
            },
        )
    }

    fn need_admin_page(&self, attempt: &Attempt<'_, '_>) -> Response<Body> {
        let context = attempt.context;
        let refusal = ADMIN_ONLY.because("This operation can only be performed by an administrator.");
        let address = |prompt: &str| {
            format!("{}?{}{prompt}", attempt.action(), attempt.call.parameters.without("prompt"))
        };
        let answer = page(
            StatusCode::BAD_REQUEST,
            &NeedAdminPage {
                code: refusal.cause.code,
                application: attempt.request.client.display_name.clone(),
                tenant: self.account.tenant.name.clone(),
                user: self.account.user.display_name.clone(),
                permissions: items(&self.consent.permissions),
                link: address(""),
                other_account: Some(address("&prompt=select_account")),
                back: Some(attempt.request.way_back(context, &refusal)),
                correlation_id: context.state.random.guid().to_string(),
                timestamp: context.state.clock.timestamp(),
            },
        );
        refusal.noted(answer)
    }
}
