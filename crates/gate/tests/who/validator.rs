//! A small, sound validator of which every rule can be exchanged for a weaker one.

use std::sync::Arc;

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::{Router, extract::State};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use tenantry_simulator::builtin;

pub(crate) const HOUR: f64 = 3600.0;
const LEEWAY: f64 = 300.0;

/// What an API is configured with.
#[derive(Clone)]
pub(crate) struct Setting {
    pub(crate) authority: String,
    pub(crate) listed: Vec<&'static str>,
    pub(crate) versions: &'static [u8],
    pub(crate) applications: bool,
    pub(crate) guests: bool,
    pub(crate) client: Option<&'static str>,
}

/// A token whose signature is good, and the request that it came with.
pub(crate) struct Seen<'a> {
    pub(crate) header: &'a Value,
    pub(crate) claims: &'a Value,
    pub(crate) fields: &'a HeaderMap,
    pub(crate) key_issuer: &'a str,
    pub(crate) setting: &'a Setting,
    pub(crate) now: f64,
}

pub(crate) type Rule = fn(&Seen<'_>) -> bool;

/// Header, claims, and whom the key signs for.
pub(crate) type Opened = (Value, Value, String);

/// Everything that is checked beside the signature.
#[derive(Clone)]
pub(crate) struct Rules {
    pub(crate) field: fn(&str) -> Option<&str>,
    pub(crate) bytes_max: usize,
    pub(crate) open: fn(&str, &Value) -> Option<Opened>,
    pub(crate) key_issuer: Rule,
    pub(crate) tenant: Rule,
    pub(crate) issuer: Rule,
    pub(crate) version: Rule,
    pub(crate) audience: Rule,
    pub(crate) end: Rule,
    pub(crate) start: Rule,
    pub(crate) issued: Rule,
    pub(crate) kind: Rule,
    pub(crate) binding: Rule,
    pub(crate) typ: Rule,
    pub(crate) identity: Rule,
    pub(crate) guest: Rule,
    pub(crate) client: Rule,
    pub(crate) permission: Rule,
}

impl Seen<'_> {
    pub(crate) fn text(&self, claim: &str) -> &str {
        self.claims[claim].as_str().unwrap_or("(no text)")
    }

    pub(crate) fn has(&self, claim: &str) -> bool {
        self.claims.get(claim).is_some()
    }

    /// The issuer of the token's own tenant and version.
    pub(crate) fn right_issuer(&self) -> String {
        let (authority, tid) = (&self.setting.authority, self.text("tid"));
        if self.text("ver") == "1.0" {
            format!("https://sts.windows.net/{tid}/")
        } else {
            format!("{authority}/{tid}/v2.0")
        }
    }

    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.claims["scp"].as_str().unwrap_or_default().split(' ')
    }

    pub(crate) fn has_role(&self) -> bool {
        self.claims["roles"].as_array().is_some_and(|roles| roles.iter().any(|role| role == "Editor"))
    }

    /// A date, unless it is absent or of another type.
    pub(crate) fn date(&self, claim: &str) -> Option<f64> {
        self.claims[claim].as_f64()
    }

    pub(crate) fn client(&self) -> &str {
        self.text(if self.text("ver") == "1.0" { "appid" } else { "azp" })
    }
}

impl Rules {
    pub(crate) fn strict() -> Self {
        Self {
            field: |field| {
                let (scheme, rest) = field.split_once(' ')?;
                scheme.eq_ignore_ascii_case("bearer").then(|| rest.trim_start_matches(' '))
            },
            bytes_max: 16 << 10,
            open: opened,
            key_issuer: |seen| {
                let (tid, authority) = (seen.text("tid"), &seen.setting.authority);
                seen.key_issuer.replace("{tenantid}", tid) == format!("{authority}/{tid}/v2.0")
            },
            tenant: |seen| seen.setting.listed.contains(&seen.text("tid")),
            issuer: |seen| seen.text("iss") == seen.right_issuer(),
            version: |seen| {
                let accepted = seen.setting.versions;
                accepted.iter().any(|version| seen.text("ver") == format!("{version}.0"))
            },
            audience: |seen| seen.claims["aud"].as_str().is_some_and(|aud| is_ours(seen, aud)),
            end: |seen| {
                let end = seen.date("exp");
                end.is_some_and(|end| end > seen.now - LEEWAY && end < seen.now + 48.0 * HOUR)
                    && (!seen.has("nbf") || seen.date("nbf") < end)
            },
            start: |seen| !seen.has("nbf") || is_past(seen, "nbf"),
            issued: |seen| !seen.has("iat") || is_past(seen, "iat"),
            kind: |seen| {
                !["nonce", "c_hash", "at_hash", "events"].iter().any(|claim| seen.has(claim))
                    && seen.client() != "(no text)"
                    && seen.header.get("nonce").is_none()
            },
            binding: |seen| !seen.has("cnf"),
            typ: |seen| {
                let typ = seen.header.get("typ").map(|typ| typ.as_str().unwrap_or("?").to_lowercase());
                typ.is_none_or(|typ| {
                    ["jwt", "at+jwt"].contains(&typ.strip_prefix("application/").unwrap_or(&typ))
                })
            },
            identity: |seen| is_guid(seen.text("oid")) && !seen.text("sub").is_empty(),
            guest: |seen| seen.setting.guests || seen.claims["acct"] != 1,
            client: |seen| seen.setting.client.is_none_or(|client| client == seen.client()),
            permission: |seen| match (seen.has("scp"), seen.setting.applications) {
                (true, _) if seen.claims["idtyp"] == "app" => false,
                (true, _) => seen.words().any(|word| word == "access_as_user") && seen.has_role(),
                (false, applications) => applications && seen.has_role() && is_program(seen),
            },
        }
    }

