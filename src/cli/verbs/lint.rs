//! `lint`: what is wrong with a matrix?

mod facts;

use std::path::PathBuf;

use super::super::args::{Common, Format};
use super::super::output::Printed;
use super::super::{Failure, files, output, world};
use super::refuse_special;
use crate::catalog::Catalog;
use crate::finding::Severity;
use crate::graph::requirement_cycles;
use crate::matrix::{Input, MATRIX_LIMIT, Problem, ProblemCode, Problems, load, peek};
use crate::report::{json, problems};
use crate::resolve::{Request, Requirement, resolve};

pub(super) fn run(common: &Common, paths: &[PathBuf]) -> Result<Printed, Failure> {
    refuse_special(common.format, "lint")?;
    let mut own = Vec::new();
    for path in paths {
        own.push((files::name(path), files::read(path, MATRIX_LIMIT)?));
    }
    let bases = bases(&own);
    let mut inputs: Vec<Input<'_>> =
        bases.iter().filter_map(|name| world::built_in(name)).collect();
    let first_own = inputs.len();
    inputs.extend(own.iter().map(|(name, bytes)| Input { name, bytes }));
    let mut loaded = load(&inputs, &[]);
    if !loaded.problems.has_errors() {
        let mut found = cycles(&loaded.catalog, inputs.len() - 1);
        found.extend(facts::ends(&loaded.catalog));
        let matrices = loaded.catalog.matrices();
        let file = |name: &str| {
            let file = matrices.iter().position(|matrix| matrix.name == name);
            file.filter(|&file| file >= first_own)
        };
        found.extend(facts::floors(&loaded.catalog, file));
        if !found.is_empty() && loaded.problems.files.is_empty() {
            loaded.problems.files = inputs
                .iter()
                .map(|input| {
                    (input.name.to_owned(), String::from_utf8_lossy(input.bytes).into_owned())
                })
                .collect();
        }
        loaded.problems.list.extend(found);
    }
    loaded.problems.list.retain(|problem| problem.file >= first_own);
    Ok(answer(common, &loaded.problems, paths.len()))
}

/// Returns the built-in matrices that overlays among the files extend.
fn bases(own: &[(String, Vec<u8>)]) -> Vec<String> {
    let mut bases: Vec<String> = own.iter().filter_map(|(_, bytes)| peek(bytes).extends).collect();
    bases.sort();
    bases.dedup();
    bases
}

/// Returns releases that need each other in a circle which nothing satisfies.
fn cycles(catalog: &Catalog, file: usize) -> Vec<Problem> {
    let mut found = Vec::new();
    for packages in requirement_cycles(catalog) {
        for package in packages {
            let stated = catalog.package(package);
            for rank in stated.ranks().filter(|&rank| stated.release(rank).is_choosable()) {
                let request = Request::newest(vec![Requirement::exactly(catalog, package, rank)]);
                if let crate::answer::selection::Resolution::Impossible(conflict) =
                    resolve(catalog, &request)
                {
                    let why: Vec<_> =
                        conflict.clashes.into_iter().skip(1).map(|clash| clash.text).collect();
                    found.push(Problem {
                        code: ProblemCode::RequirementCycle,
                        severity: Severity::Error,
                        file,
                        span: None,
                        message: format!(
                            "{} can never run: {}",
                            catalog.label((package, rank)),
                            why.join("; ")
                        ),
                        hint: None,
                    });
                }
            }
        }
    }
    found
}

/// Takes out the windows that say themselves why the policy gives another end, and counts them in one line.
fn folded(found: &Problems) -> (Problems, String) {
    let is_noted = |problem: &Problem| {
        (problem.code, problem.severity) == (ProblemCode::WindowDiffers, Severity::Info)
    };
    let mut told = found.clone();
    told.list.retain(|problem| !is_noted(problem));
    let line = match found.list.len() - told.list.len() {
        0 => String::new(),
        1 => "info[window-differs]: 1 window ends on another day than the policy gives, and its note says why\n".to_owned(),
        count => format!("info[window-differs]: {count} windows end on other days than the policy gives, and their notes say why\n"),
    };
    (told, line)
}

fn answer(common: &Common, found: &Problems, files: usize) -> Printed {
    let worst = found.list.iter().map(|problem| problem.severity).max();
    let text = match common.format {
        Format::Json => json::lint(files, found),
        Format::Human
        | Format::Markdown
        | Format::Csv
        | Format::Ics
        | Format::Commands
        | Format::Dot
        | Format::Mermaid
        | Format::Auto => {
            let word = if files == 1 { "file" } else { "files" };
            let (told, folded) = folded(found);
            let list = problems::text(&told, output::style(common).color);
            match told.list.len() {
                0 if folded.is_empty() => format!("{files} {word}: no problems\n"),
                0 => format!("{folded}{files} {word}: no errors\n"),
                1 => format!("{list}{folded}{files} {word}: 1 problem\n"),
                count => format!("{list}{folded}{files} {word}: {count} problems\n"),
            }
        }
    };
    Printed { worst, ..Printed::plain(text) }
}
