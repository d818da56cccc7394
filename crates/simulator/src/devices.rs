//! Sign-ins that devices wait for (RFC 8628): what the device polls with, what the person types, and what came of it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::authority::Version;
use crate::grants::SignIn;
use crate::ids::{AppId, TenantId};
use crate::kept::{Kept, Persist, Row};
use crate::random::Random;

/// Life of both codes. Seconds; 15 minutes as at Entra.
pub(crate) const LIFETIME_S: i64 = 900;
/// Pause between two polls. Seconds.
pub(crate) const INTERVAL_S: i64 = 5;
/// Waiting devices kept; the oldest are forgotten first.
const KEPT_MAX: usize = 10_000;
/// Wrong user codes in a minute before nobody may try for the rest of it (RFC 8628 §5.1).
const WRONG_CODES_MAX: u32 = 60;
/// Letters of user codes: no vowels, so that no words come out, and nothing that looks like a digit (RFC 8628 §6.1).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// Letters in a user code: more than 2^38 of them.
const USER_CODE_LEN: usize = 9;

/// A device's request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DeviceRequest {
    pub(crate) client: AppId,
    /// First segment of the path that the device used.
    pub(crate) slot: String,
    pub(crate) scope: String,
    pub(crate) claims: Option<String>,
    pub(crate) version: Version,
    pub(crate) issued_at: i64,
    pub(crate) progress: Progress,
}

/// What the person did so far.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Progress {
    /// Nothing.
    Waiting,
    /// Said no.
    Declined,
    /// Signed in, to this tenant.
    Accepted(Box<SignIn>, TenantId),
    /// The device has its tokens.
    Redeemed,
}

/// Why a user code opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WrongCode {
    /// Never given out, forgotten, or used.
    Unknown,
    /// Older than [`LIFETIME_S`].
    Expired,
    /// Too many wrong ones were tried lately.
    TooMany,
}

/// Every waiting device.
#[derive(Default)]
pub(crate) struct Devices(Mutex<Store>);

/// A request with the code that the person types.
#[derive(Serialize, Deserialize)]
struct Waiting {
    user_code: String,
    request: DeviceRequest,
}

struct Store {
    by_device_code: Kept<Waiting>,
    device_codes: HashMap<String, String>,
    /// The minute that wrong codes are counted in, and how many there were.
    wrong: (i64, u32),
}

impl Default for Store {
    fn default() -> Self {
        Self { by_device_code: Kept::new(KEPT_MAX), device_codes: HashMap::new(), wrong: (0, 0) }
    }
}

impl Persist for Devices {
    fn take_changes(&self) -> Vec<Row> {
        self.lock().by_device_code.take_changes()
    }

    fn rewrite(&self) {
        self.lock().by_device_code.rewrite();
    }

    fn restore(&self, rows: Vec<(String, String)>) {
        let mut store = self.lock();
        store.by_device_code.restore(rows);
        let codes = store.by_device_code.iter();
        let codes: Vec<_> = codes.map(|(device, one)| (one.user_code.clone(), device.clone())).collect();
        store.device_codes.extend(codes);
    }
}

impl Devices {
    pub(crate) fn clear(&self) {
        let mut store = self.lock();
        store.by_device_code.clear();
        store.device_codes.clear();
    }

    /// Keeps a request; device code and user code for it.
    pub(crate) fn add(&self, random: &Random, request: DeviceRequest) -> (String, String) {
        let mut store = self.lock();
        let device_code = random.handle();
        let user_code = loop {
            let code = user_code(random);
            if !store.device_codes.contains_key(&code) {
                break code;
            }
        };
        store.device_codes.insert(user_code.clone(), device_code.clone());
        let waiting = Waiting { user_code: user_code.clone(), request };
        if let Some(oldest) = store.by_device_code.add(device_code.clone(), waiting) {
            store.device_codes.remove(&oldest.user_code);
        }
        (device_code, user_code)
    }