    fn judge(&self, fields: &HeaderMap, keys: &Value, setting: &Setting) -> StatusCode {
        let mut sent = fields.get_all("authorization").iter();
        let (Some(field), None) = (sent.next(), sent.next()) else { return StatusCode::UNAUTHORIZED };
        let token = field.to_str().ok().and_then(self.field).filter(|token| token.len() <= self.bytes_max);
        let Some((header, claims, key_issuer)) = token.and_then(|token| (self.open)(token, keys)) else {
            return StatusCode::UNAUTHORIZED;
        };
        let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs_f64();
        let seen = Seen { header: &header, claims: &claims, fields, key_issuer: &key_issuer, setting, now };
        let rules = [
            self.key_issuer,
            self.tenant,
            self.issuer,
            self.version,
            self.audience,
            self.end,
            self.start,
            self.issued,
            self.kind,
            self.binding,
            self.typ,
            self.identity,
            self.guest,
            self.client,
        ];
        match rules.iter().all(|rule| rule(&seen)) {
            true if (self.permission)(&seen) => StatusCode::OK,
            true => StatusCode::FORBIDDEN,
            false => StatusCode::UNAUTHORIZED,
        }
    }
}

pub(crate) fn is_ours(seen: &Seen<'_>, audience: &str) -> bool {
    audience == builtin::API || (seen.text("ver") == "1.0" && audience == format!("api://{}", builtin::API))
}

pub(crate) fn is_past(seen: &Seen<'_>, claim: &str) -> bool {
    seen.date(claim).is_some_and(|date| date <= seen.now + LEEWAY)
}

/// A program is its own subject; a person's subject is another for each client.
fn is_program(seen: &Seen<'_>) -> bool {
    seen.text("sub") == seen.text("oid")
}

fn is_guid(text: &str) -> bool {
    text.len() == 36 && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

/// What is in a token that a published key signed.
pub(crate) fn opened(token: &str, keys: &Value) -> Option<Opened> {
    let (signed, signature) = token.rsplit_once('.')?;
    let header: Value = serde_json::from_str(&part(token, 0)?).ok()?;
    let claims: Value = serde_json::from_str(&part(token, 1)?).ok()?;
    let mut published = keys["keys"].as_array()?.iter().filter(|key| key["state"] != "unpublished");
    let key = published.find(|key| header["alg"] == "RS256" && key["kid"] == header["kid"])?;
    let public = RsaPublicKeyComponents { n: bytes(key["n"].as_str()?)?, e: bytes(key["e"].as_str()?)? };
    public.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &bytes(signature)?).ok()?;
    Some((header, claims, key["issuer"].as_str()?.to_owned()))
}

/// Header (0) or claims (1) as text.
pub(crate) fn part(token: &str, at: usize) -> Option<String> {
    String::from_utf8(bytes(token.split('.').nth(at)?)?).ok()
}

fn bytes(base64url: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(base64url).ok()
}

/// One API on a port of its own.
pub(crate) async fn served(rules: Rules, setting: Setting, keys: Arc<Value>) -> String {
    let all = Arc::new((rules, setting, keys));
    let api = Router::new().fallback(
        |State(all): State<Arc<(Rules, Setting, Arc<Value>)>>, uri: Uri, fields: HeaderMap| async move {
            let (rules, setting, keys) = &*all;
            if uri.path() == "/ready" { StatusCode::OK } else { rules.judge(&fields, keys, setting) }
        },
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, api.with_state(all)).await.unwrap() });
    url
}
