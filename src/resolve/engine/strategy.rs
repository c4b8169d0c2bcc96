//! The part of a search that decides when packages are lowered.

use super::assignment::Assignment;
use super::bits::{Var, Word};
use super::explanation::Explanation;
use super::order::DecisionOrder;
use super::trail::Emptied;

/// A way to find out what releases ask of others.
pub(in super::super) trait LoweringStrategy {
    /// Takes note of a variable that is known to be present.
    fn arrived(
        &mut self,
        state: &mut Assignment<'_>,
        order: &DecisionOrder,
        var: Var,
    ) -> Result<(), Emptied>;

    /// Takes note of a variable that has lost values.
    fn changed(
        &mut self,
        state: &mut Assignment<'_>,
        order: &DecisionOrder,
        var: Var,
    ) -> Result<(), Emptied>;

    /// Explains why values went that no release goes with which was chosen of another variable.
    fn explain_chosen(
        &self,
        state: &Assignment<'_>,
        from: Var,
        to: Var,
        gone: &[Word],
        why: &mut Explanation,
    );

    /// Explains why values went each of which asks for something of which nothing is left.
    fn explain_unsupported(
        &self,
        state: &Assignment<'_>,
        var: Var,
        gone: &[Word],
        why: &mut Explanation,
    );
}

/// Lowers whatever is present, at once.
#[derive(Debug, Default)]
pub(in super::super) struct Eager;

impl LoweringStrategy for Eager {
    fn arrived(
        &mut self,
        state: &mut Assignment<'_>,
        _: &DecisionOrder,
        var: Var,
    ) -> Result<(), Emptied> {
        state.lower(var);
        Ok(())
    }

    fn changed(
        &mut self,
        _: &mut Assignment<'_>,
        _: &DecisionOrder,
        _: Var,
    ) -> Result<(), Emptied> {
        Ok(())
    }

    // Nothing is ever taken away for these reasons.
    fn explain_chosen(&self, _: &Assignment<'_>, _: Var, _: Var, _: &[Word], _: &mut Explanation) {}

    fn explain_unsupported(&self, _: &Assignment<'_>, _: Var, _: &[Word], _: &mut Explanation) {}
}
