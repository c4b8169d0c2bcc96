//! `lint`: what is wrong with a matrix?

mod facts;

use std::sync::Arc;

use crate::answer::selection::Resolution;
use crate::answer::{Answer, Body};
use crate::catalog::{Catalog, PackageIx, Rank};
use crate::finding::Severity;
use crate::graph::requirement_cycles;
use crate::input::described;
use crate::knowledge::BuiltIn;
use crate::matrix::{Input, Problem, ProblemCode, load, peek};
use crate::query::LintQuery;
use crate::resolve::{Request, Requirement, resolve};

pub(super) fn answer(query: &LintQuery) -> Answer {
    let own = || query.files.iter().map(crate::input::File::input);
    let mut inputs = bases(own());
    let first_own = inputs.len();
    inputs.extend(own());
    let mut loaded = load(&inputs, &[]);
    let catalog = &loaded.catalog;
    if !loaded.problems.has_errors() {
        let matrices = catalog.matrices();
        let file = |name: &str| {
            let file = matrices.iter().position(|matrix| matrix.name == name);
            file.filter(|&file| file >= first_own)
        };
        let mut found = cycles(catalog, inputs.len() - 1);
        found.extend(facts::ends(catalog));
        found.extend(facts::floors(catalog, file));
        let list = std::mem::take(&mut loaded.problems.list);
        loaded.problems = described(&inputs, list.into_iter().chain(found).collect());
    }
    loaded.problems.list.retain(|problem| problem.file >= first_own);
    let body = Body::Lint { problems: loaded.problems, files: query.files.len() };
    Answer::new(Arc::new(loaded.catalog), "lint", None, Vec::new(), body)
}

/// Returns the built-in matrices that overlays among the files extend.
fn bases<'a>(own: impl Iterator<Item = Input<'a>>) -> Vec<Input<'a>> {
    let mut bases: Vec<String> = own.filter_map(|input| peek(input.bytes).extends).collect();
    bases.sort();
    bases.dedup();
    bases.iter().filter_map(|name| BuiltIn::named(name)).map(BuiltIn::input).collect()
}

/// Returns releases that need each other in a circle which nothing satisfies.
fn cycles(catalog: &Catalog, file: usize) -> Vec<Problem> {
    let circles = requirement_cycles(catalog);
    let packages = circles.into_iter().flatten();
    let choosable = |package: PackageIx| {
        let stated = catalog.package(package);
        stated.ranks().filter(|&rank| stated.release(rank).is_choosable())
    };
    packages
        .flat_map(|package| choosable(package).map(move |rank| (package, rank)))
        .filter_map(|release| never_runs(catalog, release, file))
        .collect()
}

fn never_runs(
    catalog: &Catalog,
    (package, rank): (PackageIx, Rank),
    file: usize,
) -> Option<Problem> {
    let request = Request::newest(vec![Requirement::exactly(catalog, package, rank)]);
    let Resolution::Impossible(conflict) = resolve(catalog, &request) else { return None };
    let why: Vec<_> = conflict.clashes.into_iter().skip(1).map(|clash| clash.text).collect();
    Some(Problem {
        code: ProblemCode::RequirementCycle,
        severity: Severity::Error,
        file,
        span: None,
        message: format!("{} can never run: {}", catalog.label((package, rank)), why.join("; ")),
        hint: None,
    })
}
