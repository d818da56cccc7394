//! What is right and what is wrong about one token.

use std::fmt;

use serde_json::{Map, Value, json};

use super::Signer;
use crate::scene::{Cast, Scene};

/// A change of text, of whatever part it is applied to.
pub(super) type TextEdit = Box<dyn Fn(String) -> String + Send + Sync>;

/// A change of claims that depends on what the token says already.
pub(super) type ClaimsEdit = Box<dyn Fn(&mut Map<String, Value>) + Send + Sync>;

/// A change of bytes that need not be text afterwards.
pub(super) type BytesEdit = Box<dyn Fn(Vec<u8>) -> Vec<u8> + Send + Sync>;

/// Describes one token: a good one, and what is different about it.
///
/// Begin with [`Recipe::good`], or one of the other starts. What the simulator can make by itself (whose token, for whom, of
/// which kind, how long) it makes, and its signature stays untouched; changes of claims, header or bytes are made here and signed
/// again, by whoever [`Recipe::signed_by`] says.
pub struct Recipe {
    pub(super) request: Map<String, Value>,
    pub(super) header: Vec<(String, Option<Value>)>,
    pub(super) claims: Vec<(String, Option<Value>)>,
    pub(super) adjustments: Vec<ClaimsEdit>,
    pub(super) header_text: Vec<TextEdit>,
    pub(super) claims_text: Vec<TextEdit>,
    pub(super) claims_bytes: Vec<BytesEdit>,
    pub(super) text: Vec<TextEdit>,
    pub(super) signer: Signer,
    pub(super) verbatim: Option<String>,
}

impl Recipe {
    /// A token that opens the probes: of a member of the home tenant, or of its program where the API has no users.
    pub fn good(scene: &Scene) -> Self {
        Self::of_member(scene, &scene.home)
    }

    /// The same for another tenant: the partner's, the rogue's.
    pub fn of_member(scene: &Scene, cast: &Cast) -> Self {
        let mut recipe = Self::empty(scene, &cast.tenant);
        recipe.ask("user", json!(cast.member));
        recipe.ask("scopes", scopes(scene));
        recipe.ask("roles", json!(scene.api.role.iter().collect::<Vec<_>>()));
        if let Some(client) = &scene.api.client {
            recipe.ask("client", json!(client));
        }
        recipe
    }

    /// A token of a program that acts for itself, with the API's app role and without a scope.
    pub fn of_application(scene: &Scene, cast: &Cast) -> Self {
        let mut recipe = Self::empty(scene, &cast.tenant);
        recipe.ask("application", json!(cast.program));
        recipe.ask("scopes", json!([]));
        recipe.ask("roles", json!(scene.api.role.iter().collect::<Vec<_>>()));
        recipe
    }

    /// A token of somebody whom the home tenant invited.
    pub fn of_guest(scene: &Scene) -> Self {
        Self::of_guest_in(scene, &scene.home)
    }

    /// The same in another tenant.
    pub fn of_guest_in(scene: &Scene, cast: &Cast) -> Self {
        let mut recipe = Self::of_member(scene, cast);
        recipe.ask("user", json!(cast.guest));
        recipe
    }

    /// An ID token for the API itself, as if the API were a client that signs people in.
    pub fn id_token(scene: &Scene) -> Self {
        let mut recipe = Self::good(scene);
        recipe.ask("kind", json!("id"));
        recipe.ask("client", json!(scene.api.client_id));
        recipe.ask("audience", json!(scene.api.client_id));
        ["scopes", "roles"].iter().for_each(|member| drop(recipe.request.remove(*member)));
        recipe
    }

