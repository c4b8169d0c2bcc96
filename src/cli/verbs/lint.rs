//! `lint`: what is wrong with a matrix?

mod facts;

use std::path::PathBuf;

use serde_json::json;

use super::super::args::{Common, Format};
use super::super::output::Answer;
use super::super::{Failure, files, output, world};
use super::refuse_special;
use crate::catalog::Catalog;
use crate::finding::Severity;
use crate::graph::requirement_cycles;
use crate::matrix::{Input, MATRIX_LIMIT, Problem, ProblemCode, Problems, load, peek};
use crate::report::{json as json_form, problems};
use crate::resolve::{Request, Wish, resolve};

pub(super) fn run(common: &Common, paths: &[PathBuf]) -> Result<Answer, Failure> {
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
                let request = Request::newest(vec![Wish::exactly(catalog, package, rank)]);
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

fn answer(common: &Common, found: &Problems, files: usize) -> Answer {
    let worst = found.list.iter().map(|problem| problem.severity).max();
    let text = match common.format {
        Format::Json => {
            let object = json!({
                "format_version": json_form::FORMAT_VERSION,
                "command": "lint",
                "files": files,
                "findings": problems::values(found),
            });
            format!("{object:#}\n")
        }
        Format::Human
        | Format::Markdown
        | Format::Csv
        | Format::Ics
        | Format::Commands
        | Format::Dot
        | Format::Mermaid
        | Format::Auto => {
            let word = if files == 1 { "file" } else { "files" };
            let list = problems::text(found, output::style(common).color);
            match found.list.len() {
                0 => format!("{files} {word}: no problems\n"),
                1 => format!("{list}{files} {word}: 1 problem\n"),
                count => format!("{list}{files} {word}: {count} problems\n"),
            }
        }
    };
    Answer { worst, ..Answer::plain(text) }
}
