//! `resolve`: which set should I run?

use std::sync::Arc;

use std::path::Path;

use super::super::args::{Common, PreferArg, Question};
use super::super::output::Printed;
use super::super::request::Asked;
use super::super::{Failure, second_look, world};
use super::finish;
use crate::answer::selection::{Explained, Resolution, Resolved, Selection, Why};
use crate::answer::{Answer, Body};
use crate::catalog::PackageIx;
use crate::matrix::nearest;
use crate::report::lock;
use crate::resolve::{Request, Requirement, why};

/// What `resolve` may be asked beside the question.
pub(super) struct Extras<'a> {
    /// What runs now.
    pub(super) installed: Option<&'a Path>,
    /// Packages to explain.
    pub(super) why: &'a [String],
    /// Where to write the lock.
    pub(super) lock: Option<&'a Path>,
}

pub(super) fn run(
    common: &Common,
    question: &Question,
    prefer: PreferArg,
    extras: &Extras<'_>,
) -> Result<Printed, Failure> {
    check_lock(common, extras.lock)?;
    let asked = Asked::read(common, question, prefer, extras.installed)?;
    let (request, mut resolution) = second_look::answer(&asked);
    let (verdict, findings) = second_look::judge(common, &asked, &request, &resolution);
    let mut whys = Vec::new();
    match &mut resolution {
        Resolution::Found(selection) => whys = explained(&asked, &request, selection, extras.why)?,
        Resolution::Impossible(conflict) => second_look::add_ended(&asked, conflict),
        Resolution::Unknown { .. } => {}
    }
    let lock = extras.lock.and_then(|path| Some((path.to_owned(), locked(&asked, &resolution)?)));
    let resolved = Resolved { as_of: asked.day, resolution, whys };
    let report = Answer {
        catalog: Arc::clone(&asked.catalog),
        command: "resolve",
        verdict: Some(verdict),
        findings,
        body: Body::Resolution(resolved),
    };
    Ok(Printed { lock, ..finish(common, report)? })
}

/// Refuses to write the lock where the answer goes; a program could not tell the two apart.
fn check_lock(common: &Common, lock: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = lock else { return Ok(()) };
    if path.as_os_str() == "-" {
        return Err(Failure::new("expected a file for --lock, found `-`")
            .hint("standard output holds the answer"));
    }
    if common.output.as_deref() == Some(path) {
        return Err(Failure::new("--lock and --output name the same file"));
    }
    Ok(())
}

/// Returns the text of the lock, if there is a set.
fn locked(asked: &Asked, resolution: &Resolution) -> Option<String> {
    let Resolution::Found(selection) = resolution else {
        return None;
    };
    let matrices = asked.files.records(&asked.catalog);
    let record = lock::record(&asked.catalog, &selection.picks, asked.record(), matrices);
    Some(lock::text(&record))
}

/// Explains packages of a set.
fn explained(
    asked: &Asked,
    request: &Request,
    selection: &Selection,
    names: &[String],
) -> Result<Vec<Explained>, Failure> {
    let mut whys = Vec::new();
    for name in names {
        let package = chosen(asked, selection, name)?;
        if let Some(mut why) = why(&asked.catalog, request, selection, package) {
            // What was asked for by its name is there for that alone.
            if pin(request, package).is_some() {
                why.barred.clear();
            }
            whys.push(Explained { remark: remark(asked, request, &why), why });
        }
    }
    Ok(whys)
}

/// Returns the package of a set that has a name.
fn chosen(asked: &Asked, selection: &Selection, name: &str) -> Result<PackageIx, Failure> {
    let catalog = &asked.catalog;
    let names = || {
        let picks = selection.picks.iter();
        picks.map(|pick| catalog.package(pick.release.0).name.as_str())
    };
    if let Some(package) = catalog.find(name).filter(|_| names().any(|chosen| chosen == name)) {
        return Ok(package);
    }
    let known = catalog.find(name).is_some() || world::matrix_of(name).is_some();
    let (message, near) = if known {
        (format!("--why: {name} is not in the set"), String::new())
    } else {
        let all: Vec<String> =
            names().map(ToOwned::to_owned).chain(world::near(catalog, name)).collect();
        let near = nearest(name, all.iter().map(String::as_str));
        let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
        (format!("--why: no matrix has a package `{}`", name.escape_debug()), near)
    };
    let set: Vec<_> = names().collect();
    Err(Failure::new(message).hint(format!("{near}the set has {}", set.join(", "))))
}

/// Says why a release was chosen where nothing clashes with a better one.
fn remark(asked: &Asked, request: &Request, why: &Why) -> Option<String> {
    if !why.clashes.is_empty() {
        return None;
    }
    let (package, rank) = why.chosen;
    let runs = asked.runs(package, rank);
    Some(match (asked.prefer, why.better.is_empty()) {
        (PreferArg::Installed, false) if runs => {
            "it runs already, and the fewest changes were asked for".to_owned()
        }
        (PreferArg::Installed, false) => {
            "no set with a better release changes as little of what runs".to_owned()
        }
        (_, false) => "the search ended before the reason was found; raise --budget".to_owned(),
        (_, true) => best(asked, request, why, runs),
    })
}

/// Returns the requirement for one release of a package by its name.
fn pin(request: &Request, package: PackageIx) -> Option<&Requirement> {
    request
        .requirements
        .iter()
        .find(|requirement| requirement.package == package && requirement.pinned.is_some())
}

/// Says of what a release is the best.
fn best(asked: &Asked, request: &Request, why: &Why, runs: bool) -> String {
    let (package, rank) = why.chosen;
    if let Some(requirement) = pin(request, package) {
        return format!("you asked for {}", requirement.text);
    }
    if runs && request.installed.contains_key(&package) {
        return "it runs already, and nothing in the set needs another one".to_owned();
    }
    let word = if asked.prefer == PreferArg::Oldest { "oldest" } else { "newest" };
    let favoured = request.favoured.get(&package);
    let support = match favoured {
        Some(favoured) if favoured.contains(rank) => " with long-term support",
        Some(_) | None => "",
    };
    let mut requirements = request.requirements.iter();
    match requirements.find(|requirement| requirement.package == package && requirement.restricted)
    {
        Some(requirement) => {
            format!("you asked for {}, and it is the {word} of these{support}", requirement.text)
        }
        None => format!("it is the {word} that may be chosen{support}"),
    }
}
