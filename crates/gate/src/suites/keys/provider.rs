//! The authority in the scripts' hands: its keys, what it was asked for, and how it misbehaves.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};

use crate::case::{Answer, Observed};
use crate::issuer::LoggedRequest;
use crate::report::Finding;
use crate::token::{Recipe, Signer, decode};
use crate::{Cast, GateError, Stage};

/// Between two tries.
pub(super) const PAUSE: Duration = Duration::from_millis(200);

/// An answer, or why there was none.
pub(super) type Said = Result<Answer, String>;

/// The keys that sign the API's tokens, and what the API asks for.
pub(super) struct Provider<'s> {
    pub(super) stage: &'s Stage,
    /// As the simulator names it: of all organisations, or of one application or tenant.
    owner: Value,
}

impl<'s> Provider<'s> {
    /// Whose keys sign the home tenant's tokens for this API.
    pub(super) async fn of(stage: &'s Stage) -> Result<Self, GateError> {
        let token = stage.token(&Recipe::good(stage.scene())).await?;
        let header = token.split('.').next().and_then(decode).unwrap_or_default();
        let header: Value = serde_json::from_slice(&header).unwrap_or_default();
        let keys = stage.issuer().keys().await;
        let key = header["kid"].as_str().and_then(|kid| keys.named(kid));
        Ok(Self { stage, owner: key.map_or(json!("organizations"), |key| key.owner.clone()) })
    }

    /// Publishes a key that signs nothing yet; its id.
    pub(super) async fn publish(&self) -> Result<String, GateError> {
        let rotated = self.rotate(json!({"publish_only": true})).await?;
        Ok(rotated["next"].as_array().and_then(|next| next.last()?.as_str()).unwrap_or_default().to_owned())
    }

    /// The oldest key published ahead signs from now on.
    pub(super) async fn rotate(&self, mut how: Value) -> Result<Value, GateError> {
        how["owner"] = self.owner.clone();
        self.stage.issuer().rotate(how).await
    }

    /// Keys published ahead, oldest first.
    pub(super) async fn waiting(&self) -> Vec<String> {
        let keys = self.stage.issuer().keys().await;
        let waiting = keys.keys.iter().filter(|key| key.state == "next" && key.owner == self.owner);
        waiting.map(|key| key.kid.clone()).collect()
    }

    /// A good token, signed by a key that is published and not yet in use.
    pub(super) async fn token_by(&self, kid: &str, cast: &Cast) -> Result<String, GateError> {
        let recipe = Recipe::of_member(self.stage.scene(), cast).signed_by(Signer::Named(kid.to_owned()));
        self.stage.token(&recipe).await
    }

    /// A good token as the authority signs now.
    pub(super) async fn good(&self) -> Result<String, GateError> {
        self.stage.token(&Recipe::good(self.stage.scene())).await
    }

    /// How long the API may take to learn of a change.
    pub(super) fn bound(&self) -> Duration {
        let target = self.stage.target();
        Duration::from_secs(target.api.keys_within_s.unwrap_or(target.limits.key_refresh_s))
    }

    /// Presents a token until it is let in, or until the bound. How long that took, and the last answer.
    pub(super) async fn until_let_in(&self, token: &str) -> Result<(Option<Duration>, Said), GateError> {
        let begun = Instant::now();
        loop {
            let said = self.stage.call(token).await?;
            if self.stage.lets_in(&said) {
                return Ok((Some(begun.elapsed()), said));
            }
            if begun.elapsed() >= self.bound() {
                return Ok((None, said));
            }
            self.stage.wait(PAUSE).await;
        }
    }

    /// Presents finished tokens, as many at the same time as the limits permit.
    pub(super) async fn at_once(&self, tokens: &[String]) -> Result<Vec<Said>, GateError> {
        let calls = (0..tokens.len()).map(|at| self.stage.call(&tokens[at]));
        stream::iter(calls).buffered(self.stage.target().limits.concurrency).try_collect().await
    }

