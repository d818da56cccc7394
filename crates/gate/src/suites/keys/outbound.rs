//! What a token makes the API ask for: nothing but the keys of tenants that are let in, at the authority.

use std::time::{Duration, Instant};

use tokio::net::TcpListener;

use super::case;
use super::provider::{PAUSE, Provider, wrong_to_unknown};
use crate::case::{Case, Expect, Need, Observed, Severity};
use crate::report::Finding;
use crate::token::{Recipe, Signer};
use crate::{GateError, Scene, Stage};

/// How long a stranger's address is held out.
const LURE: Duration = Duration::from_secs(1);

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("keys/issuer-elsewhere", Severity::Critical)
            .says(
                "a stranger's token whose issuer is an address of the stranger's",
                "whoever fetches keys from where the token says takes the attacker's keys, and reaches into the own network",
            )
            .by("RFC 8725 §3.10; CWE-918; threat model T-007", &["T-007"])
            .script(Expect::Refused, |stage| Box::pin(issuer_elsewhere(stage))),
        case("keys/tenant-as-path", Severity::High)
            .says(
                "tokens with unknown keys whose `tid` is a piece of a path",
                "a tenant id that gets into an address unread chooses the document that keys come from",
            )
            .by("CWE-22; threat model T-007, T-011", &["T-007", "T-011"])
            .script(Expect::Refused, |stage| Box::pin(tenant_as_path(stage))),
        case("keys/unlisted-tenant-asked", Severity::High)
            .says(
                "tokens of an organisation that is not listed, genuine and with unknown keys",
                "the tenant comes first, so that a stranger's token costs no request to anybody",
            )
            .by("threat model T-007, T-011, T-024; seed 001", &["T-007", "T-011"])
            .script(Expect::TenantRefused, |stage| Box::pin(unlisted(stage))),
        case("keys/personal-key", Severity::Medium)
            .says(
                "a listed tenant's token by the key of personal accounts, and a personal account's own",
                "keys are of an issuer; nobody who lets no personal accounts in needs theirs",
            )
            .by("Entra: `issuer` of each key; threat model T-013", &["T-007", "T-013"])
            .needs(&[Need::Personal])
            .script(Expect::Refused, |stage| Box::pin(personal(stage))),
    ]
}

/// A token by keys of the attacker's, with a key id that nobody knows.
pub(super) fn strange(scene: &Scene, tenant: &str, label: &str) -> Recipe {
    let kid = scene.guid(&format!("{label}/kid"));
    let recipe = Recipe::good(scene).signed_by(Signer::Attacker).header("kid", kid.as_str());
    claiming(recipe, scene, tenant)
}

/// The same token for another tenant, as far as its claims go.
pub(super) fn claiming(recipe: Recipe, scene: &Scene, tenant: &str) -> Recipe {
    recipe.claim("tid", tenant).claim("iss", scene.issuer_of(tenant, scene.api.version()))
}

/// Presents tokens, and looks whether the API asked for anything in whose path one of `names` is.
async fn asks_nobody(stage: &Stage, recipes: Vec<Recipe>, names: &[&str]) -> Result<Observed, GateError> {
    let provider = Provider::of(stage).await?;
    let mark = provider.mark().await?;
    let count = recipes.len();
    for recipe in recipes {
        let said = stage.call(&stage.token(&recipe).await?).await?;
        if let Some(wrong) = wrong_to_unknown(&said, "of somebody who is not let in") {
            return Ok(wrong);
        }
    }
    let asked = provider.asked_since(mark).await?;
    let path = |text: &str| text.to_ascii_lowercase();
    let told =
        asked.iter().find(|request| names.iter().any(|name| path(&request.path).contains(&path(name))));
    Ok(match told {
        Some(request) => Observed::Otherwise(
            Finding::AskedTooMuch,
            format!("a token made it ask for `{}`", request.path.chars().take(120).collect::<String>()),
        ),
        None => Observed::AsExpected(format!("{count} tokens refused, and nobody was asked about them")),
    })
}

