//! Trusted issuers of tokens, and the exact form of their names.

use std::{fmt, sync::Arc};

use crate::{Algorithm, TenantId};

/// A cloud of Microsoft Entra ID. Source: Entra, "National clouds".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cloud {
    /// `login.microsoftonline.com`
    Worldwide,
    /// `login.microsoftonline.us`. Takes v2.0 tokens only: the form of its v1.0 issuer is not documented.
    UsGovernment,
    /// `login.partner.microsoftonline.cn`, operated by 21Vianet.
    China,
}

/// Which token versions an authority's tokens may have (claim `ver`). An API's registration decides which it gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Versions {
    /// v1.0 and v2.0. The default, where both forms of the issuer are known.
    Both,
    /// v1.0 only.
    V1Only,
    /// v2.0 only.
    V2Only,
}

/// The sort of authority: decides how its metadata is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorityKind {
    /// A cloud of Entra, or something that speaks like one: many tenants under one base.
    Entra,
    /// One External ID tenant (`{tid}.ciamlogin.com`).
    ExternalId,
    /// One plain OpenID Connect provider, standing for one tenant.
    OpenId,
}

/// A trusted issuer of tokens. Cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub struct Authority(Arc<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    kind: AuthorityKind,
    base: Box<str>,
    cloud_name: Option<&'static str>,
    issuers: Issuers,
    algorithms: Vec<Algorithm>,
}

#[derive(Clone, PartialEq, Eq)]
enum Issuers {
    PerTenant { v1: Option<Template>, v2: Template, versions: Versions },
    Fixed { tenant: TenantId, issuer: Box<str> },
}

/// `prefix` + tenant id + `suffix`.
#[derive(Clone, PartialEq, Eq)]
struct Template {
    prefix: Box<str>,
    suffix: &'static str,
}

impl Template {
    /// The text between prefix and suffix; no case folding, no normalisation (T-012).
    fn tenant_in<'i>(&self, issuer: &'i str) -> Option<&'i str> {
        issuer.strip_prefix(&*self.prefix)?.strip_suffix(self.suffix)
    }

    fn fill(&self, tenant: impl fmt::Display) -> String {
        format!("{}{tenant}{}", self.prefix, self.suffix)
    }
}

/// Why an authority cannot be configured so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorityError {
    /// The address is no bare `https://host[:port]`, or plain HTTP beyond loopback.
    #[error(
        "`{0}` is not an authority: write `https://host[:port]`, or `http://localhost[:port]` for a simulator"
    )]
    Address(String),
    /// An empty list of algorithms.
    #[error("an authority needs at least one signature algorithm")]
    NoAlgorithm,
    /// v1.0 tokens from an authority whose v1.0 issuer is not known.
    #[error("the form of v1.0 issuers of `{0}` is not known: accept v2.0 tokens only")]
    NoV1Issuer(String),
}

const STS: &str = "https://sts.windows.net/";

impl Authority {
    /// A cloud of Microsoft Entra ID: RS256, v1.0 and v2.0 tokens (US Government: v2.0).
    pub fn entra(cloud: Cloud) -> Self {
        let (base, name, v1) = match cloud {
            Cloud::Worldwide => ("https://login.microsoftonline.com", "microsoftonline.com", Some(STS)),
            Cloud::UsGovernment => ("https://login.microsoftonline.us", "microsoftonline.us", None),
            Cloud::China => (
                "https://login.partner.microsoftonline.cn",
                "partner.microsoftonline.cn",
                Some("https://sts.chinacloudapi.cn/"),
            ),
        };
        Self::per_tenant(base, Some(name), v1)
    }

