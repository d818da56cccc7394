//! Which addresses may be attacked: this machine, and hosts that somebody wrote down (T-163).

use url::{Host, Url};

use super::{TargetError, wrong};

/// Fails, naming `key`, unless `url` is an HTTP origin on this machine or on a host in `named`.
pub(super) fn check(key: &str, url: &str, named: &[String]) -> Result<(), TargetError> {
    let parsed = Url::parse(url).map_err(|error| wrong(key, format!("`{url}` is no URL: {error}")))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(wrong(key, "an `http` or `https` address"));
    }
    let has_user = !parsed.username().is_empty() || parsed.password().is_some();
    if has_user || parsed.query().is_some() || parsed.fragment().is_some() {
        return Err(wrong(key, "an address without user name, password, query or fragment"));
    }
    let host = parsed.host().ok_or_else(|| wrong(key, "an address with a host"))?;
    if is_this_machine(&host) || named.iter().any(|name| *name == host.to_string()) {
        return Ok(());
    }
    Err(wrong(
        key,
        format!("`{host}` is another machine; if attacking it is permitted, add it to `named-hosts`"),
    ))
}

fn is_this_machine(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    /// T-163: nothing is attacked by a slip of the pen.
    #[test]
    fn other_machines_have_to_be_named() {
        for good in ["http://localhost:3000", "http://127.0.0.1:1", "https://[::1]:9443", "http://127.9.9.9"]
        {
            assert!(check("url", good, &[]).is_ok(), "{good}");
        }
        for bad in [
            "http://api.example.test",
            "http://localhost.example.test",
            "http://127.0.0.1.example.test",
            "http://localhost@example.test",
            "http://:secret@localhost",
            "ftp://localhost",
            "http://localhost?x=1",
            "localhost:3000",
            "",
        ] {
            assert!(check("url", bad, &[]).is_err(), "{bad}");
        }
        let named = ["api.example.test".to_owned()];
        assert!(check("url", "https://api.example.test/base", &named).is_ok());
        assert!(check("url", "https://other.example.test", &named).is_err());
    }
}
