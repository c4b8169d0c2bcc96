//! `pair`: may one release give to another?

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::args::Common;
use super::super::output::Printed;
use super::super::{Failure, spec, world};
use super::{features, finish};
use crate::answer::{Answer, Body};
use crate::matrix::nearest;
use crate::skew::{Moment, judge};

pub(super) fn run(
    common: &Common,
    relation: &str,
    from: &str,
    to: &str,
    named: &[String],
) -> Result<Printed, Failure> {
    let catalog = world::for_specs(common, [from, to])?;
    let from = spec::release(&catalog, from)?;
    let to = spec::release(&catalog, to)?;
    let features = features(&catalog, named)?;
    let Some(ix) = catalog.find_relation(relation, from.0) else {
        let known: BTreeSet<_> = catalog
            .relations()
            .iter()
            .filter(|stated| catalog.find_relation(&stated.name, from.0).is_some())
            .map(|stated| stated.name.as_str())
            .collect();
        let package = &catalog.package(from.0).name;
        let failure =
            Failure::new(format!("{package} has no relation `{}`", relation.escape_debug()));
        return Err(match nearest(relation, known.iter().copied()) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None if known.is_empty() => failure,
            None => failure.hint(format!(
                "its relations are {}",
                known.into_iter().collect::<Vec<_>>().join(", ")
            )),
        });
    };
    let judgement = judge(&catalog, ix, from, to, features, Moment::Steady);
    let report = Answer {
        catalog: Arc::new(catalog),
        command: "pair",
        verdict: Some(judgement.verdict),
        findings: judgement.findings,
        body: Body::Pair { relation: ix, from, to, features },
    };
    finish(common, report)
}
