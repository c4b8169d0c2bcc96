//! Why a node could not be asked, in words for those who can do something about it.

use std::error::Error as _;
use std::io;
use std::sync::Arc;

use jiff::Span;
use jiff::civil::{Date, date};
use redis::{ErrorKind, RedisError};
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError};

/// Says what went wrong. `tls` is whether TLS was spoken, `heard` whether the node has answered before.
pub(super) fn reason(error: &RedisError, tls: bool, heard: bool) -> String {
    if let Some(words) = tls_error(error).and_then(of_tls) {
        return words;
    }
    if error.is_timeout() {
        let doubt = if tls && !heard { " (it may not speak TLS there)" } else { "" };
        return format!("no answer in time{doubt}");
    }
    if error.is_connection_refusal() {
        return "connection refused".to_owned();
    }
    if !heard && is_cut_off(error) {
        let doubt = if tls { "may not speak TLS" } else { "may speak only TLS" };
        return format!("it closed the connection without an answer (it {doubt} there)");
    }
    match (error.code(), error.detail()) {
        (Some(code), Some(detail)) => format!("{code} {detail}"),
        (Some(code), None) => code.to_owned(),
        (None, _) => error.to_string(),
    }
}

/// Returns whether the node hung up, or said something that is not its protocol.
fn is_cut_off(error: &RedisError) -> bool {
    error.is_connection_dropped() || error.kind() == ErrorKind::Parse
}

/// Returns the error of TLS inside of one of the connection. Its text would say the same in words of programmers.
fn tls_error(error: &RedisError) -> Option<&rustls::Error> {
    let shared = error.source()?.downcast_ref::<Arc<dyn std::error::Error + Send + Sync>>()?;
    let inner: &(dyn std::error::Error + 'static) = shared.as_ref();
    match inner.downcast_ref::<io::Error>() {
        Some(error) => error.get_ref()?.downcast_ref(),
        None => inner.downcast_ref(),
    }
}

/// Says what went wrong with TLS, if there is something better to say than the library does.
#[expect(clippy::wildcard_enum_match_arm, reason = "the library's own words do for all others")]
fn of_tls(error: &rustls::Error) -> Option<String> {
    match error {
        rustls::Error::InvalidCertificate(error) => of_certificate(error),
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => {
            Some("it asks for our certificate (--cert and --key)".to_owned())
        }
        rustls::Error::AlertReceived(
            alert @ (AlertDescription::UnknownCA
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown),
        ) => Some(format!("it does not accept our certificate ({alert:?})")),
        rustls::Error::InvalidMessage(_) => {
            Some("its answer is not TLS (it may not speak TLS there)".to_owned())
        }
        _ => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the library's own words do for all others")]
fn of_certificate(error: &CertificateError) -> Option<String> {
    match error {
        CertificateError::UnknownIssuer => {
            Some("no trusted authority signed its certificate (--ca trusts another)".to_owned())
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            let names: Vec<_> = presented.iter().map(|name| bare(name)).collect();
            let names = if names.is_empty() { "no name".to_owned() } else { names.join(", ") };
            let expected = expected.to_str();
            Some(format!("its certificate is for {names}, and not for {expected}"))
        }
        CertificateError::ExpiredContext { not_after, .. } => {
            Some(format!("its certificate ended on {}", day(*not_after)?))
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            Some(format!("its certificate begins only on {}", day(*not_before)?))
        }
        _ => None,
    }
}

/// Returns a name of a certificate as it is typed: the library writes `DnsName("a1")` and `IpAddress(10.0.0.1)`.
fn bare(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"')
}

/// Returns the day of a moment, in UTC.
fn day(moment: UnixTime) -> Option<Date> {
    let seconds = i64::try_from(moment.as_secs()).ok()?;
    date(1970, 1, 1).checked_add(Span::new().try_days(seconds / 86_400).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn names_and_days_are_read() {
        assert_eq!(bare("DnsName(\"a1.example\")"), "a1.example");
        assert_eq!(bare("IpAddress(10.0.0.1)"), "10.0.0.1");
        assert_eq!(bare("other"), "other");
        let day = |seconds| day(UnixTime::since_unix_epoch(Duration::from_secs(seconds)));
        assert_eq!(day(978_307_200), Some(date(2001, 1, 1)));
        assert_eq!(day(u64::MAX), None);
    }
}
