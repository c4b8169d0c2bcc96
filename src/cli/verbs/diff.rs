//! `diff`: what does a step from one release to another bring?

use super::super::args::Common;
use super::super::args::diff::DiffArgs;
use super::super::output::Printed;
use super::super::{Failure, names, spec, world};
use super::{day, features, finish};
use crate::answer::{Answer, Body};
use crate::catalog::{Catalog, PackageKind, ReleaseId};
use crate::diff::{DiffRequest, NamedPlugin, diff};
use std::sync::Arc;

pub(super) fn run(common: &Common, asked: &DiffArgs) -> Result<Printed, Failure> {
    let to = target(asked);
    let as_of = day(asked.as_of.as_of.as_deref())?;
    let specs = [&asked.from, &to].into_iter().chain(&asked.with).chain(&asked.core);
    let catalog = world::for_specs(common, specs.map(String::as_str))?;
    let ends = [exactly(&catalog, &asked.from)?, exactly(&catalog, &to)?];
    relate(&catalog, ends)?;
    let with = asked.with.iter().map(|text| plugin(&catalog, ends, text));
    let cores = match &asked.core {
        Some(text) => Some(core(&catalog, ends, text)?),
        None => None,
    };
    let question = DiffRequest {
        from: ends[0],
        to: ends[1],
        with: with.collect::<Result<_, _>>()?,
        cores,
        features: features(&catalog, &asked.feature)?,
        as_of,
    };
    twice(&catalog, &question.with)?;
    let (made, findings) = diff(&catalog, &question);
    let body = Body::Diff { as_of, named: !asked.with.is_empty(), diff: Box::new(made) };
    finish(
        common,
        Answer { catalog: Arc::new(catalog), command: "diff", verdict: None, findings, body },
    )
}

/// Returns the second SPEC, which may leave the package's name out.
fn target(asked: &DiffArgs) -> String {
    if asked.to.contains('@') {
        return asked.to.clone();
    }
    format!("{}@{}", names::split(&asked.from).0, asked.to)
}

/// Returns the release that a SPEC names; a package alone is no end of a step.
fn exactly(catalog: &Catalog, text: &str) -> Result<ReleaseId, Failure> {
    let (name, version) = names::split(text);
    if version.is_none() {
        spec::package(catalog, name)?;
        return Err(Failure::new(format!(
            "expected NAME@VERSION, found `{}`",
            name.escape_debug()
        ))
        .hint(format!("`skew list {name}` shows every release")));
    }
    spec::release(catalog, text)
}

/// Refuses two packages of which neither takes the place of the other.
fn relate(catalog: &Catalog, [from, to]: [ReleaseId; 2]) -> Result<(), Failure> {
    let takes = |new: ReleaseId, old: ReleaseId| {
        catalog.upgrades(new.0).is_some_and(|rules| rules.from_packages.contains(&old.0))
    };
    if from.0 == to.0 || takes(to, from) || takes(from, to) {
        return Ok(());
    }
    let (old, new) = (&catalog.package(from.0).name, &catalog.package(to.0).name);
    Err(Failure::new(format!("no fact says that {new} can take the place of {old}"))
        .hint("a step is between two releases of one package"))
}

/// Returns what --with names.
fn plugin(catalog: &Catalog, ends: [ReleaseId; 2], text: &str) -> Result<NamedPlugin, Failure> {
    let (name, version) = names::split(text);
    let package = spec::package(catalog, name)?;
    let stated = catalog.package(package);
    let cores = ends.map(|end| end.0);
    if stated.kind != PackageKind::Plugin || !stated.core.is_some_and(|core| cores.contains(&core))
    {
        let core = &catalog.package(cores[1]).name;
        return Err(Failure::new(format!("{} is no plugin of {core}", stated.name)).hint(
            if catalog.package(cores[1]).kind == PackageKind::Plugin {
                "--with is for the step of a core; --core says which core a plugin must keep"
                    .to_owned()
            } else {
                format!("`skew grid {core}` shows all of its plugins")
            },
        ));
    }
    let installed = version.map(|_| spec::release(catalog, text)).transpose()?;
    Ok(NamedPlugin { package, installed: installed.map(|release| release.1) })
}

/// Refuses a plugin that is named twice.
fn twice(catalog: &Catalog, with: &[NamedPlugin]) -> Result<(), Failure> {
    let again = |(ix, plugin): (usize, &NamedPlugin)| {
        with[..ix].iter().any(|other| other.package == plugin.package).then_some(plugin.package)
    };
    match with.iter().enumerate().find_map(again) {
        Some(package) => {
            Err(Failure::new(format!("--with names {} twice", catalog.package(package).name)))
        }
        None => Ok(()),
    }
}

/// Returns the releases of the core that --core names.
fn core(
    catalog: &Catalog,
    [_, to]: [ReleaseId; 2],
    text: &str,
) -> Result<crate::catalog::ReleaseSet, Failure> {
    let requirement = spec::requirement(catalog, text)?;
    let stated = catalog.package(to.0);
    if stated.core == Some(requirement.package) {
        return Ok(requirement.releases);
    }
    let asked = &catalog.package(requirement.package).name;
    let failure = Failure::new(format!("{asked} is not the core of {}", stated.name));
    Err(match stated.core {
        Some(core) => failure.hint(format!("its core is {}", catalog.package(core).name)),
        None => failure.hint("--core is for the step of a plugin"),
    })
}
