//! The arguments of `import`.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Args, Command};

use crate::evidence::formats::{FORMATS, format};

pub(in crate::cli) const HELP: &str = "\
Examples:
  skew import kestra-plugins /app/plugins --with kestra@1.3.39 > kestra.json
  kubectl get pods -o json | skew import kubernetes - --name prod > prod.json
  skew import inventory.json --output prod.json";

/// The format that is found out from the files.
const AUTO: &str = "auto";

/// What to read and how.
#[derive(Debug, Args)]
pub(in crate::cli) struct ImportArgs {
    /// What the files are; `auto` if left out
    #[arg(value_name = "FORMAT", value_parser = Formats)]
    read_as: OsString,
    /// Saved inventories, of one node each where the format has no names of nodes; a folder where the
    /// format is about folders; `-` is standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What to call the deployment; if left out, the name of the file
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) name: Option<String>,
    /// A feature in use that the files do not show; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) feature: Vec<String>,
    /// The role of the nodes of which the files tell none
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) role: Option<String>,
    /// The version of a package, where the files do not tell it; may be repeated
    #[arg(long, value_name = "NAME@VERSION")]
    pub(in crate::cli) with: Vec<String>,
}

/// How files are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum ReadAs<'a> {
    /// In the format that they look like.
    Auto,
    /// In the format with this name, which may not exist.
    Named(&'a str),
}

impl ImportArgs {
    /// Returns how to read which files. The first word is a format, unless it cannot be one because it is
    /// the name of a file or `auto` was said elsewhere.
    pub(in crate::cli) fn files(&self, auto: bool) -> (ReadAs<'_>, Vec<PathBuf>) {
        let first = PathBuf::from(&self.read_as);
        match self.read_as.to_str() {
            Some(AUTO) => (ReadAs::Auto, self.files.clone()),
            Some(name) if format(name).is_some() => (ReadAs::Named(name), self.files.clone()),
            Some(name) if !auto && name != "-" && !first.exists() => {
                (ReadAs::Named(name), self.files.clone())
            }
            Some(_) | None => {
                let rest = self.files.iter().cloned();
                (ReadAs::Auto, std::iter::once(first).chain(rest).collect())
            }
        }
    }
}

/// Names the formats in help and completions, and takes every word: it may be a file.
#[derive(Debug, Clone)]
struct Formats;

impl TypedValueParser for Formats {
    type Value = OsString;

    fn parse_ref(
        &self,
        _: &Command,
        _: Option<&Arg>,
        value: &OsStr,
    ) -> Result<OsString, clap::Error> {
        Ok(value.to_owned())
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let auto = PossibleValue::new(AUTO).help("What the files look like; it is said which");
        let known = FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.about));
        Some(Box::new(std::iter::once(auto).chain(known)))
    }
}
