//! `grid`: which plugin releases work with which core releases?

use super::super::args::Common;
use super::super::args::grid::GridArgs;
use super::super::output::Printed;
use super::super::{Failure, names, spec, world};
use super::{day, finish};
use crate::answer::{Answer, Body};
use crate::catalog::{Catalog, PackageIx, PackageKind};
use crate::grid::{Columns, GridRequest, Reasons, grid};
use crate::resolve::Requirement;
use std::sync::Arc;

pub(super) fn run(common: &Common, asked: &GridArgs) -> Result<Printed, Failure> {
    let core = match (&asked.range, asked.core.contains('@')) {
        (Some(range), false) => format!("{}@{range}", asked.core),
        (None, _) => asked.core.clone(),
        (Some(_), true) => {
            return Err(Failure::new("the releases of the core are given twice")
                .hint("either NAME@RANGE or --core RANGE"));
        }
    };
    let platform = asked.platform.iter().map(|name| format!("platform@{name}"));
    let platform: Vec<_> = platform.collect();
    let specs = std::iter::once(&core).chain(&asked.plugins).chain(&platform);
    let catalog = world::for_specs(common, specs.map(String::as_str))?;
    let requirement = spec::requirement(&catalog, &core)?;
    let plugins = spec::requirements(&catalog, &asked.plugins)?;
    for plugin in &plugins {
        check(&catalog, requirement.package, plugin)?;
    }
    let as_of = day(asked.as_of.as_of.as_deref())?;
    let supported_on = asked.only_supported.then_some(as_of);
    let grid = grid(
        &catalog,
        &GridRequest {
            core: requirement,
            plugins,
            beside: spec::requirements(&catalog, &platform)?,
            columns: if asked.patches { Columns::Releases } else { Columns::Lines },
            supported_on,
            reasons: if asked.why { Reasons::Each } else { Reasons::None },
        },
    );
    let body = Body::Grid(grid);
    finish(
        common,
        Answer {
            catalog: Arc::new(catalog),
            command: "grid",
            verdict: None,
            findings: Vec::new(),
            body,
        },
    )
}

/// Refuses what does not extend the core.
fn check(catalog: &Catalog, core: PackageIx, plugin: &Requirement) -> Result<(), Failure> {
    let stated = catalog.package(plugin.package);
    let name = &catalog.package(core).name;
    if stated.kind == PackageKind::Plugin && stated.core == Some(core) {
        return Ok(());
    }
    let (plain, _) = names::split(&plugin.text);
    Err(Failure::new(format!("{plain} is no plugin of {name}"))
        .hint(format!("`skew grid {name}` shows all of its plugins")))
}
