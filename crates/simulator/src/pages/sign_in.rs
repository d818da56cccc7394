//! Who is it? A form for name and password, and the accounts that this browser knows.

use askama::Template;

use super::{Page, Problem};

/// The sign-in form, with an account picker when the browser has sessions.
///
/// Field names and element ids are those that scripts for the real page use.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignInPage<'a> {
    pub(crate) application: &'a str,
    /// Tenant or alias that is signed in to.
    pub(crate) place: &'a str,
    pub(crate) action: String,
    /// The authorize request, to be checked again when the form arrives.
    pub(crate) request: &'a str,
    pub(crate) version: &'a str,
    pub(crate) user_name: String,
    pub(crate) problem: Option<Problem>,
    pub(crate) accounts: Vec<PickableAccount>,
}

/// One button of the account picker.
pub(crate) struct PickableAccount {
    pub(crate) session_id: String,
    pub(crate) name: String,
    pub(crate) upn: String,
}

impl Page for SignInPage<'_> {
    fn refusal(&self) -> Option<u32> {
        self.problem.as_ref().map(|problem| problem.code)
    }

    #[cfg(test)]
    fn samples() -> Vec<(&'static str, Self)> {
        use super::samples::{EVIL, LONG};

        let account = |name: &str, upn: &str| PickableAccount {
            session_id: upn.to_owned(),
            name: name.to_owned(),
            upn: upn.to_owned(),
        };
        let problem = |text: &str| Problem { code: 50126, text: text.to_owned() };
        let sample = |text: &'static str, accounts| Self {
            application: text,
            place: text,
            action: text.to_owned(),
            request: text,
            version: "v2",
            user_name: text.to_owned(),
            problem: Some(problem(text)),
            accounts,
        };
        let plain = || Self {
            user_name: String::new(),
            problem: None,
            place: "Contoso",
            ..sample("Tasks", Vec::new())
        };
        let two = vec![
            account("Alice Admin", "alice@contoso.example"),
            account("Emil Editor", "emil@fabrikam.example"),
        ];
        let refused = Some(problem("AADSTS50126: Invalid user name or password."));
        vec![
            ("plain", plain()),
            ("picker", Self { accounts: two, place: "any organisation", ..plain() }),
            ("refused", Self { user_name: "alice@contoso.example".to_owned(), problem: refused, ..plain() }),
            ("long", sample(LONG, vec![account(LONG, LONG)])),
            ("hostile", sample(EVIL, vec![account(EVIL, EVIL)])),
        ]
    }
}
