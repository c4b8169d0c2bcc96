//! The oldest core that a plugin release goes with: by its own words, and with everything that it needs.

use crate::answer::diff::{Floors, LineFit};
use crate::answer::selection::SetOutcome;
use crate::catalog::{Catalog, NeedKind, PackageIx, Rank, ReleaseId, ReleaseSet};
use crate::lifecycle::{ended, is_supported, support};
use crate::range::{Bare, Range};
use crate::resolve::{Request, Requirement, every_core, find};
use crate::version::{Step, Version};

use super::request::DiffRequest;

/// The oldest release of a core that one release of a plugin goes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Floor {
    /// By its own requirements; `None` if it states none on the core, or none that a release satisfies.
    pub declared: Option<Rank>,
    /// With everything that it needs; `None` if nothing works.
    pub effective: Option<Rank>,
}

/// Returns the oldest release of its core that a plugin release goes with. The cores that it accepts by itself
/// are tried, the oldest first, since nothing else can work; nearly always it is the first.
pub fn floor(catalog: &Catalog, plugin: ReleaseId, core: PackageIx) -> Floor {
    let stated = catalog.package(core);
    let works = |&rank: &Rank| {
        let requirements = [
            Requirement::exactly(catalog, core, rank),
            Requirement::exactly(catalog, plugin.0, plugin.1),
        ];
        matches!(find(catalog, &Request::newest(requirements.into())), SetOutcome::Set(_))
    };
    let accepted = catalog.accepted(plugin, core);
    let mut usable = accepted.iter().filter(|&rank| stated.release(rank).withdrawn.is_none());
    Floor { declared: declared(catalog, plugin, core), effective: usable.find(works) }
}

fn declared(catalog: &Catalog, plugin: ReleaseId, core: PackageIx) -> Option<Rank> {
    let needs = catalog.package(plugin.0).needs(plugin.1);
    let states = needs.iter().any(|need| need.target == core && need.kind != NeedKind::Conflicts);
    let stated = catalog.package(core);
    let accepted = catalog.accepted(plugin, core);
    states.then(|| accepted.iter().find(|&rank| stated.release(rank).withdrawn.is_none()))?
}

/// Returns the oldest version of a core that a plugin release says it accepts, which need not be listed.
fn stated(catalog: &Catalog, plugin: ReleaseId, core: PackageIx) -> Option<Version> {
    let package = catalog.package(core);
    let needs = catalog.package(plugin.0).needs(plugin.1).iter();
    let needs = needs.filter(|need| need.target == core && need.kind != NeedKind::Conflicts);
    let floors = needs.filter_map(|need| {
        let constraint = catalog.constraint(need.constraint);
        let plain = constraint.interface.is_none().then_some(&constraint.text)?;
        Range::parse(plain, &package.numbering, Bare::Exact).ok()?.floor()
    });
    let stated = floors.reduce(|a, b| if a.is_before(&b) { b } else { a });
    let listed = || declared(catalog, plugin, core).map(|rank| package.version(rank).clone());
    stated.or_else(listed)
}

/// The releases of a core with which a plugin release works, with everything that it needs.
struct Works {
    known: ReleaseSet,
    /// Those of which nobody knows.
    open: ReleaseSet,
}

/// Returns the releases of a core with which a plugin release works.
fn works_with(catalog: &Catalog, plugin: ReleaseId, core: PackageIx) -> Works {
    let request = Request::newest(vec![Requirement::exactly(catalog, plugin.0, plugin.1)]);
    let none = ReleaseSet::empty(catalog.package(core).len());
    let mut works = Works { known: none.clone(), open: none };
    for answer in every_core(catalog, &request, core) {
        match answer.outcome {
            SetOutcome::Set(_) => works.known.insert(answer.core.1),
            SetOutcome::Open(_) => works.open.insert(answer.core.1),
            SetOutcome::Impossible | SetOutcome::Unknown => {}
        }
    }
    works
}

