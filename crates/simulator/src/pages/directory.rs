//! The page at `/sim`: what is in the world, how to point a client at it, what clients sent, and the switches.

use askama::Template;

use super::Page;
use super::snippets::Snippet;

pub(crate) const SCRIPT: &str = include_str!("../../templates/directory.js");

/// Everything a developer needs, a screenful of each however large the world is.
#[derive(Template)]
#[template(path = "directory.html")]
pub(crate) struct DirectoryPage {
    /// Origins of the listeners, HTTPS first.
    pub(crate) bases: Vec<String>,
    /// The HTTPS listener's origin, when the page came through the other one.
    pub(crate) accept_at: Option<String>,
    /// What was searched for.
    pub(crate) query: String,
    pub(crate) configuration: ConfigurationView,
    pub(crate) tenants: Listing<TenantView>,
    pub(crate) applications: Listing<ApplicationView>,
    /// Latest first.
    pub(crate) requests: Vec<RequestView>,
    pub(crate) requests_total: u64,
    pub(crate) switches: SwitchesView,
    /// Why a change was refused.
    pub(crate) problem: Option<String>,
}

impl DirectoryPage {
    fn lacks_https(&self) -> bool {
        !self.bases.iter().any(|base| base.starts_with("https:"))
    }
}

/// One screenful of a long list.
pub(crate) struct Listing<T> {
    pub(crate) items: Vec<T>,
    /// All that fit the search.
    pub(crate) total: usize,
    /// Position of the first one shown, from 1.
    pub(crate) from: usize,
    /// Addresses of the neighbouring screenfuls.
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

impl<T> Listing<T> {
    fn to(&self) -> usize {
        self.from + self.items.len().saturating_sub(1)
    }

    fn is_whole(&self) -> bool {
        self.items.len() == self.total
    }
}

/// A tenant with its people.
pub(crate) struct TenantView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) domains: Vec<String>,
    pub(crate) kind: &'static str,
    pub(crate) people: Vec<PersonView>,
    /// People that are not shown.
    pub(crate) people_left_out: usize,
    /// Applications that were consented to.
    pub(crate) applications: usize,
    /// Metadata document.
    pub(crate) metadata: String,
    pub(crate) open: bool,
}

/// A person in a tenant.
pub(crate) struct PersonView {
    pub(crate) name: String,
    /// What to type at sign-in: of a guest the name at home.
    pub(crate) user_name: String,
    pub(crate) password: String,
    /// App roles, then directory roles.
    pub(crate) roles: Vec<String>,
    /// Name of a guest's home tenant.
    pub(crate) home: Option<String>,
    pub(crate) enabled: bool,
}

/// A registration.
pub(crate) struct ApplicationView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) home: String,
    pub(crate) audience: &'static str,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) identifier_uris: Vec<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) secrets: Vec<String>,
    /// Names of tenants that have a service principal of it: the first few.
    pub(crate) consented: Vec<String>,
    /// In how many tenants it is consented to.
    pub(crate) consented_total: usize,
    /// This page with the application chosen.
    pub(crate) configure: Option<String>,
}

/// Something that a client sent.
pub(crate) struct RequestView {
    /// `HH:MM:SS`, UTC.
    pub(crate) time: String,
    pub(crate) method: String,
    pub(crate) path: String,
    /// Name of the client, or what was sent as its id.
    pub(crate) client: String,
    /// Grant, response type or prompt: what tells requests apart.
    pub(crate) detail: String,
    /// 0 when the connection was closed.
    pub(crate) status: u16,
    /// Entra's code of a refusal.
    pub(crate) code: Option<u32>,
    pub(crate) fault: bool,
}

/// What can be switched while running.
pub(crate) struct SwitchesView {
    pub(crate) native_allow_list: bool,
    /// By the simulator's clock.
    pub(crate) now: String,
    pub(crate) offset_s: i64,
    pub(crate) faults: Vec<String>,
}

/// The form that chooses what snippets are about, and the snippets.
pub(crate) struct ConfigurationView {
    pub(crate) applications: Vec<Choice>,
    pub(crate) apis: Vec<Choice>,
    /// Tenant or alias that was chosen.
    pub(crate) tenant: String,
    /// Suggestions for it.
    pub(crate) tenants: Vec<Choice>,
    /// Somebody to sign in as: user name and password.
    pub(crate) person: Option<(String, String)>,
    /// What does not fit together.
    pub(crate) problem: Option<String>,
    pub(crate) snippets: Vec<Snippet>,
    /// The snippet that is open.
    pub(crate) show: String,
}

