//! When a state is judged: while it lasts, or on the way.

/// Whether a state is meant to last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// It is.
    Steady,
    /// An upgrade is under way.
    Rolling,
}
