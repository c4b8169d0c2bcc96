//! Why a text is not a constraint.

/// Why a text is not a constraint, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a constraint such as `>=1.2,<2`, found `{part}`: {kind}")]
pub struct RangeError {
    /// Byte offset of `part` in the text.
    pub offset: usize,
    /// The part that is wrong.
    pub part: String,
    /// The mistake in it.
    pub kind: RangeErrorKind,
    /// Advice on what to do about it.
    pub hint: Option<&'static str>,
}

/// The ways in which a text fails to be a constraint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RangeErrorKind {
    /// Occurs for an empty text, or nothing between commas.
    #[error("nothing is there")]
    Empty,
    /// Occurs when an operator stands alone.
    #[error("a version is missing after the operator")]
    MissingVersion,
    /// Occurs for `=>` and the like.
    #[error("unknown operator")]
    UnknownOperator,
    /// Occurs for `~=1`.
    #[error("`~=` needs at least two numbers")]
    TooShort,
    /// Occurs for `>=1.*`.
    #[error("a wildcard goes only with `=` and `!=`")]
    Wildcard,
    /// Occurs when no release line can be made of the text.
    #[error("it names no release line")]
    NoLine,
    /// Occurs when an interval does not end in `]` or `)`.
    #[error("the interval is not closed")]
    UnclosedInterval,
    /// Occurs when the operand is not a version.
    #[error("{0}")]
    Version(String),
}
