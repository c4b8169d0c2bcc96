//! A step from one release to another, and what it brings.
//!
//! Owns the question that stands before every plan: how large is the step, what does the project promise
//! for it, and who is affected. For a core that is what its interfaces and its plugins do, the hops with
//! their risks, and where there is no way back; for a plugin what it asks of its core and its runtime, and
//! whether it leaves the release line that one runs. Nothing here is decided anew: sets are resolved, pairs
//! judged, paths searched and support looked up by the engines below.
//!
//! Without a list of what is installed, every plugin is asked about by itself, as in a grid. Plugins that
//! are named are a set: they are resolved together, and what is installed stays where it can.

mod back;
mod finding;
mod floor;
mod kind;
mod needs;
mod plugins;
mod promise;
mod request;
mod surface;

use jiff::civil::Date;

use crate::answer::diff::{Diff, Size};
use crate::answer::support::SupportRow;
use crate::catalog::{Catalog, PackageKind, ReleaseId, ReleaseSet};
use crate::finding::Finding;
use crate::graph::upgrade_path;
use crate::lifecycle::support;

pub use floor::{Floor, floor};
pub use request::{DiffRequest, NamedPlugin};

/// Says what a step brings, and what follows from it.
pub fn diff(catalog: &Catalog, asked: &DiffRequest) -> (Diff, Vec<Finding>) {
    let (from, to) = (asked.from, asked.to);
    let kind = kind::kind(catalog, from, to);
    let path = path(catalog, asked);
    let is_plugin = catalog.package(to.0).kind == PackageKind::Plugin;
    let promises = promise::promises(catalog, to, &kind);
    let plugins = if is_plugin || kind.size == Size::None {
        Vec::new()
    } else {
        plugins::plugins(catalog, asked, &kind)
    };
    let (floors, lines) =
        if is_plugin { floor::floors(catalog, asked) } else { (None, Vec::new()) };
    let made = Diff {
        from,
        to,
        promises,
        interfaces: surface::interfaces(catalog, from, to, asked.features),
        needs: needs::needs(catalog, from, to),
        floors,
        lines,
        plugins,
        support: (row(catalog, from, asked.as_of), row(catalog, to, asked.as_of)),
        no_return: back::no_return(catalog, asked, path.as_ref(), &kind),
        path,
        kind,
    };
    let findings = finding::findings(catalog, asked, &made);
    (made, findings)
}

/// Returns the way there with all risks accepted, since a diff tells them and refuses none.
fn path(
    catalog: &Catalog,
    asked: &DiffRequest,
) -> Option<Result<crate::answer::path::PathAnswer, crate::answer::path::NoPath>> {
    let (from, to) = (asked.from, asked.to);
    let rules = catalog.upgrades(to.0).or_else(|| catalog.upgrades(from.0))?;
    let risks = rules.risks.iter().map(|risk| risk.name.clone()).collect();
    Some(upgrade_path(catalog, from, to, asked.features, &risks))
}

/// Returns the support of a release's line, if the package's matrix states any.
fn row(catalog: &Catalog, (package, rank): ReleaseId, as_of: Date) -> Option<SupportRow> {
    catalog.lifecycle(package)?;
    let mut one = ReleaseSet::empty(catalog.package(package).len());
    one.insert(rank);
    support(catalog, package, Some(&one), as_of).pop()
}
