//! A listed tenant's issuer, nearly. An issuer is compared as a text, and by all of it (RFC 8725 §3.8, T-012).

use serde_json::json;

use super::case;
use crate::case::{Attempt, Case, Expect, Need, Severity};
use crate::scene::Scene;
use crate::token::Recipe;

pub(super) fn cases() -> Vec<Case> {
    [texts(), addresses(), elsewhere(), clouds(), forms(), version_one()].concat()
}

fn issuer(id: &'static str, title: &'static str, reason: &'static str, make: fn(&Scene) -> Attempt) -> Case {
    case(id, Severity::High)
        .says(title, reason)
        .by("RFC 7519 §4.1.1; RFC 8725 §3.8", &["T-012"])
        .attempt(Expect::Refused, make)
}

/// A good token, but for what `edit` makes of its issuer.
fn spelled(scene: &Scene, edit: impl Fn(&str) -> String) -> Attempt {
    let right = scene.issuer_of(&scene.home.tenant, scene.api.version());
    Recipe::good(scene).claim("iss", edit(&right)).into()
}

/// Scheme, host with its port, and the path without its first slash.
fn parts(issuer: &str) -> [&str; 3] {
    let (scheme, rest) = issuer.split_once("://").unwrap_or(("https", issuer));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    [scheme, host, path]
}

fn texts() -> Vec<Case> {
    vec![
        issuer(
            "tenancy/issuer-longer",
            "a listed tenant's issuer with more text behind it",
            "who compares the beginning accepts every end",
            |scene| spelled(scene, |issuer| format!("{issuer}.attacker.example")),
        ),
        issuer(
            "tenancy/issuer-inside-another",
            "a listed tenant's issuer at the end of an attacker's address",
            "who looks whether the text is in there, or ends so, finds it",
            |scene| spelled(scene, |issuer| format!("https://attacker.example/?{issuer}")),
        ),
        issuer(
            "tenancy/issuer-slash",
            "a listed tenant's issuer with a slash more, or less, at its end",
            "versions 1 and 2 differ in that slash; who trims it takes one for the other",
            |scene| {
                spelled(scene, |issuer| {
                    issuer.strip_suffix('/').map_or_else(|| format!("{issuer}/"), str::to_owned)
                })
            },
        ),
        issuer(
            "tenancy/issuer-upper-case",
            "a listed tenant's issuer in capital letters",
            "issuers are compared as they are written, letter by letter",
            |scene| spelled(scene, str::to_uppercase),
        ),
        issuer(
            "tenancy/issuer-white-space",
            "a listed tenant's issuer between spaces",
            "who trims before comparing has two spellings of one issuer",
            |scene| spelled(scene, |issuer| format!(" {issuer} ")),
        ),
        issuer(
            "tenancy/issuer-template",
            "the issuer with `{tenantid}` in it, as the common metadata has it",
            "who takes the issuer from that document, and compares before filling in the tenant, expects exactly this",
            |scene| {
                let tenant = scene.home.tenant.clone();
                spelled(scene, |issuer| issuer.replace(&tenant, "{tenantid}"))
            },
        )
        .by("Entra: Access tokens, metadata at `common`", &["T-012"]),
        issuer(
            "tenancy/issuer-alias",
            "an issuer that names `organizations` where the tenant is due",
            "aliases choose a sign-in page; no token is issued by one",
            |scene| {
                let tenant = scene.home.tenant.clone();
                spelled(scene, |issuer| issuer.replace(&tenant, "organizations"))
            },
        )
        .by("Entra: OpenID Connect, tenant values", &["T-011", "T-012"]),
    ]
}

