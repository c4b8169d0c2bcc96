//! Views of what a step brings.

use jiff::civil::Date;

use super::path::WayView;
use super::shared::{CiteView, ReleaseView, SidesView, cites, name, version};
use super::support::SupportRowView;
use super::view::view;
use crate::answer::diff::{
    Binding, Diff, Floors, InterfaceChange, Kind, Levels, LineFit, NeedChange, PluginStep,
    PointOfNoReturn, Promised,
};
use crate::catalog::{Catalog, PackageIx, Promise, Rank};

view! {
    /// The kind of a step.
    KindView(kind: &Kind) {
        size: &'static str = kind.size.name(),
        direction: &'static str = kind.direction.name(),
        /// By which rule the size was found.
        rule: &'static str = kind.rule,
    }
}

view! {
    /// What is promised of one thing for this step.
    PromiseView<'a>(catalog: &'a Catalog, one: &'a Promised)
    with { let contract = &catalog.contracts()[one.contract]; } {
        contract: &'a str = &contract.name,
        title: &'a str = &contract.title,
        /// The most that the step may do; `null` if the contract does not say.
        promise: Option<&'static str> = one.promise.map(Promise::name),
        evidence: CiteView<'a> = CiteView::new(&one.cite),
    }
}

view! {
    /// The levels on an interface.
    LevelsView<'a>(levels: &'a Levels) {
        before: &'a [String] = &levels.before,
        after: &'a [String] = &levels.after,
        lost: &'a [String] = &levels.lost,
        gained: &'a [String] = &levels.gained,
    }
}

view! {
    /// An interface whose levels change.
    InterfaceChangeView<'a>(catalog: &'a Catalog, one: &'a InterfaceChange)
    with { let stated = catalog.interface(one.interface); } {
        interface: &'a str = &stated.name,
        title: &'a str = &stated.title,
        stability: &'static str = stated.stability.name(),
        contract: Option<&'a str> = stated.contract.as_deref(),
        change: &'static str = one.change.name(),
        writes: LevelsView<'a> = LevelsView::new(&one.writes),
        reads: LevelsView<'a> = LevelsView::new(&one.reads),
        evidence: Vec<CiteView<'a>> = cites(&one.cites),
    }
}

view! {
    /// What the two releases ask of another package, where that differs.
    NeedChangeView<'a>(catalog: &'a Catalog, need: &'a NeedChange) {
        package: &'a str = name(catalog, need.package),
        before: Option<&'a str> = need.before.as_deref(),
        after: Option<&'a str> = need.after.as_deref(),
        evidence: CiteView<'a> = CiteView::new(&need.cite),
    }
}

/// A version before a step and after it.
type Versions<'a> = SidesView<Option<&'a str>>;

view! {
    /// The oldest core that two releases of a plugin go with.
    FloorsView<'a>(catalog: &'a Catalog, floors: &'a Floors) with { let (old, new) = &floors.declared; } {
        package: &'a str = name(catalog, floors.core),
        /// By their own requirements.
        declared: Versions<'a> = SidesView { before: old.as_deref(), after: new.as_deref() },
        /// With everything that they need.
        effective: Versions<'a> = versions(catalog, Some(floors.core), floors.effective),
    }
}

view! {
    /// Whether a release line of the core keeps the plugin.
    LineFitView<'a>(catalog: &'a Catalog, core: Option<PackageIx>, fit: &'a LineFit) {
        line: String = fit.line.to_string(),
        /// True for a line with long-term support.
        lts: bool = fit.lts,
        /// Its newest release with which the plugin works.
        #[serde(flatten)]
        newest: Versions<'a> = versions(catalog, core, (fit.before, fit.after)),
        /// True where nobody knows.
        unknown: SidesView<bool> = SidesView { before: fit.unknown.0, after: fit.unknown.1 },
    }
}

