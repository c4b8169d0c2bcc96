//! `path`: over which versions?

use super::lookup::Lookup;
use crate::answer::{Answer, Body};
use crate::failure::Failure;
use crate::finding::Verdict;
use crate::graph::upgrade_path;
use crate::knowledge::{KnowledgeBase, Topic};
use crate::query::PathQuery;

pub(super) fn answer(base: &KnowledgeBase, query: &PathQuery) -> Result<Answer, Failure> {
    let catalog = base.load(&Topic::of_specs([&query.from, &query.to]))?;
    let lookup = Lookup { base, catalog: &catalog };
    let from = lookup.release(&query.from)?;
    let to = lookup.release(&query.to)?;
    let features = lookup.features(&query.features)?;
    lookup.risks(&query.accept_risks)?;
    let accepted = query.accept_risks.iter().cloned().collect();
    let path = upgrade_path(&catalog, from, to, features, &accepted);
    let (verdict, findings) = match &path {
        Ok(found) => (Verdict::Compatible, found.findings.clone()),
        Err(none) => (Verdict::of(&none.reasons), none.reasons.clone()),
    };
    Ok(Answer::new(catalog, "path", Some(verdict), findings, Body::Path { from, to, path }))
}