fn addresses() -> Vec<Case> {
    vec![
        issuer(
            "tenancy/issuer-scheme",
            "a listed tenant's issuer with the other scheme, `http` or `https`",
            "who compares host and path forgets who may speak for them",
            |scene| {
                spelled(scene, |issuer| {
                    let [scheme, host, path] = parts(issuer);
                    format!("{}://{host}/{path}", if scheme == "https" { "http" } else { "https" })
                })
            },
        ),
        issuer(
            "tenancy/issuer-port",
            "a listed tenant's issuer at another port",
            "another port is another server",
            |scene| {
                spelled(scene, |issuer| {
                    let [scheme, host, path] = parts(issuer);
                    let name = host.split_once(':').map_or(host, |(name, _)| name);
                    format!("{scheme}://{name}:8443/{path}")
                })
            },
        ),
        issuer(
            "tenancy/issuer-user",
            "a listed tenant's issuer with a user name before the host",
            "who compares parts of a parsed address does not see the parts left out",
            |scene| {
                spelled(scene, |issuer| {
                    let [scheme, host, path] = parts(issuer);
                    format!("{scheme}://attacker.example@{host}/{path}")
                })
            },
        ),
        issuer(
            "tenancy/issuer-fragment",
            "a listed tenant's issuer with a fragment",
            "who cuts off what is behind `#` compares another text than the one that was signed",
            |scene| spelled(scene, |issuer| format!("{issuer}#attacker")),
        ),
        issuer(
            "tenancy/issuer-query",
            "a listed tenant's issuer with a query",
            "who compares origin and path does not see it",
            |scene| spelled(scene, |issuer| format!("{issuer}?tenant=attacker")),
        ),
        issuer(
            "tenancy/issuer-dot-segments",
            "a path through an unlisted tenant that normalises to a listed one's",
            "an issuer that is parsed and normalised before it is compared is not compared exactly",
            |scene| {
                let (home, rogue) = (scene.home.tenant.clone(), scene.rogue.tenant.clone());
                spelled(scene, |issuer| issuer.replace(&home, &format!("{rogue}/../{home}")))
            },
        ),
        issuer(
            "tenancy/issuer-percent-encoded",
            "a listed tenant's issuer with its first hyphen percent-encoded",
            "who decodes before comparing has many spellings of one issuer",
            |scene| {
                let home = scene.home.tenant.clone();
                spelled(scene, |issuer| issuer.replace(&home, &home.replacen('-', "%2D", 1)))
            },
        ),
    ]
}

fn elsewhere() -> Vec<Case> {
    vec![
        issuer(
            "tenancy/issuer-other-host",
            "an attacker's host with a listed tenant's path",
            "who looks for the tenant's id in the issuer finds it at any host",
            |scene| spelled(scene, |issuer| format!("https://login.attacker.example/{}", parts(issuer)[2])),
        ),
        issuer(
            "tenancy/issuer-longer-host",
            "a host that begins as the authority's does",
            "who compares the beginning, up to the host, has not compared the host",
            |scene| {
                spelled(scene, |issuer| {
                    let [scheme, host, path] = parts(issuer);
                    format!("{scheme}://{host}.attacker.example/{path}")
                })
            },
        ),
        issuer(
            "tenancy/issuer-tenant-at-the-end",
            "the authority's host, an unlisted tenant, and the listed one's id further down",
            "the tenant is the first segment of the path, not any of them",
            |scene| {
                let (home, rogue) = (scene.home.tenant.clone(), scene.rogue.tenant.clone());
                spelled(scene, |issuer| format!("{}{home}", issuer.replace(&home, &rogue) + "/"))
            },
        )
        .by("Entra: Access tokens, validate the issuer", &["T-012"]),
        issuer(
            "tenancy/issuer-worldwide",
            "the listed tenant at Entra's own host, where another authority is configured",
            "a well-known host that is built in widens what the configuration says",
            |scene| by_tenant(scene, |tenant| format!("https://login.microsoftonline.com/{tenant}/v2.0")),
        )
        .by("Entra: National clouds", &["T-012"]),
        issuer(
            "tenancy/issuer-customers",
            "the listed tenant's id at the host of customer directories",
            "`{tid}.ciamlogin.com` exists for customers' directories; the id in it is anybody's text",
            |scene| by_tenant(scene, |tenant| format!("https://{tenant}.ciamlogin.com/{tenant}/v2.0")),
        )
        .by("Entra: External ID, authority and issuer", &["T-012"]),
    ]
}

