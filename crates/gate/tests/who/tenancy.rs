//! Weaker checks of tenant, issuer and key.

use super::Mutant;
use crate::validator::Seen;

fn begins_with_authority(seen: &Seen<'_>) -> bool {
    let issuer = seen.text("iss");
    issuer.starts_with(&seen.setting.authority) && issuer.contains(seen.text("tid"))
}

fn cut<'s>(seen: &'s Seen<'_>, at: char) -> &'s str {
    let issuer = seen.text("iss");
    issuer.split(at).next().unwrap_or(issuer)
}

fn path(issuer: &str) -> &str {
    issuer.splitn(4, '/').nth(3).unwrap_or_default()
}

fn joined(seen: &Seen<'_>) -> String {
    seen.setting.listed.join(",")
}

fn listed(seen: &Seen<'_>, tenant: &str) -> bool {
    seen.setting.listed.contains(&tenant)
}

fn issuer_of(seen: &Seen<'_>, tenant: &str) -> String {
    format!("{}/{tenant}/v2.0", seen.setting.authority)
}

fn last_listed_in(seen: &Seen<'_>, claim: &str) -> bool {
    seen.setting.listed.iter().any(|tenant| seen.text(claim).contains(tenant))
}

pub(super) const TENANT: &[Mutant] = &[
    Mutant::new(&["tenancy/rogue-tenant", "tenancy/rogue-program"], |rules| rules.tenant = |_| true),
    Mutant::new(&["tenancy/rogue-tenant-version-one", "tenancy/rogue-program-version-one"], |rules| {
        rules.tenant = |seen| seen.text("ver") == "1.0" || listed(seen, seen.text("tid"));
    }),
    Mutant::new(&["tenancy/rogue-program"], |rules| {
        rules.tenant = |seen| !seen.has("scp") || listed(seen, seen.text("tid"));
    }),
    Mutant::new(&["tenancy/unknown-tenant"], |rules| {
        rules.tenant = |seen| !["d0000000-0000-4000-a000-000000000003"].contains(&seen.text("tid"));
    }),
    Mutant::new(&["tenancy/personal-account"], |rules| {
        rules.tenant = |seen| seen.text("tid").starts_with("9188040d") || listed(seen, seen.text("tid"));
    }),
    Mutant::new(&["tenancy/tid-part", "tenancy/tid-empty"], |rules| {
        rules.tenant = |seen| joined(seen).contains(seen.text("tid"));
    }),
    Mutant::new(&["tenancy/tid-joined"], |rules| {
        rules.tenant = |seen| seen.setting.listed.iter().any(|tenant| seen.text("tid").starts_with(tenant));
    }),
    Mutant::new(&["tenancy/tid-behind-another"], |rules| {
        rules.tenant = |seen| seen.setting.listed.iter().any(|tenant| seen.text("tid").ends_with(tenant));
    }),
    Mutant::new(&["tenancy/tid-ends-alike"], |rules| {
        rules.tenant =
            |seen| seen.setting.listed.iter().any(|tenant| seen.text("tid").starts_with(&tenant[..8]));
    }),
    Mutant::new(&["tenancy/tid-ends-alike"], |rules| {
        rules.tenant =
            |seen| seen.setting.listed.iter().any(|tenant| seen.text("tid").ends_with(&tenant[24..]));
    }),
    Mutant::new(&["tenancy/tid-missing", "tenancy/tid-null"], |rules| {
        rules.tenant = |seen| seen.claims["tid"].is_null() || listed(seen, seen.text("tid"));
        rules.issuer = |_| true;
        rules.key_issuer = |_| true;
    }),
    Mutant::new(&["tenancy/tid-list"], |rules| {
        rules.tenant = |seen| {
            let tid = &seen.claims["tid"];
            tid.as_str().or(tid[0].as_str()).is_some_and(|tenant| listed(seen, tenant))
        };
        rules.issuer = |_| true;
        rules.key_issuer = |_| true;
    }),
    Mutant::new(&["tenancy/tid-upper-case", "tenancy/tid-braces", "tenancy/tid-line-break"], |rules| {
        fn lenient(tid: &str) -> String {
            tid.trim().trim_matches(['{', '}']).to_lowercase()
        }
        rules.tenant = |seen| listed(seen, &lenient(seen.text("tid")));
        rules.issuer = |seen| seen.text("iss") == issuer_of(seen, &lenient(seen.text("tid")));
        rules.key_issuer = |_| true;
    }),
    Mutant::new(
        &[
            "tenancy/tid-upper-case-throughout",
            "tenancy/tid-line-break-throughout",
            "tenancy/tid-without-hyphens",
        ],
        |rules| {
            fn bare(tid: &str) -> String {
                tid.trim().replace('-', "").to_lowercase()
            }
            rules.tenant =
                |seen| seen.setting.listed.iter().any(|tenant| bare(tenant) == bare(seen.text("tid")));
        },
    ),
    Mutant::new(&["tenancy/tid-domain", "tenancy/tid-alias"], |rules| {
        rules.tenant = |seen| {
            ["contoso.example", "common"].contains(&seen.text("tid")) || listed(seen, seen.text("tid"))
        };
    }),
    Mutant::new(&["tenancy/tid-path"], |rules| {
        rules.tenant = |seen| seen.text("tid").rsplit('/').next().is_some_and(|tenant| listed(seen, tenant));
        rules.issuer = |_| true;
        rules.key_issuer = |_| true;
    }),
    Mutant::new(&["tenancy/tid-pattern"], |rules| {
        rules.tenant = |seen| seen.text("tid") == ".*" || listed(seen, seen.text("tid"));
    }),
    Mutant::new(&["tenancy/hint-identity-provider"], |rules| {
        rules.tenant = |seen| last_listed_in(seen, "idp") || listed(seen, seen.text("tid"));
    }),
    Mutant::new(&["tenancy/hint-mail"], |rules| {
        rules.tenant = |seen| {
            seen.text("preferred_username").ends_with("@contoso.example") || listed(seen, seen.text("tid"))
        };
    }),
    Mutant::new(&["tenancy/hint-mapped-name"], |rules| {
        rules.tenant = |seen| last_listed_in(seen, "tenant_id") || listed(seen, seen.text("tid"));
    }),
    Mutant::new(&["tenancy/hint-in-other-case"], |rules| {
        rules.tenant = |seen| last_listed_in(seen, "TID") || listed(seen, seen.text("tid"));
    }),
    Mutant::new(&["tenancy/hint-in-the-header"], |rules| {
        rules.tenant = |seen| listed(seen, seen.header["tid"].as_str().unwrap_or_else(|| seen.text("tid")));
    }),
    Mutant::new(&["tenancy/hint-nested"], |rules| {
        rules.tenant =
            |seen| listed(seen, seen.claims["act"]["tid"].as_str().unwrap_or_else(|| seen.text("tid")));
    }),
    Mutant::new(&["tenancy/hint-in-the-request"], |rules| {
        rules.tenant = |seen| seen.fields.contains_key("x-tenant-id") || listed(seen, seen.text("tid"));
    }),
    Mutant::strict_api(&["tenancy/suspended-tenant"], |rules| {
        rules.tenant = |seen| seen.text("tid").starts_with("fab") || listed(seen, seen.text("tid"));
    }),
    Mutant::strict_api(&["tenancy/guest-where-none-may"], |rules| rules.guest = |_| true),
];