/// An entry of a selection.
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) selected: bool,
}

impl Page for DirectoryPage {
    const SCRIPT: &'static str = SCRIPT;

    #[cfg(test)]
    fn samples() -> Vec<(&'static str, Self)> {
        use super::samples::{EVIL, LONG};

        vec![
            ("plain", sample::page("Contoso")),
            ("empty", sample::empty()),
            ("long", sample::page(LONG)),
            ("hostile", sample::page(EVIL)),
        ]
    }
}

#[cfg(test)]
mod sample {
    use super::super::snippets::{ClientKind, Values, snippets};
    use super::{
        ApplicationView, Choice, ConfigurationView, DirectoryPage, Listing, PersonView, RequestView,
        SwitchesView, TenantView,
    };

    pub(super) fn empty() -> DirectoryPage {
        DirectoryPage {
            bases: vec!["http://localhost:9400".to_owned()],
            accept_at: None,
            query: "nobody".to_owned(),
            configuration: ConfigurationView {
                applications: Vec::new(),
                apis: Vec::new(),
                tenant: String::new(),
                tenants: Vec::new(),
                person: None,
                problem: Some("There is no client in this world.".to_owned()),
                snippets: Vec::new(),
                show: String::new(),
            },
            tenants: list(Vec::new()),
            applications: list(Vec::new()),
            requests: Vec::new(),
            requests_total: 0,
            switches: SwitchesView {
                native_allow_list: false,
                now: "2026-03-01 09:00:00Z".to_owned(),
                offset_s: 0,
                faults: Vec::new(),
            },
            problem: None,
        }
    }

    pub(super) fn page(text: &str) -> DirectoryPage {
        let choice = || vec![Choice { value: text.to_owned(), label: text.to_owned(), selected: true }];
        let paged = Listing {
            total: 10_000,
            from: 21,
            previous: Some(text.to_owned()),
            next: Some(text.to_owned()),
            ..list(vec![tenant(text)])
        };
        DirectoryPage {
            bases: vec!["https://localhost:9443".to_owned(), "http://localhost:9400".to_owned()],
            accept_at: Some("https://localhost:9443".to_owned()),
            query: text.to_owned(),
            configuration: ConfigurationView {
                applications: choice(),
                apis: choice(),
                tenant: text.to_owned(),
                tenants: choice(),
                person: Some((text.to_owned(), text.to_owned())),
                problem: None,
                snippets: snippets(&Values::sample(ClientKind::Spa, text)),
                show: "msal-browser".to_owned(),
            },
            tenants: paged,
            applications: list(vec![application(text)]),
            requests: vec![request(text, 200, None), request(text, 400, Some(65001)), request(text, 0, None)],
            requests_total: 3,
            switches: SwitchesView {
                native_allow_list: true,
                faults: vec![text.to_owned()],
                ..empty().switches
            },
            problem: Some(text.to_owned()),
        }
    }

    fn list<T>(items: Vec<T>) -> Listing<T> {
        Listing { total: items.len(), from: 1, previous: None, next: None, items }
    }

    fn tenant(text: &str) -> TenantView {
        let person = |home| PersonView {
            name: text.to_owned(),
            user_name: text.to_owned(),
            password: text.to_owned(),
            roles: vec![text.to_owned()],
            home,
            enabled: false,
        };
        TenantView {
            id: text.to_owned(),
            name: text.to_owned(),
            domains: vec![text.to_owned()],
            kind: "workforce",
            people: vec![person(None), person(Some(text.to_owned()))],
            people_left_out: 7,
            applications: 3,
            metadata: text.to_owned(),
            open: true,
        }
    }

    fn application(text: &str) -> ApplicationView {
        let texts = || vec![text.to_owned()];
        ApplicationView {
            id: text.to_owned(),
            name: text.to_owned(),
            kind: "spa",
            home: text.to_owned(),
            audience: "any organisation",
            redirect_uris: texts(),
            identifier_uris: texts(),
            scopes: texts(),
            roles: texts(),
            secrets: texts(),
            consented: texts(),
            consented_total: 10,
            configure: Some(text.to_owned()),
        }
    }

    fn request(text: &str, status: u16, code: Option<u32>) -> RequestView {
        RequestView {
            time: "09:00:00".to_owned(),
            method: "POST".to_owned(),
            path: text.to_owned(),
            client: text.to_owned(),
            detail: text.to_owned(),
            status,
            code,
            fault: status == 0,
        }
    }
}
