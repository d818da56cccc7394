//! Key sets on disk (row 22).

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    time::Duration,
};

use tempfile::TempDir;
use tenantry_authority::{Clock, KeyRingError, LiveVerifier, MissOutcome};
use tenantry_simulator::{
    Simulator,
    builtin::{CONTOSO, FABRIKAM},
};
use tenantry_token::{Authority, Credentials, UnixTime};

use crate::{
    provider::{Provider, tenant},
    stage::{Stage, live_verifier},
};

/// A process that kept its keys and ended, and a provider that is down.
struct After {
    directory: TempDir,
    authority: Authority,
    token: String,
    now: UnixTime,
}

impl After {
    async fn a_run() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let inside = directory.path().join("keys");
        let stage = Stage::with(|builder| builder.persist_to(&inside)).await.warm().await;
        until_kept(&inside, 2).await;
        let (token, now) = (stage.contoso(), stage.clock.now());
        let authority = stage.authority.clone();
        stage.simulator.shutdown().await;
        Self { directory, authority, token, now }
    }

    fn keys(&self) -> PathBuf {
        self.directory.path().join("keys")
    }

    /// The one file of Contoso.
    fn file(&self) -> PathBuf {
        self.file_of(CONTOSO)
    }

    fn file_of(&self, tenant: &str) -> PathBuf {
        let mut names = fs::read_dir(self.keys()).unwrap().map(|entry| entry.unwrap().path());
        names.find(|path| path.file_name().unwrap().to_str().unwrap().starts_with(tenant)).unwrap()
    }

    fn restarted(&self, later_s: i64) -> LiveVerifier {
        let clock = Clock::manual(self.now.plus_secs(later_s));
        live_verifier(&self.authority, &clock, |builder| builder.persist_to(self.keys()))
    }

    async fn verdict(&self, later_s: i64) -> &'static str {
        let verdict = self.restarted(later_s).verify(Credentials::bearer(&self.token)).await;
        verdict.map_or_else(|refused| refused.code(), |_| "accepted")
    }
}

/// Waits until the sets are written, which nobody else does.
async fn until_kept(directory: &Path, sets: usize) {
    for _ in 0..500 {
        if kept(directory) == sets {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{} of {sets} sets were kept", kept(directory));
}

fn kept(directory: &Path) -> usize {
    let entries = fs::read_dir(directory).unwrap();
    entries
        .filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|end| end == "json"))
        .count()
}

/// T-023: a disk that hangs costs the next start something, not the requests that wait for keys.
#[test]
fn no_request_waits_for_the_disk() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(1).build();
    runtime.unwrap().block_on(async {
        let (release, hanging) = std::sync::mpsc::channel::<()>();
        let directory = tempfile::tempdir().unwrap();
        let provider = Provider::start().await;
        let ring = provider.ring(|builder| builder.persist_to(directory.path()));
        // Whoever wants to write comes after this.
        tokio::task::spawn_blocking(move || hanging.recv());
        let authority = provider.authority();
        let miss = ring.refresh_after_miss(&authority, tenant(1));
        let outcome = tokio::time::timeout(Duration::from_secs(10), miss).await;
        assert_eq!(outcome.ok(), Some(MissOutcome::Refreshed));
        assert_eq!(kept(directory.path()), 0);
        drop(release);
        until_kept(directory.path(), 1).await;
    });
}

#[tokio::test]
async fn a_process_starts_while_the_provider_is_down() {
    let after = After::a_run().await;
    assert_eq!(after.verdict(60).await, "accepted");
    let live = after.restarted(60);
    assert_eq!(live.ring().status().len(), 2);
    assert!(live.ring().status().iter().all(|set| set.age_s == Some(60)));
}

/// Sets keep their age across restarts.
#[tokio::test]
async fn kept_keys_have_an_end() {
    let after = After::a_run().await;
    assert_eq!(after.verdict(48 * 3600 - 1).await, "expired", "the key was good, the token is old");
    assert_eq!(after.verdict(48 * 3600).await, "keys_unavailable");
    assert_eq!(after.restarted(48 * 3600).ring().status(), []);
    assert_eq!(after.restarted(-301).ring().status(), [], "from the future");
    assert_eq!(after.restarted(-300).ring().status().len(), 2, "clocks differ a little");
}

