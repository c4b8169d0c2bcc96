//! Findings that follow from a step.

use std::collections::BTreeMap;

use crate::answer::diff::{Diff, Direction, Fate, Floors, LineFit, PluginStep, Size};
use crate::catalog::{Catalog, Channel, Listing, Promise, ReleaseId};
use crate::finding::{Check, Code, Finding, Severity};
use crate::lifecycle::support_finding;

use super::plugins::{clash, unmet};
use super::promise::promised_step;
use super::request::{DiffRequest, NamedPlugin};

/// Number of things that a finding names before it counts the rest.
const NAMED: usize = 3;

/// Returns all that is to be said beside the answer.
pub(super) fn findings(catalog: &Catalog, asked: &DiffRequest, made: &Diff) -> Vec<Finding> {
    let mut found = match &made.path {
        Some(Ok(path)) => path.findings.clone(),
        Some(Err(none)) => none.reasons.clone(),
        None => Vec::new(),
    };
    let is_told = found.iter().any(|one| one.code == Code::Check(Check::ReleaseWithdrawn));
    found.extend(withdrawn(catalog, made.to).filter(|_| !is_told));
    found.extend(asked.with.iter().filter_map(|plugin| unfit(catalog, made, *plugin)));
    found.extend(lost(catalog, asked, made));
    found.extend(open(catalog, asked, made));
    found.extend(clash(catalog, asked, &made.plugins).map(|why| {
        let label = catalog.label(made.to);
        let message = format!("the plugins do not go together with {label}: {why}");
        Finding::new(Check::NoSet, Severity::Error, label, message)
    }));
    found.extend(weak(catalog, made));
    found.extend(made.floors.as_ref().and_then(|floors| raised(catalog, made, floors)));
    found.extend(made.lines.iter().filter_map(|line| left(catalog, asked, made, line)));
    found.extend(support_finding(catalog, made.to, asked.as_of, 0, &catalog.label(made.to)));
    let has = |check| found.iter().any(|one| one.code == Code::Check(check));
    let unsaid = !has(Check::ReleaseUnstable);
    found.extend(early(catalog, made).filter(|_| unsaid));
    found
}

fn withdrawn(catalog: &Catalog, to: ReleaseId) -> Option<Finding> {
    let release = catalog.package(to.0).release(to.1);
    let label = catalog.label(to);
    let message = format!("{label} was withdrawn: {}", release.withdrawn.as_ref()?);
    let finding = Finding::new(Check::ReleaseWithdrawn, Severity::Warning, label, message);
    Some(match release.fact {
        Some(fact) => finding.citing(catalog.cite_for(fact, Some(to))),
        None => finding,
    })
}

/// Says that a step leaves the stable releases.
fn early(catalog: &Catalog, made: &Diff) -> Option<Finding> {
    let release = |(package, rank): ReleaseId| catalog.package(package).release(rank);
    let (before, after) = (release(made.from), release(made.to));
    if made.kind.size == Size::None || after.channel == Channel::Stable {
        return None;
    }
    let severity =
        if before.channel == Channel::Stable { Severity::Warning } else { Severity::Info };
    let label = catalog.label(made.to);
    let message = format!("{label} is no stable release ({})", after.channel.name());
    let finding = Finding::new(Check::ReleaseUnstable, severity, label, message);
    Some(match after.fact {
        Some(fact) => finding.citing(catalog.cite_for(fact, Some(made.to))),
        None => finding,
    })
}

/// Says that what is installed does not even go with the first core.
fn unfit(catalog: &Catalog, made: &Diff, plugin: NamedPlugin) -> Option<Finding> {
    let release = (plugin.package, plugin.installed?);
    let why = unmet(catalog, release, made.from)?;
    let label = catalog.label(release);
    let message = format!("{label} runs beside {}, but {why}", catalog.label(made.from));
    Some(Finding::new(Check::RequirementUnmet, Severity::Warning, label, message))
}

