//! Variables that propagation has to look at.

use std::collections::VecDeque;

use super::bits::{Var, small};

/// Variables, each at most once.
#[derive(Debug, Default)]
pub(super) struct VarQueue {
    waiting: VecDeque<u32>,
    /// For each variable, whether it waits.
    waits: Vec<bool>,
}

impl VarQueue {
    pub(super) fn extend(&mut self, vars: usize) {
        self.waits.resize(vars, false);
    }

    pub(super) fn push(&mut self, var: Var) {
        if !std::mem::replace(&mut self.waits[var], true) {
            self.waiting.push_back(small(var));
        }
    }

    pub(super) fn pop(&mut self) -> Option<Var> {
        let var = self.waiting.pop_front()? as usize;
        self.waits[var] = false;
        Some(var)
    }

    pub(super) fn clear(&mut self) {
        for var in self.waiting.drain(..) {
            self.waits[var as usize] = false;
        }
    }
}
