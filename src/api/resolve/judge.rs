//! A second look at an answer: whether a set that satisfies every requirement is one to run, and what
//! could be asked instead.

use super::setting::Setting;
use crate::answer::selection::{Conflict, Missing, Pick, Repair, Resolution, Selection, Undecided};
use crate::catalog::{PackageIx, ReleaseId};
use crate::finding::{Check, Finding, Severity, Verdict};
use crate::lifecycle::ended_reason;
use crate::query::Preference;
use crate::resolve::{Request, Requirement, resolve};
use crate::suspicion::suspicions;

/// Answers a question. A release that was asked for by its name brings what it needs, though that may be
/// past the end of its support by now: whoever names it has to have an answer.
pub(super) fn answer(setting: &Setting<'_>) -> (Request, Resolution) {
    let request = setting.request();
    let resolution = resolve(&setting.catalog, &request);
    if let Resolution::Found(_) = resolution {
        return (request, resolution);
    }
    if let Some(request) = setting.wider() {
        let resolution = resolve(&setting.catalog, &request);
        if let Resolution::Found(_) = resolution {
            return (request, resolution);
        }
    }
    if matches!(resolution, Resolution::Impossible(_))
        && let Some(found) = with_what_names_need(setting)
    {
        return found;
    }
    (request, resolution)
}

fn with_what_names_need(setting: &Setting<'_>) -> Option<(Request, Resolution)> {
    let named =
        setting.requirements.iter().filter(|requirement| requirement.pinned.is_some()).cloned();
    let needed = past_end(setting, &named.collect::<Vec<_>>())?;
    if needed.is_empty() {
        return None;
    }
    let request =
        setting.request_for(setting.requirements.clone(), |package| !needed.contains(&package));
    let resolution = resolve(&setting.catalog, &request);
    matches!(resolution, Resolution::Found(_)).then_some((request, resolution))
}

/// Returns the packages of which requirements need a release past its end, and none that they can do without;
/// `None` if they cannot be had on any day.
fn past_end(setting: &Setting<'_>, requirements: &[Requirement]) -> Option<Vec<PackageIx>> {
    let found = |request: &Request| match resolve(&setting.catalog, request) {
        Resolution::Found(selection) => Some(selection),
        Resolution::Undecided(_) | Resolution::Impossible(_) | Resolution::Unknown { .. } => None,
    };
    let selection = found(&setting.request_for(requirements.to_vec(), |_| false))?;
    let mut open: Vec<_> =
        ended_of(&setting.request(), &selection.picks).map(|release| release.0).collect();
    for package in open.clone() {
        let fewer: Vec<_> = open.iter().copied().filter(|&other| other != package).collect();
        let request =
            setting.request_for(requirements.to_vec(), |package| !fewer.contains(&package));
        if found(&request).is_some() {
            open = fewer;
        }
    }
    Some(open)
}

/// Returns those releases that a request bars because their support has ended.
fn ended_of<'r>(request: &'r Request, picks: &'r [Pick]) -> impl Iterator<Item = ReleaseId> + 'r {
    let picks = picks.iter().map(|pick| pick.release);
    picks.filter(|(package, rank)| {
        request.ended.get(package).is_some_and(|ended| ended.contains(*rank))
    })
}

/// Returns the verdict on what a request comes to, and what is to be said about it.
pub(super) fn judge(
    setting: &Setting<'_>,
    request: &Request,
    resolution: &Resolution,
) -> (Verdict, Vec<Finding>) {
    let mut packages: Vec<_> =
        request.requirements.iter().map(|requirement| requirement.package).collect();
    let (verdict, mut findings) = match resolution {
        Resolution::Found(selection) => {
            packages.extend(selection.picks.iter().map(|pick| pick.release.0));
            looked_at(setting, request, selection)
        }
        Resolution::Undecided(undecided) => (Verdict::Unknown, missing(setting, undecided)),
        Resolution::Impossible(conflict) => (Verdict::Incompatible, conflict.findings.clone()),
        Resolution::Unknown { steps } => (Verdict::Unknown, vec![out_of_budget(request, *steps)]),
    };
    findings.extend(setting.notes(&packages));
    (verdict, findings)
}

/// Says which facts are missing.
fn missing(setting: &Setting<'_>, undecided: &Undecided) -> Vec<Finding> {
    let of = |missing: &Missing| {
        let name = &setting.catalog.package(missing.package).name;
        Finding::new(Check::RequirementUnknown, Severity::Warning, name, &missing.text)
    };
    let missing = undecided.missing.iter().map(of);
    undecided.findings.iter().cloned().chain(missing).collect()
}

fn out_of_budget(request: &Request, steps: u64) -> Finding {
    let noun = if steps == 1 { "step" } else { "steps" };
    let message = format!("the search ended after {steps} {noun} without an answer");
    let specs: Vec<_> =
        request.requirements.iter().map(|requirement| requirement.text.as_str()).collect();
    Finding::new(Check::NoSet, Severity::Warning, specs.join(" "), message)
        .hinting("raise --budget")
}