#[tokio::test]
async fn files_are_for_their_owner_alone() {
    let after = After::a_run().await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&after.keys()), 0o700);
    assert_eq!(fs::read_dir(after.keys()).unwrap().count(), 2, "nothing is left beside the sets");
    for entry in fs::read_dir(after.keys()).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
}

/// Whatever is wrong with a file, it is left out, and the process starts.
#[tokio::test]
async fn files_that_are_not_ours_are_left_out() {
    type Spoil = (&'static str, fn(&Path));
    let spoil: [Spoil; 11] = [
        ("cut short", |file| fs::write(file, &fs::read(file).unwrap()[..100]).unwrap()),
        ("empty", |file| fs::write(file, "").unwrap()),
        ("changed keys", |file| replace(file, "AQAB", "AQAC")),
        ("changed in any way", |file| replace(file, "cloud_instance_name", "cloud_instance_nama")),
        ("changed date", |file| replace(file, "\"fetched_at\":", "\"fetched_at\":9")),
        ("another tenant's", |file| replace(file, CONTOSO, "aaaaaaaa-0000-4000-8000-000000000001")),
        ("writable for others", |file| {
            fs::set_permissions(file, fs::Permissions::from_mode(0o620)).unwrap();
        }),
        ("a link", |file| {
            let elsewhere = file.with_extension("elsewhere");
            fs::rename(file, &elsewhere).unwrap();
            symlink(elsewhere, file).unwrap();
        }),
        ("a folder", |file| {
            fs::remove_file(file).unwrap();
            fs::create_dir(file).unwrap();
        }),
        ("a pipe", |file| {
            fs::remove_file(file).unwrap();
            assert!(std::process::Command::new("mkfifo").arg(file).status().unwrap().success());
        }),
        ("huge", |file| fs::write(file, vec![b' '; 2_000_000]).unwrap()),
    ];
    for (what, spoil) in spoil {
        let after = After::a_run().await;
        assert_eq!(after.verdict(1).await, "accepted", "{what}, before");
        spoil(&after.file());
        assert_eq!(after.verdict(1).await, "keys_unavailable", "{what}");
        assert_eq!(after.restarted(1).ring().status().len(), 1, "{what}: Fabrikam's alone");
    }
}

fn replace(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from));
    fs::write(file, text.replace(from, to)).unwrap();
}

/// A good file under the name of another authority's, or of a tenant that is not admitted.
#[tokio::test]
async fn files_under_another_name_are_left_out() {
    let after = After::a_run().await;
    let other = Simulator::start().await.unwrap();
    let authority = Authority::custom(other.base()).unwrap();
    let clock = Clock::manual(after.now);
    let live = live_verifier(&authority, &clock, |builder| builder.persist_to(after.keys()));
    assert_eq!(live.ring().status(), []);

    // Intact files of another run and of another tenant, under names that we do read.
    let another = After::a_run().await;
    fs::copy(another.file(), after.file()).unwrap();
    assert_eq!(after.verdict(1).await, "keys_unavailable", "another authority's");
    fs::copy(after.file_of(FABRIKAM), after.file()).unwrap();
    assert_eq!(after.verdict(1).await, "keys_unavailable", "another tenant's");

    let stranger = "eeeeeeee-0000-4000-8000-000000000001";
    let renamed = after.file().to_str().unwrap().replace(CONTOSO, stranger);
    fs::rename(after.file(), renamed).unwrap();
    assert_eq!(after.restarted(1).ring().status().len(), 1, "Fabrikam's alone");
}

/// Whoever may write to the folder may put other files there.
#[tokio::test]
async fn a_folder_of_others_is_not_used() {
    let after = After::a_run().await;
    for mode in [0o770, 0o702, 0o777] {
        fs::set_permissions(after.keys(), fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(after.restarted(1).ring().status(), [], "{mode:o}");
    }
    fs::set_permissions(after.keys(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(after.restarted(1).ring().status().len(), 2);
}

/// A directory that cannot be used is a mistake that shows at the start.
#[tokio::test]
async fn a_directory_that_cannot_be_used() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let authority = Authority::custom("http://localhost:1").unwrap();
    let nobody = std::sync::Arc::new(tenantry_token::FixedList::default());
    let built = tenantry_authority::KeyRing::builder([authority], nobody).persist_to(file.path()).build();
    assert!(matches!(built, Err(KeyRingError::Directory { .. })), "{built:?}");
}
