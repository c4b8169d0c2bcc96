//! Activity: how much each variable had to do with recent contradictions.

use super::bits::{NONE, Var};

/// The activity and the last value of each variable.
#[derive(Debug)]
pub(super) struct Activity {
    of: Vec<f64>,
    /// The worth of a contradiction now.
    worth: f64,
    /// The value that each variable had last.
    phase: Vec<u32>,
}

impl Default for Activity {
    fn default() -> Self {
        Self { of: Vec::new(), worth: 1.0, phase: Vec::new() }
    }
}

impl Activity {
    /// Notes that a variable had to do with a contradiction.
    pub(super) fn bump(&mut self, var: Var) {
        if self.of.len() <= var {
            self.of.resize(var + 1, 0.0);
        }
        self.of[var] += self.worth;
        if self.of[var] > 1e100 {
            self.of.iter_mut().for_each(|activity| *activity *= 1e-100);
            self.worth *= 1e-100;
        }
    }

    /// Makes older activity count less.
    pub(super) fn decay(&mut self) {
        self.worth /= 0.95;
    }

    /// Returns the activity of a variable.
    pub(super) fn of(&self, var: Var) -> f64 {
        self.of.get(var).copied().unwrap_or(0.0)
    }

    /// Returns the value that a variable had last, [`NONE`] if it never had one.
    pub(super) fn phase(&self, var: Var) -> u32 {
        self.phase.get(var).copied().unwrap_or(NONE)
    }

    /// Keeps a value as the last one of a variable.
    pub(super) fn set_phase(&mut self, var: Var, value: u32) {
        if self.phase.len() <= var {
            self.phase.resize(var + 1, NONE);
        }
        self.phase[var] = value;
    }
}
