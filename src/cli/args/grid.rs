//! What `skew grid` shows.

use clap::Args;

use super::day::AsOf;

pub(super) const HELP: &str = "\
Each cell holds the newest release of the plugin that works with that release of the core, everything
that it needs included; `-` if no listed release does, `?` if no fact says. `*` marks what works only with an
older release of the line.

Examples:
  skew grid kestra plugin-aws plugin-git --core '>=1.0' --why
  skew grid dagster --format csv --output dagster.csv";

/// A table of plugins by releases of their core.
#[derive(Debug, Args)]
pub(in crate::cli) struct GridArgs {
    /// The core, as NAME or NAME@RANGE
    pub(in crate::cli) core: String,
    /// The plugins, as SPECs; all of the core if left out
    #[arg(value_name = "PLUGIN")]
    pub(in crate::cli) plugins: Vec<String>,
    /// Shows only releases of the core in this range
    #[arg(long = "core", value_name = "RANGE")]
    pub(in crate::cli) range: Option<String>,
    /// Shows every release of the core instead of the newest of each minor line
    #[arg(long)]
    pub(in crate::cli) patches: bool,
    /// Asks for sets with this platform
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) platform: Option<String>,
    /// Leaves out what is past the end of its support on the day, cores and everything else
    #[arg(long)]
    pub(in crate::cli) only_supported: bool,
    #[command(flatten)]
    pub(in crate::cli) as_of: AsOf,
    /// Says why no release works
    #[arg(long)]
    pub(in crate::cli) why: bool,
}
