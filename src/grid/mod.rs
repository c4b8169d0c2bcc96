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
//! What no release satisfies is told from what nobody knows, as the resolver does. A release that works by its
//! words, but that nobody meant for this core, is marked. Reasons are asked for apart, as each takes a search
//! of its own. Rows are made on all cores; they do not know of each other.

use jiff::civil::Date;
#[cfg(feature = "parallel")]
use rayon::prelude::*;

use crate::answer::grid::{Cell, Column, Grid, GridRow};
use crate::answer::selection::{Resolution, SetOutcome};
use crate::catalog::{Catalog, PackageIx, Rank};
use crate::lifecycle::ended;
use crate::resolve::{Request, Requirement, every_core, resolve};
use crate::suspicion::is_doubtful;
use crate::version::Step;

/// The rows and columns of a grid, and what its cells say.
#[derive(Debug, Clone)]
pub struct GridRequest {
    /// The releases of the core.
    pub core: Requirement,
    /// The plugins; all of the core if empty.
    pub plugins: Vec<Requirement>,
    /// Further packages of every set, such as a platform.
    pub beside: Vec<Requirement>,
    /// True if every release of the core has a column, or only the newest of each minor line.
    pub columns: Columns,
    /// Leaves out what has ended on this day.
    pub supported_on: Option<Date>,
    /// True if cells say why nothing works.
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

/// The cells that give reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reasons {
    /// They are left out.
    None,
    /// Every cell without a release has one.
    Each,
}

/// Makes the grid.
pub fn grid(catalog: &Catalog, asked: &GridRequest) -> Grid {
    let core = asked.core.package;
    let columns = columns(catalog, asked);
    let all = every_plugin(catalog, core);
    let plugins = if asked.plugins.is_empty() { all } else { asked.plugins.clone() };
    // Each row is a search of its own with a budget of its own, so it does not matter which thread makes it.
    #[cfg(feature = "parallel")]
    let plugins = plugins.into_par_iter();
    #[cfg(not(feature = "parallel"))]
    let plugins = plugins.into_iter();
    let rows = plugins.map(|plugin| row(catalog, asked, &columns, plugin));
    Grid { core, rows: rows.collect(), columns }
}

/// Returns a requirement for each plugin of a core, by name.
fn every_plugin(catalog: &Catalog, core: PackageIx) -> Vec<Requirement> {
    let plugins = catalog.packages().filter(|&(package, _)| catalog.extends(package, core));
    let mut plugins: Vec<_> = plugins.map(|(ix, package)| (&package.name, ix)).collect();
    plugins.sort_unstable();
    plugins.into_iter().map(|(_, ix)| Requirement::any(catalog, ix)).collect()
}

fn columns(catalog: &Catalog, asked: &GridRequest) -> Vec<Column> {
    let package = catalog.package(asked.core.package);
    let mut releases = asked.core.meant().clone();
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

fn row(catalog: &Catalog, asked: &GridRequest, columns: &[Column], plugin: Requirement) -> GridRow {
    let package = plugin.package;
    let mut request = Request::newest([vec![plugin], asked.beside.clone()].concat());
    if let Some(day) = asked.supported_on {
        request.on(catalog, day);
    }
    let answers = every_core(catalog, &request, asked.core.package);
    let cell = |column: &Column| {
        let found = column.releases.iter().find_map(|&core| {
            let release = picked(&answers[core.ix()].outcome, package)?;
            let suspect = is_doubtful(catalog, (asked.core.package, core), (package, release));
            Some(Cell::Works { release, core, suspect })
        });
        found.unwrap_or_else(|| {
            let unknown = |rank: &&Rank| answers[rank.ix()].outcome == SetOutcome::Unknown;
            let open = |rank: &&Rank| matches!(answers[rank.ix()].outcome, SetOutcome::Open(_));
            let open = column.releases.iter().find(open).copied();
            match (column.releases.iter().find(unknown), column.releases.first()) {
                (None, Some(&newest)) => nothing(catalog, asked, &request, open, newest),
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
        SetOutcome::Open(_) | SetOutcome::Impossible | SetOutcome::Unknown => None,
    }
}

/// Returns the cell of a plugin of which no release is known to work; a reason is about the newest release of the
/// column of which nobody knows, or about the newest.
fn nothing(
    catalog: &Catalog,
    asked: &GridRequest,
    request: &Request,
    open: Option<Rank>,
    newest: Rank,
) -> Cell {
    let why = match asked.reasons {
        Reasons::None => None,
        Reasons::Each => reason(catalog, request, asked.core.package, open.unwrap_or(newest)),
    };
    if open.is_some() { Cell::Silent(why) } else { Cell::Never(why) }
}

/// Returns why no release works with a release of the core.
pub fn reason(catalog: &Catalog, request: &Request, core: PackageIx, at: Rank) -> Option<String> {
    let mut request = request.clone();
    request.requirements.retain(|requirement| requirement.package != core);
    request.requirements.insert(0, Requirement::exactly(catalog, core, at));
    let conflict = match resolve(catalog, &request) {
        Resolution::Impossible(conflict) => conflict,
        Resolution::Undecided(undecided) => {
            let told: Vec<_> = undecided.missing.into_iter().map(|missing| missing.text).collect();
            return Some(told.join("; "));
        }
        Resolution::Found(_) | Resolution::Unknown { .. } => return None,
    };
    // The requirements themselves are the row and the column.
    let requirements: Vec<_> =
        request.requirements.iter().map(|requirement| requirement.text.as_str()).collect();
    let stated = conflict.clashes.into_iter().map(|clash| clash.text);
    let told: Vec<_> = stated
        .filter(|text| !requirements.iter().any(|requirement| text.ends_with(requirement)))
        .collect();
    Some(told.join("; "))
}
