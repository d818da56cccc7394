//! What may the application do? Asked of a person, of an administrator for everybody, or told whom to ask.

use askama::Template;

use super::Page;

/// One permission, as its resource describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConsentItem {
    /// Display name of the API.
    pub(crate) resource: String,
    /// As it stands in `scp` or `roles`, for example `access_as_user`.
    pub(crate) name: String,
    pub(crate) title: String,
    /// May be empty.
    pub(crate) description: String,
    pub(crate) admin_only: bool,
}

/// Whose application it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Publisher {
    /// Name of the application's home tenant.
    pub(crate) name: String,
    /// It is the tenant that is consented in.
    pub(crate) is_own_tenant: bool,
}

/// A person's consent. Answers `decision` = `accept` or `cancel`, with `for_organization=true` when that was ticked.
#[derive(Template)]
#[template(path = "consent.html")]
pub(crate) struct ConsentPage {
    pub(crate) application: String,
    pub(crate) publisher: Publisher,
    /// Name of the tenant that is consented in.
    pub(crate) tenant: String,
    /// Name of the account that is asked.
    pub(crate) user: String,
    pub(crate) permissions: Vec<ConsentItem>,
    /// Shows the tick box `for_organization`.
    pub(crate) admin_may_consent_for_all: bool,
    /// Host of the redirect URI: where either button leads in the end.
    pub(crate) redirect_host: String,
    pub(crate) action: String,
    /// The authorize request, to be checked again when the form arrives.
    pub(crate) request: String,
    pub(crate) version: &'static str,
    /// Proves that the page was shown to this session.
    pub(crate) ticket: String,
    pub(crate) problem: Option<String>,
}

/// An administrator's consent for everybody. Answers `decision` = `accept` or `cancel`.
#[derive(Template)]
#[template(path = "admin_consent.html")]
pub(crate) struct AdminConsentPage {
    pub(crate) application: String,
    pub(crate) publisher: Publisher,
    /// Name of the tenant that is consented in.
    pub(crate) tenant: String,
    /// Name of the administrator.
    pub(crate) user: String,
    /// Scopes, used on behalf of whoever is signed in.
    pub(crate) delegated: Vec<ConsentItem>,
    /// App roles, used by the application as itself.
    pub(crate) app_only: Vec<ConsentItem>,
    /// Host of the redirect URI: where either button leads in the end.
    pub(crate) redirect_host: String,
    pub(crate) action: String,
    /// The request, to be checked again when the form arrives.
    pub(crate) request: String,
    pub(crate) version: &'static str,
    /// Proves that the page was shown to this session.
    pub(crate) ticket: String,
    pub(crate) problem: Option<String>,
}

/// This person may not consent (90094, 90095): whom to ask, and with which link.
#[derive(Template)]
#[template(path = "need_admin.html")]
pub(crate) struct NeedAdminPage {
    pub(crate) code: u32,
    pub(crate) application: String,
    /// Name of the tenant whose administrator is needed.
    pub(crate) tenant: String,
    /// Name of the account that is signed in.
    pub(crate) user: String,
    pub(crate) permissions: Vec<ConsentItem>,
    /// The admin consent address to send to an administrator.
    pub(crate) link: String,
    /// Back to the sign-in, as somebody else.
    pub(crate) other_account: Option<String>,
    /// Back to the application, with the refusal.
    pub(crate) back: Option<String>,
    pub(crate) correlation_id: String,
    pub(crate) timestamp: String,
}

impl Page for ConsentPage {
    #[cfg(test)]
    fn samples() -> Vec<(&'static str, Self)> {
        use super::samples::{EVIL, LONG};

        let plain = |permissions| Self {
            application: "Tasks".to_owned(),
            publisher: Publisher { name: "Contoso".to_owned(), is_own_tenant: false },
            tenant: "Fabrikam".to_owned(),
            user: "Emil Editor".to_owned(),
            permissions,
            admin_may_consent_for_all: false,
            redirect_host: "localhost:5173".to_owned(),
            action: "/t/consent".to_owned(),
            request: "client_id=1".to_owned(),
            version: "v2",
            ticket: "ticket".to_owned(),
            problem: None,
        };
        let strange = |text: &str| Self {
            application: text.to_owned(),
            publisher: Publisher { name: text.to_owned(), is_own_tenant: true },
            tenant: text.to_owned(),
            user: text.to_owned(),
            redirect_host: text.to_owned(),
            action: text.to_owned(),
            request: text.to_owned(),
            ticket: text.to_owned(),
            problem: Some(text.to_owned()),
            admin_may_consent_for_all: true,
            ..plain(vec![ConsentItem::sample(text)])
        };
        let own = Publisher { name: "Fabrikam".to_owned(), is_own_tenant: true };
        let problem = Some("This page was not shown to this browser. Please decide again.".to_owned());
        vec![
            ("plain", plain(ConsentItem::samples())),
            ("administrator", Self { admin_may_consent_for_all: true, ..plain(ConsentItem::samples()) }),
            ("problem", Self { problem, publisher: own, ..plain(ConsentItem::samples()) }),
            ("empty", plain(Vec::new())),
            ("long", strange(LONG)),
            ("hostile", strange(EVIL)),
        ]
    }
}

