//! Interface levels: reading them, and giving them positions in one order per interface.
//!
//! A level is a number or a version. All levels that any fact mentions for an interface are
//! collected first, then sorted; a span of levels becomes a pair of positions.

use super::Lowering;
use super::level_table::{LevelEnd, ends};
use crate::catalog::{InterfaceIx, PackageIx, Rank};
use crate::matrix::text::Text;
use crate::problem::{ProblemCode, shown};

impl<'a> Lowering<'_, 'a> {
    /// Adds the levels of a span to an interface's table, reporting one that does not parse.
    pub(super) fn collect_levels(&mut self, interface: InterfaceIx, text: &Text<'a>) {
        let (low, high) = ends(text);
        for end in [low, high] {
            if let LevelEnd::Level(level) = end
                && let Err(message) = self.levels[interface.ix()].add(level)
            {
                self.report(Some(text), ProblemCode::Level, message);
                return;
            }
        }
        if text.is_empty() {
            let message =
                "expected a level such as `80` or `..=80`, found an empty text".to_owned();
            self.report(Some(text), ProblemCode::Level, message);
        }
        if let (LevelEnd::Level(low), LevelEnd::Level(high)) = (low, high)
            && self.levels[interface.ix()].is_before(high, low)
        {
            let message = format!("expected the lower level first, found `{}`", shown(text));
            self.report(Some(text), ProblemCode::Level, message);
        }
    }

    /// Adds every version of a package as a level, for facts that say `self`.
    pub(super) fn collect_own_levels(
        &mut self,
        interface: InterfaceIx,
        package: PackageIx,
        at: &Text<'a>,
    ) {
        let versions: Vec<_> = self
            .catalog
            .package(package)
            .releases
            .iter()
            .map(|release| release.version.to_string())
            .collect();
        for version in versions {
            if let Err(reason) = self.levels[interface.ix()].add(&version) {
                let message = format!("`self` is no level of the interface: {reason}");
                self.report(Some(at), ProblemCode::Level, message);
                return;
            }
        }
    }

    /// Returns the positions of a span for one release, `None` if an end is no level.
    pub(super) fn level_span(
        &self,
        interface: InterfaceIx,
        text: &str,
        package: PackageIx,
        rank: Rank,
    ) -> Option<(u32, u32)> {
        let table = &self.levels[interface.ix()];
        let own = || table.position(self.catalog.package(package).version(rank).text());
        let at = |end: LevelEnd<'_>, open: u32| match end {
            LevelEnd::Open => Some(open),
            LevelEnd::Own => own(),
            LevelEnd::Level(level) => table.position(level),
        };
        let (low, high) = ends(text);
        Some((at(low, 0)?, at(high, u32::MAX)?))
    }
}
