//! `graph`: a drawing of what the checker knows.

use super::lookup::Lookup;
use crate::answer::{Answer, Body};
use crate::failure::Failure;
use crate::graph::{DEFAULT_LIMIT, Fold, picture};
use crate::knowledge::{KnowledgeBase, Topic};
use crate::query::GraphQuery;

pub(super) fn answer(base: &KnowledgeBase, query: &GraphQuery) -> Result<Answer, Failure> {
    let topic =
        query.around.as_ref().map_or_else(Topic::everything, |spec| Topic::of_specs([spec]));
    let catalog = base.load(&topic)?;
    let lookup = Lookup { base, catalog: &catalog };
    let around = match &query.around {
        Some(spec) => {
            let package = lookup.package(spec)?;
            let releases = spec.version().map(|_| lookup.requirement(spec)).transpose()?;
            Some(vec![(package, releases.map(|requirement| requirement.releases))])
        }
        None => None,
    };
    let fold = if query.patches { Fold::Patches } else { Fold::Lines };
    let drawn = picture(&catalog, around.as_deref(), fold, query.limit.unwrap_or(DEFAULT_LIMIT));
    Ok(Answer::new(catalog, "graph", None, Vec::new(), Body::Picture(drawn)))
}
