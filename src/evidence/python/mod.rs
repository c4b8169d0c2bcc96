//! What of Python packages is found in files: metadata of packages, lists of what is installed, locks.
//!
//! Names are compared as package indexes do: in lower case, with one hyphen for each run of `-`, `_` and `.`.
//! A version is what a text states as the one that is or will be installed; ranges, branches and folders
//! are none, and nothing is guessed from them.

mod environment;
mod installed;
mod list;
mod lock;
mod metadata;
mod requirement;
mod wheel;

pub(super) use installed::{installed, looks_like_installed, takes_installed};
pub(super) use list::{lists, looks_like_list};
pub(super) use lock::{looks_like_pylock, looks_like_uv, pylocks, uv_locks};
pub(super) use wheel::{is_metadata, looks_like_wheel, takes_wheels, wheel, wheels};

/// Returns a name in the form in which package indexes compare it.
fn normalized(name: &str) -> String {
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