/// A good token whose issuer is made of the home tenant's id alone.
fn by_tenant(scene: &Scene, issuer: impl Fn(&str) -> String) -> Attempt {
    Recipe::good(scene).claim("iss", issuer(&scene.home.tenant)).into()
}

fn clouds() -> Vec<Case> {
    vec![
        issuer(
            "tenancy/cloud-us-government",
            "the same tenant id in the cloud of the US government",
            "clouds are separate directories: a tenant id is unique in one of them",
            |scene| by_tenant(scene, |tenant| format!("https://login.microsoftonline.us/{tenant}/v2.0")),
        )
        .by("Entra: National clouds", &["T-012", "T-013"]),
        issuer(
            "tenancy/cloud-china",
            "the same tenant id in the cloud of China",
            "that cloud is another company's; its tokens come from a host of its own",
            |scene| {
                by_tenant(scene, |tenant| format!("https://login.partner.microsoftonline.cn/{tenant}/v2.0"))
            },
        )
        .by("Entra: National clouds", &["T-012", "T-013"]),
        issuer(
            "tenancy/cloud-china-version-one",
            "the same tenant id in the version 1 issuer of the cloud of China",
            "the old issuer has no login host in it, and yet each cloud has its own",
            |scene| {
                let issuer = format!("https://sts.chinacloudapi.cn/{}/", scene.home.tenant);
                Recipe::good(scene).of_version(scene, 1).claim("iss", issuer).into()
            },
        )
        .needs(&[Need::VersionOne])
        .by("Entra: National clouds", &["T-012", "T-013"]),
    ]
}

fn forms() -> Vec<Case> {
    vec![
        issuer(
            "tenancy/issuer-list",
            "a list of two issuers, the listed tenant's and an attacker's",
            "an issuer is one text; who looks into a list finds what the attacker put there",
            |scene| {
                let right = scene.issuer_of(&scene.home.tenant, scene.api.version());
                Recipe::good(scene).claim("iss", json!(["https://attacker.example", right])).into()
            },
        )
        .by("fast-jwt CVE-2025-30144; RFC 7519 §4.1.1", &["T-012"]),
        issuer(
            "tenancy/issuer-missing",
            "a token without `iss`",
            "many libraries check the issuer only if there is one",
            |scene| Recipe::good(scene).without("iss").into(),
        ),
        issuer(
            "tenancy/issuer-empty",
            "a token with an empty `iss`",
            "an empty text is at the beginning, and the end, of every other",
            |scene| Recipe::good(scene).claim("iss", "").into(),
        ),
    ]
}

fn version_one() -> Vec<Case> {
    vec![
        issuer(
            "tenancy/version-one-without-slash",
            "a version 1 issuer without the slash at its end",
            "the slash is part of that issuer; who trims it has two spellings",
            |scene| {
                let issuer = scene.issuer_of(&scene.home.tenant, 1);
                Recipe::good(scene).of_version(scene, 1).claim("iss", issuer.trim_end_matches('/')).into()
            },
        )
        .needs(&[Need::VersionOne, Need::VersionTwo])
        .by("Entra: Access token claims reference, `iss`", &["T-012"]),
        issuer(
            "tenancy/version-one-at-the-login-host",
            "a version 1 token whose issuer is the authority's host and the tenant",
            "that is no issuer of either version, and comes out of one form made of the other",
            |scene| {
                let issuer = format!("{}/{}/", scene.authority, scene.home.tenant);
                Recipe::good(scene).of_version(scene, 1).claim("iss", issuer).into()
            },
        )
        .needs(&[Need::VersionOne])
        .by("Entra: Access token claims reference, `iss`", &["T-012"]),
    ]
}
