//! The command line as it is typed.

mod day;
pub(super) mod diff;
pub(super) mod grid;
pub(super) mod import;
#[cfg(feature = "live")]
pub(super) mod live;
pub(super) mod train;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(super) use day::AsOf;

use crate::limits::Share;

/// Checks that versions fit together: plugin sets, mixed-version clusters, upgrade plans.
#[derive(Debug, Parser)]
#[command(name = "skew", version, about, after_help = AFTER_HELP, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) verb: Verb,
    #[command(flatten)]
    pub(super) common: Common,
}

const AFTER_HELP: &str = "\
A SPEC is NAME, NAME@VERSION or NAME@RANGE, such as valkey@9.1.2, valkey@9.1 or 'dagster@>=1.12,<1.13'.
A file named `-` is standard input. The matrices of Valkey, DuckDB, Kestra and Dagster are built in.

Exit status: 0 yes; 1 no, or a finding reaches --fail-on; 2 no answer was possible; 3 no fact decides.";

/// What every verb understands.
#[derive(Debug, Args)]
pub(super) struct Common {
    /// Adds a matrix file; one with `extends` adds to a built-in matrix. May be repeated
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) matrix: Vec<PathBuf>,
    /// How to print the answer
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// Writes the answer to a file instead of standard output
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Leaves out what is only good to know
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// When to use colour; the variable `NO_COLOR` is respected
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(super) color: Color,
    /// What to make of what no fact covers
    #[arg(long, global = true, value_enum, default_value_t = Unknown::Warn)]
    pub(super) unknown: Unknown,
    /// The least severity of a finding that gives exit status 1
    #[arg(long, global = true, value_enum, default_value_t = FailOn::Error)]
    pub(super) fail_on: FailOn,
}

/// Output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people, in a terminal
    Human,
    /// One object, for programs
    Json,
    /// For a ticket: a plan as a checklist, sets as tables
    Markdown,
    /// Comma-separated values, for spreadsheets (grid only)
    Csv,
    /// A calendar of the ends of support and of announced releases (support only)
    Ics,
    /// The shell commands of a plan, to be run line by line (plan only)
    Commands,
    /// A Graphviz drawing (graph only)
    Dot,
    /// A Mermaid drawing (graph only)
    Mermaid,
    /// What the files look like (import only, where it stands for FORMAT)
    #[value(hide = true)]
    Auto,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// In a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to make of unknowns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Unknown {
    /// Say nothing
    Allow,
    /// Say so
    Warn,
    /// Treat it as a no
    Deny,
}

