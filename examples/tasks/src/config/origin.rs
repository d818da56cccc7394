//! Origins of web pages, for CORS.

use std::fmt;
use std::str::FromStr;

use axum::http::{HeaderValue, Uri};

/// `https://host[:port]`, exactly as browsers send it in `Origin`: no path, no wildcard, lower case (T-042).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(HeaderValue);

/// Text that no browser would send as an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write each origin as `https://host` or `https://host:port`: lower case, no path, no `*`")]
pub struct OriginError;

impl Origin {
    /// As it stands in the header.
    pub(crate) fn header(&self) -> &HeaderValue {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let uri: Uri = text.parse().map_err(|_| OriginError)?;
        let scheme =
            uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https")).ok_or(OriginError)?;
        let host = uri.host().filter(|host| !host.contains('*')).ok_or(OriginError)?;
        let port = uri.port().map_or_else(String::new, |port| format!(":{port}"));
        // Whatever else was written (a path, a user, capitals) shows in the difference.
        if format!("{scheme}://{}{port}", host.to_ascii_lowercase()) != text {
            return Err(OriginError);
        }
        HeaderValue::from_str(text).map(Self).map_err(|_| OriginError)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.to_str().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::Origin;

    /// T-042: nothing that a browser would not send, above all no wildcard.
    #[test]
    fn only_what_a_browser_sends_is_an_origin() {
        for good in ["https://app.example", "http://localhost:3000", "https://[::1]:8443"] {
            assert_eq!(good.parse::<Origin>().unwrap().to_string(), good);
        }
        for bad in [
            "*",
            "null",
            "app.example",
            "https://app.example/",
            "https://app.example/page",
            "https://*.app.example",
            "HTTPS://app.example",
            "https://App.example",
            "https://user@app.example",
            "ftp://app.example",
            "https://app.example, https://b.example",
            "",
        ] {
            assert!(bad.parse::<Origin>().is_err(), "{bad:?}");
        }
    }
}
