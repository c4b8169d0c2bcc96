//! Views of sets of releases, or why there is none.

use super::shared::{CiteView, ReleaseView, name};
use super::view::view;
use crate::answer::selection::{
    AllSets, Clash, Conflict, Explained, Missing, Move, Pick, Repair, Resolution, Resolved,
    SetsOutcome, Undecided,
};
use crate::catalog::{Catalog, ReleaseId};

view! {
    /// One release of a set.
    PickView<'a>(catalog: &'a Catalog, pick: &'a Pick) {
        #[serde(flatten)]
        release: ReleaseView<'a> = ReleaseView::new(catalog, pick.release),
        /// True if its package was asked for.
        requested: bool = pick.requested,
        /// The packages of the set that need it.
        needed_by: Vec<&'a str> = pick.needed_by.iter().map(|&it| name(catalog, it)).collect(),
    }
}

view! {
    /// One of the statements that cannot hold together.
    ClashView<'a>(clash: &'a Clash) {
        statement: &'a str = &clash.text,
        /// Left out for what was asked.
        #[serde(skip_serializing_if = "Option::is_none")]
        evidence: Option<CiteView<'a>> = clash.cite.as_ref().map(CiteView::new),
    }
}

view! {
    /// A change of the request that has a solution.
    RepairView<'a>(catalog: &'a Catalog, repair: &'a Repair) {
        change: &'a str = &repair.text,
        selection: Vec<PickView<'a>> = picks(catalog, &repair.picks),
    }
}

view! {
    /// Why there is no set.
    ConflictView<'a>(catalog: &'a Catalog, found: &'a Conflict) {
        /// Dropping any one of these statements would make a set possible.
        conflict: Vec<ClashView<'a>> = clashes(&found.clashes),
        /// What could be asked instead, smallest change first.
        repairs: Vec<RepairView<'a>> =
            found.repairs.iter().map(|repair| RepairView::new(catalog, repair)).collect(),
    }
}

view! {
    /// A fact that is missing.
    MissingView<'a>(catalog: &'a Catalog, missing: &'a Missing) {
        /// The package that it would be about.
        package: &'a str = name(catalog, missing.package),
        /// What is not known.
        missing: &'a str = &missing.text,
    }
}

view! {
    /// A set that works only if facts that nobody states say so.
    UndecidedView<'a>(catalog: &'a Catalog, open: &'a Undecided) {
        /// The facts that are missing.
        missing: Vec<MissingView<'a>> =
            open.missing.iter().map(|it| MissingView::new(catalog, it)).collect(),
        /// The set, as far as its releases are known.
        possible: Vec<PickView<'a>> = picks(catalog, &open.picks),
        /// What could be asked instead, smallest change first. Each is known to work.
        repairs: Vec<RepairView<'a>> =
            open.repairs.iter().map(|repair| RepairView::new(catalog, repair)).collect(),
    }
}

view! {
    /// A release that is not chosen unasked.
    BarredView<'a>(catalog: &'a Catalog, release: ReleaseId, state: &'a str) {
        version: &'a str = catalog.version(release),
        state: &'a str = state,
    }
}

view! {
    /// Why a package of a set has the release that it has.
    WhyView<'a>(catalog: &'a Catalog, explained: &'a Explained) with { let why = &explained.why; } {
        #[serde(flatten)]
        chosen: ReleaseView<'a> = ReleaseView::new(catalog, why.chosen),
        /// The releases that the request would have preferred, the best first.
        better: Vec<&'a str> = why.better.iter().map(|&it| catalog.version(it)).collect(),
        /// Why none of these goes with what was decided before.
        because: Vec<ClashView<'a>> = clashes(&why.clashes),
        #[serde(skip_serializing_if = "Option::is_none")]
        remark: Option<&'a str> = explained.remark.as_deref(),
        /// Newer releases that are not chosen unasked.
        barred: Vec<BarredView<'a>> =
            why.barred.iter().map(|(it, state)| BarredView::new(catalog, *it, state)).collect(),
    }
}