async fn tenant_as_path(stage: &Stage) -> Result<Observed, GateError> {
    let scene = stage.scene();
    let (home, rogue) = (&scene.home.tenant, &scene.rogue.tenant);
    let spellings = [
        format!("{home}/../{rogue}"),
        format!("{home}%2f..%2f{rogue}"),
        format!("../{rogue}"),
        format!("{rogue}/v2.0?{home}"),
        format!("{rogue}#{home}"),
        format!("@{rogue}/{home}"),
        "gate-path-probe/..".to_owned(),
        "gate-path-probe\\..\\x".to_owned(),
    ];
    let recipe = |(at, tenant): (usize, &String)| strange(scene, tenant, &format!("tenant-as-path/{at}"));
    let recipes = spellings.iter().enumerate().map(recipe).collect();
    asks_nobody(stage, recipes, &[rogue, "gate-path-probe"]).await
}

async fn unlisted(stage: &Stage) -> Result<Observed, GateError> {
    let scene = stage.scene();
    let rogue = &scene.rogue;
    let recipes = vec![
        Recipe::of_member(scene, rogue),
        strange(scene, &rogue.tenant, "unlisted"),
        Recipe::of_member(scene, rogue).signed_by(Signer::Unpublished),
    ];
    asks_nobody(stage, recipes, &[&rogue.tenant, &rogue.domain]).await
}

async fn personal(stage: &Stage) -> Result<Observed, GateError> {
    let scene = stage.scene();
    let Some(personal) = &scene.personal else {
        return Ok(Observed::Unclear("the world has no personal accounts".to_owned()));
    };
    let recipes = vec![
        Recipe::good(scene).signed_by(Signer::KeyOf("personal")),
        Recipe::of_member(scene, personal),
        strange(scene, &personal.tenant, "personal"),
    ];
    asks_nobody(stage, recipes, &[&personal.tenant, "/consumers/"]).await
}

async fn issuer_elsewhere(stage: &Stage) -> Result<Observed, GateError> {
    let Ok(listener) = TcpListener::bind("127.0.0.1:0").await else {
        return Ok(Observed::Unclear("no port could be opened on this machine".to_owned()));
    };
    let address = listener.local_addr().map(|address| address.to_string()).unwrap_or_default();
    let begun = Instant::now();
    // More than once, as the API may rest after an earlier fetch.
    while begun.elapsed() < LURE {
        for recipe in lures(stage.scene(), &address) {
            let said = stage.call(&stage.token(&recipe).await?).await?;
            if let Some(wrong) = wrong_to_unknown(&said, "of an issuer elsewhere") {
                return Ok(wrong);
            }
        }
        // Whoever came waits in the queue until it is looked at.
        if tokio::time::timeout(PAUSE, listener.accept()).await.is_ok() {
            let detail = "it called the address that the token named".to_owned();
            return Ok(Observed::Otherwise(Finding::AskedTooMuch, detail));
        }
    }
    Ok(Observed::AsExpected("refused, and nobody called the address".to_owned()))
}

/// Tokens of a listed tenant and of nobody's, from an issuer at `address`.
fn lures(scene: &Scene, address: &str) -> Vec<Recipe> {
    let (home, nobody) = (&scene.home.tenant, scene.guid("issuer-elsewhere"));
    let lure = |tenant: &str, issuer: String| strange(scene, tenant, &issuer).claim("iss", issuer);
    vec![
        lure(home, format!("http://{address}/{home}/v2.0")),
        lure(home, format!("http://{address}/{home}/")),
        lure(&nobody, format!("http://{address}/{nobody}/v2.0")),
    ]
}

/// The rule that all of this is about, for the scripts that flood.
pub(super) fn rule(provider: &Provider<'_>, seconds: u64) -> usize {
    let scene = provider.stage.scene();
    let tenants = 1 + usize::from(scene.partner.is_some());
    // Metadata, keys, and one more for each second: a cool-down of a second is short and still one.
    tenants * (3 + usize::try_from(seconds).unwrap_or_default()) * scene.api.versions.len().max(1)
}
