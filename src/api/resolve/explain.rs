//! Why the packages of a set have their releases.

use super::setting::Setting;
use crate::answer::selection::{Explained, Selection, Why};
use crate::catalog::PackageIx;
use crate::failure::Failure;
use crate::knowledge::BuiltIn;
use crate::matrix::nearest;
use crate::query::Preference;
use crate::resolve::{Request, Requirement, why};

/// Explains packages of a set.
pub(super) fn explained(
    setting: &Setting<'_>,
    request: &Request,
    selection: &Selection,
    names: &[String],
) -> Result<Vec<Explained>, Failure> {
    let mut whys = Vec::new();
    for name in names {
        let package = chosen(setting, selection, name)?;
        if let Some(mut why) = why(&setting.catalog, request, selection, package) {
            // What was asked for by its name is there for that alone.
            if pin(request, package).is_some() {
                why.barred.clear();
            }
            whys.push(Explained { remark: remark(setting, request, &why), why });
        }
    }
    Ok(whys)
}

/// Returns the package of a set that has a name.
fn chosen(setting: &Setting<'_>, selection: &Selection, name: &str) -> Result<PackageIx, Failure> {
    let catalog = &setting.catalog;
    let names = || {
        let picks = selection.picks.iter();
        picks.map(|pick| catalog.package(pick.release.0).name.as_str())
    };
    if let Some(package) = catalog.find(name).filter(|_| names().any(|chosen| chosen == name)) {
        return Ok(package);
    }
    let known = catalog.find(name).is_some() || BuiltIn::with_package(name).is_some();
    let (message, near) = if known {
        (format!("--why: {name} is not in the set"), String::new())
    } else {
        let all: Vec<String> =
            names().map(ToOwned::to_owned).chain(setting.base.near(catalog, name)).collect();
        let near = nearest(name, all.iter().map(String::as_str));
        let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
        (format!("--why: no matrix has a package `{name}`"), near)
    };
    let set: Vec<_> = names().collect();
    Err(Failure::new(message).hint(format!("{near}the set has {}", set.join(", "))))
}

/// Says why a release was chosen where nothing clashes with a better one.
fn remark(setting: &Setting<'_>, request: &Request, why: &Why) -> Option<String> {
    if !why.clashes.is_empty() {
        return None;
    }
    let (package, rank) = why.chosen;
    let runs = setting.runs(package, rank);
    Some(match (setting.prefer, why.better.is_empty()) {
        (Preference::Installed, false) if runs => {
            "it runs already, and the fewest changes were asked for".to_owned()
        }
        (Preference::Installed, false) => {
            "no set with a better release changes as little of what runs".to_owned()
        }
        (_, false) => "the search ended before the reason was found; raise --budget".to_owned(),
        (_, true) => best(setting, request, why, runs),
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
fn best(setting: &Setting<'_>, request: &Request, why: &Why, runs: bool) -> String {
    let (package, rank) = why.chosen;
    if let Some(requirement) = pin(request, package) {
        return format!("you asked for {}", requirement.text);
    }
    if runs && request.installed.contains_key(&package) {
        return "it runs already, and nothing in the set needs another one".to_owned();
    }
    let word = if setting.prefer == Preference::Oldest { "oldest" } else { "newest" };
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