    /// Not a token of the simulator's: this text as it is.
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self { verbatim: Some(text.into()), ..Self::blank() }
    }

    fn empty(scene: &Scene, tenant: &str) -> Self {
        let mut recipe = Self::blank();
        let version = scene.api.version();
        recipe.ask("tenant", json!(tenant));
        recipe.ask("version", json!(version));
        recipe.ask("audience", json!(scene.api.audience(version)));
        recipe.ask("listener", json!(scene.listener()));
        recipe
    }

    fn blank() -> Self {
        Self {
            request: Map::new(),
            header: Vec::new(),
            claims: Vec::new(),
            adjustments: Vec::new(),
            header_text: Vec::new(),
            claims_text: Vec::new(),
            claims_bytes: Vec::new(),
            text: Vec::new(),
            signer: Signer::Issuer,
            verbatim: None,
        }
    }

    /// Sets a member of the simulator's own request (`POST /sim/tokens`): the signature stays the simulator's.
    #[must_use]
    pub fn asking(mut self, member: &str, value: Value) -> Self {
        self.ask(member, value);
        self
    }

    /// A token of the other version, with the audience and issuer that go with it.
    #[must_use]
    pub fn of_version(self, scene: &Scene, version: u8) -> Self {
        let audience = scene.api.audience(version);
        self.asking("version", json!(version)).asking("audience", json!(audience))
    }

    /// Says that it is another tenant's: `tid`, and the issuer made of it. The key stays.
    #[must_use]
    pub fn of_tenant(self, scene: &Scene, tenant: &str) -> Self {
        let issuer = scene.issuer_of(tenant, scene.api.version());
        self.claim("tid", tenant).claim("iss", issuer)
    }

    /// Seconds from issue to expiry, negative for a token that has expired.
    #[must_use]
    pub fn living_s(self, seconds: i64) -> Self {
        self.asking("lifetime_s", json!(seconds))
    }

    /// Sets a claim.
    #[must_use]
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.push((name.to_owned(), Some(value.into())));
        self
    }

    /// Removes a claim.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.claims.push((name.to_owned(), None));
        self
    }

    /// Sets a claim to JSON text that no [`Value`] can be: `1e999`, a number beyond 64 bits.
    #[must_use]
    pub fn claim_literally(self, name: &str, json: &'static str) -> Self {
        let mark = format!("literally {name}");
        let quoted = format!("\"{mark}\"");
        self.claim(name, mark).claims_text(move |text| text.replace(&quoted, json))
    }

    /// Changes the claims by what they are: times by the time of issue, one claim by another. After [`Recipe::claim`] and
    /// [`Recipe::without`].
    #[must_use]
    pub fn adjusted(mut self, edit: impl Fn(&mut Map<String, Value>) + Send + Sync + 'static) -> Self {
        self.adjustments.push(Box::new(edit));
        self
    }

    /// Sets a header member.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header.push((name.to_owned(), Some(value.into())));
        self
    }

    /// Removes a header member.
    #[must_use]
    pub fn without_header(mut self, name: &str) -> Self {
        self.header.push((name.to_owned(), None));
        self
    }

    /// Changes the JSON text of the header, before it is encoded and signed.
    #[must_use]
    pub fn header_text(mut self, edit: impl Fn(String) -> String + Send + Sync + 'static) -> Self {
        self.header_text.push(Box::new(edit));
        self
    }

    /// Changes the JSON text of the claims, before it is encoded and signed.
    #[must_use]
    pub fn claims_text(mut self, edit: impl Fn(String) -> String + Send + Sync + 'static) -> Self {
        self.claims_text.push(Box::new(edit));
        self
    }

    /// Changes the bytes of the claims, after [`Recipe::claims_text`]: what no text can be.
    #[must_use]
    pub fn claims_bytes(mut self, edit: impl Fn(Vec<u8>) -> Vec<u8> + Send + Sync + 'static) -> Self {
        self.claims_bytes.push(Box::new(edit));
        self
    }

    /// Changes the finished token: `header.claims.signature`.
    #[must_use]
    pub fn text(mut self, edit: impl Fn(String) -> String + Send + Sync + 'static) -> Self {
        self.text.push(Box::new(edit));
        self
    }

    /// Who signs.
    #[must_use]
    pub fn signed_by(mut self, signer: Signer) -> Self {
        self.signer = signer;
        self
    }

    fn ask(&mut self, member: &str, value: Value) {
        self.request.insert(member.to_owned(), value);
    }
}

fn scopes(scene: &Scene) -> Value {
    json!(scene.api.scope.split_whitespace().collect::<Vec<_>>())
}

impl fmt::Debug for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recipe")
            .field("request", &self.request)
            .field("signer", &self.signer)
            .finish_non_exhaustive()
    }
}
