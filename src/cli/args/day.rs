//! The day of a question.

use clap::Args;

/// The day to judge by.
#[derive(Debug, Args)]
pub(in crate::cli) struct AsOf {
    /// The day to judge by, as YYYY-MM-DD; today if left out
    #[arg(long, value_name = "DATE")]
    pub(in crate::cli) as_of: Option<String>,
}
