//! The compatibility grid: for each plugin and each release of a core, the newest release that works.
//!
//! Owns which cells there are and what stands in them. A cell is effective, not declared: the plugin is
//! resolved with everything that it needs and the core held to that release, so a plugin whose
//! dependency needs a newer core shows it. Each plugin is asked about by itself, since a table of
//! plugins is not a set of them; [`every_core`] answers a whole row from one instance.
//!
//! A column may be a whole release line. Its cell is that of the newest release of the line with which
//! something works, since the parts of a release often come out some days after the core.
//!
//! What no release satisfies is told from what nobody knows: where an interface level of the core is not
//! stated, or the requirements of a release could not be read, the cell is silent. So it is for releases of
//! the core that came after everything that a partial list of a plugin's releases knows. Reasons are asked
//! for apart, as each takes a search of its own. Rows are made on all cores; they do not know of each other.

use jiff::civil::Date;
use rayon::prelude::*;

use crate::answer::grid::{Cell, Column, Grid, GridRow};
use crate::answer::selection::{Resolution, SetOutcome};
use crate::catalog::{Catalog, Listing, NeedKind, PackageIx, PackageKind, Rank, ReleaseSet};
use crate::lifecycle::ended;
use crate::resolve::{Request, Wish, every_core, resolve};
use crate::version::Step;

/// What a grid shows.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The releases of the core.
    pub core: Wish,
    /// The plugins; all of the core if empty.
    pub plugins: Vec<Wish>,
    /// What else must be in every set, such as a platform.
    pub beside: Vec<Wish>,
    /// Whether every release of the core has a column, or only the newest of each minor line.
    pub columns: Columns,
    /// Leaves out what has ended on this day.
    pub supported_on: Option<Date>,
    /// Whether cells say why nothing works.
    pub reasons: Reasons,
}

/// Which releases of the core have a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Columns {
    /// The newest of each minor line.
    Lines,
    /// Each.
    Releases,
}

/// Whether reasons are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reasons {
    /// They are left out.
    None,
    /// Every cell without a release has one.
    Each,
}

/// Makes the grid.
pub fn grid(catalog: &Catalog, asked: &Asked) -> Grid {
    let core = asked.core.package;
    let columns = columns(catalog, asked);
    let all = every_plugin(catalog, core);
    let plugins = if asked.plugins.is_empty() { all } else { asked.plugins.clone() };
    // Each row is a search of its own with a budget of its own, so it does not matter which thread makes it.
    let rows = plugins.into_par_iter().map(|plugin| row(catalog, asked, &columns, plugin));
    Grid { core, rows: rows.collect(), columns }
}

/// Returns a wish for each plugin of a core, by name.
fn every_plugin(catalog: &Catalog, core: PackageIx) -> Vec<Wish> {
    let plugins = catalog
        .packages()
        .filter(|(_, package)| package.kind == PackageKind::Plugin && package.core == Some(core));
    let mut plugins: Vec<_> = plugins.map(|(ix, package)| (&package.name, ix)).collect();
    plugins.sort_unstable();
    plugins.into_iter().map(|(_, ix)| Wish::any(catalog, ix)).collect()
}

fn columns(catalog: &Catalog, asked: &Asked) -> Vec<Column> {
    let package = catalog.package(asked.core.package);
    let mut releases = asked.core.releases.clone();
    if let Some(day) = asked.supported_on {
        releases.subtract(&ended(catalog, asked.core.package, day));
    }
    let mut columns: Vec<Column> = Vec::new();
    let mut last = None;
    for rank in package.ranks().rev().filter(|&rank| releases.contains(rank)) {
        let version = package.version(rank);
        // Mere names have no lines.
        let line = match asked.columns {
            Columns::Lines => Some(version.line(Step::Minor)),
            Columns::Releases => None,
        };
        let line = line.filter(|_| !version.numbers().as_slice().is_empty());
        match columns.last_mut().filter(|_| line.is_some() && line == last) {
            Some(column) => column.releases.push(rank),
            None => columns.push(Column {
                releases: vec![rank],
                head: line.map_or_else(|| version.text().to_owned(), |line| line.to_string()),
            }),
        }
        last = line;
    }
    columns
}

