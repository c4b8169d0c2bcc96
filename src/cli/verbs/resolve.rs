//! `resolve`: which set should I run?

use std::path::Path;

use clap::ValueEnum;

use super::super::args::{Common, PreferArg, Unknown};
use super::super::output::Answer;
use super::super::{Failure, spec, world};
use super::finish;
use crate::answer::selection::{Resolution, Selection};
use crate::catalog::Catalog;
use crate::finding::{Check, Finding, Severity, Verdict};
use crate::record::RequestRecord;
use crate::report::{Body, Report, lock};
use crate::resolve::{Prefer, Request, Wish, resolve};
use crate::suspicion::suspicions;

pub(super) fn run(
    common: &Common,
    specs: &[String],
    prefer: PreferArg,
    budget: Option<u64>,
    lock: Option<&Path>,
) -> Result<Answer, Failure> {
    check_lock(common, lock)?;
    let (catalog, files) = world::for_lock(common, specs.iter().map(String::as_str), [])?;
    let mut wishes: Vec<Wish> = Vec::new();
    for text in specs {
        let wish = spec::wish(&catalog, text)?;
        if wishes.iter().any(|other| other.package == wish.package) {
            let name = &catalog.package(wish.package).name;
            return Err(Failure::new(format!("{name} is asked for twice"))
                .hint(format!("join ranges with a comma: '{name}@>=1,<2'")));
        }
        wishes.push(wish);
    }
    let mut request = Request::newest(wishes);
    request.prefer = match prefer {
        PreferArg::Newest => Prefer::Newest,
        PreferArg::Oldest => Prefer::Oldest,
    };
    request.budget = budget.unwrap_or(Request::BUDGET);
    let resolution = resolve(&catalog, &request);
    let (verdict, findings) = match &resolution {
        Resolution::Found(selection) => looked_at(&catalog, &request, selection),
        Resolution::Impossible(conflict) => (Verdict::Incompatible, conflict.findings.clone()),
        Resolution::Unknown { steps } => {
            let message = format!("the search ended after {steps} steps without an answer");
            let severity =
                if common.unknown == Unknown::Allow { Severity::Warning } else { Severity::Error };
            (
                Verdict::Unknown,
                vec![
                    Finding::new(Check::NoSet, severity, specs.join(" "), message)
                        .hinting("raise --budget"),
                ],
            )
        }
    };
    let lock = match (lock, &resolution) {
        (Some(path), Resolution::Found(selection)) => {
            let request = written(specs, prefer);
            let matrices = files.records(&catalog);
            let record = lock::record(&catalog, &selection.picks, request, matrices);
            Some((path.to_owned(), lock::text(&record)))
        }
        (Some(_) | None, _) => None,
    };
    let body = Body::Resolution(resolution);
    let report =
        Report { catalog: &catalog, command: "resolve", verdict: Some(verdict), findings, body };
    Ok(Answer { lock, ..finish(common, report)? })
}

/// Refuses to write the lock where the answer goes; a program could not tell the two apart.
fn check_lock(common: &Common, lock: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = lock else { return Ok(()) };
    if path.as_os_str() == "-" {
        return Err(Failure::new("expected a file for --lock, found `-`")
            .hint("standard output holds the answer"));
    }
    if common.output.as_deref() == Some(path) {
        return Err(Failure::new("--lock and --output name the same file"));
    }
    Ok(())
}

/// Returns the request as a lock states it.
fn written(specs: &[String], prefer: PreferArg) -> RequestRecord {
    let word = prefer.to_possible_value();
    RequestRecord {
        specs: specs.to_vec(),
        prefer: word.map(|word| word.get_name().to_owned()).unwrap_or_default(),
        ..RequestRecord::default()
    }
}

/// Returns the verdict on a set, and what is to be said about it: one that only a release off its family
/// made possible is not an answer.
fn looked_at(
    catalog: &Catalog,
    request: &Request,
    selection: &Selection,
) -> (Verdict, Vec<Finding>) {
    let chosen: Vec<_> = selection.picks.iter().map(|pick| pick.release).collect();
    let pinned = request.wishes.iter().filter(|wish| wish.pinned.is_some());
    let asked: Vec<_> = pinned.map(|wish| wish.package).collect();
    let mut findings = selection.findings.clone();
    findings.extend(suspicions(catalog, &chosen, &asked));
    let is_refused = findings.iter().any(|finding| finding.severity == Severity::Error);
    (if is_refused { Verdict::Incompatible } else { Verdict::Compatible }, findings)
}
