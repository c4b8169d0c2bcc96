//! One requirement, as metadata and lists of requirements state it:
//! `NAME[EXTRA,...] SPECIFIERS ; MARKER`, or with `@ URL` in place of the specifiers.

/// A requirement in parts of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RequirementLine<'a> {
    /// Its name as written.
    pub(super) name: &'a str,
    /// The versions or the address that it takes.
    pub(super) wants: Wants<'a>,
    /// Under which condition it counts.
    pub(super) marker: Option<&'a str>,
}

/// The object of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wants<'a> {
    /// Versions, as written and without brackets; empty for any.
    Versions(&'a str),
    /// Whatever is found at an address.
    Address(&'a str),
}

impl<'a> RequirementLine<'a> {
    /// Reads one; `None` if it does not begin with a name, or holds what belongs nowhere.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
        let name = &text[..end];
        let outer = |c: char| c.is_ascii_alphanumeric();
        if !name.starts_with(outer) || !name.ends_with(outer) {
            return None;
        }
        let rest = without_extras(text[end..].trim_start())?.trim_start();
        if let Some(address) = rest.strip_prefix('@') {
            // A semicolon may be part of an address; before a marker stands a space.
            let (address, marker) = split_marker(address.trim_start(), " ;");
            return Some(Self { name, wants: Wants::Address(address), marker });
        }
        let (versions, marker) = split_marker(rest, ";");
        let inner = versions.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
        let versions = inner.unwrap_or(versions).trim();
        let begins = versions.is_empty() || versions.starts_with(['=', '<', '>', '!', '~']);
        begins.then_some(Self { name, wants: Wants::Versions(versions), marker })
    }

    /// Returns the one version that it takes, if it names one: `==1.2.3` alone, without a star.
    pub(super) fn pin(&self) -> Option<&'a str> {
        let Wants::Versions(text) = self.wants else { return None };
        let version = text.strip_prefix("===").or_else(|| text.strip_prefix("=="))?.trim();
        let one =
            !version.is_empty() && !version.contains(['*', ',', '=', '<', '>', '!', '~', ' ']);
        one.then_some(version)
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

fn without_extras(text: &str) -> Option<&str> {
    match text.strip_prefix('[') {
        Some(extras) => extras.split_once(']').map(|(_, rest)| rest),
        None => Some(text),
    }
}

fn split_marker<'a>(text: &'a str, mark: &str) -> (&'a str, Option<&'a str>) {
    match text.split_once(mark) {
        Some((before, marker)) => (before.trim(), Some(marker.trim())),
        None => (text.trim(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(&str, Wants<'_>, Option<&str>)> {
        RequirementLine::parse(text).map(|it| (it.name, it.wants, it.marker))
    }

    #[test]
    fn requirements_are_read() {
        let versions = Wants::Versions;
        assert_eq!(read("dagster"), Some(("dagster", versions(""), None)));
        assert_eq!(
            read("dagster [cli, x] (==1.13.27) ; extra == 'a;b'"),
            Some(("dagster", versions("==1.13.27"), Some("extra == 'a;b'")))
        );
        assert_eq!(
            read("a-b.c @ https://host/x;y.whl ; python_version<'3'"),
            Some(("a-b.c", Wants::Address("https://host/x;y.whl"), Some("python_version<'3'")))
        );
        for wrong in ["", "-r x", "a b", "a[b", "-a==1", "a-==1", "==1", "a 1.0"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_pin_is_one_version() {
        let pin = |text| RequirementLine::parse(text).and_then(|it| it.pin());
        assert_eq!(pin("a == 1.0"), Some("1.0"));
        assert_eq!(pin("a===1.0+local"), Some("1.0+local"));
        for none in ["a", "a>=1", "a==1.*", "a==1,<2", "a<2,==1", "a @ file:///a-1.whl", "a=="] {
            assert_eq!(pin(none), None, "{none}");
        }
    }
}
