//! The questions of `skew train`.

use clap::{Args, Subcommand, ValueEnum};

/// A question about a release train.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum TrainVerb {
    /// The phases of the cycle and their active branches
    #[command(after_help = "Example:\n  skew train phases duckdb --at v1.5.6")]
    Phases {
        #[command(flatten)]
        product: Product,
        /// Only this phase
        #[arg(long, value_name = "NAME")]
        phase: Option<String>,
    },
    /// Which branch does a change go to?
    #[command(after_help = MERGE_HELP)]
    Merge {
        #[command(flatten)]
        product: Product,
        /// The phase of the cycle
        #[arg(long, value_name = "NAME")]
        phase: String,
        /// What the change is
        #[arg(long, value_enum)]
        change: Option<ChangeArg>,
        /// The release that the change is for
        #[arg(long = "for", value_enum, value_name = "RELEASE")]
        release: ReleaseArg,
        /// The change is to an extension, not to the product
        #[arg(long)]
        extension: bool,
        #[command(flatten)]
        component: ComponentArgs,
        /// What the main branch of the extension targets, such as vx.y.z or main
        #[arg(long, value_name = "NAME", requires = "extension")]
        target: Option<String>,
    },
    /// What does a branch of an extension target?
    #[command(after_help = TARGET_HELP)]
    Target {
        #[command(flatten)]
        product: Product,
        /// The phase of the cycle
        #[arg(long, value_name = "NAME")]
        phase: String,
        #[command(flatten)]
        component: ComponentArgs,
        /// The branch of the extension
        #[arg(long, value_name = "NAME")]
        branch: String,
    },
    /// Which commit of an extension does a release ship?
    #[command(after_help = "Example:\n  skew train ships duckdb --release patch --branches 2")]
    Ships {
        #[command(flatten)]
        product: Product,
        /// The release of the product
        #[arg(long, value_enum)]
        release: ReleaseArg,
        #[command(flatten)]
        component: ComponentArgs,
    },
    /// May an extension change the number of its active branches, and how?
    #[command(
        after_help = "Example:\n  skew train switch duckdb --from 1 --to 2 --phase mid-cycle"
    )]
    Switch {
        #[command(flatten)]
        product: Product,
        /// How many active branches there are
        #[arg(long, value_name = "N", value_parser = branches())]
        from: u32,
        /// How many there should be
        #[arg(long, value_name = "N", value_parser = branches())]
        to: u32,
        /// The phase of the cycle
        #[arg(long, value_name = "NAME")]
        phase: String,
    },
    /// Does a release come with the complete set of extensions?
    #[command(after_help = "Example:\n  skew train ready duckdb@v1.5.5")]
    Ready {
        /// The release, as NAME@VERSION
        release: String,
    },
}

/// The product, and the release whose branches are to be named.
#[derive(Debug, Args)]
pub(in crate::cli) struct Product {
    /// The product
    pub(in crate::cli) product: String,
    /// Its newest release. Branches are then named as they are called for it
    #[arg(long, value_name = "VERSION")]
    pub(in crate::cli) at: Option<String>,
}

/// What is known of an extension.
#[derive(Debug, Args)]
pub(in crate::cli) struct ComponentArgs {
    /// How many active branches the extension has
    #[arg(long, value_name = "N", value_parser = branches())]
    pub(in crate::cli) branches: Option<u32>,
    /// The kind of the extension: for DuckDB unstable-api (if left out), stable-api or in-tree
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) kind: Option<String>,
}

/// What a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ChangeArg {
    /// A correction
    Fix,
    /// Something new
    Feature,
}

/// A release, seen from the newest one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ReleaseArg {
    /// The next patch of the newest release
    Patch,
    /// The next minor release
    Minor,
    /// The minor release after the next
    NextMinor,
}

const MERGE_HELP: &str = "\
Examples:
  skew train merge duckdb --phase mid-cycle --change fix --for patch --at v1.5.6
  skew train merge duckdb --extension --branches 1 --phase pre-release --for patch";

const TARGET_HELP: &str = "\
Example:
  skew train target duckdb --phase pre-release --branches 2 --branch main";

fn branches() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=99)
}
