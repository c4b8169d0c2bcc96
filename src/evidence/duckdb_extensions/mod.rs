//! Output of `duckdb_extensions()`: the extensions of one engine, and with them the engine.
//!
//! A file is a node. The output does not name the engine's version; it follows from the folder in which
//! installed files lie (`extensions/v1.5.5/linux_amd64`) and, from 1.4.3 on, from what is linked in.
//!
//! In a matrix a build of an extension has the version of the engine for which it was published, and as its
//! label what its publisher calls it, which builds for several engines share. An engine puts into the
//! folder of its version only what loads in it. So the version of an installed extension is that of its
//! folder, if it came from a repository (1.2 does not say) or is known by its label; without a folder it is
//! the build for the engine or the only one with the label. What is linked in has the version of the
//! engine.

mod rows;

use self::rows::{ExtensionRow, rows};
use super::gather::{NodeNames, add, left_out};
use super::lines::stem;
use super::products::RecognisedProduct;
use super::saved::{Saved, TEXT_LIMIT};
use crate::catalog::{Catalog, PackageIx};
use crate::finding::{Finding, Severity};
use crate::input::{Input, text_of, unless_met};
use crate::observation::{Observation, ObservedNode, Origin, Place, Stated, UNKNOWN_VERSION};
use crate::problem::{Collector, Problem, Problems, shown};

/// The engine.
const ENGINE: &str = "duckdb";

/// Where a matrix puts extensions whose own name another package has.
const ELSEWHERE: &str = "generic/duckdb-extension/";

/// The path of what is linked in.
const LINKED_IN: &str = "(BUILT-IN)";

/// The shortest label that a commit is recognised by.
const SHORTEST: usize = 7;

/// Repositories whose extensions are those that the matrix speaks of.
const REPOSITORIES: [&str; 2] = ["core", "community"];

/// Returns whether it has the columns.
pub(super) fn looks_like(input: &Input<'_>) -> bool {
    const HEAD: usize = 1 << 12;
    let head = String::from_utf8_lossy(&input.bytes[..input.bytes.len().min(HEAD)]).into_owned();
    ["extension_name", "loaded", "install_path"].iter().all(|column| head.contains(column))
}

/// Reads each file as a node.
pub(super) fn extensions(saved: &Saved<'_>) -> Result<Observation, Problems> {
    let mut problems = Collector::default();
    let mut observation = Observation::default();
    let mut names = NodeNames::default();
    for (file, input) in saved.inputs.iter().enumerate() {
        let rows = text_of(input.bytes, TEXT_LIMIT)
            .map_err(|problem| vec![problem])
            .and_then(|text| rows(input, text));
        match rows {
            Ok(rows) => {
                let name = names.unique(stem(input.name));
                observation.nodes.push(node(saved, input, name, &rows, &mut observation.remarks));
            }
            Err(list) => {
                for problem in list {
                    problems.push(Problem { file, ..problem });
                }
            }
        }
    }
    unless_met(observation, saved.inputs, problems)
}

fn node(
    saved: &Saved<'_>,
    input: &Input<'_>,
    name: String,
    rows: &[ExtensionRow],
    remarks: &mut Vec<Finding>,
) -> ObservedNode {
    let catalog = saved.catalog;
    let mut node = ObservedNode { name, ..ObservedNode::default() };
    let present: Vec<_> = rows.iter().filter(|row| row.loaded || row.installed).collect();
    let engine = engine(&present, remarks);
    let told = saved.told.get(ENGINE).map(String::as_str);
    let running = engine.as_ref().map(|engine| engine.text.as_str()).or(told);
    if let Some(package) = catalog.find(ENGINE) {
        let whole = Origin { file: input.name.to_owned(), place: Place::Whole };
        let origin = engine.as_ref().map_or(whole, |engine| engine.origin.clone());
        let version = engine.as_ref().map(|engine| engine.text.clone());
        let why =
            "no extension lies in a folder of a version, and nothing that is linked in has one";
        let version = version.ok_or_else(|| why.to_owned());
        let version = version.and_then(|version| known_engine(catalog, package, version));
        add(saved, &mut node, RecognisedProduct { package, version }, &origin, remarks);
    }
    for row in present {
        match package_of(catalog, &row.name.text) {
            // That nobody can tell the engine's version was said.
            Some(package) if running.is_none() && is_linked_in(row) => {
                let origin = row.name.origin.clone();
                let unknown = Stated { text: UNKNOWN_VERSION.to_owned(), origin };
                node.packages.insert(catalog.package(package).name.clone(), unknown);
            }
            Some(package) => {
                let version = version_of(catalog, package, row, running);
                if let Some(from) = row.from.as_ref().filter(|from| is_strange(row, &from.text)) {
                    let message = format!(
                        "{} came from `{}`; it is taken to be the known one",
                        row.name.text,
                        shown(&from.text)
                    );
                    remarks.push(left_out(&from.origin, Severity::Info, message));
                }
                add(
                    saved,
                    &mut node,
                    RecognisedProduct { package, version },
                    &row.name.origin,
                    remarks,
                );
            }
            None => {
                let message = format!("no matrix has an extension `{}`", shown(&row.name.text));
                let text = row.version.as_ref().map_or(UNKNOWN_VERSION, |version| &version.text);
                let known = Stated { text: text.to_owned(), origin: row.name.origin.clone() };
                node.packages.entry(row.name.text.clone()).or_insert(known);
                remarks.push(left_out(&row.name.origin, Severity::Info, message));
            }
        }
    }
    node
}

