//! `list`: what is known?

use super::lookup::Lookup;
use crate::answer::{Answer, Body};
use crate::failure::Failure;
use crate::knowledge::{KnowledgeBase, Topic};
use crate::query::ListQuery;
use crate::spec::Spec;

pub(super) fn answer(base: &KnowledgeBase, query: &ListQuery) -> Result<Answer, Failure> {
    let spec = query.name.as_deref().map(Spec::named);
    let topic = spec.as_ref().map_or_else(Topic::everything, |spec| Topic::of_specs([spec]));
    let catalog = base.load(&topic)?;
    let body = match &spec {
        // A matrix usually has the name of its core; the package tells more.
        Some(spec)
            if catalog.find(spec.name()).is_some() || !base.has_matrix(&catalog, spec.name()) =>
        {
            Body::Package(Lookup { base, catalog: &catalog }.package(spec)?)
        }
        Some(spec) => {
            let own = catalog.packages().filter(|(_, package)| package.matrix == spec.name());
            Body::Packages(own.map(|(ix, _)| ix).collect())
        }
        None => Body::Packages(catalog.packages().map(|(ix, _)| ix).collect()),
    };
    Ok(Answer::new(catalog, "list", None, Vec::new(), body))
}
