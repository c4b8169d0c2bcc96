//! Why there is no plan, as far as it is known while one is looked for.
//!
//! To say why a set of packages does not exist costs far more than to find that it does not, and most
//! refusals only decide what is tried next. So a missing set is kept as the question that has no answer
//! and explained once, when it is the answer of the whole plan.

use super::set_conflict;
use super::sets::SetChange;
use crate::answer::plan::NoPlan;
use crate::catalog::Catalog;
use crate::finding::Finding;

/// A reason to give a plan up.
pub(super) enum Refusal {
    /// It is said already.
    Said(Vec<Finding>),
    /// For what the node of this name runs there is no set that fits.
    NoSet(String, Box<SetChange>),
}

impl Refusal {
    /// Refuses if there are reasons to.
    pub(super) fn unless_empty(reasons: Vec<Finding>) -> Result<(), Self> {
        if reasons.is_empty() { Ok(()) } else { Err(Self::Said(reasons)) }
    }

    /// Says why there is no plan.
    pub(super) fn explained(self, catalog: &Catalog) -> NoPlan {
        let reasons = match self {
            Self::Said(reasons) => reasons,
            Self::NoSet(node, change) => {
                let reasons = set_conflict::reasons(catalog, &change).into_iter();
                reasons.map(|reason| Finding { subject: node.clone(), ..reason }).collect()
            }
        };
        NoPlan { reasons, alternatives: Vec::new() }
    }
}

impl From<Finding> for Refusal {
    fn from(reason: Finding) -> Self {
        Self::Said(vec![reason])
    }
}