fn row(catalog: &Catalog, asked: &Asked, columns: &[Column], plugin: Wish) -> GridRow {
    let package = plugin.package;
    let mut request = Request::newest([vec![plugin], asked.beside.clone()].concat());
    if let Some(day) = asked.supported_on {
        request.on(catalog, day);
    }
    let answers = every_core(catalog, &request, asked.core.package);
    let cell = |column: &Column| {
        let found = column.releases.iter().find_map(|&core| {
            let release = picked(&answers[core.ix()].outcome, package)?;
            Some(Cell::Works { release, core })
        });
        found.unwrap_or_else(|| {
            let unknown = |rank: &&Rank| answers[rank.ix()].outcome == SetOutcome::Unknown;
            match (column.releases.iter().find(unknown), column.releases.first()) {
                (None, Some(&newest)) => nothing(catalog, asked, &request, column, newest),
                (Some(_), _) | (None, None) => Cell::OutOfBudget,
            }
        })
    };
    GridRow { package, cells: columns.iter().map(cell).collect() }
}

/// Returns the release of a package in a set.
fn picked(outcome: &SetOutcome, package: PackageIx) -> Option<Rank> {
    match outcome {
        SetOutcome::Set(set) => set.iter().find(|(of, _)| *of == package).map(|(_, rank)| *rank),
        SetOutcome::Impossible | SetOutcome::Unknown => None,
    }
}

/// Returns the cell of a plugin of which no release is known to work; a reason is about the newest
/// release of the column.
fn nothing(
    catalog: &Catalog,
    asked: &Asked,
    request: &Request,
    column: &Column,
    newest: Rank,
) -> Cell {
    let core = asked.core.package;
    let plugin = request.wishes.first();
    let silent = |&at: &Rank| plugin.is_some_and(|plugin| is_silent(catalog, plugin, core, at));
    let beyond = plugin.is_some_and(|plugin| is_beyond(catalog, plugin.package, core, newest));
    let why = match asked.reasons {
        Reasons::None => None,
        Reasons::Each => reason(catalog, request, core, newest),
    };
    if beyond || column.releases.iter().any(silent) { Cell::Silent(why) } else { Cell::Never(why) }
}

/// Whether nobody knows if some release of a plugin works with a release of the core, though none is listed.
pub fn is_open(catalog: &Catalog, plugin: &Wish, core: PackageIx, at: Rank) -> bool {
    is_beyond(catalog, plugin.package, core, at) || is_silent(catalog, plugin, core, at)
}

/// Whether some release of the plugin might work, for all that is known.
fn is_silent(catalog: &Catalog, plugin: &Wish, core: PackageIx, at: Rank) -> bool {
    let package = catalog.package(plugin.package);
    package.ranks().any(|rank| {
        let release = package.release(rank);
        if release.unreadable.is_some() && release.withdrawn.is_none() {
            return true;
        }
        let needs = package.needs(rank).iter().filter(|need| need.target == core);
        let mut needs = needs.filter(|need| need.kind != NeedKind::Conflicts).peekable();
        let unstated =
            |set: &ReleaseSet, other: &ReleaseSet| set.contains(at) && !other.contains(at);
        plugin.releases.contains(rank)
            && needs.peek().is_some()
            && needs.all(|need| {
                let constraint = catalog.constraint(need.constraint);
                unstated(&constraint.unknown, &constraint.allowed)
            })
    })
}

/// Whether a release of the core is newer than all that a partial list of the plugin's releases is about:
/// then the list ends too early to say that there is none for it.
fn is_beyond(catalog: &Catalog, plugin: PackageIx, core: PackageIx, at: Rank) -> bool {
    let package = catalog.package(plugin);
    let served = |rank| {
        let needs = package.needs(rank).iter().filter(|need| need.target == core);
        needs.map(|need| &catalog.constraint(need.constraint).allowed)
    };
    let reaches = |set: &ReleaseSet| set.iter().any(|rank| rank >= at);
    package.listing == Listing::Partial && !package.ranks().flat_map(served).any(reaches)
}

/// Returns why no release works with a release of the core.
pub fn reason(catalog: &Catalog, request: &Request, core: PackageIx, at: Rank) -> Option<String> {
    let mut request = request.clone();
    request.wishes.retain(|wish| wish.package != core);
    request.wishes.insert(0, Wish::exactly(catalog, core, at));
    let Resolution::Impossible(conflict) = resolve(catalog, &request) else { return None };
    // The wishes themselves are the row and the column.
    let wishes: Vec<_> = request.wishes.iter().map(|wish| wish.text.as_str()).collect();
    let stated = conflict.clashes.into_iter().map(|clash| clash.text);
    let told: Vec<_> =
        stated.filter(|text| !wishes.iter().any(|wish| text.ends_with(wish))).collect();
    Some(told.join("; "))
}
