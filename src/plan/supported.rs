//! Plans that end on what is supported, and what of a plan is not.
//!
//! A plan whose target is past the end of its support is refused: who asks for support does not want to
//! arrive without it. A stop on the way is another matter: it may be required, and one leaves it again. It
//! is told, and left to the reader.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::attempt::leads;
use super::goal::Goal;
use super::planning::plan;
use super::sample::sample;
use crate::answer::plan::{Action, NoPlan, Plan};
use crate::catalog::{Catalog, PackageIx, Rank, ReleaseId, ReleaseSet};
use crate::deployment::Deployment;
use crate::finding::{Check, Finding, Severity};
use crate::lifecycle::{ended, ended_reason, support_finding, unstable};
use crate::resolve::Requirement;

/// Plans as [`plan`] does, to releases that are supported on a day.
///
/// # Errors
///
/// Returns why there is no plan, or why the one that there is does not count, with the nearest supported
/// release that a plan leads to.
pub fn supported_plan(
    catalog: &Catalog,
    deployment: &Deployment,
    goal: &Goal,
    as_of: Date,
) -> Result<Plan, NoPlan> {
    let goal = narrowed(catalog, goal, as_of);
    let made = plan(catalog, deployment, &goal)?;
    let refused = |&target: &ReleaseId| refusal(catalog, target, as_of);
    let reasons: Vec<Finding> = made.targets.iter().filter_map(refused).collect();
    if reasons.is_empty() {
        return Ok(made);
    }
    let sample = sample(deployment);
    let over = made.targets.iter().filter(|&target| refused(target).is_some());
    let instead = over.filter_map(|&target| nearest(catalog, &sample, &goal, target, as_of));
    Err(NoPlan { reasons, alternatives: instead.collect() })
}

/// Takes what has ended from requirements that leave a choice.
fn narrowed(catalog: &Catalog, goal: &Goal, as_of: Date) -> Goal {
    let mut goal = goal.clone();
    for requirement in
        goal.targets.iter_mut().filter(|requirement| requirement.releases.count() > 1)
    {
        let mut left = requirement.releases.clone();
        left.subtract(&ended(catalog, requirement.package, as_of));
        if !left.is_empty() {
            requirement.releases = left;
        }
    }
    goal
}

fn refusal(catalog: &Catalog, target: ReleaseId, as_of: Date) -> Option<Finding> {
    if let Some(finding) = unstable(catalog, target, &catalog.label(target)) {
        return Some(Finding { severity: Severity::Error, ..finding });
    }
    let (why, cite) = ended_reason(catalog, target, as_of)?;
    let label = catalog.label(target);
    let message = format!("{label} is not supported on {as_of}: {why}");
    let finding = Finding::new(Check::SupportEnded, Severity::Error, label, message);
    Some(match cite {
        Some(cite) => finding.citing(cite),
        None => finding,
    })
}

/// Returns the nearest supported release that a plan leads to: the newest of the next newer line, and so on
/// upwards, then downwards.
fn nearest(
    catalog: &Catalog,
    sample: &Deployment,
    goal: &Goal,
    (package, rank): ReleaseId,
    as_of: Date,
) -> Option<String> {
    let lines = newest_of_supported_lines(catalog, package, as_of);
    let newer = lines.iter().filter(|&&other| other > rank);
    let older = lines.iter().rev().filter(|&&other| other < rank);
    let is_reached = |&&other: &&Rank| {
        let mut goal = goal.clone();
        let requirement = Requirement::exactly(catalog, package, other);
        let requirements = goal.targets.iter_mut().filter(|one| one.package == package);
        requirements.for_each(|one| *one = requirement.clone());
        leads(catalog, sample, &goal)
    };
    let other = newer.chain(older).find(is_reached)?;
    Some(format!("go to {}, which is supported", catalog.label((package, *other))))
}

/// Returns the newest release of each line that has not ended, oldest first.
fn newest_of_supported_lines(catalog: &Catalog, package: PackageIx, as_of: Date) -> Vec<Rank> {
    let stated = catalog.package(package);
    let Some(lifecycle) = catalog.lifecycle(package) else { return Vec::new() };
    let mut left = ReleaseSet::filled(stated.len(), |rank| {
        let release = stated.release(rank);
        release.is_choosable() && release.date.is_none_or(|date| date <= as_of)
    });
    left.subtract(&ended(catalog, package, as_of));
    let lines = stated.lines(lifecycle.step).into_iter();
    let newest =
        |line| stated.line_ranks(line, lifecycle.step).rev().find(|&rank| left.contains(rank));
    lines.filter_map(newest).collect()
}

/// Says which releases that a plan brings are past the end of their support on a day: those that stay, and
/// those that are only passed through.
pub fn unsupported(catalog: &Catalog, plan: &Plan, as_of: Date) -> Vec<Finding> {
    let mut last: BTreeMap<(usize, PackageIx), ReleaseId> = BTreeMap::new();
    let mut brought: Vec<ReleaseId> = plan.targets.clone();
    for (node, release) in plan.steps.iter().flat_map(|step| brings(&step.action)) {
        last.insert((node, release.0), release);
        brought.push(release);
    }
    brought.sort_unstable();
    brought.dedup();
    let stays = |release: &ReleaseId| {
        plan.targets.contains(release) || last.values().any(|other| other == release)
    };
    let finding = |release: ReleaseId| {
        let found = support_finding(catalog, release, as_of, 0, &catalog.label(release))?;
        let on_the_way = !stays(&release);
        let subject =
            if on_the_way { format!("{} (on the way)", found.subject) } else { found.subject };
        Some(Finding { subject, ..found })
    };
    brought.into_iter().filter_map(finding).collect()
}

/// Returns what an action brings to which node.
fn brings(action: &Action) -> Vec<(usize, ReleaseId)> {
    match action {
        Action::Upgrade { node, to, with, .. } => {
            let with = with.iter().map(|(_, after)| (*node, *after));
            std::iter::once((*node, *to)).chain(with).collect()
        }
        Action::Install { node, to, .. } => vec![(*node, *to)],
        Action::Switch { .. }
        | Action::Stop { .. }
        | Action::Start { .. }
        | Action::Migrate { .. } => Vec::new(),
    }
}
