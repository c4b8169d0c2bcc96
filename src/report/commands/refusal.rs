//! Why there are no commands.

/// Why a report cannot be printed as commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoCommands {
    /// It is not a plan.
    NotAPlan,
    /// The matrices state no command for any product of the plan.
    NoneStated(Vec<String>),
    /// A name or version would not stay one word of a command.
    Unsafe(String),
}