    /// Something that speaks like Entra at another address: the simulator, or a private deployment.
    ///
    /// v2.0 issuers are `{base}/{tid}/v2.0`, v1.0 issuers `https://sts.windows.net/{tid}/`.
    ///
    /// # Errors
    /// [`AuthorityError::Address`] unless `base` is `https://host[:port]`, or `http://` with `localhost`, `127.0.0.1` or `[::1]`.
    pub fn custom(base: &str) -> Result<Self, AuthorityError> {
        let base = base.strip_suffix('/').unwrap_or(base);
        if is_origin(base) {
            Ok(Self::per_tenant(base, None, Some(STS)))
        } else {
            Err(AuthorityError::Address(base.into()))
        }
    }

    /// The cloud whose sign-in host `base` is, or else [`Authority::custom`]: the meaning of `AZURE_AUTHORITY_HOST`.
    ///
    /// # Errors
    /// As [`Authority::custom`].
    pub fn at_host(base: &str) -> Result<Self, AuthorityError> {
        let base = base.strip_suffix('/').unwrap_or(base);
        let clouds = [Cloud::Worldwide, Cloud::UsGovernment, Cloud::China];
        let known = clouds.into_iter().map(Self::entra).find(|cloud| cloud.base() == base);
        known.map_or_else(|| Self::custom(base), Ok)
    }

    /// One External ID tenant. Issuer `https://{tid}.ciamlogin.com/{tid}/v2.0` whatever name its sign-in page goes by.
    pub fn external_id(tenant: TenantId) -> Self {
        let base = format!("https://{tenant}.ciamlogin.com");
        let issuer = format!("{base}/{tenant}/v2.0");
        Self::fixed(AuthorityKind::ExternalId, &base, tenant, &issuer)
    }

    /// A plain OpenID Connect provider, all of whose users belong to `tenant`, an id that the operator chooses: not the id
    /// of an Entra tenant, and not another provider's.
    ///
    /// Its callers are told apart by `iss` + `sub`. Source: OpenID Connect Discovery 1.0 §4; T-017.
    ///
    /// # Errors
    /// [`AuthorityError::Address`] unless `issuer` is an `https` URL (or loopback `http`) without query and fragment.
    pub fn openid(issuer: &str, tenant: TenantId) -> Result<Self, AuthorityError> {
        let path_at = issuer.match_indices('/').nth(2).map_or(issuer.len(), |(at, _)| at);
        let sound = is_origin(&issuer[..path_at]) && !issuer.contains(['?', '#', '\\', ' ']);
        if !sound {
            return Err(AuthorityError::Address(issuer.into()));
        }
        Ok(Self::fixed(AuthorityKind::OpenId, issuer, tenant, issuer))
    }

    fn per_tenant(base: &str, cloud_name: Option<&'static str>, v1: Option<&str>) -> Self {
        let v2 = Template { prefix: format!("{base}/").into(), suffix: "/v2.0" };
        let v1 = v1.map(|prefix| Template { prefix: prefix.into(), suffix: "/" });
        let versions = if v1.is_some() { Versions::Both } else { Versions::V2Only };
        Self(Arc::new(Inner {
            kind: AuthorityKind::Entra,
            base: base.into(),
            cloud_name,
            issuers: Issuers::PerTenant { v1, v2, versions },
            algorithms: vec![Algorithm::Rs256],
        }))
    }

    fn fixed(kind: AuthorityKind, base: &str, tenant: TenantId, issuer: &str) -> Self {
        Self(Arc::new(Inner {
            kind,
            base: base.into(),
            cloud_name: None,
            issuers: Issuers::Fixed { tenant, issuer: issuer.into() },
            algorithms: vec![Algorithm::Rs256],
        }))
    }

    /// Accepts tokens of these versions only.
    ///
    /// # Errors
    /// [`AuthorityError::NoV1Issuer`] when v1.0 is asked for and the form of its issuer is not known.
    pub fn with_versions(self, versions: Versions) -> Result<Self, AuthorityError> {
        let mut inner = Arc::unwrap_or_clone(self.0);
        match &mut inner.issuers {
            Issuers::PerTenant { v1: None, .. } | Issuers::Fixed { .. } if versions != Versions::V2Only => {
                return Err(AuthorityError::NoV1Issuer(inner.base.into()));
            }
            Issuers::PerTenant { versions: accepted, .. } => *accepted = versions,
            Issuers::Fixed { .. } => {}
        }
        Ok(Self(Arc::new(inner)))
    }