/// Returns the floors of both releases, and what the lines of the core have.
pub(super) fn floors(catalog: &Catalog, asked: &DiffRequest) -> (Option<Floors>, Vec<LineFit>) {
    let Some(core) = catalog.package(asked.to.0).core else { return (None, Vec::new()) };
    let works = [asked.from, asked.to].map(|release| works_with(catalog, release, core));
    let [old, new] = &works;
    let [before, after] = [asked.from, asked.to].map(|release| stated(catalog, release, core));
    let declared_raised =
        before.as_ref().zip(after.as_ref()).is_some_and(|(before, after)| before.is_before(after));
    let text = |version: Option<Version>| version.map(|version| version.text().to_owned());
    let floors = Floors {
        core,
        declared: (text(before), text(after)),
        declared_raised,
        effective: (old.known.oldest(), new.known.oldest()),
    };
    (Some(floors), lines(catalog, asked, core, old, new))
}

/// Returns the lines that are asked about; else those with long-term support, or all supported ones where a
/// project has no such lines.
///
/// Where support is promised for a whole major, or nobody says for what, the minor lines are shown that either
/// release works with: all others would be a long list of dashes.
fn lines(
    catalog: &Catalog,
    asked: &DiffRequest,
    core: PackageIx,
    old: &Works,
    new: &Works,
) -> Vec<LineFit> {
    let lifecycle = catalog.lifecycle(core);
    let narrow = lifecycle.filter(|lifecycle| lifecycle.step != Step::Major);
    let step = narrow.map_or(Step::Minor, |lifecycle| lifecycle.step);
    let has_lts = lifecycle.is_some_and(|lifecycle| !lifecycle.lts.is_empty());
    let wanted = match (&asked.cores, narrow) {
        (Some(cores), _) => cores.clone(),
        (None, Some(_)) => supported(catalog, core, asked, has_lts),
        (None, None) => not_ended(catalog, core, asked),
    };
    let package = catalog.package(core);
    let mut lines: Vec<_> = wanted.iter().map(|rank| package.version(rank).line(step)).collect();
    lines.dedup();
    let newest = |set: &ReleaseSet, line| {
        let ranks = package.line_ranks(line, step).rev();
        ranks.filter(|&rank| wanted.contains(rank)).find(|&rank| set.contains(rank))
    };
    let fit = |line| {
        let (before, after) = (newest(&old.known, line), newest(&new.known, line));
        LineFit {
            line,
            lts: lifecycle.is_some_and(|lifecycle| lifecycle.lts.contains(&line)),
            before,
            after,
            unknown: (
                before.is_none() && newest(&old.open, line).is_some(),
                after.is_none() && newest(&new.open, line).is_some(),
            ),
        }
    };
    let told = |fit: &LineFit| {
        asked.cores.is_some() || narrow.is_some() || fit.before.or(fit.after).is_some()
    };
    lines.into_iter().map(fit).filter(told).collect()
}

/// Returns the stable releases of a core that are not known to be past their end on the day.
fn not_ended(catalog: &Catalog, core: PackageIx, asked: &DiffRequest) -> ReleaseSet {
    let package = catalog.package(core);
    let mut set = ReleaseSet::filled(package.len(), |rank| package.release(rank).is_choosable());
    set.subtract(&ended(catalog, core, asked.as_of));
    set
}

/// Returns the stable releases of a core that are supported on the day.
fn supported(
    catalog: &Catalog,
    core: PackageIx,
    asked: &DiffRequest,
    only_lts: bool,
) -> ReleaseSet {
    let package = catalog.package(core);
    let mut set = ReleaseSet::empty(package.len());
    // A line is looked up once, its releases share the answer.
    for row in support(catalog, core, None, asked.as_of) {
        let serves = is_supported(catalog, (core, row.newest), asked.as_of) == Some(true);
        if serves && (row.lts || !only_lts) {
            let step = catalog.lifecycle(core).map_or(Step::Minor, |lifecycle| lifecycle.step);
            for rank in package.line_ranks(row.line, step) {
                set.put(rank, package.release(rank).is_choosable());
            }
        }
    }
    set
}
