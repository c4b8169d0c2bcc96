//! Families: members off their mapping, members that are not out, members that nothing binds.

use super::picks::Picks;
use crate::catalog::{
    Catalog, Family, NeedKind, PackageIx, Rank, ReleaseId, ReleaseSet, is_expected,
};
use crate::finding::{Check, Finding, Severity};
use crate::version::Numbers;

/// Number of members that a sentence names before it counts the rest.
const NAMED: usize = 3;

/// Returns the core releases for which each of the members is out: stable releases, not withdrawn, that
/// the mapping gives this core, or that are numbered on their own, and that accept it.
///
/// Members that the family does not have are ignored. Whether such a set can be had in full, with all
/// that it needs, is for a search to say; asking for the newest of these cores is the question.
pub fn coherent_cores(catalog: &Catalog, family: &Family, members: &[PackageIx]) -> ReleaseSet {
    let core = catalog.package(family.core);
    ReleaseSet::filled(core.len(), |rank| is_coherent(catalog, family, rank, members))
}

fn is_coherent(catalog: &Catalog, family: &Family, core: Rank, members: &[PackageIx]) -> bool {
    let bound = members.iter().filter(|member| family.members.contains(member));
    catalog.package(family.core).release(core).is_choosable()
        && bound.clone().all(|&member| counterpart(catalog, family, core, member).is_some())
}

/// Returns the newest release of a member that goes with a core release: one of its number, or else one
/// that is numbered on its own.
fn counterpart(catalog: &Catalog, family: &Family, core: Rank, member: PackageIx) -> Option<Rank> {
    let expected = family.expected(catalog.package(family.core).version(core));
    let stated = catalog.package(member);
    let usable = |&rank: &Rank| {
        let release = stated.release(rank);
        release.is_listed()
            && release.is_choosable()
            && catalog.accepted((member, rank), family.core).contains(core)
    };
    let numbered = |&rank: &Rank| is_expected(&expected, stated.version(rank));
    let excused = |&rank: &Rank| family.is_excused((member, rank));
    stated
        .ranks()
        .rev()
        .filter(numbered)
        .find(usable)
        .or_else(|| stated.ranks().rev().filter(excused).find(usable))
}

/// Returns whether a member of a family of this core is off its mapping.
pub(super) fn is_off(catalog: &Catalog, core: ReleaseId, member: ReleaseId) -> bool {
    let families = catalog.families().iter().filter(|family| family.core == core.0);
    let mut own = families.filter(|family| family.members.contains(&member.0));
    own.any(|family| {
        let version = catalog.package(member.0).version(member.1);
        let expected = family.expected(catalog.package(core.0).version(core.1));
        !family.is_excused(member) && !expected.is_empty() && !is_expected(&expected, version)
    })
}

/// Returns what is suspicious about the members of one family whose core is in the set.
pub(super) fn findings(set: &Picks<'_>, family: &Family, core: Rank) -> Vec<Finding> {
    let view = FamilyCheck::new(set, family, core);
    let mut findings = Vec::new();
    for &member in set.releases.iter().filter(|(package, _)| family.members.contains(package)) {
        let off = view.off(member);
        let unpinned = view.unpinned(member, off.is_some());
        findings.extend(off.into_iter().chain(unpinned));
    }
    findings
}

/// Says that a core is so new that packages released with it, of which none is in the set, are still
/// awaited.
pub(super) fn window(set: &Picks<'_>, core: ReleaseId) -> Option<Finding> {
    let catalog = set.catalog;
    let views = || {
        catalog
            .families()
            .iter()
            .filter(|family| family.core == core.0)
            .map(|family| FamilyCheck::new(set, family, core.1))
    };
    let awaited: Vec<_> = views().flat_map(|view| view.awaited()).collect();
    let names: Vec<_> =
        awaited.iter().map(|&member| catalog.package(member).name.as_str()).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let label = catalog.label(core);
    let text = format!(
        "{label} is inside its publish window: {}, released with it, {verb} not out for it yet",
        list(&names)?
    );
    let mut finding = Finding::new(Check::FamilyUnpublished, Severity::Info, label, text);
    for view in views().filter(|view| !view.awaited().is_empty()) {
        finding = finding.citing(catalog.cite(view.family.fact));
    }
    let complete = newest_coherent(catalog, core.0, &awaited)?;
    Some(
        finding.hinting(format!("the newest release that has them is {}", catalog.label(complete))),
    )
}

