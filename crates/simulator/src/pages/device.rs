//! The device flow's pages (RFC 8628 §3.3): enter the code, confirm the application, done.

use askama::Template;

use super::{Page, Problem};

/// Where the code goes, in the field `otc` as on the real page.
#[derive(Template)]
#[template(path = "device_code.html")]
pub(crate) struct DeviceCodePage {
    pub(crate) action: String,
    /// What the field holds already.
    pub(crate) user_code: String,
    pub(crate) problem: Option<Problem>,
}

/// The last question before a device is signed in. Answers `decision` = `accept` or `cancel`.
#[derive(Template)]
#[template(path = "device_confirm.html")]
pub(crate) struct DeviceConfirmPage {
    pub(crate) application: String,
    /// Name of the tenant that is signed in to.
    pub(crate) tenant: String,
    /// Name of the account that is signed in.
    pub(crate) user: String,
    pub(crate) action: String,
    /// Proves that the page was shown to this session, and stands for the code.
    pub(crate) ticket: String,
}

/// The end, whichever it was.
#[derive(Template)]
#[template(path = "device_done.html")]
pub(crate) struct DeviceDonePage {
    pub(crate) accepted: bool,
}

impl Page for DeviceCodePage {
    fn refusal(&self) -> Option<u32> {
        self.problem.as_ref().map(|problem| problem.code)
    }

    #[cfg(test)]
    fn samples() -> Vec<(&'static str, Self)> {
        use super::samples::{EVIL, LONG};

        let page = |code: &str, problem: Option<&str>| Self {
            action: "/common/oauth2/deviceauth".to_owned(),
            user_code: code.to_owned(),
            problem: problem.map(|text| Problem { code: 70019, text: text.to_owned() }),
        };
        vec![
            ("plain", page("", None)),
            ("refused", page("ABCD1234", Some("AADSTS70019: The code is unknown, expired or already used."))),
            ("long", page(LONG, Some(LONG))),
            ("hostile", Self { action: EVIL.to_owned(), ..page(EVIL, Some(EVIL)) }),
        ]
    }
}

impl Page for DeviceConfirmPage {
    #[cfg(test)]
    fn samples() -> Vec<(&'static str, Self)> {
        use super::samples::{EVIL, LONG};

        let strange = |text: &str| Self {
            application: text.to_owned(),
            tenant: text.to_owned(),
            user: text.to_owned(),
            action: text.to_owned(),
            ticket: text.to_owned(),
        };
        let plain = Self {
            application: "Tasks CLI".to_owned(),
            tenant: "Contoso".to_owned(),
            user: "Alice Admin".to_owned(),
            ..strange("t")
        };
        vec![("plain", plain), ("long", strange(LONG)), ("hostile", strange(EVIL))]
    }
}

impl Page for DeviceDonePage {
    #[cfg(test)]
    fn samples() -> Vec<(&'static str, Self)> {
        vec![("accepted", Self { accepted: true }), ("cancelled", Self { accepted: false })]
    }
}
