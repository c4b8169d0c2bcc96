//! `resolve`: which set should I run?

use super::super::args::{Common, PreferArg, Unknown};
use super::super::output::Answer;
use super::super::{Failure, spec, world};
use super::finish;
use crate::answer::selection::{Resolution, Selection};
use crate::catalog::Catalog;
use crate::finding::{Check, Finding, Severity, Verdict};
use crate::report::{Body, Report};
use crate::resolve::{Prefer, Request, Wish, resolve};
use crate::suspicion::suspicions;

pub(super) fn run(
    common: &Common,
    specs: &[String],
    prefer: PreferArg,
    budget: Option<u64>,
) -> Result<Answer, Failure> {
    let catalog = world::for_specs(common, specs.iter().map(String::as_str))?;
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
    let body = Body::Resolution(resolution);
    finish(
        common,
        Report { catalog: &catalog, command: "resolve", verdict: Some(verdict), findings, body },
    )
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