    /// Accepts these signature algorithms only. Default: RS256 alone. An RSA key that names no algorithm is used with
    /// the first RSA algorithm of the list and with no other (T-006).
    ///
    /// # Errors
    /// [`AuthorityError::NoAlgorithm`] for an empty list.
    pub fn with_algorithms(
        self,
        algorithms: impl IntoIterator<Item = Algorithm>,
    ) -> Result<Self, AuthorityError> {
        let algorithms: Vec<_> = algorithms.into_iter().collect();
        if algorithms.is_empty() {
            return Err(AuthorityError::NoAlgorithm);
        }
        Ok(Self(Arc::new(Inner { algorithms, ..Arc::unwrap_or_clone(self.0) })))
    }

    /// The sort of authority.
    pub fn kind(&self) -> AuthorityKind {
        self.0.kind
    }

    /// Where it is, without a trailing slash for Entra; for an OpenID provider its issuer. Also its name.
    pub fn base(&self) -> &str {
        &self.0.base
    }

    /// The one tenant that it stands for, unless it has many.
    pub fn fixed_tenant(&self) -> Option<TenantId> {
        match self.0.issuers {
            Issuers::Fixed { tenant, .. } => Some(tenant),
            Issuers::PerTenant { .. } => None,
        }
    }

    /// The signature algorithms that it may use.
    pub fn algorithms(&self) -> &[Algorithm] {
        &self.0.algorithms
    }

    /// The name of its cloud in key documents (`cloud_instance_name`), where it is one of Microsoft's.
    pub fn cloud_name(&self) -> Option<&str> {
        self.0.cloud_name
    }

    /// The issuer of `tenant`'s v2.0 tokens; for an OpenID provider its one issuer. What metadata must say.
    pub fn issuer_of(&self, tenant: TenantId) -> String {
        match &self.0.issuers {
            Issuers::PerTenant { v2, .. } => v2.fill(tenant),
            Issuers::Fixed { issuer, .. } => issuer.to_string(),
        }
    }

    /// The issuer that documents shared by all tenants name, `{tenantid}` left in. `None` where there is one tenant.
    pub fn issuer_template(&self) -> Option<String> {
        match &self.0.issuers {
            Issuers::PerTenant { v2, .. } => Some(v2.fill("{tenantid}")),
            Issuers::Fixed { .. } => None,
        }
    }

    /// Whether a token of version `ver` that names `tenant` may call itself `issuer` (exact, T-012).
    pub(crate) fn issues(&self, issuer: &str, tenant: (&str, TenantId), ver: &str) -> bool {
        match &self.0.issuers {
            Issuers::Fixed { tenant: own, issuer: exact } => {
                ver == "2.0" && tenant.1 == *own && **exact == *issuer
            }
            Issuers::PerTenant { v1, v2, versions } => {
                let template = match (ver, versions) {
                    ("1.0", Versions::Both | Versions::V1Only) => v1.as_ref(),
                    ("2.0", Versions::Both | Versions::V2Only) => Some(v2),
                    _ => None,
                };
                template.and_then(|form| form.tenant_in(issuer)) == Some(tenant.0)
            }
        }
    }

