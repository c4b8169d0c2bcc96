//! What is said of a version that nobody lists.

use super::{Catalog, PackageIx, ReleaseId, Standing};
use crate::version::Step;

impl Catalog {
    /// Says of a release that nobody lists what that means. `label` is how it is written.
    pub fn unlisted(&self, (package, rank): ReleaseId, label: &str) -> String {
        let stated = self.package(package);
        let version = stated.version(rank);
        let on = self.day_of(package).map(|day| format!(" on {day}")).unwrap_or_default();
        let why = match stated.standing(version) {
            Standing::Newer => format!(" (newer than anything known of its line{on})"),
            Standing::Older => " (older than where the list begins)".to_owned(),
            Standing::Between | Standing::Absent => String::new(),
        };
        let line = version.line(Step::Minor);
        let mut known = stated.releases().iter().filter(|release| release.is_listed());
        if known.any(|release| release.version.line(Step::Minor) == line) {
            return format!(
                "{label} is not listed{why}; facts stated for its release line are applied"
            );
        }
        let why = why.replace(" of its line", "");
        format!("{label} is not listed{why}; only facts stated for open ranges are applied")
    }

    /// Says between which releases a version would be that is none, if it can be read.
    pub fn around(&self, package: PackageIx, text: &str) -> Option<String> {
        let stated = self.package(package);
        let on = self.day_of(package).map(|day| format!(" on {day}")).unwrap_or_default();
        let version = stated.numbering.parse(text).ok();
        let version = version.or_else(|| Some(stated.numbering.parse_line(text)?.1))?;
        let version = Some(version).filter(|version| !version.numbers().is_empty())?;
        let (before, after) = stated.neighbours(&version);
        let text = |rank| stated.version(rank);
        Some(match (before, after) {
            (Some(before), Some(after)) => {
                format!("the nearest releases are {} and {}", text(before), text(after))
            }
            (Some(before), None) => {
                format!("it is newer than anything known{on}, which is {}", text(before))
            }
            (None, Some(after)) => format!("the oldest known release is {}", text(after)),
            (None, None) => return None,
        })
    }

    /// Returns the day up to which the facts about a package are known, if its matrix says.
    fn day_of(&self, package: PackageIx) -> Option<&str> {
        let matrix = &self.package(package).matrix;
        let stated = self.matrices().iter().find(|one| one.name == *matrix)?;
        Some(stated.as_of.as_str()).filter(|day| !day.is_empty())
    }
}
