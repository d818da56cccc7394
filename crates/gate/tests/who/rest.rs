//! Weaker checks of kind, permission, client, time, audience and version; and checks that are too strict.

use super::Mutant;
use crate::validator::{HOUR, Rules, Seen, is_ours, is_past};

fn ours_in(seen: &Seen<'_>, any: fn(&[bool]) -> bool) -> bool {
    let aud = &seen.claims["aud"];
    let list = aud.as_array().cloned().unwrap_or_else(|| vec![aud.clone()]);
    any(&list.iter().map(|one| one.as_str().is_some_and(|one| is_ours(seen, one))).collect::<Vec<_>>())
}

fn scope(rules: &mut Rules, is_enough: fn(&Seen<'_>) -> bool) {
    rules.permission = is_enough;
}

fn audience_text<'s>(seen: &'s Seen<'_>) -> &'s str {
    seen.text("aud")
}

const OURS: &str = tenantry_simulator::builtin::API;
const SCOPE: &str = "access_as_user";

pub(super) const KIND: &[Mutant] = &[
    Mutant::new(&["kind/id-token-with-role"], |rules| {
        rules.kind = |_| true;
        rules.permission = |seen| seen.has_role();
    }),
    Mutant::new(&["kind/id-token"], |rules| {
        rules.kind = |_| true;
        rules.permission = |_| true;
    }),
    Mutant::new(&["kind/id-token-of-a-client"], |rules| {
        rules.kind = |_| true;
        rules.permission = |_| true;
        rules.audience = |_| true;
    }),
    Mutant::new(&["kind/nonce", "kind/code-hash", "kind/security-event", "kind/no-client"], |rules| {
        rules.kind = |_| true;
    }),
    Mutant::new(&["kind/microsoft-api-token"], |rules| rules.kind = |_| true),
    Mutant::new(&["kind/logout-token", "kind/unknown-type"], |rules| rules.typ = |_| true),
    Mutant::new(&["kind/unknown-type"], |rules| rules.typ = |seen| seen.header["typ"] != "logout+jwt"),
    Mutant::new(&["kind/bound-to-key"], |rules| rules.binding = |_| true),
    Mutant::new(&["kind/bound-to-certificate"], |rules| {
        rules.binding = |seen| seen.claims["cnf"]["jkt"].is_null();
    }),
    Mutant::new(&["kind/nobody", "kind/object-id-empty", "kind/object-id-path"], |rules| {
        rules.identity = |_| true;
    }),
    Mutant::strict_api(&["kind/another-client"], |rules| rules.client = |_| true),
    Mutant::strict_api(&["kind/client-longer"], |rules| {
        rules.client = |seen| seen.setting.client.is_some_and(|client| seen.client().starts_with(client));
    }),
    Mutant::strict_api(&["kind/client-in-the-other-claim"], |rules| {
        rules.client = |seen| {
            let known = |claim| seen.setting.client == Some(seen.text(claim));
            known("azp") || known("appid")
        };
    }),
];

pub(super) const PERMISSION: &[Mutant] = &[
    Mutant::new(&["kind/person-without-permission", "kind/scope-empty", "kind/directory-role"], |rules| {
        scope(rules, |_| true);
    }),
    Mutant::new(&["kind/directory-role-for-a-role"], |rules| {
        scope(rules, |seen| {
            let is_person = seen.words().any(|word| word == SCOPE);
            seen.has_role() && (is_person || !seen.has("scp")) || is_person && seen.has("wids")
        });
    }),
    Mutant::new(&["kind/person-without-role"], |rules| {
        scope(rules, |seen| seen.words().any(|word| word == SCOPE) || !seen.has("scp"));
    }),
    Mutant::new(&["kind/person-without-scope"], |rules| scope(rules, |seen| seen.has_role())),
    Mutant::new(&["kind/person-without-scope-version-one"], |rules| {
        scope(rules, |seen| match (seen.text("ver"), seen.has("scp")) {
            ("2.0", true) => seen.words().any(|word| word == SCOPE) && seen.has_role(),
            _ => seen.has_role(),
        });
    }),
    Mutant::new(&["kind/scope-of-another-api", "kind/scope-empty"], |rules| {
        scope(rules, |seen| seen.has("scp") || seen.has_role());
    }),
    Mutant::new(&["kind/scope-longer"], |rules| {
        scope(rules, |seen| seen.words().any(|word| word.starts_with(SCOPE)) || !seen.has("scp"));
    }),
    Mutant::new(&["kind/scope-inside-another", "kind/scope-list-in-a-text"], |rules| {
        scope(rules, |seen| seen.text("scp").contains(SCOPE) || !seen.has("scp"));
    }),
    Mutant::new(&["kind/scope-shorter", "kind/scope-empty"], |rules| {
        scope(rules, |seen| SCOPE.contains(seen.text("scp")) || !seen.has("scp"));
    }),
    Mutant::new(&["kind/scope-case"], |rules| {
        scope(rules, |seen| seen.text("scp").eq_ignore_ascii_case(SCOPE) || !seen.has("scp"));
    }),
    Mutant::new(&["kind/scope-as-role", "kind/role-as-scope"], |rules| {
        scope(rules, |seen| {
            let roles = seen.claims["roles"].as_array().cloned().unwrap_or_default();
            let all = seen.words().chain(roles.iter().filter_map(|role| role.as_str())).collect::<Vec<_>>();
            all.contains(&SCOPE) || all.contains(&"Editor")
        });
    }),
    Mutant::new(&["kind/scope-in-another-claim"], |rules| {
        scope(rules, |seen| {
            seen.words().any(|word| word == SCOPE) || seen.has_role() || seen.has("permissions")
        });
    }),
    Mutant::new(&["kind/program-without-role"], |rules| {
        scope(rules, |seen| !seen.has("scp") || seen.words().any(|word| word == SCOPE));
    }),
    Mutant::new(&["kind/program-with-scope-for-a-role"], |rules| {
        scope(rules, |seen| seen.words().any(|word| word == SCOPE) || seen.has_role());
    }),
    Mutant::new(&["kind/role-of-another-api"], |rules| {
        scope(rules, |seen| seen.words().any(|word| word == SCOPE) || seen.has("roles"));
    }),
    Mutant::new(&["kind/role-longer", "kind/roles-as-text", "kind/roles-as-object"], |rules| {
        scope(rules, |seen| {
            seen.words().any(|word| word == SCOPE) || seen.claims["roles"].to_string().contains("Editor")
        });
    }),
    Mutant::new(&["kind/role-case"], |rules| {
        scope(rules, |seen| {
            let roles = seen.claims["roles"].to_string().to_lowercase();
            seen.words().any(|word| word == SCOPE) || roles.contains("\"editor\"")
        });
    }),
    Mutant::new(&["kind/program-without-object"], |rules| {
        rules.identity = |seen| seen.has("sub");
        scope(rules, |seen| seen.words().any(|word| word == SCOPE) || seen.has_role());
    }),
    Mutant::strict_api(&["kind/program-where-people-are-due"], |rules| {
        scope(rules, |seen| seen.has("scp") || seen.has_role());
        rules.client = |_| true;
    }),
    Mutant::strict_api(&["kind/program-that-does-not-say-so"], |rules| {
        scope(rules, |seen| seen.claims["idtyp"] != "app");
        rules.client = |_| true;
    }),
    Mutant::strict_api(&["kind/program-with-scope"], |rules| {
        scope(rules, |seen| seen.words().any(|word| word == SCOPE));
        rules.client = |_| true;
    }),
];

pub(super) const TIME: &[Mutant] = &[
    Mutant::new(&["lifetime/expired-version-one"], |rules| {
        rules.end =
            |seen| seen.text("ver") == "1.0" || seen.date("exp").is_some_and(|end| end > seen.now - 300.0);
    }),
    Mutant::new(&["lifetime/expired-program"], |rules| {
        rules.end = |seen| !seen.has("scp") || seen.date("exp").is_some_and(|end| end > seen.now - 300.0);
    }),
    Mutant::new(&["lifetime/expired", "lifetime/zero", "lifetime/no-end", "lifetime/list"], |rules| {
        rules.end = |_| true;
    }),
    Mutant::new(
        &["lifetime/expired-as-text", "lifetime/null", "lifetime/no-end", "lifetime/date"],
        |rules| {
            rules.end = |seen| seen.date("exp").is_none_or(|end| end > seen.now - 300.0);
        },
    ),
    Mutant::new(&["lifetime/text"], |rules| {
        rules.end = |seen| {
            let end = seen.date("exp").or_else(|| seen.text("exp").parse().ok());
            end.is_some_and(|end| end > seen.now - 300.0 && end < seen.now + 48.0 * HOUR)
        };
    }),
    Mutant::new(&["lifetime/zero"], |rules| {
        rules.end = |seen| seen.date("exp").is_some_and(|end| end == 0.0 || end > seen.now - 300.0);
    }),
    Mutant::new(&["lifetime/negative"], |rules| {
        rules.end = |seen| seen.date("exp").is_some_and(|end| end < 0.0 || end > seen.now - 300.0);
    }),
    Mutant::new(&["lifetime/ten-years", "lifetime/milliseconds", "lifetime/largest-number"], |rules| {
        rules.end = |seen| seen.date("exp").is_some_and(|end| end > seen.now - 300.0);
    }),
    Mutant::new(&["lifetime/wraps"], |rules| {
        rules.end = |seen| seen.date("exp").is_some_and(|end| end % 2f64.powi(64) > seen.now - 300.0);
    }),
    Mutant::new(&["lifetime/no-span"], |rules| {
        rules.end =
            |seen| seen.date("exp").is_some_and(|end| end > seen.now - 300.0 && end < seen.now + 48.0 * HOUR);
    }),
    Mutant::new(&["lifetime/not-yet-valid", "lifetime/not-yet-valid-as-text"], |rules| {
        rules.start = |_| true;
        rules.end = |seen| seen.date("exp").is_some_and(|end| end > seen.now - 300.0);
    }),
    Mutant::new(&["lifetime/not-yet-valid-as-text"], |rules| {
        rules.start = |seen| seen.date("nbf").is_none() || is_past(seen, "nbf");
        rules.end = |seen| seen.date("exp").is_some_and(|end| end > seen.now - 300.0);
    }),
    Mutant::new(&["lifetime/issued-in-the-future"], |rules| rules.issued = |_| true),
];

pub(super) const AUDIENCE: &[Mutant] = &[
    Mutant::new(&["audience/another-api-version-one"], |rules| {
        rules.audience = |seen| seen.text("ver") == "1.0" || is_ours(seen, audience_text(seen));
    }),
    Mutant::new(&["audience/another-api-for-a-program"], |rules| {
        rules.audience = |seen| !seen.has("scp") || is_ours(seen, audience_text(seen));
    }),
    Mutant::new(
        &["audience/another-api", "audience/graph", "audience/client", "audience/missing", "audience/null"],
        |rules| rules.audience = |_| true,
    ),
    Mutant::new(&["audience/graph-by-address"], |rules| {
        rules.audience =
            |seen| audience_text(seen).contains("graph.microsoft.com") || is_ours(seen, audience_text(seen));
    }),
    Mutant::new(&["audience/missing"], |rules| {
        rules.audience = |seen| !seen.has("aud") || is_ours(seen, audience_text(seen));
    }),
    Mutant::new(&["audience/client"], |rules| {
        rules.audience = |seen| audience_text(seen) == seen.client() || is_ours(seen, audience_text(seen));
    }),
    Mutant::new(&["audience/ours-as-client"], |rules| {
        rules.audience = |seen| seen.client() == OURS || is_ours(seen, audience_text(seen));
    }),
    Mutant::new(&["audience/longer"], |rules| {
        rules.audience = |seen| audience_text(seen).starts_with(OURS) || is_ours(seen, audience_text(seen));
    }),
    Mutant::new(&["audience/inside-another", "audience/joined"], |rules| {
        rules.audience = |seen| audience_text(seen).ends_with(OURS);
    }),
    Mutant::new(&["audience/shorter", "audience/empty"], |rules| {
        rules.audience = |seen| OURS.contains(audience_text(seen)) || is_ours(seen, audience_text(seen));
    }),
    Mutant::new(&["audience/case"], |rules| {
        rules.audience = |seen| is_ours(seen, &audience_text(seen).to_lowercase());
    }),
    Mutant::new(&["audience/ours-first", "audience/ours-last"], |rules| {
        rules.audience = |seen| ours_in(seen, |each| each.contains(&true));
    }),
    Mutant::new(&["audience/ours-first"], |rules| {
        rules.audience = |seen| ours_in(seen, |each| each.first() == Some(&true));
    }),
    Mutant::new(&["audience/empty-list"], |rules| {
        rules.audience = |seen| ours_in(seen, |each| each.iter().all(|is| *is));
    }),
    Mutant::new(&["audience/list-of-others"], |rules| {
        rules.audience = |seen| seen.claims["aud"].is_array() || is_ours(seen, audience_text(seen));
    }),
    Mutant::new(&["audience/list-in-a-list"], |rules| {
        rules.audience = |seen| seen.claims["aud"].to_string().trim_matches(['[', ']', '"']).ends_with(OURS);
    }),
    Mutant::new(&["audience/number"], |rules| {
        rules.audience = |seen| seen.claims["aud"] == 0 || is_ours(seen, audience_text(seen));
    }),
];

pub(super) const VERSION: &[Mutant] = &[
    Mutant::strict_api(&["version/one-where-two-is-due"], |rules| {
        rules.version = |_| true;
        rules.audience = |seen| audience_text(seen) == OURS;
    }),
    Mutant::old_api(&["version/two-where-one-is-due"], |rules| {
        rules.version = |_| true;
        rules.audience = |seen| audience_text(seen).ends_with(OURS);
    }),
    Mutant::new(&["version/number-of-the-other", "version/issuer-of-the-other"], |rules| {
        rules.issuer = |seen| seen.text("iss").contains(seen.text("tid"));
        rules.kind = |_| true;
    }),
    Mutant::new(&["version/client-claim-of-the-other"], |rules| rules.kind = |_| true),
    Mutant::new(&["version/missing", "version/unheard-of", "version/number"], |rules| {
        rules.version = |_| true;
    }),
];

pub(super) const TOO_STRICT: &[Mutant] = &[
    Mutant::new(&["oddities/bearer-in-lower-case", "oddities/bearer-and-spaces"], |rules| {
        rules.field = |field| field.strip_prefix("Bearer ").filter(|token| !token.starts_with(' '));
    }),
    Mutant::new(&["oddities/many-groups"], |rules| rules.bytes_max = 4096),
    Mutant::new(&["oddities/access-token-type", "oddities/no-type"], |rules| {
        rules.typ = |seen| seen.header["typ"] == "JWT";
    }),
    Mutant::new(&["oddities/access-token-type-in-full"], |rules| {
        rules.typ = |seen| ["JWT", "at+jwt"].contains(&seen.header["typ"].as_str().unwrap_or("JWT"));
    }),
    Mutant::new(&["oddities/guest"], |rules| {
        rules.guest = |seen| !seen.has("idp") || seen.text("idp") == seen.text("iss");
    }),
    Mutant::new(&["oddities/mail-of-another-organisation"], |rules| {
        rules.identity = |seen| !seen.text("preferred_username").ends_with("@northwind.example");
    }),
    Mutant::new(&["oddities/no-name"], |rules| {
        rules.identity = |seen| seen.has("name") || !seen.has("scp");
    }),
    Mutant::new(&["oddities/version-one"], |rules| rules.version = |seen| seen.text("ver") == "2.0"),
    Mutant::new(&["oddities/program-without-idtyp"], |rules| {
        rules.permission = |seen| seen.has("scp") || seen.claims["idtyp"] == "app";
    }),
    Mutant::new(&["oddities/managed-identity"], |rules| rules.identity = |seen| seen.claims["azpacr"] != "2"),
    Mutant::new(&["oddities/many-scopes"], |rules| {
        rules.permission = |seen| !seen.has("scp") || seen.text("scp") == SCOPE;
    }),
    Mutant::new(&["oddities/unknown-roles"], |rules| {
        rules.permission = |seen| seen.claims["roles"].as_array().is_none_or(|roles| roles.len() == 1);
    }),
    Mutant::new(&["oddities/groups-elsewhere"], |rules| rules.kind = |seen| !seen.has("_claim_sources")),
    Mutant::new(&["oddities/unknown-claims", "oddities/agent", "oddities/big-number"], |rules| {
        rules.kind = |seen| !["xms_new", "xms_act_fct", "xms_big"].iter().any(|claim| seen.has(claim));
    }),
    Mutant::new(&["oddities/unknown-header"], |rules| {
        rules.typ = |seen| seen.header.as_object().is_some_and(|members| members.len() <= 4);
    }),
    Mutant::new(&["oddities/long-life"], |rules| {
        rules.end = |seen| seen.date("exp").is_some_and(|end| end < seen.now + 24.0 * HOUR);
    }),
    Mutant::new(&["oddities/signed-in-long-ago"], |rules| {
        rules.issued = |seen| seen.date("iat").is_some_and(|at| at > seen.now - HOUR);
    }),
    Mutant::new(&["oddities/fractions"], |rules| rules.issued = |seen| seen.claims["iat"].is_u64()),
    Mutant::new(&["oddities/name-with-everything"], |rules| {
        rules.identity = |seen| seen.text("name").is_ascii() || !seen.has("name");
    }),
];
