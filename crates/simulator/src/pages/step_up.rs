//! The simulated second factor, for a demanded authentication context.

use askama::Template;

use super::Page;

/// "Confirm that it is you". Answers `step_up` with the context's id.
#[derive(Template)]
#[template(path = "step_up.html")]
pub(crate) struct StepUpPage {
    pub(crate) application: String,
    /// Name of the account that is signed in.
    pub(crate) user: String,
    /// Authentication context, `c1` to `c99`.
    pub(crate) context: String,
    pub(crate) action: String,
    /// The authorize request, to be checked again when the form arrives.
    pub(crate) request: String,
    pub(crate) version: &'static str,
    /// Proves that the page was shown to this session.
    pub(crate) ticket: String,
}

impl Page for StepUpPage {
    #[cfg(test)]
    fn samples() -> Vec<(&'static str, Self)> {
        use super::samples::{EVIL, LONG};

        let strange = |text: &str| Self {
            application: text.to_owned(),
            user: text.to_owned(),
            context: text.to_owned(),
            action: text.to_owned(),
            request: text.to_owned(),
            version: "v2",
            ticket: text.to_owned(),
        };
        let plain = Self {
            application: "Tasks".to_owned(),
            user: "Alice Admin".to_owned(),
            context: "c1".to_owned(),
            ..strange("t")
        };
        vec![("plain", plain), ("long", strange(LONG)), ("hostile", strange(EVIL))]
    }
}
