//! `path`: over which versions?

use super::super::args::Common;
use super::super::output::Printed;
use super::super::{Failure, names, spec, world};
use super::{features, finish};
use crate::answer::{Answer, Body};
use crate::finding::Verdict;
use crate::graph::upgrade_path;
use std::sync::Arc;

pub(super) fn run(
    common: &Common,
    from: &str,
    to: &str,
    named: &[String],
    risks: &[String],
) -> Result<Printed, Failure> {
    let to =
        if to.contains('@') { to.to_owned() } else { format!("{}@{to}", names::split(from).0) };
    let catalog = world::for_specs(common, [from, to.as_str()])?;
    let from = spec::release(&catalog, from)?;
    let to = spec::release(&catalog, &to)?;
    let features = features(&catalog, named)?;
    let accepted = risks.iter().cloned().collect();
    let path = upgrade_path(&catalog, from, to, features, &accepted);
    let (verdict, findings) = match &path {
        Ok(answer) => (Verdict::Compatible, answer.findings.clone()),
        Err(none) => (Verdict::Incompatible, none.reasons.clone()),
    };
    let body = Body::Path { from, to, path };
    finish(
        common,
        Answer {
            catalog: Arc::new(catalog),
            command: "path",
            verdict: Some(verdict),
            findings,
            body,
        },
    )
}