/// Looks at a set: one that only a release off its family made possible is not an answer.
fn looked_at(
    setting: &Setting<'_>,
    request: &Request,
    selection: &Selection,
) -> (Verdict, Vec<Finding>) {
    let chosen: Vec<_> = selection.picks.iter().map(|pick| pick.release).collect();
    let pinned = request.requirements.iter().filter(|requirement| requirement.pinned.is_some());
    let runs = chosen.iter().filter(|&&(package, rank)| setting.runs(package, rank));
    let known: Vec<_> = pinned
        .map(|requirement| requirement.package)
        .chain(runs.map(|(package, _)| *package))
        .collect();
    let mut findings = selection.findings.clone();
    findings.extend(suspicions(&setting.catalog, &chosen, &known));
    findings.extend(chosen.iter().filter_map(|&pick| support_ended(setting, pick)));
    if setting.prefer == Preference::Lts {
        findings.extend(chosen.iter().filter_map(|&pick| lts_missed(setting, request, pick)));
    }
    findings.extend(setting.moved(&chosen));
    let verdict = if is_refused(&findings) { Verdict::Incompatible } else { Verdict::Compatible };
    (verdict, findings)
}

fn is_refused(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// Says that a release of the set gets no fixes any more.
fn support_ended(setting: &Setting<'_>, pick: ReleaseId) -> Option<Finding> {
    let (reason, cite) = ended_reason(&setting.catalog, pick, setting.day)?;
    let name = &setting.catalog.package(pick.0).name;
    let label = setting.catalog.label(pick);
    let message = format!("{label} is past the end of its support: {name} {reason}");
    let finding = Finding::new(Check::SupportEnded, Severity::Warning, label, message);
    Some(match cite {
        Some(cite) => finding.citing(cite),
        None => finding,
    })
}

/// Says that a package with long-term lines got a release outside of them.
fn lts_missed(setting: &Setting<'_>, request: &Request, pick: ReleaseId) -> Option<Finding> {
    let (catalog, day) = (&setting.catalog, setting.day);
    let favoured = request.favoured.get(&pick.0)?;
    if favoured.contains(pick.1) {
        return None;
    }
    let package = catalog.package(pick.0);
    let label = catalog.label(pick);
    let message = match favoured.newest() {
        Some(newest) => format!(
            "{label} has no long-term support on {day}; the newest release that has it is {}",
            package.version(newest)
        ),
        None => format!("no line of {} has long-term support on {day}", package.name),
    };
    let finding = Finding::new(Check::LtsMissed, Severity::Warning, label, message);
    let finding = match catalog.lifecycle(pick.0) {
        Some(lifecycle) => finding.citing(catalog.cite(lifecycle.fact)),
        None => finding,
    };
    Some(match favoured.newest() {
        Some(newest) => finding.hinting(format!(
            "ask for {}@{} to see what stands in its way",
            package.name,
            package.version(newest)
        )),
        None => finding,
    })
}

/// Returns the best set of a request, unless that one is refused, too.
fn sound(setting: &Setting<'_>, request: &Request) -> Option<Selection> {
    match resolve(&setting.catalog, request) {
        Resolution::Found(selection) => {
            let (verdict, _) = looked_at(setting, request, &selection);
            (verdict == Verdict::Compatible).then_some(selection)
        }
        Resolution::Undecided(_) | Resolution::Impossible(_) | Resolution::Unknown { .. } => None,
    }
}

/// Completes a conflict with what the end of support has to do with it. If it is the cause, the same
/// request with the releases past their end asked for by name is something to ask instead. If not, the
/// conflict is explained without it.
pub(super) fn add_ended(setting: &Setting<'_>, conflict: &mut Conflict) {
    let Some(open) = past_end(setting, &setting.requirements) else {
        let any_day = setting.request_for(setting.requirements.clone(), |_| false);
        if let Resolution::Impossible(real) = resolve(&setting.catalog, &any_day) {
            conflict.clashes = real.clashes;
        }
        return;
    };
    let is_known = |repair: &Repair| {
        let mut others = conflict.repairs.iter();
        others.any(|other| releases(&other.picks) == releases(&repair.picks))
    };
    if let Some(repair) = by_name(setting, &open).filter(|repair| !is_known(repair)) {
        conflict.repairs.push(repair);
    }
}

fn releases(picks: &[Pick]) -> Vec<ReleaseId> {
    let mut releases: Vec<_> = picks.iter().map(|pick| pick.release).collect();
    releases.sort_unstable();
    releases
}

/// Returns the request with the best releases past their end of some packages asked for by name.
fn by_name(setting: &Setting<'_>, open: &[PackageIx]) -> Option<Repair> {
    let catalog = &setting.catalog;
    let opened =
        setting.request_for(setting.requirements.clone(), |package| !open.contains(&package));
    let selection = sound(setting, &opened)?;
    let picks: Vec<ReleaseId> = ended_of(&setting.request(), &selection.picks).collect();
    let mut requirements = setting.requirements.clone();
    for &(package, rank) in &picks {
        let requirement = Requirement::exactly(catalog, package, rank);
        match requirements.iter_mut().find(|requirement| requirement.package == package) {
            Some(stated) => *stated = requirement,
            None => requirements.push(requirement),
        }
    }
    let selection = sound(setting, &setting.request_for(requirements, |_| true))?;
    let names: Vec<_> = picks.iter().map(|&release| catalog.label(release)).collect();
    let whose = if names.len() == 1 { "its" } else { "their" };
    let text = format!(
        "ask for {} by name, past the end of {whose} support on {}",
        names.join(" and "),
        setting.day
    );
    Some(Repair { text, picks: selection.picks }).filter(|_| !names.is_empty())
}
