//! One bounded GET of a JSON document: no redirect, no proxy but a configured one, no more bytes than agreed (T-177).

use std::error::Error as _;

use reqwest::{Certificate, Client, ClientBuilder, Proxy, StatusCode, Url, header, redirect};
use tenantry_token::{KeySetError, Untrusted};

use crate::FetchLimits;

/// Why a document could not be had. The text is for the operator; what the provider said in it is cut and escaped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FetchError {
    #[error("no complete answer in time")]
    TimedOut,
    #[error("the request failed: {0}")]
    Transport(Untrusted),
    #[error("answered with status {}", .0.as_u16())]
    Status(StatusCode),
    #[error("redirects elsewhere (status {}), which is not followed", .0.as_u16())]
    Redirect(StatusCode),
    #[error("the document has more than {bytes_max} bytes")]
    TooLarge { bytes_max: usize },
    #[error("the metadata is not JSON with `issuer` and `jwks_uri`")]
    Metadata,
    #[error("the metadata is of issuer `{found}`, expected `{expected}`")]
    Issuer { found: Untrusted, expected: String },
    #[error("the metadata is of cloud `{found}`, expected `{expected}`")]
    Cloud { found: Untrusted, expected: String },
    #[error("the metadata keeps its keys at `{0}`, which is not an address of this authority")]
    KeysAddress(Untrusted),
    #[error("{0}")]
    Keys(#[from] KeySetError),
    #[error("the key set has no usable key")]
    NoKeys,
}

impl FetchError {
    /// Whether the provider denies that there is such a document: asking again on our own would be no use.
    pub(crate) fn is_denial(&self) -> bool {
        matches!(self, Self::Status(status) if matches!(status.as_u16(), 400 | 404 | 410))
    }

    fn transport(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::TimedOut;
        }
        // The cause at the bottom ("connection refused", "invalid peer certificate") is what helps; no URL in it.
        let mut cause = error.source();
        while let Some(deeper) = cause.and_then(std::error::Error::source) {
            cause = Some(deeper);
        }
        Self::Transport(Untrusted::new(&cause.map_or_else(|| "no detail".into(), ToString::to_string)))
    }
}

/// How outbound connections are made.
#[derive(Default)]
pub(crate) struct Outbound {
    pub(crate) limits: FetchLimits,
    pub(crate) extra_roots: Vec<Certificate>,
    pub(crate) proxy: Option<Proxy>,
    /// Whether any authority is reached over HTTPS. Where none is, a machine without root certificates will do.
    pub(crate) uses_tls: bool,
}

pub(crate) struct Fetcher {
    client: Client,
    limits: FetchLimits,
}

impl Fetcher {
    pub(crate) fn new(outbound: Outbound) -> reqwest::Result<Self> {
        let limits = outbound.limits;
        let client = client_builder(outbound).build()?;
        Ok(Self { client, limits })
    }

    pub(crate) fn limits(&self) -> FetchLimits {
        self.limits
    }

    /// The body of a 200 answer.
    pub(crate) async fn get(&self, url: Url) -> Result<Vec<u8>, FetchError> {
        let request = self.client.get(url).header(header::ACCEPT, "application/json");
        let mut response = request.send().await.map_err(|error| FetchError::transport(&error))?;
        match response.status() {
            StatusCode::OK => {}
            moved if moved.is_redirection() => return Err(FetchError::Redirect(moved)),
            other => return Err(FetchError::Status(other)),
        }
        let bytes_max = self.limits.body_bytes_max;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| FetchError::transport(&error))? {
            if body.len() + chunk.len() > bytes_max {
                return Err(FetchError::TooLarge { bytes_max });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

fn client_builder(outbound: Outbound) -> ClientBuilder {
    let builder = Client::builder()
        .user_agent(concat!("tenantry/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(outbound.limits.connect_time_out)
        .timeout(outbound.limits.time_out)
        .no_proxy();
    let builder = match outbound.proxy {
        Some(proxy) => builder.proxy(proxy),
        None => builder,
    };
    if outbound.uses_tls {
        builder.tls_certs_merge(outbound.extra_roots)
    } else {
        builder.tls_certs_only(outbound.extra_roots)
    }
}
