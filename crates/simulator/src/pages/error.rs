//! What went wrong, in Entra's numbers, and what to do.

use askama::Template;

use super::Page;

/// A refusal that must not be redirected, or that a person should read; without a correlation id, only what a code means.
#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage {
    pub(crate) code: u32,
    pub(crate) description: String,
    pub(crate) advice: &'static str,
    /// Back to the sign-in, as somebody else.
    pub(crate) other_account: Option<String>,
    pub(crate) correlation_id: String,
    pub(crate) timestamp: String,
}

impl Page for ErrorPage {
    fn refusal(&self) -> Option<u32> {
        (!self.correlation_id.is_empty()).then_some(self.code)
    }

    #[cfg(test)]
    fn samples() -> Vec<(&'static str, Self)> {
        use super::samples::{EVIL, LONG};

        let strange = |text: &str| Self {
            code: 50011,
            description: text.to_owned(),
            advice: "Send a redirect URI that is registered for the application, to the letter.",
            other_account: Some(text.to_owned()),
            correlation_id: text.to_owned(),
            timestamp: text.to_owned(),
        };
        let plain = || Self {
            other_account: None,
            correlation_id: "8a5f1c1e-0000-4000-8000-000000000001".to_owned(),
            timestamp: "2026-03-01 09:00:00Z".to_owned(),
            ..strange(
                "AADSTS50011: The redirect URI `http://localhost:1234/` is not registered for the application.",
            )
        };
        vec![
            ("plain", plain()),
            ("other-account", Self { other_account: Some("/t/authorize".to_owned()), ..plain() }),
            ("looked-up", Self { correlation_id: String::new(), ..plain() }),
            ("long", strange(LONG)),
            ("hostile", strange(EVIL)),
        ]
    }
}
