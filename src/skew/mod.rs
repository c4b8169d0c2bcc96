//! Is a pair, or a whole deployment, valid now and while an upgrade is under way?
//!
//! One rule decides every pair: *what one side writes must be among what the other side reads*, on
//! each interface that the relation depends on, with the features that are in use. Exceptions say
//! what levels cannot; skew rules say what the project asks for beyond that. A pair that no fact
//! covers is `unknown`.
//!
//! The verdict of a pair comes from levels and exceptions alone, because those say what happens. A
//! skew rule is a finding beside the verdict: a 9.1 primary serves an 8.1 replica, and yet the
//! project's policy forbids the combination. Only where a relation has no interfaces at all do the
//! rules decide, since nothing else is known.
//!
//! Deployments are judged per class, not per pair of nodes: nodes of one group with the same role and
//! release answer alike, and groups with the same classes answer alike. So a fleet of a million nodes
//! costs what its variety costs.

mod check;
mod moment;
mod node;
mod pair;

pub use check::check;
pub use moment::Moment;
pub use node::requirements;
pub use pair::{Judgement, exposures, judge};
