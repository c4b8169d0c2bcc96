//! `diff`: what does a step from one release to another bring?

use super::lookup::Lookup;
use crate::answer::{Answer, Body};
use crate::catalog::{Catalog, PackageKind, ReleaseId, ReleaseSet};
use crate::diff::{DiffRequest, NamedPlugin, diff};
use crate::failure::Failure;
use crate::knowledge::{KnowledgeBase, Topic};
use crate::query::DiffQuery;
use crate::spec::Spec;

pub(super) fn answer(base: &KnowledgeBase, query: &DiffQuery) -> Result<Answer, Failure> {
    let specs = [&query.from, &query.to].into_iter().chain(&query.with).chain(&query.core);
    let catalog = base.load(&Topic::of_specs(specs))?;
    let lookup = Lookup { base, catalog: &catalog };
    let ends = [exactly(lookup, &query.from)?, exactly(lookup, &query.to)?];
    relate(&catalog, ends)?;
    let with = query.with.iter().map(|spec| plugin(lookup, ends, spec));
    let asked = DiffRequest {
        from: ends[0],
        to: ends[1],
        with: with.collect::<Result<_, _>>()?,
        cores: query.core.as_ref().map(|spec| core(lookup, ends, spec)).transpose()?,
        features: lookup.features(&query.features)?,
        as_of: query.day,
    };
    twice(&catalog, &asked.with)?;
    let (made, findings) = diff(&catalog, &asked);
    let body = Body::Diff { as_of: query.day, named: !query.with.is_empty(), diff: Box::new(made) };
    Ok(Answer::new(catalog, "diff", None, findings, body))
}

/// Returns the release that a SPEC names; a package alone is no end of a step.
fn exactly(lookup: Lookup<'_>, spec: &Spec) -> Result<ReleaseId, Failure> {
    if spec.version().is_some() {
        return lookup.release(spec);
    }
    lookup.package(spec)?;
    let name = spec.name();
    Err(Failure::new(format!("expected NAME@VERSION, found `{name}`"))
        .hint(format!("`skew list {name}` shows every release")))
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

/// Returns the installed plugin that a SPEC names.
fn plugin(lookup: Lookup<'_>, ends: [ReleaseId; 2], spec: &Spec) -> Result<NamedPlugin, Failure> {
    let catalog = lookup.catalog;
    let package = lookup.package(spec)?;
    let stated = catalog.package(package);
    let cores = ends.map(|end| end.0);
    let is_plugin = stated.kind == PackageKind::Plugin;
    if is_plugin && stated.core.is_some_and(|core| cores.contains(&core)) {
        let installed = spec.version().map(|_| lookup.release(spec)).transpose()?;
        return Ok(NamedPlugin { package, installed: installed.map(|release| release.1) });
    }
    let core = catalog.package(cores[1]);
    let hint = if core.kind == PackageKind::Plugin {
        "--with is for the step of a core; --core says which core a plugin must keep".to_owned()
    } else {
        format!("`skew grid {}` shows all of its plugins", core.name)
    };
    Err(Failure::new(format!("{} is no plugin of {}", stated.name, core.name)).hint(hint))
}

/// Refuses a plugin that is named twice.
fn twice(catalog: &Catalog, with: &[NamedPlugin]) -> Result<(), Failure> {
    let again = with
        .iter()
        .enumerate()
        .find(|(ix, plugin)| with[..*ix].iter().any(|other| other.package == plugin.package));
    match again {
        Some((_, plugin)) => {
            let name = &catalog.package(plugin.package).name;
            Err(Failure::new(format!("--with names {name} twice")))
        }
        None => Ok(()),
    }
}

/// Returns the releases of the core that a plugin must keep working with.
fn core(lookup: Lookup<'_>, [_, to]: [ReleaseId; 2], spec: &Spec) -> Result<ReleaseSet, Failure> {
    let catalog = lookup.catalog;
    let requirement = lookup.requirement(spec)?;
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
