//! Names of Python packages as indexes compare them.

/// Returns a name in the form in which package indexes compare it.
pub(super) fn normalized(name: &str) -> String {
    let mut parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    let mut text = parts.next().unwrap_or_default().to_ascii_lowercase();
    for part in parts {
        text.push('-');
        text.push_str(&part.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_in_an_index() {
        assert_eq!(normalized("Dagster_AWS"), "dagster-aws");
        assert_eq!(normalized("a.-_b"), "a-b");
        assert_eq!(normalized("zope.interface"), "zope-interface");
    }
}
