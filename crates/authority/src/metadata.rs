//! The two members of a provider's metadata that count here (OpenID Connect Discovery 1.0 §3), and their check (§4.3).

use reqwest::Url;
use serde::Deserialize;

use crate::{
    document::{Documents, Scope},
    fetch::FetchError,
};

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
    /// Entra's: the cloud that the tenant lives in.
    cloud_instance_name: Option<String>,
}

/// Where the keys are, by a metadata document that is the expected issuer's.
pub(crate) fn keys_url(documents: &Documents, scope: Scope, body: &[u8]) -> Result<Url, FetchError> {
    let metadata: Metadata = serde_json::from_slice(body).map_err(|_| FetchError::Metadata)?;
    let expected = documents.issuer(scope);
    if metadata.issuer != expected {
        return Err(FetchError::Issuer { found: (&*metadata.issuer).into(), expected });
    }
    if let (Some(found), Some(expected)) = (&metadata.cloud_instance_name, documents.authority().cloud_name())
        && found != expected
    {
        return Err(FetchError::Cloud { found: (&**found).into(), expected: expected.into() });
    }
    let named = &*metadata.jwks_uri;
    documents.keys_url(named).ok_or_else(|| FetchError::KeysAddress(named.into()))
}

#[cfg(test)]
mod tests {
    use super::keys_url;
    use crate::document::{Documents, KeyMode, Scope};
    use tenantry_token::{Authority, Cloud};

    const BASE: &str = "https://login.microsoftonline.com";
    const TENANT: &str = "aaaaaaaa-0000-4000-8000-000000000001";

    fn judged(scope: Scope, issuer: &str, cloud: &str) -> bool {
        let mode = if scope == Scope::Whole { KeyMode::Shared } else { KeyMode::PerTenant };
        let documents = Documents::new(Authority::entra(Cloud::Worldwide), mode, None).unwrap();
        let json = format!(
            r#"{{"issuer":"{issuer}","jwks_uri":"{BASE}/x/keys","cloud_instance_name":{cloud},"more":[1]}}"#
        );
        keys_url(&documents, scope, json.as_bytes()).is_ok()
    }

    /// OpenID Connect Discovery 1.0 §4.3; rows 18 and 20.
    #[test]
    fn metadata_is_the_expected_issuers() {
        let own = Scope::Tenant(TENANT.parse().unwrap());
        let exact = format!("{BASE}/{TENANT}/v2.0");
        let template = format!("{BASE}/{{tenantid}}/v2.0");
        for (scope, issuer, cloud, good) in [
            (own, &*exact, "null", true),
            (own, &*exact, r#""microsoftonline.com""#, true),
            (own, &*exact, r#""microsoftonline.us""#, false),
            (own, &*template, "null", false),
            (own, &*exact.to_uppercase(), "null", false),
            (own, &*format!("{exact}/"), "null", false),
            (Scope::Whole, &*template, "null", true),
            (Scope::Whole, &*exact, "null", false),
        ] {
            assert_eq!(judged(scope, issuer, cloud), good, "{scope:?} {issuer} {cloud}");
        }
    }
}