/// Severities for --fail-on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// Anything that is said
    Info,
    /// Warnings and errors
    Warning,
    /// Errors
    Error,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Is what I run compatible? Plugins, version skew, support windows
    #[command(after_help = "Example:\n  skew check examples/valkey-3x3.json")]
    Check {
        /// The deployment file
        deployment: PathBuf,
        /// Judges it as a state in the middle of an upgrade
        #[arg(long)]
        rolling: bool,
        /// Makes it an error to run past the end of support
        #[arg(long)]
        require_supported: bool,
        #[command(flatten)]
        as_of: AsOf,
    },
    /// May one release give to another? One directed question
    #[command(after_help = "Example:\n  skew pair replicates valkey@9.0.0 valkey@8.1.1")]
    Pair {
        /// The relation, such as replicates or reads-files
        relation: String,
        /// The giving side
        from: String,
        /// The taking side
        to: String,
        /// A feature in use; may be repeated
        #[arg(long, value_name = "NAME")]
        feature: Vec<String>,
    },
    /// Which set should I run? The best one that fits, or why there is none
    #[command(after_help = RESOLVE_HELP)]
    Resolve {
        #[command(flatten)]
        question: Question,
        /// Which of two valid sets is better
        #[arg(long, value_enum, default_value_t = PreferArg::Newest)]
        prefer: PreferArg,
        /// What runs now: a lock or a deployment file. Its releases may be chosen in any state:
        /// withdrawn, a pre-release, past the end of support. What nobody asked for stays as it runs
        /// where that fits; what is asked for moves as --prefer says
        #[arg(long, value_name = "FILE", required_if_eq("prefer", "installed"))]
        installed: Option<PathBuf>,
        /// Says why a package of the set has its release and no better one; may be repeated
        #[arg(long, value_name = "PACKAGE")]
        why: Vec<String>,
        /// Writes the set down, with the matrices and the reasons, if there is one
        #[arg(long, value_name = "FILE")]
        lock: Option<PathBuf>,
    },
    /// Which sets are there? How many, and the best of them
    #[command(after_help = SETS_HELP)]
    Sets {
        #[command(flatten)]
        question: Question,
        /// Which of two valid sets is better
        #[arg(long, value_enum, default_value_t = SetsPreferArg::Newest)]
        prefer: SetsPreferArg,
        /// Only counts, with the whole budget
        #[arg(long, conflicts_with = "limit")]
        count: bool,
        /// How many sets to show, the best first; 10 if left out
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        limit: Option<u32>,
    },
    /// Which plugin releases work with which core releases? A table
    #[command(after_help = grid::HELP)]
    Grid(grid::GridArgs),
    /// What does a step from one release to another bring? Promises, plugins, the way back
    #[command(after_help = diff::HELP)]
    Diff(diff::DiffArgs),
    /// Over which versions do I get from here to there?
    #[command(after_help = "Example:\n  skew path kestra@1.0.0 2.0.0")]
    Path {
        /// The release one comes from
        from: String,
        /// The version to reach, or NAME@VERSION of a package that takes its place
        to: String,
        /// A feature in use; may be repeated
        #[arg(long, value_name = "NAME")]
        feature: Vec<String>,
        /// Accepts a known risk by name; may be repeated
        #[arg(long, value_name = "NAME")]
        accept_risk: Vec<String>,
    },
    /// In which steps? Every state between them is checked
    #[command(after_help = PLAN_HELP)]
    Plan(PlanQuestion),
    /// Is a plan or a lock right? Judges it with code that did not make it
    #[command(
        after_help = "Examples:\n  skew plan D --to valkey@9.1.2 --format json > plan.json\n  skew verify plan.json --against D\n  skew resolve kestra@1.3 plugin-aws --lock kestra.lock\n  skew verify kestra.lock"
    )]
    Verify {
        /// The plan that `plan --format json` printed, or the lock that `resolve --lock` wrote
        file: PathBuf,
        /// The deployment file that a plan was made for; a lock has none
        #[arg(long, value_name = "DEPLOYMENT")]
        against: Option<PathBuf>,
    },
    /// What is this file, and what takes it? Reads DuckDB extensions, Kestra plugins and wheels
    #[command(after_help = INSPECT_HELP)]
    Inspect {
        /// Extension files, .jar and .whl files, or folders of them; `-` reads one from standard input
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// What is to take them, such as duckdb@1.5.6, kestra@1.3 for all of a line, java@21,
        /// dagster@1.13.27, or for a development build of DuckDB its commit; may be repeated. If left
        /// out, the engine in whose folder a file lies, and every known release
        #[arg(long = "for", value_name = "SPEC")]
        engines: Vec<String>,
        /// The platform of the engine, as PRAGMA platform prints it. If left out, the one in whose
        /// folder a file lies, or that it was built for
        #[arg(long, value_name = "NAME")]
        platform: Option<String>,
        /// Judges engines that run with `allow_unsigned_extensions`
        #[arg(long)]
        unsigned: bool,
    },
    /// What is there? Writes a deployment file from a saved inventory
    #[command(after_help = import::HELP, override_usage = "skew import [OPTIONS] [FORMAT] <FILE>...")]
    Import(import::ImportArgs),
    /// What is running? Asks a Valkey or Redis system and writes a deployment file
    #[cfg(feature = "live")]
    #[command(after_help = live::OBSERVE_HELP)]
    Observe(live::ObserveArgs),
    /// May the next step be taken? Asks the running system what the plan says
    #[cfg(feature = "live")]
    #[command(after_help = live::GATE_HELP)]
    Gate(live::GateArgs),
    /// What is supported on a day?
    #[command(after_help = "Example:\n  skew support valkey duckdb@1.4 --as-of 2026-11-20")]
    Support {
        /// Packages or releases; everything if left out
        #[arg(value_name = "SPEC")]
        specs: Vec<String>,
        #[command(flatten)]
        as_of: AsOf,
        /// Shows only lines whose support ends within so many days, such as 90d
        #[arg(long, value_name = "DAYS")]
        within: Option<String>,
    },
    /// Which branch of a release train? Merges, targets, what ships, what is missing
    #[command(subcommand, after_help = "Example:\n  skew train phases duckdb")]
    Train(train::TrainVerb),
    /// What is known? Packages, or the releases of one
    #[command(after_help = "Example:\n  skew list valkey")]
    List {
        /// A package or a matrix; everything if left out
        name: Option<String>,
    },
    /// What is wrong with a matrix? Every problem with line and column
    #[command(after_help = "Example:\n  skew lint mine.json")]
    Lint {
        /// Matrix files, checked together; an overlay after the matrix it extends
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Draws packages, interfaces and upgrade steps
    #[command(after_help = "Example:\n  skew graph valkey --format mermaid")]
    Graph {
        /// What to draw around; everything if left out
        spec: Option<String>,
        /// Draws single releases instead of release lines
        #[arg(long)]
        patches: bool,
        /// How many nodes to draw at most
        #[arg(long, value_name = "COUNT")]
        limit: Option<usize>,
    },
    /// Answers a question that is written as JSON, in JSON
    #[command(after_help = QUERY_HELP)]
    Query {
        /// The question, as schemas/query.json describes it, or an answer of this command, which is asked
        /// again
        file: PathBuf,
    },
    /// Prints the JSON Schema of a file format
    Schema {
        /// Which one
        #[arg(value_enum)]
        name: SchemaName,
    },
    /// Prints a completion script for a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
}

