//! The provider is away (row 17, T-023).

use std::{cell::RefCell, time::Duration};

use tenantry_authority::{KeyMode, MissOutcome, RefreshSchedule};
use tenantry_simulator::{SignWith, builtin::CONTOSO};
use tenantry_token::KeySource;

use crate::stage::{Stage, contoso};

const HOUR_S: u64 = 3600;

#[tokio::test]
async fn good_tokens_pass_during_an_outage() {
    let stage = Stage::new().await.warm().await;
    stage.outage();
    for _ in 0..30 {
        stage.pass(HOUR_S);
        stage.ring().refresh_due().await;
        assert_eq!(stage.verdict(&stage.contoso()).await, "accepted");
    }
    let status = stage.ring().status();
    assert!(status.iter().all(|set| set.usable && set.last_error.is_some() && set.keys > 0), "{status:?}");

    stage.simulator.set_faults(vec![]).unwrap();
    stage.pass(HOUR_S + 400);
    stage.ring().refresh_due().await;
    let status = stage.ring().status();
    assert!(status.iter().all(|set| set.last_error.is_none() && set.age_s == Some(0)), "{status:?}");
}

/// T-023: a miss during an outage takes nothing away, and the cool-down holds although the fetch failed.
#[tokio::test]
async fn a_miss_during_an_outage_evicts_nothing() {
    let stage = Stage::new().await.warm().await;
    stage.outage();
    let tenant = CONTOSO.parse().unwrap();
    let junk = stage.mint(&contoso().sign_with(SignWith::Unpublished));
    assert_eq!(stage.verdict(&junk).await, "unknown_key");
    assert_eq!(stage.ring().refresh_after_miss(&stage.authority, tenant).await, MissOutcome::CoolingDown);
    assert_eq!(stage.cached(&stage.contoso()), "accepted");
    stage.pass(300);
    assert_eq!(stage.ring().refresh_after_miss(&stage.authority, tenant).await, MissOutcome::Failed);
    assert_eq!(stage.cached(&stage.contoso()), "accepted");
}

/// Row 17: last known good, up to 48 h after the fetch and no longer.
#[tokio::test]
async fn last_known_good_has_an_end() {
    let stage = Stage::new().await.warm().await;
    stage.outage();
    stage.pass(48 * HOUR_S - 1);
    let revision = stage.ring().revision();
    assert_eq!(stage.verdict(&stage.contoso()).await, "accepted");
    stage.pass(1);
    assert_eq!(stage.cached(&stage.contoso()), "keys_unavailable", "before anybody asks for the revision");
    assert_eq!(stage.verdict(&stage.contoso()).await, "keys_unavailable");
    assert_ne!(stage.ring().revision(), revision, "verdicts that were kept end as well");
    assert!(stage.ring().status().iter().all(|set| !set.usable));

    stage.simulator.set_faults(vec![]).unwrap();
    stage.pass(300);
    assert_eq!(stage.verdict(&stage.contoso()).await, "accepted");
}

/// Row 14: the refresher tries again by itself, ever more rarely.
#[tokio::test]
async fn failed_fetches_are_retried_with_back_off() {
    let stage = Stage::new().await;
    stage.outage();
    assert_eq!(stage.verdict(&stage.contoso()).await, "keys_unavailable");
    let mut tries = 0;
    for _ in 0..120 {
        stage.pass(1);
        tries += stage.ring().refresh_due().await;
    }
    assert!((3..=6).contains(&tries), "{tries} in two minutes");

    stage.simulator.set_faults(vec![]).unwrap();
    stage.pass(180);
    stage.ring().refresh_due().await;
    assert_eq!(stage.cached(&stage.contoso()), "accepted");
}

/// The background task does what the rounds above do, for as long as its handle lives.
#[tokio::test]
async fn the_refresher_works_until_it_is_dropped() {
    let schedule = RefreshSchedule::development();
    let fast = schedule.with_interval(Duration::from_secs(1));
    let stage = Stage::with(|builder| builder.schedule(fast)).await.warm().await;
    let refresher = stage.ring().spawn_refresher();
    stage.rotate(false).await;
    let token = stage.contoso();
    for _ in 0..100 {
        stage.cached(&token);
        stage.pass(2);
        tokio::time::sleep(Duration::from_millis(50)).await;
        if stage.cached(&token) == "accepted" {
            break;
        }
    }
    assert_eq!(stage.cached(&token), "accepted");
    drop(refresher);
    tokio::time::sleep(Duration::from_millis(50)).await;
    stage.simulator.clear_requests();
    stage.pass(100);
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(stage.fetches(), (0, 0));
}

thread_local! {
    /// What was logged on this thread: a test has a thread to itself.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Log;

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.with_borrow_mut(|log| log.write(bytes))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// One line when it starts and one when it ends, however many requests and rounds there are in between.
#[tokio::test]
async fn an_outage_is_told_once() {
    tracing_subscriber::fmt().with_ansi(false).with_writer(|| Log).init();
    // Other tests may have met the log before it had a listener.
    tracing::callsite::rebuild_interest_cache();
    let stage = Stage::with(|builder| builder.mode(KeyMode::Shared)).await.warm().await;
    stage.outage();
    for _ in 0..50 {
        stage.pass(HOUR_S / 2);
        stage.ring().refresh_due().await;
        stage.verdict(&stage.mint(&contoso().sign_with(SignWith::Unpublished))).await;
    }
    stage.simulator.set_faults(vec![]).unwrap();
    stage.pass(2 * HOUR_S);
    stage.ring().refresh_due().await;
    let told = String::from_utf8(LOG.take()).unwrap();
    let ours: Vec<_> = told.lines().filter(|line| line.contains("tenantry_authority")).collect();
    assert_eq!(ours.len(), 2, "{told}");
    assert!(ours[0].contains("WARN") && ours[0].contains("keys cannot be fetched"), "{told}");
    assert!(ours[1].contains("INFO") && ours[1].contains("keys can be fetched again"), "{told}");
}
