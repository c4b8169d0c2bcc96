//! How running nodes are reached: from arguments, files and the environment.

use std::path::Path;
use std::time::Duration;

use super::args::live::Reach;
use super::{Failure, files};
use crate::live::{Access, Address, AddressError, Tls, TlsError};

/// The largest file of a password or a certificate, in bytes.
const LIMIT: usize = 1 << 20;

/// Where the user's name may stand.
const USER: &str = "SKEW_VALKEY_USER";
/// Where the password may stand.
const PASSWORD: &str = "SKEW_VALKEY_PASSWORD";

/// Returns how to reach nodes, with TLS or without.
pub(super) fn access(reach: &Reach, tls: bool) -> Result<Access, Failure> {
    let tls = if tls { Some(self::tls(reach)?) } else { refuse_tls(reach)? };
    let variable = |name| std::env::var(name).ok().filter(|text: &String| !text.is_empty());
    let password = match &reach.password_file {
        Some(path) => Some(secret(path)?),
        None => variable(PASSWORD),
    };
    let user = variable(USER);
    if user.is_some() && password.is_none() {
        return Err(Failure::new(format!("{USER} is set, and there is no password"))
            .hint(format!("set {PASSWORD}, or give --password-file")));
    }
    Ok(Access { tls, user, password, timeout: Duration::from_secs(reach.timeout) })
}

fn tls(reach: &Reach) -> Result<Tls, Failure> {
    let read = |path: &Path| files::read(path, LIMIT);
    let identity = match (&reach.cert, &reach.key) {
        (Some(cert), Some(key)) => Some((read(cert)?, read(key)?)),
        (Some(_) | None, _) => None,
    };
    let authorities = reach.ca.as_deref().map(read).transpose()?;
    let tls = Tls { authorities, identity, insecure: reach.insecure };
    tls.check().map_err(|error| unusable(reach, error))?;
    Ok(tls)
}

/// Names the file that holds no certificate or key.
fn unusable(reach: &Reach, error: TlsError) -> Failure {
    let (path, label) = match error {
        TlsError::Authorities => (&reach.ca, "CERTIFICATE"),
        TlsError::Certificate => (&reach.cert, "CERTIFICATE"),
        TlsError::Key => (&reach.key, "PRIVATE KEY"),
        TlsError::Pair => (&reach.key, ""),
    };
    let name = path.as_deref().map(files::name).unwrap_or_default();
    let failure = Failure::new(format!("{name}: {error}"));
    if label.is_empty() {
        failure.hint("--cert and --key take the two files of one identity")
    } else {
        failure.hint(format!("such a text begins with -----BEGIN {label}-----"))
    }
}

/// Refuses what would silently have no effect.
fn refuse_tls(reach: &Reach) -> Result<Option<Tls>, Failure> {
    let given = [
        ("--ca", reach.ca.is_some()),
        ("--cert", reach.cert.is_some()),
        ("--insecure", reach.insecure),
    ];
    match given.into_iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => {
            Err(Failure::new(format!("{option} is about TLS, which was not asked for"))
                .hint("`observe` speaks TLS with valkeys://, `gate` with --tls"))
        }
        None => Ok(None),
    }
}

/// Reads a password: the first line of a file.
fn secret(path: &Path) -> Result<String, Failure> {
    let bytes = files::read(path, LIMIT)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::new(format!("{}: expected UTF-8", files::name(path))))?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        Some(_) | None => Err(Failure::new(format!(
            "{}: expected a password in the first line",
            files::name(path)
        ))),
    }
}

/// Returns an address that was typed, and whether it asks for TLS.
pub(super) fn address(text: &str) -> Result<(Address, bool), Failure> {
    Address::parse(text).map_err(|error| {
        let failure = Failure::new(error.to_string());
        match error {
            AddressError::Secret => {
                failure.hint(format!("set {USER} and {PASSWORD}, or give --password-file"))
            }
            AddressError::Scheme(_) | AddressError::Shape(_) => {
                failure.hint("such as valkey://10.0.0.1:6379, or valkeys://[::1]:6379 with TLS")
            }
        }
    })
}