/// What a plan is asked for with.
#[derive(Debug, Args)]
pub(super) struct PlanQuestion {
    /// The deployment file
    pub(super) deployment: PathBuf,
    /// What must run in the end; may be repeated
    #[arg(long, required = true, value_name = "SPEC")]
    pub(super) to: Vec<String>,
    /// How many nodes of a group may be down at once: a number, or a share of the group such as 25%,
    /// which is at least one node; 1 if left out
    #[arg(long, value_name = "N|PERCENT", value_parser = share, allow_hyphen_values = true)]
    pub(super) max_unavailable: Option<Share>,
    /// Nodes of different zones are never down at once; a node that states no zone goes alone
    #[arg(long)]
    pub(super) per_zone: bool,
    /// Changes so many nodes first and waits until you have watched them
    #[arg(long, value_name = "N", value_parser = nodes, allow_hyphen_values = true)]
    pub(super) canary: Option<usize>,
    /// Accepts a known risk by name; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(super) accept_risk: Vec<String>,
    /// Stops every node instead of rolling
    #[arg(long)]
    pub(super) allow_downtime: bool,
    /// Refuses a plan that ends past the end of support; to pass through such a release is an error
    #[arg(long)]
    pub(super) require_supported: bool,
    #[command(flatten)]
    pub(super) as_of: AsOf,
}

/// Reads how many nodes may be down.
fn share(text: &str) -> Result<Share, String> {
    let expected = "expected a number of nodes from 1 on, or a share from 1% to 100%";
    Share::parse(text).ok_or_else(|| expected.to_owned())
}

/// Reads a number of nodes.
fn nodes(text: &str) -> Result<usize, String> {
    let count = text.parse().ok().filter(|count| *count > 0);
    count.ok_or_else(|| "expected a number of nodes from 1 on".to_owned())
}

const PLAN_HELP: &str = "\
Examples:
  skew plan examples/valkey-3x3.json --to valkey@9.1.2
  skew plan prod.json --to valkey@9.1.2 --max-unavailable 25% --per-zone --canary 1
  skew plan prod.json --to kestra@2.0.0 --format json > plan.json
  skew plan prod.json --to valkey@9.1.2 --format markdown > checklist.md
  skew plan prod.json --to valkey@9.1.2 --format commands";

/// What a set is asked for with.
#[derive(Debug, Args)]
pub(super) struct Question {
    /// What must be in the set, most important first
    #[arg(required = true, value_name = "SPEC")]
    pub(super) specs: Vec<String>,
    /// The day to judge by, as YYYY-MM-DD; today if left out. Releases past the end of their support
    /// on that day are chosen only if a SPEC names them, or a release that needs them
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<String>,
    /// How many steps the search may take; 20,000,000 if left out, some seconds at most
    #[arg(long, value_name = "STEPS")]
    pub(super) budget: Option<u64>,
}

const QUERY_HELP: &str = "\
Example:
  echo '{\"query\": {\"path\": {\"from\": \"kestra@1.0.0\", \"to\": \"kestra@2.0.0\"}}}' | skew query -";

const RESOLVE_HELP: &str = "\
Examples:
  skew resolve kestra@1.3.39 plugin-aws plugin-git --why plugin-git
  skew resolve kestra plugin-aws --installed prod.json --prefer installed
  skew resolve kestra plugin-aws --prefer lts --as-of 2026-11-20";

const INSPECT_HELP: &str = "\
Examples:
  skew inspect fts.duckdb_extension
  skew inspect fts.duckdb_extension --for duckdb@1.5.6 --platform linux_amd64
  skew inspect ~/.duckdb/extensions --for duckdb@2.0.0
  skew inspect plugin-git-3.0.0.jar --for kestra@1.3 --for java@21
  skew inspect dagster_aws-0.29.27-py3-none-any.whl --for dagster@1.13 --for python@3.12";

const SETS_HELP: &str = "\
Examples:
  skew sets dagster@1.13 dagster-aws --limit 3
  skew sets kestra plugin-aws plugin-git --count";

/// Preferences of `resolve`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PreferArg {
    /// The one with newer releases, the first SPEC first
    Newest,
    /// The one with older releases
    Oldest,
    /// The one that changes fewer packages of what runs (--installed), then the newest
    Installed,
    /// The one with releases of supported long-term lines, then the newest
    Lts,
}

/// Preferences of `sets`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SetsPreferArg {
    /// The one with newer releases, the first SPEC first
    Newest,
    /// The one with older releases
    Oldest,
    /// The one with releases of supported long-term lines, then the newest
    Lts,
}

impl From<SetsPreferArg> for PreferArg {
    fn from(prefer: SetsPreferArg) -> Self {
        match prefer {
            SetsPreferArg::Newest => Self::Newest,
            SetsPreferArg::Oldest => Self::Oldest,
            SetsPreferArg::Lts => Self::Lts,
        }
    }
}

/// File formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaName {
    /// Matrix files
    Matrix,
    /// Deployment files
    Deployment,
    /// Plan files
    Plan,
    /// Lock files
    Lock,
    /// Questions for `skew query`
    Query,
    /// What commands print with `--format json`
    Answer,
}