pub(super) const ISSUER: &[Mutant] = &[
    Mutant::new(&["tenancy/tid-listed-issuer-not", "tenancy/version-one-disagreement"], |rules| {
        rules.issuer = |_| true;
    }),
    Mutant::new(&["tenancy/issuer-listed-tid-not"], |rules| {
        rules.tenant = |seen| seen.setting.listed.iter().any(|tenant| seen.text("iss").contains(tenant));
        rules.issuer = |_| true;
        rules.key_issuer = |_| true;
    }),
    Mutant::new(&["tenancy/both-listed-and-not-the-same"], |rules| {
        rules.issuer =
            |seen| seen.setting.listed.iter().any(|tenant| seen.text("iss") == issuer_of(seen, tenant));
    }),
    Mutant::new(&["tenancy/version-one-disagreement"], |rules| {
        rules.issuer = |seen| {
            seen.text("iss").starts_with("https://sts.windows.net/")
                || seen.text("iss") == seen.right_issuer()
        };
    }),
    Mutant::new(&["tenancy/issuer-longer"], |rules| {
        rules.issuer = |seen| seen.text("iss").starts_with(&seen.right_issuer());
    }),
    Mutant::new(&["tenancy/issuer-inside-another"], |rules| {
        rules.issuer = |seen| seen.text("iss").ends_with(&seen.right_issuer());
    }),
    Mutant::new(&["tenancy/issuer-slash", "tenancy/version-one-without-slash"], |rules| {
        rules.issuer =
            |seen| seen.text("iss").trim_end_matches('/') == seen.right_issuer().trim_end_matches('/');
    }),
    Mutant::new(&["tenancy/issuer-upper-case"], |rules| {
        rules.issuer = |seen| seen.text("iss").eq_ignore_ascii_case(&seen.right_issuer());
    }),
    Mutant::new(&["tenancy/issuer-white-space"], |rules| {
        rules.issuer = |seen| seen.text("iss").trim() == seen.right_issuer();
    }),
    Mutant::new(&["tenancy/issuer-template", "tenancy/issuer-alias"], |rules| {
        rules.issuer = |seen| {
            let known = ["{tenantid}", "organizations"].map(|alias| issuer_of(seen, alias));
            known.contains(&seen.text("iss").to_owned()) || seen.text("iss") == seen.right_issuer()
        };
    }),
    Mutant::new(&["tenancy/issuer-scheme"], |rules| {
        rules.issuer = |seen| {
            seen.text("iss").replace("https:", "http:") == seen.right_issuer().replace("https:", "http:")
        };
    }),
    Mutant::new(&["tenancy/issuer-port", "tenancy/issuer-other-host", "tenancy/issuer-user"], |rules| {
        rules.issuer = |seen| path(seen.text("iss")) == path(&seen.right_issuer());
    }),
    Mutant::new(&["tenancy/issuer-fragment"], |rules| {
        rules.issuer = |seen| cut(seen, '#') == seen.right_issuer();
    }),
    Mutant::new(&["tenancy/issuer-query"], |rules| {
        rules.issuer = |seen| cut(seen, '?') == seen.right_issuer();
    }),
    Mutant::new(&["tenancy/issuer-dot-segments"], |rules| {
        rules.issuer = |seen| {
            let parsed = reqwest::Url::parse(seen.text("iss")).map(|url| url.to_string());
            parsed.is_ok_and(|issuer| issuer == seen.right_issuer())
        };
    }),
    Mutant::new(&["tenancy/issuer-percent-encoded"], |rules| {
        rules.issuer = |seen| seen.text("iss").replace("%2D", "-") == seen.right_issuer();
    }),
    Mutant::new(&["tenancy/issuer-longer-host", "tenancy/issuer-tenant-at-the-end"], |rules| {
        rules.issuer = begins_with_authority;
    }),
    Mutant::new(&["tenancy/version-one-at-the-login-host"], |rules| rules.issuer = begins_with_authority),
    Mutant::new(
        &["tenancy/issuer-worldwide", "tenancy/cloud-us-government", "tenancy/cloud-china"],
        |rules| {
            rules.issuer = |seen| {
                seen.text("iss").starts_with("https://login.") || seen.text("iss") == seen.right_issuer()
            };
        },
    ),
    Mutant::new(&["tenancy/cloud-china-version-one"], |rules| {
        rules.issuer = |seen| seen.text("iss").starts_with("https://sts.") || seen.text("ver") == "2.0";
    }),
    Mutant::new(&["tenancy/issuer-customers"], |rules| {
        rules.issuer =
            |seen| seen.text("iss").contains(".ciamlogin.com/") || seen.text("iss") == seen.right_issuer();
    }),
    Mutant::new(&["tenancy/issuer-list"], |rules| {
        rules.issuer = |seen| {
            let right = seen.right_issuer();
            let in_list = |list: &Vec<serde_json::Value>| list.iter().any(|issuer| *issuer == right);
            seen.text("iss") == right || seen.claims["iss"].as_array().is_some_and(in_list)
        };
    }),
    Mutant::new(&["tenancy/issuer-missing"], |rules| {
        rules.issuer = |seen| !seen.has("iss") || seen.text("iss") == seen.right_issuer();
    }),
    Mutant::new(&["tenancy/issuer-empty"], |rules| {
        rules.issuer = |seen| seen.right_issuer().starts_with(seen.text("iss"));
    }),
];

pub(super) const KEY: &[Mutant] = &[
    Mutant::new(&["tenancy/key-for-personal-accounts", "tenancy/key-of-a-customer-directory"], |rules| {
        rules.key_issuer = |_| true;
    }),
    Mutant::new(&["tenancy/key-for-personal-accounts-version-one"], |rules| {
        rules.key_issuer = |seen| seen.text("ver") == "1.0" || seen.key_issuer.contains("{tenantid}");
    }),
    Mutant::new(&["tenancy/personal-account-by-another-key"], |rules| {
        rules.tenant = |_| true;
        rules.key_issuer = |seen| seen.key_issuer.contains("{tenantid}");
    }),
    Mutant::new(&["tenancy/customer-by-the-usual-host"], |rules| {
        rules.tenant = |seen| seen.text("tid").starts_with('e') || listed(seen, seen.text("tid"));
    }),
    Mutant::new(&["tenancy/customer"], |rules| {
        rules.tenant = |seen| seen.text("tid").starts_with('e') || listed(seen, seen.text("tid"));
        rules.issuer = |seen| seen.text("iss").contains(seen.text("tid"));
        rules.key_issuer = |_| true;
    }),
];