/// Says which plugins have no release for the new core: each that was named, all others in one line.
fn lost(catalog: &Catalog, asked: &DiffRequest, made: &Diff) -> Vec<Finding> {
    let gone = |step: &&PluginStep| {
        let has_none = step.to.is_none() && matches!(step.fate, Fate::Loses | Fate::Rebuild);
        (has_none && !step.open) || (step.fate == Fate::Absent && !asked.with.is_empty())
    };
    let gone: Vec<&PluginStep> = made.plugins.iter().filter(gone).collect();
    if gone.is_empty() {
        return Vec::new();
    }
    let core = catalog.label(made.to);
    if asked.with.is_empty() {
        let (names, verb) = some(catalog, &gone);
        let message = format!("{names} {verb} no listed release that works with {core}");
        let finding = Finding::new(Check::PluginLost, Severity::Warning, core, message);
        return vec![finding.hinting("name what you have installed with --with")];
    }
    gone.iter().map(|step| lost_one(catalog, step, &core)).collect()
}

fn lost_one(catalog: &Catalog, step: &PluginStep, core: &str) -> Finding {
    let package = catalog.package(step.package);
    let name = &package.name;
    let why = step.reason.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
    let message = match step.fate {
        Fate::Rebuild => {
            format!("{name} must be built for {core}, and no such build is listed{why}")
        }
        Fate::Loses
        | Fate::Moves
        | Fate::Unknown
        | Fate::Keeps
        | Fate::Works
        | Fate::Gains
        | Fate::Absent => {
            format!("no listed release of {name} works with {core}{why}")
        }
    };
    let finding = Finding::new(Check::PluginLost, Severity::Error, name.clone(), message)
        .citing(catalog.cite(package.fact));
    match package.listing {
        Listing::Partial => finding.hinting(format!(
            "the list of {name} may not be complete; a matrix with `extends` adds a release"
        )),
        Listing::Complete => finding,
    }
}

/// Says of which plugins nobody knows whether a release works with the new core: each that was named, all
/// others that had one in one line.
fn open(catalog: &Catalog, asked: &DiffRequest, made: &Diff) -> Vec<Finding> {
    let core = catalog.label(made.to);
    let named = !asked.with.is_empty();
    let plugins = made.plugins.iter().filter(|step| step.open && (named || step.from.is_some()));
    let plugins: Vec<&PluginStep> = plugins.collect();
    let finding = |severity, subject: String, message: String| {
        Finding::new(Check::RequirementUnknown, severity, subject, message)
            .hinting("a matrix with `extends` adds a release")
    };
    if !named {
        let (names, _) = some(catalog, &plugins);
        let message = format!("no fact says whether a release of {names} works with {core}");
        let told = (!plugins.is_empty()).then(|| finding(Severity::Info, core, message));
        return told.into_iter().collect();
    }
    let one = |step: &&PluginStep| {
        let package = catalog.package(step.package);
        let why = step.reason.as_ref().map(|why| format!("; {why}")).unwrap_or_default();
        let message =
            format!("no fact says whether a release of {} works with {core}{why}", package.name);
        finding(Severity::Warning, package.name.clone(), message).citing(catalog.cite(package.fact))
    };
    plugins.iter().map(one).collect()
}

/// Says which contracts the step may break that plugins rest on which stay as they are.
fn weak(catalog: &Catalog, made: &Diff) -> Vec<Finding> {
    let Some(step) = promised_step(&made.kind) else { return Vec::new() };
    let mut rest: BTreeMap<usize, Vec<&PluginStep>> = BTreeMap::new();
    for plugin in made.plugins.iter().filter(|plugin| plugin.fate == Fate::Keeps) {
        for &contract in &plugin.contracts {
            rest.entry(contract).or_default().push(plugin);
        }
    }
    let finding = |(contract, plugins): (usize, Vec<&PluginStep>)| {
        let stated = &catalog.contracts()[contract];
        let (severity, may) = match stated.promise(step)? {
            Promise::Kept => return None,
            Promise::OptIn => (Severity::Info, "may break if something new is opted into"),
            Promise::MayBreak => (Severity::Warning, "may break"),
        };
        let (names, verb) = some(catalog, &plugins);
        let verb = if verb == "has" { "stays and relies" } else { "stay and rely" };
        let message = format!(
            "{names} {verb} on `{}` ({}), which a {} step {may}",
            stated.name,
            stated.title,
            step.name()
        );
        let subject = format!("{} -> {}", catalog.label(made.from), catalog.version(made.to));
        let mut finding = Finding::new(Check::PromiseWeak, severity, subject, message)
            .citing(catalog.cite_for(stated.fact, Some(made.to)));
        if let [only] = plugins[..]
            && let Some(rank) = only.to
        {
            let own = catalog.relies((only.package, rank)).filter(|one| one.contract == contract);
            finding.cites.extend(own.map(|one| catalog.cite(one.fact)));
            finding.cites.dedup();
        }
        Some(finding)
    };
    rest.into_iter().filter_map(finding).collect()
}

