//! What the tests share: a client that follows nothing, and eyes for tokens.
#![allow(
    dead_code,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "each test binary uses a part of it, to fail loudly"
)]

pub mod assertions;

pub mod graph;

pub mod world;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// A client that follows no redirect.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

/// The same, trusting one authority and nothing else.
pub fn trusting(pem: &str) -> reqwest::Client {
    let certificate = reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    builder.tls_certs_only([certificate]).build().unwrap()
}

pub async fn get_json(url: &str) -> Value {
    let response = client().get(url).send().await.unwrap();
    assert_eq!(response.status(), 200, "{url}");
    response.json().await.unwrap()
}

pub async fn post_json(url: &str, body: &Value) -> (u16, Value) {
    let response = client().post(url).json(body).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

pub fn header_of(token: &str) -> Value {
    part(token, 0)
}

pub fn claims_of(token: &str) -> Value {
    part(token, 1)
}

fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// Code verifier of every test, and its S256 challenge (the pair of RFC 7636 appendix B).
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A browser as far as signing in goes: one client, one cookie.
pub struct Browser {
    pub client: reqwest::Client,
    pub cookie: Option<String>,
}

/// What the authorize endpoint or the sign-in form answered.
pub struct Answer {
    pub status: u16,
    pub location: Option<url::Url>,
    pub set_cookie: Option<String>,
    pub body: String,
}

impl Answer {
    /// A parameter of the redirect, from query or fragment.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let location = self.location.as_ref()?;
        let text = location.fragment().or(location.query())?;
        url::form_urlencoded::parse(text.as_bytes())
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    }

    pub fn code(&self) -> String {
        self.parameter("code")
            .unwrap_or_else(|| panic!("no code: {} {:?} {}", self.status, self.location, self.body))
    }
}

impl Browser {
    pub fn new() -> Self {
        Self { client: client(), cookie: None }
    }

    /// Opens the authorize endpoint.
    pub async fn authorize(&mut self, authority: &str, parameters: &[(&str, &str)]) -> Answer {
        let url =
            url::Url::parse_with_params(&format!("{authority}/oauth2/v2.0/authorize"), parameters).unwrap();
        self.send(self.client.get(url)).await
    }

    /// Opens any address.
    pub async fn open(&mut self, address: &str, parameters: &[(&str, &str)]) -> Answer {
        let url = url::Url::parse_with_params(address, parameters).unwrap();
        self.send(self.client.get(url)).await
    }

    /// Fills in the form of a sign-in page, by what stands on it.
    pub async fn submit(&mut self, page: &Answer, user: &str, password: &str) -> Answer {
        let action = between(&page.body, "action=\"", "\"");
        let request = between(&page.body, "name=\"request\" value=\"", "\"");
        let version = between(&page.body, "name=\"version\" value=\"", "\"");
        let form = [("request", &*request), ("version", &*version), ("loginfmt", user), ("passwd", password)];
        self.send(self.client.post(action).form(&form)).await
    }

    /// Sends back a consent form with its hidden fields and `more`.
    pub async fn decide(&mut self, page: &Answer, more: &[(&str, &str)]) -> Answer {
        let hidden = |name: &str| between(&page.body, &format!("name=\"{name}\" value=\""), "\"");
        let [request, version, ticket] = ["request", "version", "ticket"].map(hidden);
        let mut form = vec![("request", &*request), ("version", &*version), ("ticket", &*ticket)];
        form.extend(more);
        self.send(self.client.post(between(&page.body, "action=\"", "\"")).form(&form)).await
    }

    /// Posts anything, with this browser's cookie.
    pub async fn post(&mut self, url: &str, form: &[(&str, &str)]) -> Answer {
        self.send(self.client.post(url).form(form)).await
    }

    /// Sends back the first form of a page, with its hidden fields and `more`.
    pub async fn fill(&mut self, page: &Answer, more: &[(&str, &str)]) -> Answer {
        let (action, hidden) = form_of(&page.body);
        let mut form: Vec<_> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        form.extend(more);
        self.send(self.client.post(action).form(&form)).await
    }

    /// Signs in on a page that asks for it, by the last part of a built-in user's name.
    pub async fn identify(&mut self, page: &Answer, user: &str) -> Answer {
        let first_name = user.split(['@', '_']).next().unwrap();
        let password = tenantry_simulator::builtin::password(first_name);
        self.fill(page, &[("loginfmt", user), ("passwd", &password)]).await
    }

    /// Accepts a consent form for the person alone.
    pub async fn accept(&mut self, page: &Answer) -> Answer {
        self.decide(page, &[("decision", "accept")]).await
    }

    /// Authorize, page, form: the answer to the client.
    pub async fn sign_in(&mut self, authority: &str, parameters: &[(&str, &str)], user: &str) -> Answer {
        let page = self.authorize(authority, parameters).await;
        assert_eq!(page.status, 200, "{:?} {}", page.location, page.body);
        let first_name = user.split(['@', '_']).next().unwrap();
        self.submit(&page, user, &tenantry_simulator::builtin::password(first_name)).await
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Answer {
        let request = match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        };
        let response = request.send().await.unwrap();
        let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let set_cookie = header("set-cookie");
        if let Some(cookie) = &set_cookie {
            self.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        }
        Answer {
            status: response.status().as_u16(),
            location: header("location").map(|location| location.parse().unwrap()),
            set_cookie,
            body: response.text().await.unwrap(),
        }
    }
}

/// Address and hidden fields of the first form of a page.
pub fn form_of(body: &str) -> (String, Vec<(String, String)>) {
    let form = body.split_once("<form").unwrap_or_else(|| panic!("no form in {body}")).1;
    let form = form.split_once("</form>").unwrap().0;
    let inputs = form.split("<input type=\"hidden\"").skip(1);
    let hidden = inputs.map(|input| (between(input, "name=\"", "\""), between(input, "value=\"", "\"")));
    (between(form, "action=\"", "\""), hidden.collect())
}

fn between(text: &str, start: &str, end: &str) -> String {
    let rest = text.split_once(start).unwrap_or_else(|| panic!("no {start} in {text}")).1;
    let value = rest.split_once(end).unwrap().0;
    value.replace("&#38;", "&").replace("&amp;", "&").replace("&#34;", "\"").replace("&#39;", "'")
}

/// Posts a form to a token endpoint.
pub async fn token(authority: &str, form: &[(&str, &str)], origin: Option<&str>) -> (u16, Value) {
    let request = client().post(format!("{authority}/oauth2/v2.0/token")).form(form);
    let request = match origin {
        Some(origin) => request.header("origin", origin),
        None => request,
    };
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// The AADSTS number of an error body.
pub fn code_of(answer: &Value) -> u64 {
    answer["error_codes"][0].as_u64().unwrap_or_else(|| panic!("no error code in {answer}"))
}