view! {
    /// A plugin beside both releases of its core.
    PluginStepView<'a>(catalog: &'a Catalog, step: &'a PluginStep)
    with {
        let (word, bound) = match step.binding {
            Binding::Interface(interface) => ("interface", Some(catalog.interface(interface))),
            Binding::Range => ("range", None),
            Binding::Nothing => ("nothing", None),
        };
    } {
        package: &'a str = name(catalog, step.package),
        /// What becomes of it.
        fate: &'static str = step.fate.name(),
        #[serde(flatten)]
        release: Versions<'a> = versions(catalog, Some(step.package), (step.from, step.to)),
        /// True if nobody knows whether there is one, though none is listed.
        open: bool = step.open,
        /// What binds it.
        bond: &'static str = word,
        interface: Option<&'a str> = bound.map(|interface| interface.name.as_str()),
        stability: Option<&'static str> = bound.map(|interface| interface.stability.name()),
        /// The contracts that it rests on.
        contracts: Vec<&'a str> =
            step.contracts.iter().map(|&one| catalog.contracts()[one].name.as_str()).collect(),
        /// The weakest promise of these.
        promise: Option<&'static str> = step.promise.map(Promise::name),
        reason: Option<&'a str> = step.reason.as_deref(),
    }
}

view! {
    /// Why there is no way back.
    NoReturnView<'a>(catalog: &'a Catalog, point: &'a PointOfNoReturn) {
        from: ReleaseView<'a> = ReleaseView::new(catalog, point.hop.0),
        to: ReleaseView<'a> = ReleaseView::new(catalog, point.hop.1),
        why: &'a str = &point.why,
        moment: Option<&'a str> = point.moment.as_deref(),
        evidence: Vec<CiteView<'a>> = cites(&point.cites),
    }
}

view! {
    /// What a step from one release to another brings.
    DiffView<'a>(catalog: &'a Catalog, day: Date, diff: &'a Diff)
    with {
        let core = diff.floors.as_ref().map(|floors| floors.core);
        let row = |row: &'a Option<_>| row.as_ref().map(|row| SupportRowView::new(catalog, row));
    } {
        /// The day asked about.
        as_of: String = day.to_string(),
        from: ReleaseView<'a> = ReleaseView::new(catalog, diff.from),
        to: ReleaseView<'a> = ReleaseView::new(catalog, diff.to),
        step: KindView = KindView::new(&diff.kind),
        promises: Vec<PromiseView<'a>> =
            diff.promises.iter().map(|one| PromiseView::new(catalog, one)).collect(),
        interfaces: Vec<InterfaceChangeView<'a>> =
            diff.interfaces.iter().map(|one| InterfaceChangeView::new(catalog, one)).collect(),
        needs: Vec<NeedChangeView<'a>> =
            diff.needs.iter().map(|need| NeedChangeView::new(catalog, need)).collect(),
        /// Of a plugin: the oldest core that goes with it.
        oldest_core: Option<FloorsView<'a>> =
            diff.floors.as_ref().map(|one| FloorsView::new(catalog, one)),
        /// Of a plugin: the release lines of the core.
        lines: Vec<LineFitView<'a>> =
            diff.lines.iter().map(|line| LineFitView::new(catalog, core, line)).collect(),
        /// Of a core: its plugins, those with the hardest fate first.
        plugins: Vec<PluginStepView<'a>> =
            diff.plugins.iter().map(|step| PluginStepView::new(catalog, step)).collect(),
        support: SidesView<Option<SupportRowView<'a>>> =
            SidesView { before: row(&diff.support.0), after: row(&diff.support.1) },
        no_return: Vec<NoReturnView<'a>> =
            diff.no_return.iter().map(|point| NoReturnView::new(catalog, point)).collect(),
        /// The way there, all risks accepted.
        #[serde(flatten)]
        way: WayView<'a> = WayView::new(catalog, diff.path.as_ref()),
    }
}

fn versions(
    catalog: &Catalog,
    package: Option<PackageIx>,
    (before, after): (Option<Rank>, Option<Rank>),
) -> Versions<'_> {
    let version = |rank| package.and_then(|package| version(catalog, package, rank));
    SidesView { before: version(before), after: version(after) }
}
