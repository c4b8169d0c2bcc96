//! Words of a step that its formats share.

use crate::answer::diff::{Binding, Diff, Direction, Fate, Levels, PluginStep, Size};
use crate::answer::support::SupportRow;
use crate::catalog::{Catalog, Promise, Rank};

use super::words::end;

/// The most plugins of one fate that are named; the rest is counted.
const NAMED: usize = 12;

/// Says what kind of step it is: `major upgrade`.
pub(super) fn kind(diff: &Diff) -> String {
    let size = match diff.kind.size {
        Size::None => return "no step".to_owned(),
        Size::Prerelease => "pre-release",
        Size::Patch => "patch",
        Size::Minor => "minor",
        Size::Major => "major",
        Size::Scheme => "change of scheme,",
        Size::Package => "change of package,",
        Size::Names => "step between names,",
    };
    format!("{size} {}", diff.kind.direction.name())
}

/// Says in a word what a step may do.
pub(super) fn promise(promise: Option<Promise>) -> &'static str {
    match promise {
        Some(Promise::Kept) => "kept",
        Some(Promise::OptIn) => "opt-in",
        Some(Promise::MayBreak) => "may break",
        None => "not said",
    }
}

/// Says why no promise is told.
pub(super) fn unpromised(diff: &Diff) -> &'static str {
    match (diff.kind.direction, diff.kind.size) {
        (Direction::Down, _) => "nothing is promised for the way back",
        (_, Size::Prerelease) => "nothing is promised for pre-releases",
        (_, Size::Scheme | Size::Package | Size::Names) => "nothing is promised for such a step",
        (_, Size::None | Size::Patch | Size::Minor | Size::Major) => {
            "no promise of the project is known"
        }
    }
}

/// Says where a line stands: `8.1 maintenance, 496 days left`.
pub(super) fn support(row: &SupportRow) -> String {
    let left = match row.days_left {
        Some(days) => format!(", {days} days left"),
        None => row.phases.last().map(|span| format!(", {}", end(&span.end).1)).unwrap_or_default(),
    };
    format!("{} {}{left}", row.line, row.phase.name())
}

/// Says what becomes of plugins.
pub(super) fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Loses => "lose support, no listed release works",
        Fate::Rebuild => "need a build for the new core",
        Fate::Moves => "need another release",
        Fate::Unknown => "no fact says",
        Fate::Keeps => "keep their release",
        Fate::Works => "work from now on, no fact says about before",
        Fate::Gains => "can be had from now on",
        Fate::Absent => "no listed release for either",
    }
}

/// Says what becomes of one plugin, with its reason.
pub(super) fn outcome(step: &PluginStep) -> String {
    let word = match (step.fate, step.to.is_some()) {
        (Fate::Loses, _) => "no listed release works",
        (Fate::Rebuild, true) => "built anew, the build is listed",
        (Fate::Rebuild, false) if step.open => {
            "must be built anew, no fact says whether that is out"
        }
        (Fate::Rebuild, false) => "must be built anew, no build is listed",
        (Fate::Moves, _) => "needs another release",
        (Fate::Unknown, _) => "no fact says",
        (Fate::Keeps, _) => "keeps its release",
        (Fate::Works, _) => "works from now on, no fact says about before",
        (Fate::Gains, _) => "can be had from now on",
        (Fate::Absent, _) => "no listed release works with either",
    };
    let why = step.reason.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
    format!("{word}{why}")
}

/// Says what a plugin rests on and what of that the step may do.
pub(super) fn rests(catalog: &Catalog, step: &PluginStep) -> String {
    let binding = match step.binding {
        Binding::Interface(interface) => {
            let interface = catalog.interface(interface);
            format!("{} ({})", interface.name, interface.stability.name())
        }
        Binding::Range => "declared range".to_owned(),
        Binding::Nothing => "nothing stated".to_owned(),
    };
    match step.promise {
        Some(stated) => format!("{binding}, {}", promise(Some(stated))),
        None => binding,
    }
}

/// Returns a version, or a dash.
pub(super) fn version(catalog: &Catalog, step: &PluginStep, rank: Option<Rank>) -> String {
    rank.map_or_else(|| "-".to_owned(), |rank| catalog.version((step.package, rank)).to_owned())
}

/// Returns the plugins of each fate, the first of them with their releases and how many more there are.
pub(super) fn folded(catalog: &Catalog, steps: &[PluginStep]) -> Vec<(Fate, usize, String)> {
    let groups = steps.chunk_by(|a, b| a.fate == b.fate);
    groups
        .map(|group| {
            let mut names: Vec<_> =
                group.iter().take(NAMED).map(|step| moved(catalog, step)).collect();
            if let Some(more @ 1..) = group.len().checked_sub(NAMED) {
                names.push(format!("{more} more"));
            }
            (group[0].fate, group.len(), names.join(", "))
        })
        .collect()
}

fn moved(catalog: &Catalog, step: &PluginStep) -> String {
    let name = &catalog.package(step.package).name;
    match (step.from, step.to) {
        (None, None) => name.clone(),
        (Some(_), None) => format!("{name} {}", version(catalog, step, step.from)),
        (None, Some(_)) => format!("{name} {}", version(catalog, step, step.to)),
        (Some(from), Some(to)) if from == to => {
            format!("{name} {}", version(catalog, step, step.to))
        }
        (Some(_), Some(_)) => {
            let [from, to] = [step.from, step.to].map(|rank| version(catalog, step, rank));
            format!("{name} {from} -> {to}")
        }
    }
}

/// Says how levels change: `80 -> 80, 81`.
pub(super) fn levels(levels: &Levels) -> String {
    let side = |texts: &[String]| {
        if texts.is_empty() { "-".to_owned() } else { texts.join(", ") }
    };
    let (before, after) = (side(&levels.before), side(&levels.after));
    if before == after { before } else { format!("{before} -> {after}") }
}
