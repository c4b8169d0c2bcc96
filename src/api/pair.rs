//! `pair`: may one release give to another?

use std::collections::BTreeSet;

use super::lookup::{Lookup, unknown};
use crate::answer::{Answer, Body};
use crate::catalog::{Catalog, PackageIx, RelationIx};
use crate::failure::Failure;
use crate::knowledge::{KnowledgeBase, Topic};
use crate::query::PairQuery;
use crate::skew::{Moment, judge};

pub(super) fn answer(base: &KnowledgeBase, query: &PairQuery) -> Result<Answer, Failure> {
    let catalog = base.load(&Topic::of_specs([&query.from, &query.to]))?;
    let lookup = Lookup { base, catalog: &catalog };
    let from = lookup.release(&query.from)?;
    let to = lookup.release(&query.to)?;
    let features = lookup.features(&query.features)?;
    let relation = relation(&catalog, &query.relation, from.0)?;
    let judgement = judge(&catalog, relation, from, to, features, Moment::Steady);
    let body = Body::Pair { relation, from, to, features };
    // The levels decide whether two releases understand each other. A policy that forbids to leave it so is an
    // error beside that, and a no for who runs it, but it does not make them misunderstand each other.
    let verdict = Some(judgement.verdict);
    let answer = Answer::new(catalog, "pair", verdict, judgement.findings, body);
    Ok(Answer { verdict, ..answer })
}

fn relation(catalog: &Catalog, name: &str, giver: PackageIx) -> Result<RelationIx, Failure> {
    catalog.find_relation(name, giver).ok_or_else(|| {
        let all = catalog.relations().iter();
        let own = all.filter(|one| catalog.find_relation(&one.name, giver).is_some());
        let known: BTreeSet<_> = own.map(|one| one.name.as_str()).collect();
        let what = format!("{} has no relation `{name}`", catalog.package(giver).name);
        unknown(&what, "relations", name, &Vec::from_iter(known))
    })
}
