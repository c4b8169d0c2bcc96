//! Where a node answers, as it is typed.

use std::fmt;

/// The port of a server that names none.
const PORT: u16 = 6379;

/// Where a node answers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// Its name or address, an IPv6 address without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

/// Why a text is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It has another scheme than those of servers.
    #[error("expected valkey://, valkeys:// (with TLS), redis:// or rediss://, found `{0}`")]
    Scheme(String),
    /// It holds a password or a user.
    #[error(
        "the address holds a user or a password, which others could read in the list of processes"
    )]
    Secret,
    /// It is not `HOST:PORT`.
    #[error("expected HOST:PORT, found `{0}`")]
    Shape(String),
}

impl Address {
    /// Reads `HOST`, `HOST:PORT`, or either behind a scheme. Returns also whether the scheme asks for TLS.
    ///
    /// # Errors
    ///
    /// Returns why the text is no address.
    pub fn parse(text: &str) -> Result<(Self, bool), AddressError> {
        let (scheme, place) = text.split_once("://").unwrap_or(("valkey", text));
        // Whatever stands before an `@` must not be repeated in a message.
        if place.contains('@') {
            return Err(AddressError::Secret);
        }
        let tls = match scheme {
            "valkey" | "redis" => false,
            "valkeys" | "rediss" => true,
            other => return Err(AddressError::Scheme(other.to_owned())),
        };
        let place = place.strip_suffix('/').unwrap_or(place);
        let shape = || AddressError::Shape(place.to_owned());
        let (host, port) = match place.strip_prefix('[') {
            Some(rest) => {
                let (host, port) = rest.split_once(']').ok_or_else(shape)?;
                (host, port.strip_prefix(':').or(port.is_empty().then_some("")).ok_or_else(shape)?)
            }
            None => match place.rsplit_once(':') {
                Some((host, _)) if host.contains(':') => return Err(shape()),
                Some((host, port)) if !port.is_empty() => (host, port),
                Some(_) => return Err(shape()),
                None => (place, ""),
            },
        };
        let port =
            if port.is_empty() { Some(PORT) } else { port.parse().ok().filter(|port| *port > 0) };
        let wrong =
            |c: char| c.is_whitespace() || c.is_control() || matches!(c, '/' | '?' | '#' | '[');
        if host.is_empty() || host.contains(wrong) {
            return Err(shape());
        }
        Ok((Self { host: host.to_owned(), port: port.ok_or_else(shape)? }, tls))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        let cases = [
            ("valkey://a1:7001", "a1:7001", false),
            ("valkeys://a1", "a1:6379", true),
            ("redis://10.0.0.1:6379/", "10.0.0.1:6379", false),
            ("rediss://[::1]:7001", "[::1]:7001", true),
            ("[fe80::1]", "[fe80::1]:6379", false),
            ("a1.example:26379", "a1.example:26379", false),
        ];
        for (text, shown, tls) in cases {
            let (address, with_tls) = Address::parse(text).expect(text);
            assert_eq!((address.to_string().as_str(), with_tls), (shown, tls), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let wrong = [
            "http://a1:80",
            "valkey://me:secret@a1",
            "a1:",
            "a1:0",
            "a1:70000",
            "",
            "::1:7001",
            "[::1",
            "a1/0",
            "a 1",
        ];
        let said = wrong.map(|text| format!("{text:?}: {}", Address::parse(text).expect_err(text)));
        insta::assert_snapshot!(said.join("\n"), @r#"
        "http://a1:80": expected valkey://, valkeys:// (with TLS), redis:// or rediss://, found `http`
        "valkey://me:secret@a1": the address holds a user or a password, which others could read in the list of processes
        "a1:": expected HOST:PORT, found `a1:`
        "a1:0": expected HOST:PORT, found `a1:0`
        "a1:70000": expected HOST:PORT, found `a1:70000`
        "": expected HOST:PORT, found ``
        "::1:7001": expected HOST:PORT, found `::1:7001`
        "[::1": expected HOST:PORT, found `[::1`
        "a1/0": expected HOST:PORT, found `a1/0`
        "a 1": expected HOST:PORT, found `a 1`
        "#);
    }
}
