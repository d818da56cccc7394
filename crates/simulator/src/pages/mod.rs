//! The pages a person sees. Server-rendered, no external assets, escaped by the templates.
//!
//! One file each: a struct with what the page says, its template under `templates/`, and samples of every state worth
//! looking at. Colours, sizes and motion are decided in `templates/style.css` and nowhere else.

mod consent;
mod device;
pub(crate) mod directory;
mod error;
mod form_post;
mod native_client;
#[cfg(test)]
mod samples;
mod sign_in;
mod signed_out;
pub(crate) mod snippets;
mod step_up;

use std::sync::LazyLock;

use askama::Template;
use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use url::Url;

pub(crate) use self::consent::{AdminConsentPage, ConsentItem, ConsentPage, NeedAdminPage, Publisher};
pub(crate) use self::device::{DeviceCodePage, DeviceConfirmPage, DeviceDonePage};
pub(crate) use self::directory::DirectoryPage;
pub(crate) use self::error::ErrorPage;
pub(crate) use self::form_post::FormPostPage;
pub(crate) use self::native_client::NativeClientPage;
pub(crate) use self::sign_in::{PickableAccount, SignInPage};
pub(crate) use self::signed_out::SignedOutPage;
pub(crate) use self::step_up::StepUpPage;
use crate::encoding::base64;
use crate::requests::RefusalCode;

/// The style sheet of every page. It stands in each of them: the policy allows it by its hash.
pub(crate) const STYLE: &str = include_str!("../../templates/style.css");

/// Why a form is shown again.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    /// Entra's code.
    pub(crate) code: u32,
    pub(crate) text: String,
}

/// A page, and what the browser may do with it besides showing it.
pub(crate) trait Page: Template {
    /// The one script in it; none when empty.
    const SCRIPT: &'static str = "";
    /// Whether it may stand in a frame of another site.
    const FRAMED: bool = false;

    /// Entra's code, of a page that says why not.
    fn refusal(&self) -> Option<u32> {
        None
    }

    /// Addresses that it shows in frames.
    fn frames(&self) -> &[String] {
        &[]
    }

    /// Every state worth looking at, with its name: the plain, the empty, the long, the hostile.
    #[cfg(test)]
    fn samples() -> Vec<(&'static str, Self)>
    where
        Self: Sized;
}

/// Renders a page with the policy that it needs and no more.
pub(crate) fn page<P: Page>(status: StatusCode, page: &P) -> Response<Body> {
    // Writing to a String fails only if a template does, and these have no fallible parts.
    let mut response = (status, page.render().unwrap_or_default()).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Not `no-referrer`: with that a browser sends `Origin: null` with our own forms, as a stranger's page would.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Every part is ASCII: hashes, and addresses that `Url` wrote.
    if let Ok(policy) = HeaderValue::from_str(&policy(page)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    if let Some(code) = page.refusal() {
        response.extensions_mut().insert(RefusalCode(code));
    }
    response
}

/// Forms may lead anywhere: what they post to answers with redirects to applications, which `form-action` would stop.
fn policy<P: Page>(page: &P) -> String {
    static STYLE_HASH: LazyLock<String> = LazyLock::new(|| hash(STYLE));
    let mut policy = format!("default-src 'none'; style-src {}; img-src data:; base-uri 'none'", *STYLE_HASH);
    if !P::SCRIPT.is_empty() {
        policy += &format!("; script-src {}; connect-src 'self'", hash(P::SCRIPT));
    }
    let frames: Vec<String> = page.frames().iter().filter_map(|address| frame_source(address)).collect();
    if !frames.is_empty() {
        policy += &format!("; frame-src {}", frames.join(" "));
    }
    if !P::FRAMED {
        policy += "; frame-ancestors 'none'";
    }
    policy
}

/// A hash source (Content Security Policy Level 3 §2.3.1).
fn hash(text: &str) -> String {
    format!("'sha256-{}'", base64(digest(&SHA256, text.as_bytes()).as_ref()))
}

/// An address as a source expression: without query, and without what would end the directive or the policy.
fn frame_source(address: &str) -> Option<String> {
    let address = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "https" | "http"))?;
    let path = address.path().replace(';', "%3B").replace(',', "%2C");
    Some(format!("{}{path}", address.origin().ascii_serialization()))
}

/// What stands in the circle beside an account.
pub(crate) fn initial(name: &str) -> char {
    name.chars().find(|letter| letter.is_alphanumeric()).unwrap_or('?')
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// Renders every sample, and keeps it under `target/pages` to be looked at.
    fn look_at<P: Page>(name: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/pages");
        fs::create_dir_all(&folder).unwrap();
        for (state, sample) in P::samples() {
            let html = sample.render().unwrap();
            assert!(html.contains("Simulator, for development only"), "{name} {state}");
            assert!(html.contains("<h1"), "{name} {state}");
            assert!(!html.contains("<script>alert"), "{name} {state} does not escape");
            assert!(!html.contains("\" onfocus="), "{name} {state} does not escape quotes");
            assert!(html.contains(&format!("<style>{STYLE}</style>")), "{name} {state}");
            let scripts = html.matches("<script").count();
            assert_eq!(scripts, usize::from(!P::SCRIPT.is_empty()), "{name} {state}");
            assert!(P::SCRIPT.is_empty() || html.contains(&format!("<script>{}</script>", P::SCRIPT)));
            assert!(!html.contains(" style="), "{name} {state}: the policy stops style attributes");
            fs::write(folder.join(format!("{name}-{state}.html")), html).unwrap();
        }
    }

    #[test]
    fn every_page_renders_marked_and_escaped() {
        look_at::<SignInPage<'_>>("sign-in");
        look_at::<ConsentPage>("consent");
        look_at::<AdminConsentPage>("admin-consent");
        look_at::<NeedAdminPage>("need-admin");
        look_at::<DeviceCodePage>("device-code");
        look_at::<DeviceConfirmPage>("device-confirm");
        look_at::<DeviceDonePage>("device-done");
        look_at::<StepUpPage>("step-up");
        look_at::<DirectoryPage>("directory");
        look_at::<ErrorPage>("error");
        look_at::<FormPostPage<'_>>("form-post");
        look_at::<NativeClientPage>("native-client");
        look_at::<SignedOutPage>("signed-out");
    }

    #[test]
    fn our_own_forms_carry_our_origin() {
        let shown = super::page(StatusCode::OK, &DeviceDonePage { accepted: true });
        assert_eq!(
            shown.headers()[REFERRER_POLICY],
            "same-origin",
            "`no-referrer` would send `Origin: null`"
        );
    }

    #[test]
    fn only_the_frames_of_the_page_are_let_in_and_nothing_can_be_added_to_the_policy() {
        let page = SignedOutPage {
            front_channel: vec![
                "https://app.example/out;script-src *,x?sid=1".to_owned(),
                "javascript:alert(1)".to_owned(),
                "nonsense; script-src *".to_owned(),
            ],
            continue_to: None,
        };
        let policy = policy(&page);
        assert!(policy.contains("; frame-src https://app.example/out%3Bscript-src%20*%2Cx;"), "{policy}");
        assert!(!policy.contains("javascript:") && !policy.contains("script-src *"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    }

    #[test]
    fn only_the_self_submitting_form_may_be_framed() {
        let form = FormPostPage { action: "https://app.example/", fields: &[] };
        assert!(!policy(&form).contains("frame-ancestors"));
        assert!(policy(&DeviceDonePage { accepted: true }).contains("frame-ancestors 'none'"));
    }
}