impl Page for AdminConsentPage {
    #[cfg(test)]
    fn samples() -> Vec<(&'static str, Self)> {
        use super::samples::{EVIL, LONG};

        let plain = |delegated, app_only| Self {
            application: "Tasks".to_owned(),
            publisher: Publisher { name: "Contoso".to_owned(), is_own_tenant: false },
            tenant: "Fabrikam".to_owned(),
            user: "Amira Admin".to_owned(),
            delegated,
            app_only,
            redirect_host: "localhost:5173".to_owned(),
            action: "/t/adminconsent".to_owned(),
            request: "client_id=1".to_owned(),
            version: "v2",
            ticket: "ticket".to_owned(),
            problem: None,
        };
        let strange = |text: &str| Self {
            application: text.to_owned(),
            publisher: Publisher { name: text.to_owned(), is_own_tenant: true },
            tenant: text.to_owned(),
            user: text.to_owned(),
            redirect_host: text.to_owned(),
            action: text.to_owned(),
            request: text.to_owned(),
            ticket: text.to_owned(),
            problem: Some(text.to_owned()),
            ..plain(vec![ConsentItem::sample(text)], vec![ConsentItem::sample(text)])
        };
        let role = ConsentItem { admin_only: false, ..ConsentItem::sample("Editor") };
        vec![
            ("plain", plain(ConsentItem::samples(), vec![role.clone()])),
            ("program", plain(Vec::new(), vec![role])),
            ("empty", plain(Vec::new(), Vec::new())),
            ("long", strange(LONG)),
            ("hostile", strange(EVIL)),
        ]
    }
}

impl Page for NeedAdminPage {
    fn refusal(&self) -> Option<u32> {
        Some(self.code)
    }

    #[cfg(test)]
    fn samples() -> Vec<(&'static str, Self)> {
        use super::samples::{EVIL, LONG};

        let plain = |permissions| {
            Self {
            code: 90094,
            application: "Tasks".to_owned(),
            tenant: "Fabrikam".to_owned(),
            user: "Emil Editor".to_owned(),
            permissions,
            link: "https://localhost:9443/fab00000-0000-4000-a000-000000000002/v2.0/adminconsent?client_id=a0000000-0000-4000-8000-000000000010"
                .to_owned(),
            other_account: Some("/t/authorize?prompt=select_account".to_owned()),
            back: Some("http://localhost:5173/?error=access_denied".to_owned()),
            correlation_id: "8a5f1c1e-0000-4000-8000-000000000001".to_owned(),
            timestamp: "2026-03-01 09:00:00Z".to_owned(),
        }
        };
        let strange = |text: &str| Self {
            application: text.to_owned(),
            tenant: text.to_owned(),
            user: text.to_owned(),
            link: text.to_owned(),
            other_account: Some(text.to_owned()),
            back: Some(text.to_owned()),
            correlation_id: text.to_owned(),
            timestamp: text.to_owned(),
            ..plain(vec![ConsentItem::sample(text)])
        };
        vec![
            ("plain", plain(ConsentItem::samples())),
            ("dead-end", Self { code: 90095, other_account: None, back: None, ..plain(Vec::new()) }),
            ("long", strange(LONG)),
            ("hostile", strange(EVIL)),
        ]
    }
}

#[cfg(test)]
impl ConsentItem {
    fn sample(text: &str) -> Self {
        Self {
            resource: text.to_owned(),
            name: text.to_owned(),
            title: text.to_owned(),
            description: text.to_owned(),
            admin_only: true,
        }
    }

    fn samples() -> Vec<Self> {
        let item = |name: &str, title: &str, description: &str, admin_only| Self {
            resource: "Tasks API".to_owned(),
            name: name.to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
            admin_only,
        };
        vec![
            item(
                "access_as_user",
                "Work on your tasks",
                "See, change and delete tasks that you may see.",
                false,
            ),
            item("tasks.read.all", "Read everybody's tasks", "", true),
        ]
    }
}