    /// The waiting request behind a user code as a person typed it, and the code as it was given out.
    pub(crate) fn waiting(&self, typed: &str, now: i64) -> Result<(String, DeviceRequest), WrongCode> {
        let mut store = self.lock();
        let minute = now.div_euclid(60);
        if store.wrong.0 != minute {
            store.wrong = (minute, 0);
        }
        if store.wrong.1 >= WRONG_CODES_MAX {
            return Err(WrongCode::TooMany);
        }
        let code = typed_letters(typed);
        let found = store.device_codes.get(&code).and_then(|device| store.by_device_code.get(device));
        let found = found.map(|waiting| waiting.request.clone());
        match found {
            Some(request) if now - request.issued_at >= LIFETIME_S => Err(WrongCode::Expired),
            Some(request) if matches!(request.progress, Progress::Waiting) => Ok((code, request)),
            _ => {
                store.wrong.1 += 1;
                Err(WrongCode::Unknown)
            }
        }
    }

    /// Writes down what the person did; `false` when the code waits no more.
    pub(crate) fn decide(&self, user_code: &str, progress: Progress, now: i64) -> bool {
        let mut store = self.lock();
        let device = store.device_codes.get(user_code).cloned().unwrap_or_default();
        match store.by_device_code.get_mut(&device).map(|waiting| &mut waiting.request) {
            Some(request)
                if matches!(request.progress, Progress::Waiting) && now - request.issued_at < LIFETIME_S =>
            {
                request.progress = progress;
                true
            }
            _ => false,
        }
    }

    /// Looks at the request behind a device code, and may change it, while nobody else can.
    pub(crate) fn with<T>(&self, device_code: &str, act: impl FnOnce(Option<&mut DeviceRequest>) -> T) -> T {
        act(self.lock().by_device_code.get_mut(device_code).map(|waiting| &mut waiting.request))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Store> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn user_code(random: &Random) -> String {
    let letter = |_| {
        let place = usize::try_from(random.below(20)).unwrap_or_default();
        char::from(LETTERS[place % LETTERS.len()])
    };
    (0..USER_CODE_LEN).map(letter).collect()
}

/// As people type: in either case, with spaces and dashes.
fn typed_letters(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).take(32).collect::<String>().to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(issued_at: i64) -> DeviceRequest {
        DeviceRequest {
            client: "c0000000-0000-4000-8000-00000000000d".parse().unwrap(),
            slot: "common".to_owned(),
            scope: "openid".to_owned(),
            claims: None,
            version: Version::V2,
            issued_at,
            progress: Progress::Waiting,
        }
    }

    #[test]
    fn a_user_code_is_easy_to_type_and_good_once() {
        let (devices, random) = (Devices::default(), Random::new(None));
        let (device_code, code) = devices.add(&random, request(0));
        assert!(
            code.len() == USER_CODE_LEN && code.bytes().all(|letter| LETTERS.contains(&letter)),
            "{code}"
        );
        let typed = format!(" {}-{} ", &code[..4], code[4..].to_lowercase());
        assert_eq!(devices.waiting(&typed, 1).unwrap().0, code);
        assert!(devices.decide(&code, Progress::Declined, 2));
        assert!(!devices.decide(&code, Progress::Waiting, 2));
        assert_eq!(devices.waiting(&code, 3).unwrap_err(), WrongCode::Unknown);
        assert!(devices.with(&device_code, |found| matches!(found.unwrap().progress, Progress::Declined)));
    }

    #[test]
    fn codes_expire() {
        let (devices, random) = (Devices::default(), Random::new(None));
        let (_, code) = devices.add(&random, request(0));
        assert!(devices.waiting(&code, LIFETIME_S - 1).is_ok());
        assert_eq!(devices.waiting(&code, LIFETIME_S).unwrap_err(), WrongCode::Expired);
        assert!(!devices.decide(&code, Progress::Declined, LIFETIME_S));
    }

    #[test]
    fn guessing_is_stopped_for_a_while() {
        let (devices, random) = (Devices::default(), Random::new(None));
        let (_, code) = devices.add(&random, request(0));
        for _ in 0..WRONG_CODES_MAX {
            assert_eq!(devices.waiting("BBBBBBBBB", 5).unwrap_err(), WrongCode::Unknown);
        }
        assert_eq!(devices.waiting(&code, 6).unwrap_err(), WrongCode::TooMany);
        assert!(devices.waiting(&code, 60).is_ok());
    }
}
