//! Versions that nobody lists, beside those that are listed.
//!
//! Owns the question of what silence about a version means. A list ends on some day, and may begin late: what lies
//! beyond its ends is not known. What lies inside of a complete list and is not in it does not exist.

use std::cmp::Ordering;

use crate::version::{Step, Version};
use crate::word::words;

words! {
    /// The completeness of a package's release list.
    pub enum Listing {
        /// Every release up to the matrix's date is there.
        Complete "complete",
        /// Releases of known lines may be missing.
        Partial "partial",
    }
}

/// The place of an unlisted version beside the listed ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is newer than everything that is listed of its line, or of the package.
    Newer,
    /// It is older than where the list begins.
    Older,
    /// It is of a known line of which releases may be missing.
    Between,
    /// It is inside of what is listed, so that it does not exist.
    Absent,
}

impl Standing {
    /// Returns where a version stands among listed ones, which are in no order. Branches in development are none of
    /// them.
    pub fn of<'v>(
        version: &Version,
        listed: impl Iterator<Item = &'v Version>,
        listing: Listing,
    ) -> Self {
        let order = |other: &Version| version.precedence(other).unwrap_or(Ordering::Equal);
        let line = version.line(Step::Minor);
        let mut seen = Seen::default();
        for other in listed.filter(|other| !other.numbers().is_empty()) {
            let is_newer = order(other) == Ordering::Greater;
            seen.any = true;
            seen.some_older |= is_newer;
            seen.some_newer |= !is_newer;
            if other.line(Step::Minor) == line {
                seen.in_line = true;
                seen.newer_in_line |= !is_newer;
                seen.previews |= other.is_prerelease();
            }
        }
        seen.standing(version, listing)
    }
}

/// The listed versions that were seen beside one that is not listed.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is seen or not, in any combination")]
struct Seen {
    any: bool,
    some_older: bool,
    some_newer: bool,
    in_line: bool,
    newer_in_line: bool,
    /// Pre-releases of its line are listed.
    previews: bool,
}

impl Seen {
    fn standing(&self, version: &Version, listing: Listing) -> Standing {
        if !self.any || version.numbers().is_empty() {
            return Standing::Absent;
        }
        if !self.some_newer || (self.in_line && !self.newer_in_line) {
            return Standing::Newer;
        }
        if !self.some_older {
            return Standing::Older;
        }
        // A list of final releases says nothing about what led up to them.
        let unlisted_preview = version.is_prerelease() && !self.previews;
        if self.in_line && (listing == Listing::Partial || unlisted_preview) {
            return Standing::Between;
        }
        Standing::Absent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::{Numbering, Scheme};

    fn standing(text: &str, listing: Listing) -> Standing {
        let numbering = Numbering::new(Scheme::Semver);
        let parse = |text: &str| numbering.parse(text).expect("it is a version");
        let listed = ["1.1.0", "1.1.4", "1.2.0", "3.0.0-rc1", "3.0.0"].map(parse);
        Standing::of(&parse(text), listed.iter(), listing)
    }

    #[test]
    fn beyond_its_ends_a_list_says_nothing() {
        for listing in [Listing::Complete, Listing::Partial] {
            assert_eq!(standing("3.0.1", listing), Standing::Newer);
            assert_eq!(standing("4.0.0", listing), Standing::Newer);
            assert_eq!(standing("1.1.5", listing), Standing::Newer);
            assert_eq!(standing("1.0.0", listing), Standing::Older);
        }
    }

    #[test]
    fn inside_a_complete_list_what_is_not_listed_does_not_exist() {
        assert_eq!(standing("1.1.2", Listing::Complete), Standing::Absent);
        assert_eq!(standing("1.1.2", Listing::Partial), Standing::Between);
        for listing in [Listing::Complete, Listing::Partial] {
            assert_eq!(standing("2.0.0", listing), Standing::Absent);
        }
    }

    #[test]
    fn a_list_of_final_releases_does_not_tell_what_led_up_to_them() {
        assert_eq!(standing("1.2.0-rc1", Listing::Complete), Standing::Between);
        assert_eq!(standing("3.0.0-rc0", Listing::Complete), Standing::Absent);
    }
}
