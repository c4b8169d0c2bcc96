//! The arguments of `import`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};

use crate::evidence::formats::FORMATS;

pub(in crate::cli) const HELP: &str = "\
Examples:
  skew import kestra-plugins /app/plugins --with kestra@1.3.39 > kestra.json
  kubectl get pods -o json | skew import kubernetes - --name prod > prod.json
  skew import auto inventory.json --output prod.json";

/// The format that is found out from the files.
pub(in crate::cli) const AUTO: &str = "auto";

/// What to read and how.
#[derive(Debug, Args)]
pub(in crate::cli) struct ImportArgs {
    /// What the files are
    #[arg(value_name = "FORMAT", value_parser = formats())]
    pub(in crate::cli) read_as: String,
    /// Saved inventories, of one node each where the format has no names of nodes; a folder where the
    /// format is about folders; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// What to call the deployment; if left out, the name of the file
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) name: Option<String>,
    /// The role of the nodes of which the files tell none
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) role: Option<String>,
    /// The version of a package, where the files do not tell it; may be repeated
    #[arg(long, value_name = "NAME@VERSION")]
    pub(in crate::cli) with: Vec<String>,
}

fn formats() -> PossibleValuesParser {
    let auto = PossibleValue::new(AUTO).help("What the files look like; it is said which");
    let known = FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.about));
    PossibleValuesParser::new([auto].into_iter().chain(known))
}