/// Says that a step of a plugin asks for a newer core.
fn raised(catalog: &Catalog, made: &Diff, floors: &Floors) -> Option<Finding> {
    let version = |rank| catalog.version((floors.core, rank)).to_owned();
    let effective = match floors.effective {
        (Some(before), Some(after)) if before < after => Some((version(before), version(after))),
        _ => None,
    };
    let declared = floors.declared.clone();
    let declared = declared.0.zip(declared.1).filter(|_| floors.declared_raised);
    // What really works may be newer than what is declared; what is declared need not be listed.
    let package = catalog.package(floors.core);
    let works_later = |text: &String| {
        package.find(text).zip(floors.effective.1).is_some_and(|(rank, works)| works > rank)
    };
    let later = effective.clone().filter(|_| declared.iter().any(|(_, after)| works_later(after)));
    let (before, after) = later.or(declared).or(effective)?;
    if made.kind.direction != Direction::Up {
        return None;
    }
    let core = &catalog.package(floors.core).name;
    let (severity, step) = match made.kind.size {
        Size::Patch | Size::Prerelease => (Severity::Warning, made.kind.size.name()),
        Size::None | Size::Minor | Size::Major | Size::Scheme | Size::Package | Size::Names => {
            (Severity::Info, made.kind.size.name())
        }
    };
    let message = format!("a {step} step raises the oldest {core} from {before} to {after}");
    let finding = Finding::new(Check::CoreRaised, severity, catalog.label(made.to), message);
    let cite =
        made.needs.iter().find(|need| need.package == floors.core).map(|need| need.cite.clone());
    Some(match cite {
        Some(cite) => finding.citing(cite),
        None => finding.hinting("something that it needs asks for the newer core"),
    })
}

/// Says that the new release of a plugin has left a release line of the core.
fn left(catalog: &Catalog, asked: &DiffRequest, made: &Diff, line: &LineFit) -> Option<Finding> {
    if line.after.is_some() || line.unknown.1 || (line.before.is_none() && asked.cores.is_none()) {
        return None;
    }
    let floors = made.floors.as_ref()?;
    let core = &catalog.package(floors.core).name;
    let to = catalog.label(made.to);
    let severity = if asked.cores.is_some() { Severity::Error } else { Severity::Warning };
    let lts = if line.lts { ", a line with long-term support" } else { "" };
    let (verb, than) = match line.before {
        Some(rank) => {
            let newest = catalog.version((floors.core, rank));
            (
                "no longer works",
                format!("; {} still does, up to {newest}", catalog.version(made.from)),
            )
        }
        None => ("does not work", "; nor does the release before".to_owned()),
    };
    let message = format!("{to} {verb} with {core} {}{lts}{than}", line.line);
    let finding = Finding::new(Check::LineLeft, severity, to, message);
    let cite =
        made.needs.iter().find(|need| need.package == floors.core).map(|need| need.cite.clone());
    Some(match cite {
        Some(cite) => finding.citing(cite),
        None => finding,
    })
}

/// Names the first few plugins, and says how one speaks of them.
fn some(catalog: &Catalog, plugins: &[&PluginStep]) -> (String, &'static str) {
    let name = |step: &&PluginStep| catalog.package(step.package).name.clone();
    let mut names: Vec<String> = plugins.iter().take(NAMED).map(name).collect();
    let last = match plugins.len().checked_sub(NAMED) {
        Some(more @ 1..) => format!("{more} more"),
        _ => names.pop().unwrap_or_default(),
    };
    if names.is_empty() {
        (last, "has")
    } else {
        (format!("{} and {last}", names.join(", ")), "have")
    }
}
