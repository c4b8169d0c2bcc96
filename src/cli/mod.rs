//! The command line: arguments to settings, one file per verb, files, exit codes.
//!
//! The only place, beside `main`, that knows clap, files, the environment and the clock.

mod args;
mod files;
mod names;
mod output;
#[cfg(feature = "live")]
mod reach;
mod request;
mod running;
mod second_look;
mod spec;
mod verbs;
mod world;

use std::process::ExitCode;

use clap::Parser;

use crate::matrix::Problems;

/// Why a command could not do its work.
#[derive(Debug)]
struct Failure {
    message: String,
    hint: Option<String>,
    /// Problems of files, where that is the reason.
    problems: Option<Problems>,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, problems: None }
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Returns why, in one line.
    fn reason(&self) -> String {
        let first = self.problems.as_ref().and_then(|problems| problems.list.first());
        first.map_or_else(|| self.message.clone(), |problem| problem.message.clone())
    }

    fn of_files(problems: Problems) -> Self {
        let message = match problems.list.len() {
            1 => "1 problem keeps the file from being used".to_owned(),
            count => format!("{count} problems keep the files from being used"),
        };
        Self { message, hint: None, problems: Some(problems) }
    }
}

/// Runs the command line of this process and returns its exit status.
pub fn run() -> ExitCode {
    let arguments = match args::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return output::usage(&error),
    };
    let common = &arguments.common;
    match verbs::run(&arguments.verb, common) {
        Ok(answer) => output::answer(common, &answer),
        Err(failure) => output::failure(common, &failure),
    }
}
