//! The answer in `response_mode=form_post` (OAuth 2.0 Form Post Response Mode §2).

use askama::Template;

use super::Page;

pub(crate) const SCRIPT: &str = "document.forms[0].submit()";

/// A form that submits itself.
#[derive(Template)]
#[template(path = "form_post.html")]
pub(crate) struct FormPostPage<'a> {
    pub(crate) action: &'a str,
    pub(crate) fields: &'a [(&'static str, String)],
}

/// Hidden renewals get it in a frame.
impl Page for FormPostPage<'_> {
    const SCRIPT: &'static str = SCRIPT;
    const FRAMED: bool = true;

    #[cfg(test)]
    fn samples() -> Vec<(&'static str, Self)> {
        use super::samples::EVIL;

        let hostile: &'static [(&'static str, String)] = Box::leak(Box::new([("state", EVIL.to_owned())]));
        vec![
            ("plain", Self { action: "https://app.example/", fields: &[] }),
            ("hostile", Self { action: EVIL, fields: hostile }),
        ]
    }
}
