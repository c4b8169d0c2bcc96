//! The fate of the plugins of a core.

use std::collections::BTreeMap;

use crate::answer::diff::{Binding, Fate, Kind, PluginStep};
use crate::answer::selection::{Resolution, SetOutcome};
use crate::catalog::{Catalog, NeedKind, PackageIx, PackageKind, Rank, ReleaseId, Stability};
use crate::grid::reason;
use crate::resolve::{Request, Requirement, find, resolve};
use crate::suspicion::is_doubtful;

use super::promise::{rests_on, weakest};
use super::request::{DiffRequest, NamedPlugin};

/// Returns the plugins of the core, those with the hardest fate first, then by name.
pub(super) fn plugins(catalog: &Catalog, asked: &DiffRequest, kind: &Kind) -> Vec<PluginStep> {
    let named = if asked.with.is_empty() { all(catalog, asked) } else { asked.with.clone() };
    let together = if asked.with.len() > 1 { together(catalog, asked) } else { None };
    let mut made: Vec<PluginStep> = named
        .into_iter()
        .map(|plugin| one(catalog, asked, kind, plugin, together.as_ref()))
        .collect();
    made.sort_by(|a, b| {
        let name = |step: &PluginStep| &catalog.package(step.package).name;
        (a.fate, name(a)).cmp(&(b.fate, name(b)))
    });
    made
}

/// Returns every plugin of either core.
fn all(catalog: &Catalog, asked: &DiffRequest) -> Vec<NamedPlugin> {
    let cores = [asked.from.0, asked.to.0];
    let extends = |core: Option<PackageIx>| core.is_some_and(|core| cores.contains(&core));
    let plugins = catalog
        .packages()
        .filter(|(_, package)| package.kind == PackageKind::Plugin && extends(package.core));
    plugins.map(|(package, _)| NamedPlugin { package, installed: None }).collect()
}

/// Returns the releases that the named plugins have together with the second core, if they go together.
fn together(catalog: &Catalog, asked: &DiffRequest) -> Option<BTreeMap<PackageIx, Rank>> {
    let mut request = request(catalog, asked.to, &asked.with);
    for plugin in &asked.with {
        let before = plugin.installed.or_else(|| guess(catalog, asked.from, *plugin));
        request.installed.extend(before.map(|rank| (plugin.package, rank)));
    }
    match find(catalog, &request) {
        SetOutcome::Set(set) => Some(set.into_iter().collect()),
        SetOutcome::Open(_) | SetOutcome::Impossible | SetOutcome::Unknown => None,
    }
}

/// Returns why plugins that each have a release for the second core do not go together with it.
pub(super) fn clash(
    catalog: &Catalog,
    asked: &DiffRequest,
    steps: &[PluginStep],
) -> Option<String> {
    if asked.with.len() < 2 || steps.iter().any(|step| step.to.is_none()) {
        return None;
    }
    match resolve(catalog, &request(catalog, asked.to, &asked.with)) {
        Resolution::Impossible(conflict) => {
            let told: Vec<_> = conflict.clashes.into_iter().map(|clash| clash.text).collect();
            Some(told.join("; "))
        }
        Resolution::Found(_) | Resolution::Undecided(_) | Resolution::Unknown { .. } => None,
    }
}

/// Asks for plugins beside a core.
fn request(catalog: &Catalog, core: ReleaseId, plugins: &[NamedPlugin]) -> Request {
    let core = Requirement::exactly(catalog, core.0, core.1);
    let plugins = plugins.iter().map(|plugin| Requirement::any(catalog, plugin.package));
    Request::newest(std::iter::once(core).chain(plugins).collect())
}

/// Returns the newest release of a plugin that works with a core. A core that it does not extend has none,
/// though the two can be installed side by side.
fn newest(catalog: &Catalog, core: ReleaseId, plugin: NamedPlugin) -> Option<Rank> {
    if catalog.package(plugin.package).core != Some(core.0) {
        return None;
    }
    picked(catalog, &request(catalog, core, &[plugin]), plugin.package)
}

/// Returns the release that runs beside a core if nobody says which: the newest that works, unless it was hardly
/// meant for this core.
fn guess(catalog: &Catalog, core: ReleaseId, plugin: NamedPlugin) -> Option<Rank> {
    let rank = newest(catalog, core, plugin)?;
    (!is_doubtful(catalog, core, (plugin.package, rank))).then_some(rank)
}

/// Returns whether nobody knows what a plugin without a guess has beside a core that it extends.
fn is_hazy(catalog: &Catalog, core: ReleaseId, plugin: NamedPlugin) -> bool {
    let asked = request(catalog, core, &[plugin]);
    catalog.package(plugin.package).core == Some(core.0)
        && matches!(find(catalog, &asked), SetOutcome::Set(_) | SetOutcome::Open(_))
}