    /// Whether a key published for `key_issuer` (placeholder in lower case) may sign for `tenant`.
    ///
    /// v1.0 tokens are compared by their v2.0 equivalent. Source: Entra, "Access tokens", validation of the issuer; T-013.
    pub(crate) fn fits_key_issuer(&self, key_issuer: &str, tenant: TenantId) -> bool {
        match &self.0.issuers {
            Issuers::PerTenant { v2, .. } => {
                let named = v2.tenant_in(key_issuer);
                named == Some("{tenantid}") || named.is_some_and(|text| text.parse() == Ok(tenant))
            }
            Issuers::Fixed { issuer, .. } => {
                key_issuer == &**issuer || key_issuer.replace("{tenantid}", &tenant.to_string()) == **issuer
            }
        }
    }

    /// Whether both could claim one token: then nobody could say whose it is.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        match (&self.0.issuers, &other.0.issuers) {
            (Issuers::Fixed { issuer: one, .. }, Issuers::Fixed { issuer: two, .. }) => one == two,
            (
                Issuers::PerTenant { v1: one_v1, v2: one_v2, versions: one },
                Issuers::PerTenant { v1: two_v1, v2: two_v2, versions: two },
            ) => {
                let v1_used = *one != Versions::V2Only && *two != Versions::V2Only;
                let v2_used = *one != Versions::V1Only && *two != Versions::V1Only;
                (v1_used && one_v1.is_some() && one_v1 == two_v1) || (v2_used && one_v2 == two_v2)
            }
            (Issuers::Fixed { issuer, .. }, Issuers::PerTenant { .. }) => {
                other.issues_for_some_tenant(issuer)
            }
            (Issuers::PerTenant { .. }, Issuers::Fixed { issuer, .. }) => self.issues_for_some_tenant(issuer),
        }
    }

    /// Whether both stand for one tenant: then `sub` of the one could be taken for `sub` of the other (T-017).
    pub(crate) fn shares_tenant(&self, other: &Self) -> bool {
        self.fixed_tenant().is_some() && self.fixed_tenant() == other.fixed_tenant()
    }

    fn issues_for_some_tenant(&self, issuer: &str) -> bool {
        let Issuers::PerTenant { v1, v2, .. } = &self.0.issuers else { return false };
        let named = |form: &Template| form.tenant_in(issuer)?.parse().ok();
        let named = [v1.as_ref().and_then(named), named(v2)];
        named.into_iter().flatten().any(|tenant: TenantId| {
            let tenant = (&*tenant.to_string(), tenant);
            self.issues(issuer, tenant, "1.0") || self.issues(issuer, tenant, "2.0")
        })
    }
}

/// `https://host[:port]` and nothing else; plain HTTP for this machine only (T-023, T-176).
fn is_origin(text: &str) -> bool {
    let host_of = |rest: &str| {
        let colon = rest.rfind(':').filter(|at| !rest[*at..].contains(']'));
        let (host, port) = colon.map_or((rest, None), |at| (&rest[..at], Some(&rest[at + 1..])));
        let port_is_sound = port.is_none_or(|port| port.parse::<u16>().is_ok());
        let host_is_sound = host == "[::1]"
            || (!host.is_empty()
                && host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b)));
        (port_is_sound && host_is_sound).then(|| host.to_owned())
    };
    match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => host_of(rest).is_some(),
        (_, Some(rest)) => {
            host_of(rest).is_some_and(|host| matches!(&*host, "localhost" | "127.0.0.1" | "[::1]"))
        }
        _ => false,
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base())
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authority({}, {:?})", self.base(), self.kind())
    }
}

#[cfg(test)]
mod tests {
    use super::{Authority, Cloud, Versions};
    use crate::TenantId;

    const TENANT: &str = "aaaaaaaa-0000-4000-8000-000000000001";

    fn issues(authority: &Authority, issuer: &str, ver: &str) -> bool {
        authority.issues(issuer, (TENANT, TENANT.parse().unwrap()), ver)
    }

