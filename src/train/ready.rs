//! Readiness: does a release of the product come with the complete set of extensions?
//!
//! Every release should have a build of every extension of the set: those that carried the set's
//! attribute in the release before, and those that carry it now. The release before is the newest older
//! version that was out by then: patches of an older line come out later, too.
//!
//! The matrix says of which releases the whole list is known. What has no build there left the set.
//! Elsewhere one without a build may still load an older one, if it uses a stable interface; otherwise the
//! unstable one holds it back, if all its builds are listed. If they may not be, it is `unknown`.

use super::view::TrainView;
use crate::answer::train::{Move, Readiness, ReadyAnswer, ReadyRow};
use crate::catalog::{
    Catalog, Channel, Listing, NeedKind, Package, PackageIx, Rank, ReleaseId, TrainSet,
};

/// Returns which extensions of the set a release comes with; `None` if no set is stated.
pub fn ready(view: TrainView<'_>, rank: Rank) -> Option<ReadyAnswer> {
    let set = view.train.set.as_ref()?;
    let look = ExtensionSet { catalog: view.catalog, core: view.train.package, set };
    let members = look.members();
    let is_built = |at: Rank| members.iter().any(|&member| look.build(member, at).is_some());
    // A few builds are no list to compare with where whole ones are known.
    let is_known = |at: Rank| {
        if set.listed.is_empty() { is_built(at) } else { set.listed.contains(at) }
    };
    let core = view.catalog.package(look.core);
    let before =
        core.ranks().rev().find(|&before| look.is_before(before, rank) && is_known(before));
    let in_set = |member: &PackageIx| {
        look.build(*member, rank).is_some()
            || before.is_some_and(|before| look.build(*member, before).is_some())
    };
    let listed = is_built(rank);
    let members = members.iter().copied().filter(in_set);
    let rows: Vec<_> = members.map(|member| look.row(member, rank, before, listed)).collect();
    Some(ReadyAnswer { release: (look.core, rank), before, complete: complete(&rows), rows })
}

fn complete(rows: &[ReadyRow]) -> Option<bool> {
    if rows.is_empty() || rows.iter().any(|row| row.state == Readiness::Unknown) {
        return None;
    }
    Some(rows.iter().all(|row| row.state != Readiness::Held))
}

struct ExtensionSet<'c> {
    catalog: &'c Catalog,
    core: PackageIx,
    set: &'c TrainSet,
}

impl<'c> ExtensionSet<'c> {
    /// Returns the extensions that ever were in the set, by name.
    fn members(&self) -> Vec<PackageIx> {
        let packages = self.catalog.packages();
        let mut members: Vec<_> = packages
            .filter(|(_, package)| package.core == Some(self.core))
            .filter(|(_, package)| package.ranks().any(|rank| self.place(package, rank).is_some()))
            .map(|(member, _)| member)
            .collect();
        members.sort_by_key(|&member| &self.catalog.package(member).name);
        members
    }

    /// Returns whether a stable release is older than another, as a version and by its day.
    fn is_before(&self, before: Rank, rank: Rank) -> bool {
        let release = |at: Rank| self.catalog.package(self.core).release(at);
        let (earlier, own) = (release(before), release(rank));
        let was_out = match (earlier.date, own.date) {
            (Some(earlier), Some(own)) => earlier <= own,
            (None, _) | (_, None) => true,
        };
        before < rank
            && was_out
            && earlier.channel == Channel::Stable
            && earlier.withdrawn.is_none()
    }

    fn place(&self, package: &'c Package, rank: Rank) -> Option<&'c str> {
        let mut attributes = package.release(rank).attributes.iter();
        let found = attributes.find(|(key, _)| *key == self.set.attribute);
        found.map(|(_, value)| value.as_str())
    }

    /// Returns the build of a member for a release of the product.
    fn build(&self, member: PackageIx, at: Rank) -> Option<Rank> {
        let package = self.catalog.package(member);
        let build = package.find(self.catalog.version((self.core, at)))?;
        self.place(package, build).map(|_| build)
    }

    fn row(&self, member: PackageIx, at: Rank, before: Option<Rank>, listed: bool) -> ReadyRow {
        let package = self.catalog.package(member);
        let own = self.build(member, at);
        let older = || {
            let before = before.and_then(|before| self.build(member, before));
            before.or_else(|| package.ranks().next_back())
        };
        let build = own.or_else(older);
        let loads = build
            .is_some_and(|build| self.catalog.accepted((member, build), self.core).contains(at));
        let left = self.set.listed.contains(at);
        let state = match (own, left, loads) {
            (Some(_), ..) => Readiness::Built,
            (None, true, _) => Readiness::Left,
            (None, false, true) => Readiness::Loads,
            (None, false, false) if listed && package.listing == Listing::Complete => {
                Readiness::Held
            }
            (None, false, false) => Readiness::Unknown,
        };
        ReadyRow {
            package: member,
            state,
            build,
            interface: build.and_then(|build| self.interface((member, build))),
            moved: match state {
                Readiness::Left => Some(Move::Left),
                Readiness::Built | Readiness::Loads | Readiness::Held | Readiness::Unknown => {
                    before.and_then(|before| self.moved(member, own?, before))
                }
            },
            fact: build.and_then(|build| package.release(build).fact),
        }
    }

    /// Returns what changed for a member that has a build since the release before.
    fn moved(&self, member: PackageIx, own: Rank, before: Rank) -> Option<Move> {
        let package = self.catalog.package(member);
        let Some(earlier) = self.build(member, before) else { return Some(Move::Joined) };
        let in_tree = |build| self.place(package, build) == Some(self.set.in_tree.as_str());
        match (in_tree(earlier), in_tree(own)) {
            (true, false) => Some(Move::OutOfTree),
            (false, true) => Some(Move::InTree),
            (true, true) | (false, false) => None,
        }
    }

    /// Returns the interface of the product that a build uses.
    fn interface(&self, (member, build): ReleaseId) -> Option<(String, &'static str)> {
        let needs = self.catalog.package(member).needs(build).iter();
        let mut needs = needs.filter(|need| need.kind == NeedKind::Requires);
        let interface = needs.find_map(|need| {
            let constraint = self.catalog.constraint(need.constraint);
            constraint.interface.filter(|_| constraint.target == self.core)
        })?;
        let stated = self.catalog.interface(interface);
        Some((stated.name.clone(), stated.stability.name()))
    }
}