fn picked(catalog: &Catalog, request: &Request, package: PackageIx) -> Option<Rank> {
    match find(catalog, request) {
        SetOutcome::Set(set) => set.iter().find(|(of, _)| *of == package).map(|(_, rank)| *rank),
        SetOutcome::Open(_) | SetOutcome::Impossible | SetOutcome::Unknown => None,
    }
}

fn one(
    catalog: &Catalog,
    asked: &DiffRequest,
    kind: &Kind,
    plugin: NamedPlugin,
    together: Option<&BTreeMap<PackageIx, Rank>>,
) -> PluginStep {
    let package = plugin.package;
    let from = plugin.installed.or_else(|| guess(catalog, asked.from, plugin));
    let mut request = request(catalog, asked.to, &[plugin]);
    request.installed.extend(from.map(|rank| (package, rank)));
    let alone = || picked(catalog, &request, package);
    let to = together.and_then(|set| set.get(&package).copied()).or_else(alone);
    let binding = |rank: Rank| binding(catalog, (package, rank), asked.to.0);
    let open = to.is_none() && matches!(find(catalog, &request), SetOutcome::Open(_));
    let hazy = from.is_none() && is_hazy(catalog, asked.from, plugin);
    let before = from.map_or(Binding::Nothing, binding);
    let fate = fate(catalog, asked, package, (from, to), before, open);
    let fate = if fate == Fate::Gains && hazy { Fate::Works } else { fate };
    let rest = to.or(from);
    let binds = rest.map_or(Binding::Nothing, binding);
    let contracts = rest.map(|rank| rests_on(catalog, (package, rank), binds)).unwrap_or_default();
    let is_bad = matches!(fate, Fate::Loses | Fate::Rebuild | Fate::Moves | Fate::Unknown);
    let reason = from.filter(|_| is_bad).and_then(|rank| {
        let own = unmet(catalog, (package, rank), asked.to);
        // Why nothing at all works takes a search of its own, so only what was named gets it.
        let searched = || {
            let worth = fate == Fate::Loses && !asked.with.is_empty();
            worth.then(|| reason(catalog, &request, asked.to.0, asked.to.1))?
        };
        own.or_else(searched)
    });
    let promise = weakest(catalog, &contracts, kind);
    PluginStep { package, from, to, open, fate, binding: binds, contracts, promise, reason }
}

fn fate(
    catalog: &Catalog,
    asked: &DiffRequest,
    package: PackageIx,
    releases: (Option<Rank>, Option<Rank>),
    binding: Binding,
    open: bool,
) -> Fate {
    match releases {
        (Some(from), Some(to)) if from == to => Fate::Keeps,
        (Some(from), _) if is_bound(catalog, (package, from), asked.to, binding) => Fate::Rebuild,
        (Some(_), Some(_)) => Fate::Moves,
        (None, Some(_)) => Fate::Gains,
        (_, None) if open => Fate::Unknown,
        (Some(_), None) => Fate::Loses,
        (None, None) => Fate::Absent,
    }
}

/// Returns whether a release was built for a level of an interface that the core does not have and of which only
/// one level works at a time.
fn is_bound(catalog: &Catalog, plugin: ReleaseId, core: ReleaseId, binding: Binding) -> bool {
    let Binding::Interface(interface) = binding else { return false };
    let lockstep = match catalog.interface(interface).stability {
        Stability::Stable => false,
        Stability::Unstable | Stability::InTree | Stability::Experimental => true,
    };
    lockstep && unmet(catalog, plugin, core).is_some()
}

/// Returns what binds a plugin release to a core.
fn binding(catalog: &Catalog, (package, rank): ReleaseId, core: PackageIx) -> Binding {
    let needs = catalog.package(package).needs(rank).iter().filter(|need| need.target == core);
    let bindings = needs.map(|need| match catalog.constraint(need.constraint).interface {
        Some(interface) => Binding::Interface(interface),
        None => Binding::Range,
    });
    bindings.min().unwrap_or(Binding::Nothing)
}

/// Returns what a plugin release asks of its core that a release of the core does not give.
pub(super) fn unmet(
    catalog: &Catalog,
    (package, rank): ReleaseId,
    core: ReleaseId,
) -> Option<String> {
    let needs = catalog.package(package).needs(rank).iter().filter(|need| need.target == core.0);
    let broken = needs.map(|need| (need.kind, catalog.constraint(need.constraint))).find(
        |(kind, constraint)| match kind {
            NeedKind::Requires | NeedKind::Optional => !constraint.allowed.contains(core.1),
            NeedKind::Conflicts => constraint.allowed.contains(core.1),
        },
    );
    let (kind, constraint) = broken?;
    let verb = if kind == NeedKind::Conflicts { "excludes" } else { "needs" };
    Some(format!("{} {verb} {}", catalog.label((package, rank)), catalog.asked(constraint)))
}
