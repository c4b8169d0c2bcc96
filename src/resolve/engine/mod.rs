//! The engine: a search in the order of preference that learns from contradictions.
//!
//! Each part has a file and knows only those below it:
//!
//! | part | owns |
//! |---|---|
//! | [`instance`] | variables, and what their values ask of each other |
//! | [`trail`], [`queue`], [`bound`] | what was taken away, when and why; what is to be looked at; how much may change |
//! | [`assignment`] | what is left of each variable |
//! | [`nogood`], [`chronological`] | what was learned, and when it is concluded again |
//! | [`order`] | what is decided next, and to which value |
//! | [`strategy`] | when packages are lowered |
//! | [`propagate`], [`watch`] | what follows from what is left |
//! | [`explanation`], [`reasons`], [`analyze`] | from a contradiction to a nogood |
//! | [`solver`] | the parts of one search together |
//! | [`search`], [`improve`], [`handover`], [`clauses`] | in the order of preference; by activity; with a SAT solver |
//! | [`lazy`] | with nothing lowered before it is in question |
//! | [`mod@count`], [`independence`] | how many answers there are |

mod activity;
mod analyze;
mod assignment;
mod bits;
mod bound;
mod chronological;
mod clauses;
mod count;
mod explanation;
mod handover;
mod improve;
mod independence;
mod instance;
mod lazy;
mod nogood;
mod order;
mod propagate;
mod queue;
mod reasons;
mod search;
mod solver;
mod strategy;
mod trail;
mod watch;

pub(super) use count::count;
pub(super) use lazy::LazySolver;
#[cfg(test)]
pub(super) use search::solve_otherwise;
pub(super) use search::{for_cores, solve, solve_with};
pub(super) use solver::{Solver, Unsolved};
