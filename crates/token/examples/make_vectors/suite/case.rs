//! One case: what is presented, when, to which configuration, and who comes in if it passes.

use serde::Serialize;

use super::{
    base64url, keys,
    keys::Rsa,
    world::{API, API_URI, CLIENT, CONTOSO, NOW, SERVICE, USER, WORLDWIDE},
};

/// Who is calling, as far as the vectors say.
#[derive(Clone, Serialize)]
pub struct Principal {
    pub tenant: String,
    pub object_id: Option<String>,
    pub subject: Option<String>,
    pub kind: &'static str,
    pub membership: &'static str,
    pub client_id: String,
    pub roles: Vec<String>,
    pub scopes: Vec<String>,
}

/// How the signature comes about.
#[derive(Clone, Copy)]
pub enum Seal {
    Rs256(&'static str),
    Ps256(&'static str),
    Es256(&'static str),
    /// Anything else, made from the bytes that are signed.
    Other(fn(&[u8]) -> Vec<u8>),
}

/// A token in the making, with one or two things changed.
#[derive(Clone)]
pub struct Case {
    header: Vec<(String, String)>,
    claims: Vec<(String, String)>,
    header_text: Option<Vec<u8>>,
    claims_text: Option<Vec<u8>>,
    seal: Seal,
    respell: Option<fn(String) -> String>,
    fields: Option<Vec<String>>,
    pub configuration: Option<&'static str>,
    pub now: i64,
    pub principal: Principal,
}

/// A user of Contoso, v2.0: what every change starts from.
pub fn user() -> Case {
    let subject = "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ";
    Case {
        header: Vec::new(),
        claims: Vec::new(),
        header_text: None,
        claims_text: None,
        seal: Seal::Rs256("entra-1"),
        respell: None,
        fields: None,
        configuration: None,
        now: NOW,
        principal: Principal {
            tenant: CONTOSO.into(),
            object_id: Some(USER.into()),
            subject: Some(subject.into()),
            kind: "user",
            membership: "member",
            client_id: CLIENT.into(),
            roles: vec!["Reader".into()],
            scopes: vec!["access_as_user".into()],
        },
    }
    .head("typ", "JWT")
    .head("alg", "RS256")
    .head("kid", "entra-1")
    .claim("aud", API)
    .claim("iss", format!("{WORLDWIDE}/{CONTOSO}/v2.0"))
    .claim("iat", NOW - 300)
    .claim("nbf", NOW - 300)
    .claim("exp", NOW + 3600)
    .claim("aio", "AWQAm/8TAAAA")
    .claim("azp", CLIENT)
    .claim("azpacr", "0")
    .claim("name", "Ada Example")
    .claim("oid", USER)
    .claim("preferred_username", "ada@contoso.example")
    .claim("rh", "0.AAAA")
    .claim("roles", ["Reader"])
    .claim("scp", "access_as_user")
    .claim("sub", subject)
    .claim("tid", CONTOSO)
    .claim("uti", "bGVzcyBpcyBtb3JlLi4uLg")
    .claim("ver", "2.0")
}

/// The same user, v1.0.
pub fn user_v1() -> Case {
    user()
        .head("x5t", "entra-1")
        .claim("aud", API_URI)
        .claim("iss", format!("https://sts.windows.net/{CONTOSO}/"))
        .claim("acr", "1")
        .claim("amr", ["pwd", "mfa"])
        .rename("azp", "appid")
        .rename("azpacr", "appidacr")
        .rename("preferred_username", "unique_name")
        .claim("upn", "ada@contoso.example")
        .claim("ver", "1.0")
}

/// An application of Contoso, v2.0.
pub fn application() -> Case {
    let mut case = user()
        .without("name")
        .without("preferred_username")
        .without("scp")
        .claim("azpacr", "2")
        .claim("idtyp", "app")
        .claim("oid", SERVICE)
        .claim("sub", SERVICE)
        .claim("roles", ["Tasks.Read.All"]);
    case.principal = Principal {
        object_id: Some(SERVICE.into()),
        subject: Some(SERVICE.into()),
        kind: "application",
        roles: vec!["Tasks.Read.All".into()],
        scopes: Vec::new(),
        ..case.principal
    };
    case
}

/// The ID token that the same sign-in gives: signed by the same key, and for the same audience where one registration is
/// both client and API.
pub fn id_token() -> Case {
    user().without("azp").without("azpacr").without("scp").without("uti").claim("nonce", "n-0S6_WzA2Mj")
}

impl Case {
    /// Sets a header member to a JSON value.
    pub fn head(self, name: &str, value: impl Serialize) -> Self {
        let text = serde_json::to_string(&value).unwrap();
        self.head_raw(name, &text)
    }

    /// Sets a header member to any text.
    pub fn head_raw(mut self, name: &str, text: &str) -> Self {
        set(&mut self.header, name, text);
        self
    }

    pub fn no_head(mut self, name: &str) -> Self {
        self.header.retain(|(is, _)| is != name);
        self
    }

    /// The whole header as text.
    pub fn header_text(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.header_text = Some(text.into());
        self
    }

    /// Sets a claim to a JSON value, in its place where it has one.
    pub fn claim(self, name: &str, value: impl Serialize) -> Self {
        let text = serde_json::to_string(&value).unwrap();
        self.claim_raw(name, &text)
    }

    /// Sets a claim to any text.
    pub fn claim_raw(mut self, name: &str, text: &str) -> Self {
        set(&mut self.claims, name, text);
        self
    }

    /// Adds a member at the end, whether or not there is one of this name. The name is put between quotes as it is.
    pub fn and_raw(mut self, name: &str, text: &str) -> Self {
        self.claims.push((name.into(), text.into()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.claims.retain(|(is, _)| is != name);
        self
    }

    pub fn rename(mut self, from: &str, to: &str) -> Self {
        let claim = self.claims.iter_mut().find(|(is, _)| is == from).unwrap();
        claim.0 = to.into();
        self
    }

    /// All claims in the opposite order.
    pub fn reversed(mut self) -> Self {
        self.claims.reverse();
        self.header.reverse();
        self
    }

    /// The whole payload as text.
    pub fn claims_text(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.claims_text = Some(text.into());
        self
    }

    /// The payload as it is, changed as text.
    pub fn edit_claims(self, edit: impl Fn(String) -> String) -> Self {
        let text = edit(object(&self.claims));
        self.claims_text(text)
    }

    /// The header as it is, changed as text.
    pub fn edit_header(self, edit: impl Fn(String) -> String) -> Self {
        let text = edit(object(&self.header));
        self.header_text(text)
    }

    /// Signed by this test key, under its own name as key id.
    pub fn by(self, key: &'static str) -> Self {
        self.head("kid", key).seal(Seal::Rs256(key))
    }

    /// Signed by this test key, under another's name.
    pub fn by_as(self, key: &'static str, kid: &str) -> Self {
        self.head("kid", kid).seal(Seal::Rs256(key))
    }

    pub fn seal(mut self, seal: Seal) -> Self {
        self.seal = seal;
        self
    }

    /// The finished token, spelled differently.
    pub fn respell(mut self, respell: fn(String) -> String) -> Self {
        self.respell = Some(respell);
        self
    }

    /// Presented in these `Authorization` fields; `TOKEN` stands for the token.
    pub fn fields(mut self, fields: &[&str]) -> Self {
        self.fields = Some(fields.iter().map(|&field| field.into()).collect());
        self
    }

    /// Judged at this time.
    pub fn at(mut self, now: i64) -> Self {
        self.now = now;
        self
    }

    pub fn under(mut self, configuration: &'static str) -> Self {
        self.configuration = Some(configuration);
        self
    }

    /// Of another tenant of the worldwide cloud.
    pub fn of(self, tenant: &str) -> Self {
        let issuer = format!("{WORLDWIDE}/{tenant}/v2.0");
        self.issued_by(tenant, &issuer)
    }

    pub fn issued_by(self, tenant: &str, issuer: &str) -> Self {
        self.claim("tid", tenant).claim("iss", issuer).expects(|p| p.tenant = tenant.into())
    }

    /// What differs in the principal.
    pub fn expects(mut self, change: impl Fn(&mut Principal)) -> Self {
        change(&mut self.principal);
        self
    }

    /// Token or fields. A token of random signature is kept while its content stays the same.
    pub fn presented(&self, previous: Option<&str>) -> (Option<String>, Option<Vec<String>>) {
        let token = self.compact(previous);
        match &self.fields {
            None => (Some(token), None),
            Some(fields) => (None, Some(fields.iter().map(|field| field.replace("TOKEN", &token)).collect())),
        }
    }

    /// The token.
    pub fn compact(&self, previous: Option<&str>) -> String {
        let header = self.header_text.clone().unwrap_or_else(|| object(&self.header).into());
        let claims = self.claims_text.clone().unwrap_or_else(|| object(&self.claims).into());
        let signed = format!("{}.{}", base64url(&header), base64url(&claims));
        let kept = previous.filter(|token| {
            self.is_random() && token.rsplit_once('.').is_some_and(|(same, _)| same == signed)
        });
        let token = kept.map_or_else(
            || format!("{signed}.{}", base64url(&self.signature(signed.as_bytes()))),
            ToOwned::to_owned,
        );
        self.respell.map_or(token.clone(), |respell| respell(token))
    }

    /// Header and claims as JSON text.
    pub fn parts(&self) -> (Vec<u8>, Vec<u8>) {
        (
            self.header_text.clone().unwrap_or_else(|| object(&self.header).into()),
            self.claims_text.clone().unwrap_or_else(|| object(&self.claims).into()),
        )
    }

    fn is_random(&self) -> bool {
        matches!(self.seal, Seal::Es256(_)) || self.header.iter().any(|(_, text)| text == "\"ES256\"")
    }

    fn signature(&self, signed: &[u8]) -> Vec<u8> {
        match self.seal {
            Seal::Rs256(key) => Rsa::load(key).pkcs1(signed),
            Seal::Ps256(key) => Rsa::load(key).pss(signed),
            Seal::Es256(key) => keys::ecdsa(key, signed),
            Seal::Other(make) => make(signed),
        }
    }
}

fn set(members: &mut Vec<(String, String)>, name: &str, text: &str) {
    match members.iter_mut().find(|(is, _)| is == name) {
        Some(member) => member.1 = text.into(),
        None => members.push((name.into(), text.into())),
    }
}

fn object(members: &[(String, String)]) -> String {
    let members: Vec<_> = members.iter().map(|(name, text)| format!("\"{name}\":{text}")).collect();
    format!("{{{}}}", members.join(","))
}
