//! Platforms that releases are built for: needs on the package of platforms that their matrix has.
//!
//! A release that states what it is built for goes with these platforms alone, one that states what it is not built
//! for with all others. Of one that states neither no fact says what it goes with, if its matrix has platforms at all
//! and other releases of its package, or its core, are told apart by them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Lowering, ReleaseEntry};
use crate::catalog::{
    Constraint, ConstraintIx, Need, NeedKind, PackageIx, PackageKind, Rank, ReleaseSet,
};
use crate::matrix::text::Text;
use crate::problem::ProblemCode;

/// The builds of one release.
struct Builds<'s, 'a> {
    /// True if the platforms are those that it is not built for.
    excluded: bool,
    platforms: &'s [Text<'a>],
}

impl<'a> Lowering<'_, 'a> {
    /// Makes needs of the platforms that releases are built for.
    pub(super) fn platforms(&mut self) {
        let (mut made, mut known) = (FxHashMap::default(), FxHashSet::default());
        for package in (0..self.stated.len()).map(PackageIx::new) {
            let mut drafts = self.drafts[package.ix()].iter();
            if drafts.all(|(_, raw)| raw.releases.with_rest().next().is_none()) {
                continue;
            }
            for at in 0..self.stated[package.ix()].len() {
                let ReleaseEntry { rank, file, release } = self.stated[package.ix()][at];
                self.file = file;
                let Some(rest) = release.rest() else { continue };
                let stated = [(false, &rest.built_for), (true, &rest.not_built_for)];
                for (excluded, platforms) in stated {
                    if let Some(platforms) = platforms {
                        self.built(package, rank, &Builds { excluded, platforms }, &mut made);
                        known.insert((package, rank));
                    }
                }
            }
        }
        self.unstated_builds(&known);
    }

    /// Notes of plugin releases that state no platforms that no fact says what they are built for, where the matrix
    /// states it of others.
    fn unstated_builds(&mut self, known: &FxHashSet<(PackageIx, Rank)>) {
        let mut open: FxHashMap<PackageIx, ConstraintIx> = FxHashMap::default();
        let matrices: FxHashSet<String> = known
            .iter()
            .map(|(package, _)| self.catalog.package(*package).matrix.clone())
            .collect();
        for package in (0..self.stated.len()).map(PackageIx::new) {
            let stated = self.catalog.package(package);
            let is_plugin = stated.core.is_some() && matrices.contains(&stated.matrix);
            let Some(target) = self.platform_beside(package).filter(|_| is_plugin) else {
                continue;
            };
            let silent = stated.ranks().filter(|&rank| !known.contains(&(package, rank)));
            let silent: Vec<_> =
                silent.filter_map(|rank| Some((rank, stated.release(rank).fact?))).collect();
            let len = self.catalog.package(target).len();
            for (rank, fact) in silent {
                let constraints = &mut self.catalog.constraints;
                let constraint = *open.entry(target).or_insert_with(|| {
                    constraints.add(Constraint {
                        target,
                        text: "that is not stated".to_owned(),
                        interface: None,
                        declared: None,
                        allowed: ReleaseSet::empty(len),
                        unknown: ReleaseSet::full(len),
                    })
                });
                let need = Need { target, constraint, kind: NeedKind::Optional, fact };
                self.push_need(package, rank, need);
            }
        }
    }

    fn built(
        &mut self,
        package: PackageIx,
        rank: Rank,
        builds: &Builds<'_, 'a>,
        made: &mut FxHashMap<(PackageIx, bool, ReleaseSet), ConstraintIx>,
    ) {
        let Some(target) = self.platform_beside(package) else {
            let message = "no package of kind `platform` is in the matrix";
            self.report(builds.platforms.first(), ProblemCode::UnknownName, message.to_owned());
            return;
        };
        let Some(set) = self.platforms_named(target, builds) else { return };
        let Some(fact) = self.catalog.package(package).release(rank).fact else { return };
        let kind = if builds.excluded { NeedKind::Conflicts } else { NeedKind::Optional };
        if builds.excluded && set.is_empty() {
            return;
        }
        let constraint = made.entry((target, builds.excluded, set.clone())).or_insert_with(|| {
            let names: Vec<_> =
                set.iter().map(|at| self.catalog.version((target, at)).to_owned()).collect();
            self.catalog.constraints.add(Constraint {
                target,
                text: names.join(" || "),
                interface: None,
                declared: None,
                unknown: ReleaseSet::empty(set.size()),
                allowed: set,
            })
        });
        let need = Need { target, constraint: *constraint, kind, fact };
        self.push_need(package, rank, need);
    }

    /// Returns the platforms of the matrix that states a package.
    fn platform_beside(&self, package: PackageIx) -> Option<PackageIx> {
        let matrix = &self.catalog.package(package).matrix;
        let mut packages = self.catalog.packages();
        let found = packages
            .find(|(_, other)| other.kind == PackageKind::Platform && other.matrix == *matrix);
        found.map(|(platform, _)| platform)
    }

    /// Returns the releases of a package of platforms that have some names; reports those that it does not have.
    fn platforms_named(
        &mut self,
        target: PackageIx,
        builds: &Builds<'_, 'a>,
    ) -> Option<ReleaseSet> {
        let mut set = ReleaseSet::empty(self.catalog.package(target).len());
        let mut sound = true;
        for name in builds.platforms {
            match self.catalog.package(target).find(name) {
                Some(rank) => set.insert(rank),
                None => {
                    let platform = &self.catalog.package(target).name;
                    let message = format!("`{}` is no {platform}", crate::problem::shown(name));
                    self.report(Some(name), ProblemCode::UnknownName, message);
                    sound = false;
                }
            }
        }
        sound.then_some(set)
    }
}
