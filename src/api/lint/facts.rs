//! What is wrong with facts that each by itself is right.

use crate::catalog::{Catalog, PackageIx, PackageKind, Rank};
use crate::diff::{Floor, floor};
use crate::finding::Severity;
use crate::lifecycle::contradictions;
use crate::matrix::{Problem, ProblemCode};

/// How many plugins are told one by one.
const TOLD: usize = 8;

/// Returns the stated ends of support that the policy contradicts.
pub(super) fn ends(catalog: &Catalog) -> Vec<Problem> {
    let of = |lifecycle| {
        contradictions(catalog, lifecycle).into_iter().map(|found| {
            let (file, span) = lifecycle.windows[found.window].place.clone();
            Problem {
                code: ProblemCode::WindowDiffers,
                severity: if found.explained { Severity::Info } else { Severity::Warning },
                file,
                span,
                message: found.message,
                hint: Some(if found.explained {
                    "the window counts; its `note` says why".to_owned()
                } else {
                    "correct one of the two, or say in the window's `note` why".to_owned()
                }),
            }
        })
    };
    catalog.lifecycles().iter().flat_map(of).collect()
}

/// A plugin some of whose releases need a newer core than they say.
struct Understated {
    package: PackageIx,
    /// The releases with what they declare, oldest first.
    releases: Vec<(Rank, Floor)>,
    /// How many releases declare a core at all.
    declaring: usize,
}

/// Returns the plugins that declare an older core than the oldest with which they work. `file` gives the
/// position of the file of a matrix.
pub(super) fn floors(catalog: &Catalog, file: impl Fn(&str) -> Option<usize>) -> Vec<Problem> {
    let mut files: Vec<(usize, Vec<Understated>)> = Vec::new();
    for (package, stated) in catalog.packages() {
        let Some(file) = file(&stated.matrix) else { continue };
        let Some(found) = understated(catalog, package) else { continue };
        match files.iter_mut().find(|(known, _)| *known == file) {
            Some((_, list)) => list.push(found),
            None => files.push((file, vec![found])),
        }
    }
    files.into_iter().flat_map(|(file, found)| told(catalog, file, &found)).collect()
}

fn understated(catalog: &Catalog, package: PackageIx) -> Option<Understated> {
    let stated = catalog.package(package);
    let core = stated.core.filter(|_| stated.kind == PackageKind::Plugin)?;
    let mut found = Understated { package, releases: Vec::new(), declaring: 0 };
    for rank in stated.ranks().filter(|&rank| stated.release(rank).is_choosable()) {
        let floor = floor(catalog, (package, rank), core);
        found.declaring += usize::from(floor.declared.is_some());
        if floor.declared.is_some() && floor.declared != floor.effective {
            found.releases.push((rank, floor));
        }
    }
    (!found.releases.is_empty()).then_some(found)
}

/// Tells the first plugins one by one and counts the rest.
fn told(catalog: &Catalog, file: usize, found: &[Understated]) -> Vec<Problem> {
    let problem = |message: String| Problem {
        code: ProblemCode::CoreUnderstated,
        severity: Severity::Info,
        file,
        span: None,
        message,
        hint: Some("`skew grid` and `skew diff` count what really works".to_owned()),
    };
    let shown = found.iter().take(TOLD).map(|one| problem(sentence(catalog, one)));
    let rest = found.get(TOLD..).filter(|rest| !rest.is_empty()).map(|rest| {
        let releases: usize = rest.iter().map(|one| one.releases.len()).sum();
        let plugins = rest.len();
        problem(format!("so do {releases} releases of {plugins} more plugins"))
    });
    shown.chain(rest).collect()
}

fn sentence(catalog: &Catalog, one: &Understated) -> String {
    let stated = catalog.package(one.package);
    let core = stated.core.unwrap_or(one.package);
    let (rank, floor) = one.releases[one.releases.len() - 1];
    let version = |rank: Rank| catalog.version((core, rank));
    let declared = floor.declared.map_or("none", version);
    let really = match floor.effective {
        Some(rank) => format!("works from {} on", version(rank)),
        None => "works with no listed one".to_owned(),
    };
    let counted = match (one.releases.len(), one.declaring) {
        (1, 1) => "its only release".to_owned(),
        (few, all) => format!("{few} of {all} releases"),
    };
    format!(
        "{counted} of {} say an older {} than they work with, such as {}: declares {declared}, {really}",
        stated.name,
        catalog.package(core).name,
        stated.version(rank),
    )
}
