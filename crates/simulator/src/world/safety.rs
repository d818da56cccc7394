//! What must never be in a world: real host names and real secrets (T-150, T-154).

/// Hosts that the simulator must never pose as, with everything below them.
const REAL_HOSTS: [&str; 9] = [
    "microsoftonline.com",
    "microsoftonline.us",
    "microsoftonline.cn",
    "windows.net",
    "microsoft.com",
    "chinacloudapi.cn",
    "ciamlogin.com",
    "b2clogin.com",
    "sovcloud-identity.fr",
];
/// What a real secret is called in errors.
pub(super) const SECRET: &str = "client secret";
/// Characters in a row that may be key material. Longer than any id or URI of ours is without a separator.
const KEY_MATERIAL_MIN: usize = 64;

/// Whether `host` is one of a real identity provider.
pub(crate) fn is_real_host(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    REAL_HOSTS
        .iter()
        .any(|real| host == *real || host.strip_suffix(real).is_some_and(|front| front.ends_with('.')))
}

/// Whether a text has the form of the client secrets that Entra makes (three characters, a digit, `Q~`, 37 to 40 in
/// all), or is a private key.
pub(super) fn is_real_secret(text: &str) -> bool {
    is_private_key(text) || is_entra_secret(text.trim())
}

/// Whether a text holds a private key in PEM.
pub(super) fn is_private_key(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
}

fn is_entra_secret(text: &str) -> bool {
    let bytes = text.as_bytes();
    let letters = bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_~.-".contains(byte));
    letters && (37..=40).contains(&bytes.len()) && bytes[3].is_ascii_digit() && &bytes[4..6] == b"Q~"
}

/// A line of a world file without what may be a real secret.
pub(super) fn masked(line: &str) -> String {
    let line = line.split_once("-----BEGIN").map_or(line, |(front, _)| front);
    let mut shown = String::with_capacity(line.len());
    for word in line.split_inclusive(|letter: char| !is_key_material(letter)) {
        let bare = word.trim_end_matches(|letter| !is_key_material(letter));
        let hide = bare.len() >= KEY_MATERIAL_MIN || is_entra_secret(bare);
        shown.push_str(if hide { "…" } else { bare });
        shown.push_str(&word[bare.len()..]);
    }
    shown
}

fn is_key_material(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "+/=_~.-".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Put together here, so that no scanner takes this file for a leak.
    fn entra_secret() -> String {
        format!("abc8{}~{}", 'Q', "x".repeat(34))
    }

    #[test]
    fn real_hosts_are_known_with_everything_below_them() {
        for (host, real) in [
            ("login.microsoftonline.com", true),
            ("LOGIN.MicrosoftOnline.com.", true),
            ("microsoftonline.com", true),
            ("sts.windows.net", true),
            ("contoso.ciamlogin.com", true),
            ("notmicrosoftonline.com", false),
            ("login.microsoftonline.com.example", false),
            ("localhost", false),
        ] {
            assert_eq!(is_real_host(host), real, "{host}");
        }
    }

    #[test]
    fn secrets_that_entra_made_are_told_from_invented_ones() {
        assert!(is_real_secret(&entra_secret()));
        assert!(is_real_secret("-----BEGIN RSA PRIVATE KEY-----\nMII"));
        for text in ["not-a-real-secret-tasks-web", "", "abc8Q~short", &"x".repeat(40)] {
            assert!(!is_real_secret(text), "{text}");
        }
    }

    #[test]
    fn a_shown_line_hides_what_may_be_real() {
        assert_eq!(masked(&format!("secrets = [\"{}\"]", entra_secret())), "secrets = [\"…\"]");
        assert_eq!(masked("certificates = [\"-----BEGIN PRIVATE KEY-----"), "certificates = [\"");
        assert_eq!(masked(&format!("x = '{}'", "A".repeat(80))), "x = '…'");
        let usual = "app_id = \"a0000000-0000-4000-8000-000000000001\" # api";
        assert_eq!(masked(usual), usual);
    }
}