    /// T-012, row 4: host, scheme, port, path, slash, case, version and cloud all count.
    #[test]
    fn issuers_match_exactly() {
        let world = Authority::entra(Cloud::Worldwide);
        assert!(issues(&world, &format!("https://login.microsoftonline.com/{TENANT}/v2.0"), "2.0"));
        assert!(issues(&world, &format!("https://sts.windows.net/{TENANT}/"), "1.0"));
        for (issuer, ver) in [
            (format!("https://login.microsoftonline.com/{TENANT}/v2.0/"), "2.0"),
            (format!("http://login.microsoftonline.com/{TENANT}/v2.0"), "2.0"),
            (format!("https://login.microsoftonline.com:443/{TENANT}/v2.0"), "2.0"),
            (format!("https://LOGIN.microsoftonline.com/{TENANT}/v2.0"), "2.0"),
            (format!("https://login.microsoftonline.us/{TENANT}/v2.0"), "2.0"),
            (format!("https://login.microsoftonline.com/{TENANT}/V2.0"), "2.0"),
            (format!("https://login.microsoftonline.com/{}/v2.0", TENANT.to_uppercase()), "2.0"),
            (format!("https://login.microsoftonline.com/{TENANT}/v2.0"), "1.0"),
            (format!("https://login.microsoftonline.com/{TENANT}/v2.0"), "3.0"),
            (format!("https://sts.windows.net/{TENANT}"), "1.0"),
            (format!("https://sts.windows.net/{TENANT}/"), "2.0"),
            ("https://login.microsoftonline.com/common/v2.0".into(), "2.0"),
            (format!("https://login.microsoftonline.com//{TENANT}/v2.0"), "2.0"),
        ] {
            assert!(!issues(&world, &issuer, ver), "{issuer} {ver}");
        }
    }

    /// Row 20: each cloud by its own names.
    #[test]
    fn clouds_are_apart() {
        let china = Authority::entra(Cloud::China);
        assert!(issues(&china, &format!("https://sts.chinacloudapi.cn/{TENANT}/"), "1.0"));
        assert!(!issues(&china, &format!("https://sts.windows.net/{TENANT}/"), "1.0"));
        let gov = Authority::entra(Cloud::UsGovernment);
        assert!(issues(&gov, &format!("https://login.microsoftonline.us/{TENANT}/v2.0"), "2.0"));
        assert!(!issues(&gov, &format!("https://sts.windows.net/{TENANT}/"), "1.0"));
        assert!(gov.with_versions(Versions::Both).is_err());
    }

    /// T-013: a template fits every tenant of its authority, a concrete issuer one.
    #[test]
    fn keys_fit_their_issuer() {
        let (world, tenant) = (Authority::entra(Cloud::Worldwide), TENANT.parse::<TenantId>().unwrap());
        let fits = |issuer: &str| world.fits_key_issuer(issuer, tenant);
        assert!(fits("https://login.microsoftonline.com/{tenantid}/v2.0"));
        assert!(fits(&format!("https://login.microsoftonline.com/{TENANT}/v2.0")));
        assert!(!fits("https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"));
        assert!(!fits("https://login.microsoftonline.us/{tenantid}/v2.0"));
        assert!(!fits(""));
    }

    #[test]
    fn addresses_are_bare_origins() {
        for good in [
            "https://login.example.test",
            "https://localhost:9443",
            "http://localhost:9400/",
            "http://127.0.0.1:1",
            "http://[::1]:80",
        ] {
            assert!(Authority::custom(good).is_ok(), "{good}");
        }
        for bad in [
            "http://login.example.test",
            "https://",
            "https://a b",
            "https://host/path",
            "https://user@host",
            "ftp://host",
            "https://host:99999",
            "https://host?x",
            "https://host#x",
            "http://localhost.evil.test",
            "http://127.0.0.1.evil.test",
            "localhost:80",
            "",
        ] {
            assert!(Authority::custom(bad).is_err(), "{bad}");
        }
        assert_eq!(
            Authority::at_host("https://login.microsoftonline.com/").unwrap(),
            Authority::entra(Cloud::Worldwide)
        );
    }
}
