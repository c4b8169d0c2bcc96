//! `grid`: which plugin releases work with which core releases?

use super::lookup::Lookup;
use crate::answer::{Answer, Body};
use crate::catalog::{Catalog, PackageIx};
use crate::failure::Failure;
use crate::grid::{Columns, GridRequest, Reasons, grid};
use crate::knowledge::{KnowledgeBase, Topic};
use crate::query::GridQuery;
use crate::spec::Spec;

pub(super) fn answer(base: &KnowledgeBase, query: &GridQuery) -> Result<Answer, Failure> {
    let platform: Vec<Spec> =
        query.platform.iter().map(|name| Spec::of("platform", name)).collect();
    let specs = [&query.core].into_iter().chain(&query.plugins).chain(&platform);
    let catalog = base.load(&Topic::of_specs(specs))?;
    let lookup = Lookup { base, catalog: &catalog };
    let core = lookup.requirement(&query.core)?;
    let plugins = lookup.requirements(&query.plugins)?;
    for (plugin, spec) in plugins.iter().zip(&query.plugins) {
        check(&catalog, core.package, plugin.package, spec)?;
    }
    let grid = grid(
        &catalog,
        &GridRequest {
            core,
            plugins,
            beside: lookup.requirements(&platform)?,
            columns: if query.patches { Columns::Releases } else { Columns::Lines },
            supported_on: query.only_supported.then_some(query.day),
            reasons: if query.why { Reasons::Each } else { Reasons::None },
        },
    );
    Ok(Answer::new(catalog, "grid", None, Vec::new(), Body::Grid(grid)))
}

/// Refuses what does not extend the core.
fn check(
    catalog: &Catalog,
    core: PackageIx,
    plugin: PackageIx,
    spec: &Spec,
) -> Result<(), Failure> {
    if catalog.extends(plugin, core) {
        return Ok(());
    }
    let name = &catalog.package(core).name;
    Err(Failure::new(format!("{} is no plugin of {name}", spec.name()))
        .hint(format!("`skew grid {name}` shows all of its plugins")))
}