/// Lists names, of many the first and how many more there are. None of none.
fn list(names: &[&str]) -> Option<String> {
    let (last, before) = names.split_last()?;
    Some(if before.is_empty() {
        (*last).to_owned()
    } else if before.len() < NAMED {
        format!("{} and {last}", before.join(", "))
    } else {
        format!("{} and {} more", names[..NAMED].join(", "), names.len() - NAMED)
    })
}

/// Returns the newest release of a core for which all members of its families are out.
fn newest_coherent(catalog: &Catalog, core: PackageIx, members: &[PackageIx]) -> Option<ReleaseId> {
    let families = || catalog.families().iter().filter(|family| family.core == core);
    let all = |rank: &Rank| families().all(|family| is_coherent(catalog, family, *rank, members));
    Some((core, catalog.package(core).ranks().rev().find(all)?))
}

/// One family of the set, beside its core's release.
struct FamilyCheck<'a> {
    set: &'a Picks<'a>,
    family: &'a Family,
    core: Rank,
    /// The numbers that the mapping gives to members.
    expected: Vec<Numbers>,
}

impl<'a> FamilyCheck<'a> {
    fn new(set: &'a Picks<'a>, family: &'a Family, core: Rank) -> Self {
        let expected = family.expected(set.catalog.package(family.core).version(core));
        Self { set, family, core, expected }
    }

    fn catalog(&self) -> &Catalog {
        self.set.catalog
    }

    fn core_id(&self) -> ReleaseId {
        (self.family.core, self.core)
    }

    fn name(&self, package: PackageIx) -> &str {
        &self.catalog().package(package).name
    }

    /// Says that a member is off its mapping, and whether it could have been on it.
    fn off(&self, member: ReleaseId) -> Option<Finding> {
        let version = self.catalog().package(member.0).version(member.1);
        if self.family.is_excused(member) || is_expected(&self.expected, version) {
            return None;
        }
        let number = self.expected.first()?;
        let counterpart = counterpart(self.catalog(), self.family, self.core, member.0);
        let finding = match counterpart {
            Some(rank) => self.mismatch(member, (member.0, rank)),
            None => self.unpublished(member, *number),
        };
        Some(finding)
    }

    fn finding(
        &self,
        check: Check,
        severity: Severity,
        member: ReleaseId,
        text: String,
    ) -> Finding {
        let cite = self.catalog().cite(self.family.fact);
        Finding::new(check, severity, self.catalog().label(member), text).citing(cite)
    }

    /// Lets through what somebody asked for with a warning.
    fn severity(&self, member: ReleaseId) -> Severity {
        if self.set.asked.contains(&member.0) { Severity::Warning } else { Severity::Error }
    }

    /// Says how to have a refused release all the same.
    fn insistence(&self, member: ReleaseId) -> String {
        match self.severity(member) {
            Severity::Error => {
                format!(", or for {} to have it all the same", self.set.spec(member))
            }
            Severity::Warning | Severity::Info => String::new(),
        }
    }

    fn mismatch(&self, member: ReleaseId, right: ReleaseId) -> Finding {
        let catalog = self.catalog();
        let text = format!(
            "{} is off its family: {} goes with {}",
            catalog.label(member),
            catalog.label(self.core_id()),
            catalog.label(right)
        );
        self.finding(Check::FamilyMismatch, self.severity(member), member, text).hinting(format!(
            "ask for {}{}",
            self.set.spec(right),
            self.insistence(member)
        ))
    }

    fn unpublished(&self, member: ReleaseId, number: Numbers) -> Finding {
        let catalog = self.catalog();
        let (name, core) = (self.name(member.0), catalog.label(self.core_id()));
        let state = match self.family.bare(self.core) {
            Some(exception) => format!("was never published ({})", exception.why),
            None if self.is_passed(member.0) => "was never published".to_owned(),
            None => "is not published yet".to_owned(),
        };
        let text = format!(
            "{name} {number}, which goes with {core}, {state}; {} is no substitute for it",
            catalog.version(member)
        );
        let finding = self.finding(Check::FamilyUnpublished, self.severity(member), member, text);
        let bare = self.family.bare(self.core).map(|exception| catalog.cite(exception.fact));
        let bare = bare.filter(|cite| !finding.cites.contains(cite));
        let finding = bare.into_iter().fold(finding, Finding::citing);
        match self.coherent_set() {
            Some((ask, set)) => {
                finding.hinting(format!("ask for {ask}; the newest coherent set is {set}"))
            }
            None => finding.hinting(format!(
                "no release of {} has all of these members",
                self.name(self.family.core)
            )),
        }
    }