/// Returns the version of the engine: what the paths say, else what is linked in says.
fn engine(rows: &[&ExtensionRow], remarks: &mut Vec<Finding>) -> Option<Stated> {
    let linked = rows.iter().filter(|row| is_linked_in(row)).filter_map(|row| row.version.clone());
    // In some releases what is linked in has a version of its own.
    let linked = linked.filter(|version| is_version(&version.text));
    let mut said = rows.iter().filter_map(|row| folder(row)).chain(linked);
    let first = said.next()?;
    if let Some(other) = said.find(|other| other.text != first.text) {
        let message = format!(
            "the files are of {} and of {}; the first one counts as the engine",
            shown(&first.text),
            shown(&other.text)
        );
        remarks.push(left_out(&other.origin, Severity::Warning, message));
    }
    Some(first)
}

/// A development build is known by its commit, which is the version of no release.
fn known_engine(catalog: &Catalog, package: PackageIx, version: String) -> Result<String, String> {
    if is_version(&version) || catalog.package(package).find(&version).is_some() {
        Ok(version)
    } else {
        Err(format!("it is the development build {}", shown(&version)))
    }
}

fn is_version(text: &str) -> bool {
    let digits = text.strip_prefix('v').unwrap_or_default();
    digits.starts_with(|c: char| c.is_ascii_digit()) && digits.contains('.')
}

fn is_linked_in(row: &ExtensionRow) -> bool {
    row.path.as_ref().is_some_and(|path| path.text == LINKED_IN)
        || row.mode.as_ref().is_some_and(|mode| mode.text == "STATICALLY_LINKED")
}

/// Returns the version or the commit of the folder that a file lies in.
fn folder(row: &ExtensionRow) -> Option<Stated> {
    let path = row.path.as_ref().filter(|_| !is_linked_in(row))?;
    let mut parts = path.text.rsplit(['/', '\\']).skip(1);
    let (platform, version) = (parts.next()?, parts.next()?);
    let is_commit = version.len() == 10 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    let fits = platform.contains('_') && (is_version(version) || is_commit);
    fits.then(|| Stated { text: version.to_owned(), origin: path.origin.clone() })
}

/// Returns the package of an extension.
fn package_of(catalog: &Catalog, name: &str) -> Option<PackageIx> {
    let of_engine = |package: &PackageIx| {
        let core = catalog.package(*package).core;
        core.is_some_and(|core| catalog.package(core).name == ENGINE)
    };
    let named = catalog.find(name).filter(of_engine);
    named.or_else(|| catalog.known_as(&format!("{ELSEWHERE}{name}")).filter(of_engine))
}

/// Returns the version of an extension in the matrix.
fn version_of(
    catalog: &Catalog,
    package: PackageIx,
    row: &ExtensionRow,
    engine: Option<&str>,
) -> Result<String, String> {
    let stated = catalog.package(package);
    let own = row.version.as_ref().map(|version| version.text.as_str());
    let folder = folder(row).map(|folder| folder.text);
    if is_linked_in(row) {
        let of_engine =
            engine.and_then(|engine| catalog.package(catalog.find(ENGINE)?).find(engine));
        let engine = catalog.find(ENGINE).zip(of_engine).map(|engine| catalog.version(engine));
        let why = "it is linked into an engine of unknown version";
        return engine.map(ToOwned::to_owned).ok_or_else(|| why.to_owned());
    }
    let bears = |label: &str| {
        own.is_some_and(|own| {
            own.len() >= SHORTEST && (label.starts_with(own) || own.starts_with(label))
        })
    };
    let labelled = stated.releases().iter().filter(|release| {
        let label = release.label.as_deref().filter(|label| label.len() >= SHORTEST);
        label.is_some_and(bears) || own.is_some_and(|own| own == release.version.text())
    });
    let builds: Vec<_> = labelled.map(|release| release.version.text()).collect();
    let published = row.mode.as_ref().is_none_or(|mode| mode.text == "REPOSITORY");
    match folder.filter(|folder| is_version(folder)) {
        Some(folder) if published || !builds.is_empty() => return Ok(folder),
        Some(_) | None => {}
    }
    match (builds.as_slice(), engine.filter(|engine| builds.contains(engine))) {
        (_, Some(engine)) => Ok(engine.to_owned()),
        ([only], None) => Ok((*only).to_owned()),
        ([], None) => Err(format!("`{}` is no known build of it", shown(own.unwrap_or_default()))),
        ([..], None) => {
            Err(format!("several builds are called `{}`", shown(own.unwrap_or_default())))
        }
    }
}

/// Returns whether an extension came from a repository that is not one of the project's.
fn is_strange(row: &ExtensionRow, from: &str) -> bool {
    row.mode.as_ref().is_some_and(|mode| mode.text == "REPOSITORY")
        && !REPOSITORIES.contains(&from)
        && !from.contains("extensions.duckdb.org")
}
