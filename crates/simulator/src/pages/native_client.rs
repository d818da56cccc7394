//! Where installed programs without an address of their own get their answer: they read it off the window's address.

use askama::Template;

use super::Page;

/// "Go back to the application".
#[derive(Template)]
#[template(path = "native_client.html")]
pub(crate) struct NativeClientPage;

impl Page for NativeClientPage {
    #[cfg(test)]
    fn samples() -> Vec<(&'static str, Self)> {
        vec![("plain", Self)]
    }
}
