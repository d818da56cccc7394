//! Where to listen. A port alone means this machine alone.

use std::net::{Ipv4Addr, SocketAddr};

pub(super) fn parse(text: &str) -> Result<SocketAddr, String> {
    let bare = text.strip_prefix("localhost:").unwrap_or(text);
    match (bare.parse::<u16>(), text.parse()) {
        (Ok(port), _) => Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port))),
        (_, Ok(address)) => Ok(address),
        // Other names are not looked up: who answers for them decides who can reach us.
        _ => Err(format!("`{text}` is neither a port nor an address such as `127.0.0.1:9400`")),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_port_alone_is_loopback() {
        assert_eq!(parse("9400").unwrap().to_string(), "127.0.0.1:9400");
        assert_eq!(parse("localhost:9400").unwrap().to_string(), "127.0.0.1:9400");
        assert_eq!(parse("[::1]:80").unwrap().to_string(), "[::1]:80");
    }

    #[test]
    fn other_names_and_half_addresses_are_refused() {
        for text in
            ["70000", "localhost", "", "my-machine:9400", "localhost.example:9400", "0.0.0.0", "[::]", "-1"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
