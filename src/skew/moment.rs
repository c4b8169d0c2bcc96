//! When a state is judged: while it lasts, or on the way.

/// A kind of state: one that is to last, or one on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// It is.
    Steady,
    /// An upgrade is under way.
    Rolling,
}