    /// Returns whether a later release of the core has the member.
    fn is_passed(&self, member: PackageIx) -> bool {
        let core = self.catalog().package(self.family.core);
        let mut later = core.ranks().filter(|&rank| rank > self.core);
        later.any(|rank| self.is_out(rank, member))
    }

    /// Returns whether a member's release of the number that goes with a core release is out.
    fn is_out(&self, core: Rank, member: PackageIx) -> bool {
        let expected = self.family.expected(self.catalog().package(self.family.core).version(core));
        let releases = self.catalog().package(member).releases();
        releases.iter().any(|release| {
            release.is_listed()
                && release.withdrawn.is_none()
                && is_expected(&expected, &release.version)
        })
    }

    /// Returns the newest core with which all members of the set are out, and these releases, in words:
    /// members of every family that follows this core.
    fn coherent_set(&self) -> Option<(String, String)> {
        let catalog = self.catalog();
        let packages: Vec<_> = self.set.releases.iter().map(|(package, _)| *package).collect();
        let core = newest_coherent(catalog, self.family.core, &packages)?;
        let label = |member: PackageIx| {
            let mut families = catalog.families().iter().filter(|family| family.core == core.0);
            let family = families.find(|family| family.members.contains(&member))?;
            let rank = counterpart(catalog, family, core.1, member)?;
            Some(catalog.label((member, rank)))
        };
        let members: Vec<_> = packages.into_iter().filter_map(label).collect();
        let set = format!("{} with {}", catalog.label(core), members.join(", "));
        Some((self.set.spec(core), set))
    }

    /// Says that neither the member nor anything else in the set ties it to this core.
    fn unpinned(&self, member: ReleaseId, is_off: bool) -> Option<Finding> {
        let catalog = self.catalog();
        let core = self.family.core;
        let is_free = |from: ReleaseId, target: PackageIx| {
            catalog.accepted(from, target).count() == catalog.package(target).len()
        };
        let held = self.set.releases.iter().any(|&other| !is_free(other, member.0));
        if held || !is_free(member, core) {
            return None;
        }
        let right = counterpart(catalog, self.family, self.core, member.0)
            .filter(|&rank| !is_off && !is_free((member.0, rank), core))
            .map(|rank| (member.0, rank));
        let text = format!(
            "{} states no release of {} that it goes with, so an installer may change either alone",
            catalog.label(member),
            self.name(core)
        );
        let severity = if right.is_some() { Severity::Warning } else { Severity::Info };
        let stated = catalog.package(member.0);
        let needs = stated.needs(member.1).iter();
        let fact = needs
            .filter(|need| need.kind != NeedKind::Conflicts)
            .find(|need| need.target == core)
            .map(|need| need.fact)
            .or(stated.release(member.1).fact)
            .unwrap_or(stated.fact);
        let hint = match right {
            Some(right) => format!(
                "ask for {}, which goes with {}",
                self.set.spec(right),
                catalog.label(self.core_id())
            ),
            None => "pin both by their exact versions where they are installed".to_owned(),
        };
        let finding = Finding::new(Check::FamilyUnpinned, severity, catalog.label(member), text);
        Some(finding.citing(catalog.cite_for(fact, Some(member))).hinting(hint))
    }

    /// Returns the members outside the set that were out for the last core release that had any, but are
    /// not for this one. A member that stopped earlier is not waited for, and none is once the family
    /// has gone on to a later core.
    fn awaited(&self) -> Vec<PackageIx> {
        if self.expected.is_empty() || self.family.bare(self.core).is_some() {
            return Vec::new();
        }
        let core = self.catalog().package(self.family.core);
        let members = &self.family.members;
        let has_any = |rank: &Rank| members.iter().any(|&member| self.is_out(*rank, member));
        let is_over = core.ranks().filter(|&rank| rank > self.core).any(|rank| has_any(&rank));
        let front = core.ranks().rev().filter(|&rank| rank < self.core).find(has_any);
        let Some(front) = front.filter(|_| !is_over) else {
            return Vec::new();
        };
        let is_awaited = |member: &PackageIx| {
            self.set.rank_of(*member).is_none()
                && self.is_out(front, *member)
                && !self.is_out(self.core, *member)
        };
        members.iter().copied().filter(is_awaited).collect()
    }
}
