//! A recipe becomes a token.

use serde_json::{Map, Value, json};

use super::{Attacker, Recipe, Signer, decode, encode};
use crate::issuer::{Issuer, Keys, PublishedKey};

/// Makes the token that `recipe` describes.
pub(crate) async fn bake(recipe: &Recipe, issuer: &Issuer, attacker: &Attacker) -> Result<String, String> {
    let finished = match &recipe.verbatim {
        Some(text) => text.clone(),
        None => {
            let minted = issuer.mint(&Value::Object(recipe.request.clone())).await;
            let genuine = minted.map_err(|error| error.to_string())?.token;
            match recipe.is_untouched() {
                true => genuine,
                false => altered(recipe, &genuine, &*issuer.keys().await, attacker)?,
            }
        }
    };
    Ok(recipe.text.iter().fold(finished, |text, edit| edit(text)))
}

/// The genuine token with the recipe's changes, signed again.
fn altered(recipe: &Recipe, genuine: &str, keys: &Keys, attacker: &Attacker) -> Result<String, String> {
    let (mut header, mut claims) = parts(genuine).ok_or("the simulator's token has another form")?;
    let kid = header.get("kid").and_then(Value::as_str).unwrap_or_default();
    let truthful = keys.named(kid).ok_or("the simulator does not show the key it signs with")?;
    let (key, signing) = recipe.signer.keys(keys, truthful)?;
    recipe.signer.announce(key, &mut header);
    edit(&mut header, &recipe.header);
    edit(&mut claims, &recipe.claims);
    recipe.adjustments.iter().for_each(|adjust| adjust(&mut claims));
    let alg = header.get("alg").and_then(Value::as_str).unwrap_or("RS256").to_owned();
    let header = rewritten(&header, &recipe.header_text);
    let claims = rewritten(&claims, &recipe.claims_text).into_bytes();
    let claims = recipe.claims_bytes.iter().fold(claims, |bytes, edit| edit(bytes));
    let signed = format!("{}.{}", encode(header), encode(claims));
    let signature = recipe.signer.sign(&alg, signed.as_bytes(), (signing, attacker))?;
    Ok(format!("{signed}.{}", encode(signature)))
}

fn parts(token: &str) -> Option<(Map<String, Value>, Map<String, Value>)> {
    let mut parts = token.split('.').map(|part| serde_json::from_slice(&decode(part)?).ok());
    Some((parts.next()??, parts.next()??))
}

fn edit(members: &mut Map<String, Value>, edits: &[(String, Option<Value>)]) {
    for (name, value) in edits {
        match value {
            Some(value) => drop(members.insert(name.clone(), value.clone())),
            None => drop(members.remove(name)),
        }
    }
}

fn rewritten(members: &Map<String, Value>, edits: &[super::recipe::TextEdit]) -> String {
    edits.iter().fold(json!(members).to_string(), |text, edit| edit(text))
}

impl Recipe {
    /// Whether the simulator's signature can stay.
    fn is_untouched(&self) -> bool {
        let same_bytes = self.header.is_empty()
            && self.claims.is_empty()
            && self.adjustments.is_empty()
            && self.header_text.is_empty()
            && self.claims_text.is_empty()
            && self.claims_bytes.is_empty();
        same_bytes && matches!(self.signer, Signer::Issuer)
    }
}

impl Signer {
    /// The issuer's key that this signer names, and the one that it uses or pretends to use.
    fn keys<'k>(
        &self,
        keys: &'k Keys,
        truthful: &'k PublishedKey,
    ) -> Result<(&'k PublishedKey, &'k PublishedKey), String> {
        let found = match self {
            Self::KeyOf(owner) => keys.of(owner, "current"),
            Self::Retired | Self::Misnamed => keys.of("organizations", "retired"),
            Self::Unpublished => keys.never_published(),
            Self::Named(kid) => keys.named(kid),
            _ => Some(truthful),
        };
        let found = found.ok_or_else(|| format!("the simulator has no key for {self:?}"))?;
        Ok((if matches!(self, Self::Misnamed) { truthful } else { found }, found))
    }
}
