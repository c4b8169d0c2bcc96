//! The arguments of `diff`.

use clap::Args;

use super::day::AsOf;

pub(in super::super) const HELP: &str = "\
Examples:
  skew diff valkey@8.1.8 9.1.2 --with valkey-search@1.0.3
  skew diff kestra@1.3.39 2.0.0
  skew diff plugin-docker@1.5.1 1.5.2 --core kestra@1.2";

/// What a step is asked about with.
#[derive(Debug, Args)]
pub(in super::super) struct DiffArgs {
    /// The release one comes from
    pub(in super::super) from: String,
    /// The version one goes to, or NAME@VERSION of a package that takes its place
    pub(in super::super) to: String,
    /// A plugin that is installed, with its version if you know it; may be repeated. All plugins of the
    /// core if left out
    #[arg(long, value_name = "PLUGIN[@VERSION]", num_args = 1..)]
    pub(in super::super) with: Vec<String>,
    /// For a step of a plugin: the core that it must keep working with, such as kestra@1.3
    #[arg(long, value_name = "SPEC", conflicts_with = "with")]
    pub(in super::super) core: Option<String>,
    /// A feature in use; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(in super::super) feature: Vec<String>,
    #[command(flatten)]
    pub(in super::super) as_of: AsOf,
}