    /// Presents good tokens, each a new one; what is wrong if one is not let in.
    pub(super) async fn good_ones_pass(
        &self,
        times: usize,
        when: &str,
    ) -> Result<Option<Observed>, GateError> {
        for _ in 0..times {
            let said = self.stage.call(&self.good().await?).await?;
            if !self.stage.lets_in(&said) {
                return Ok(Some(refused_good(&said, when)));
            }
        }
        Ok(None)
    }

    /// The number of the latest request that the authority saw.
    pub(super) async fn mark(&self) -> Result<u64, GateError> {
        let log = self.stage.issuer().requests(1).await?;
        Ok(log.requests.last().map_or(0, |request| request.number))
    }

    /// Requests for metadata and keys since `mark`.
    pub(super) async fn asked_since(&self, mark: u64) -> Result<Vec<LoggedRequest>, GateError> {
        let log = self.stage.issuer().requests(1000).await?;
        let is_for_keys = |request: &LoggedRequest| {
            request.number > mark && matches!(&*request.endpoint, "metadata" | "keys")
        };
        Ok(log.requests.into_iter().filter(is_for_keys).collect())
    }

    /// Runs `script` while the authority answers requests for metadata and keys as `fault` says. Afterwards its faults are what they
    /// were, whatever came of the script.
    pub(super) async fn during<T>(
        &self,
        fault: Value,
        script: impl Future<Output = Result<T, GateError>>,
    ) -> Result<T, GateError> {
        let before: Value = self.stage.issuer().get("/sim/faults").await?;
        let rules = ["metadata", "keys"].map(|endpoint| {
            let mut rule = fault.clone();
            rule["endpoint"] = json!(endpoint);
            rule
        });
        self.stage.issuer().faults(json!(rules)).await?;
        let came = script.await;
        self.stage.issuer().faults(before["faults"].clone()).await?;
        came
    }
}

/// A good token was not let in.
pub(super) fn refused_good(said: &Said, when: &str) -> Observed {
    match said {
        Ok(answer) if answer.status >= 500 => Observed::Otherwise(
            Finding::ServerError,
            format!("answered {} to a good token {when}", answer.status),
        ),
        Ok(answer) => Observed::Otherwise(
            Finding::RefusedGood,
            format!("refused a good token with {} {when}", answer.status),
        ),
        Err(silence) => Observed::Otherwise(silent(silence), format!("{silence} to a good token {when}")),
    }
}

/// What is wrong with the answer to a token whose key is not at hand: anything but a refusal, and 503, which says to try again.
pub(super) fn wrong_to_unknown(said: &Said, when: &str) -> Option<Observed> {
    let (finding, what) = match said {
        Ok(answer) if (200..400).contains(&answer.status) => {
            (Finding::Accepted, format!("let in with {}", answer.status))
        }
        Ok(answer) if answer.status >= 500 && answer.status != 503 => {
            (Finding::ServerError, format!("answered {}", answer.status))
        }
        Ok(_) => return None,
        Err(silence) => (silent(silence), silence.clone()),
    };
    Some(Observed::Otherwise(finding, format!("{what}: a token with an unknown key, {when}")))
}

/// The API asked for no keys in time: a broken promise where it made one, otherwise nothing can be said.
pub(super) fn rests(provider: &Provider<'_>) -> Observed {
    if provider.stage.target().api.keys_within_s.is_some() {
        let why = format!("it asked for no keys within {} s, as it promises", provider.bound().as_secs());
        return Observed::Otherwise(Finding::RefusedGood, why);
    }
    Observed::Unclear(format!(
        "the API asked for no keys within {} s: it rests after a fetch (cool-down), or never asks; a higher \
         `limits.key-refresh-s` would tell",
        provider.bound().as_secs()
    ))
}

fn silent(why: &str) -> Finding {
    if why.contains("in time") { Finding::TooSlow } else { Finding::ServerError }
}
