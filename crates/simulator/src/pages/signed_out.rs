//! After sign-out.

use askama::Template;

use super::Page;

pub(crate) const SCRIPT: &str = include_str!("../../templates/signed_out.js");

/// Tells the applications (OpenID Connect Front-Channel Logout 1.0 §2), then goes on or stays.
#[derive(Default, Template)]
#[template(path = "signed_out.html")]
pub(crate) struct SignedOutPage {
    /// Sign-out addresses of applications, opened in frames.
    pub(crate) front_channel: Vec<String>,
    /// Where to go when the frames have loaded; nowhere when the application named no page of its own.
    pub(crate) continue_to: Option<String>,
}

impl Page for SignedOutPage {
    const SCRIPT: &'static str = SCRIPT;

    fn frames(&self) -> &[String] {
        &self.front_channel
    }

    #[cfg(test)]
    fn samples() -> Vec<(&'static str, Self)> {
        use super::samples::EVIL;

        let told = Self {
            front_channel: vec!["https://app.example/signed-out".to_owned()],
            continue_to: Some("#".to_owned()),
        };
        let hostile = Self { front_channel: vec![EVIL.to_owned()], continue_to: Some(EVIL.to_owned()) };
        vec![("plain", Self::default()), ("front-channel", told), ("hostile", hostile)]
    }
}
