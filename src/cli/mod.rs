//! The command line: arguments to a query, files to bytes, an answer to a writer and an exit status.
//!
//! The only place, beside `main`, that knows clap, files, the environment and the clock. What the words of
//! the command line mean is decided behind [`crate::api::ask`].

mod args;
mod document;
mod files;
#[cfg(feature = "live")]
mod gate;
#[cfg(feature = "live")]
mod observe;
mod output;
mod print;
#[cfg(feature = "live")]
mod reach;
mod request;
mod texts;
mod walk;

use std::process::ExitCode;

use clap::Parser;

use crate::api;
use crate::failure::Failure;
use crate::knowledge::KnowledgeBase;
use args::{Arguments, Common, Verb};

/// Runs the command line of this process and returns its exit status.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return output::usage(&error),
    };
    let common = &arguments.common;
    match verb(common, &arguments.verb) {
        Ok(status) => status,
        Err(failure) => output::failure(common, &failure),
    }
}

fn verb(common: &Common, verb: &Verb) -> Result<ExitCode, Failure> {
    if let Some(done) = texts::print(common, verb) {
        return done;
    }
    if let Verb::Query { file } = verb {
        return document::answer(common, file);
    }
    print::check_format(common, verb)?;
    let base = KnowledgeBase::new(files::matrices(common)?);
    let lock = request::lock(verb);
    files::check_lock(common, lock)?;
    let answer = match verb {
        #[cfg(feature = "live")]
        Verb::Observe(asked) => observe::answer(common, &base, asked)?,
        #[cfg(feature = "live")]
        Verb::Gate(asked) => gate::answer(common, asked)?,
        verb => api::ask(&base, &request::query(common, verb)?)?,
    };
    print::with_lock(common, answer, lock)
}