view! {
    /// What becomes of one package where something runs already.
    MoveView<'a>(catalog: &'a Catalog, one: &'a Move) {
        package: &'a str = name(catalog, one.package),
        /// One of `kept`, `new`, `up`, `down` and `gone`.
        change: &'a str = one.word(),
        /// The version that runs.
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<&'a str> = one.from.map(|rank| catalog.version((one.package, rank))),
        /// The version of the set.
        #[serde(skip_serializing_if = "Option::is_none")]
        to: Option<&'a str> = one.to.map(|rank| catalog.version((one.package, rank))),
    }
}

view! {
    /// A set of releases, or why there is none.
    ResolveView<'a>(catalog: &'a Catalog, resolved: &'a Resolved)
    with { let (found, conflict, open, budget) = match &resolved.resolution {
        Resolution::Found(selection) => (selection.picks.as_slice(), None, None, None),
        Resolution::Undecided(undecided) => (&[][..], None, Some(undecided), None),
        Resolution::Impossible(conflict) => (&[][..], Some(conflict), None, None),
        Resolution::Unknown { steps } => (&[][..], None, None, Some(*steps)),
    }; } {
        /// The day that was judged by.
        as_of: String = resolved.as_of.to_string(),
        selection: Vec<PickView<'a>> = picks(catalog, found),
        /// What becomes of what runs; left out if nobody said what runs.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        moves: Vec<MoveView<'a>> =
            resolved.moves.iter().map(|it| MoveView::new(catalog, it)).collect(),
        #[serde(skip_serializing_if = "Vec::is_empty")]
        why: Vec<WhyView<'a>> = resolved.whys.iter().map(|it| WhyView::new(catalog, it)).collect(),
        #[serde(flatten)]
        none: Option<ConflictView<'a>> = conflict.map(|it| ConflictView::new(catalog, it)),
        /// Left out unless no set is known to work and facts do not exclude every one.
        #[serde(skip_serializing_if = "Option::is_none")]
        undecided: Option<UndecidedView<'a>> = open.map(|it| UndecidedView::new(catalog, it)),
        /// The steps that were taken, if the budget ended.
        #[serde(skip_serializing_if = "Option::is_none")]
        steps: Option<u64> = budget,
    }
}

view! {
    /// How many sets there are, and the best of them; or why there is none.
    SetsView<'a>(catalog: &'a Catalog, all: &'a AllSets)
    with { let (counted, best, conflict, open, budget) = match &all.outcome {
        SetsOutcome::Found { count, best } => {
            let best = best.as_ref().map(|best| best.sets.as_slice());
            ((count.number.as_str(), count.exact), best, None, None, None)
        }
        SetsOutcome::Undecided(undecided) => {
            (("0", false), Some(&[][..]), None, Some(undecided), None)
        }
        SetsOutcome::Impossible(conflict) => {
            (("0", true), Some(&[][..]), Some(conflict), None, None)
        }
        SetsOutcome::Unknown { steps } => (("0", false), Some(&[][..]), None, None, Some(*steps)),
    }; } {
        /// The day that was judged by.
        as_of: String = all.as_of.to_string(),
        /// The number in decimal digits.
        count: &'a str = counted.0,
        /// True if this is the number, and not only a number that it is not below.
        exact: bool = counted.1,
        /// The best sets, the best first.
        #[serde(skip_serializing_if = "Option::is_none")]
        sets: Option<Vec<Vec<PickView<'a>>>> =
            best.map(|sets| sets.iter().map(|set| picks(catalog, &set.picks)).collect()),
        #[serde(flatten)]
        none: Option<ConflictView<'a>> = conflict.map(|it| ConflictView::new(catalog, it)),
        /// Left out unless no set is known to work and facts do not exclude every one.
        #[serde(skip_serializing_if = "Option::is_none")]
        undecided: Option<UndecidedView<'a>> = open.map(|it| UndecidedView::new(catalog, it)),
        /// The steps that were taken, if the budget ended.
        #[serde(skip_serializing_if = "Option::is_none")]
        steps: Option<u64> = budget,
    }
}

fn picks<'a>(catalog: &'a Catalog, picks: &'a [Pick]) -> Vec<PickView<'a>> {
    picks.iter().map(|pick| PickView::new(catalog, pick)).collect()
}

fn clashes(clashes: &[Clash]) -> Vec<ClashView<'_>> {
    clashes.iter().map(ClashView::new).collect()
}
