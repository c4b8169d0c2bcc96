//! `schema` and `completions`: texts for other programs.

use std::process::ExitCode;

use clap::CommandFactory;

use super::args::{Arguments, Common, Format, SchemaName, Verb};
use super::{Failure, output};

/// Prints what a verb asks for that needs no matrix; `None` if it asks a question.
pub(super) fn print(common: &Common, verb: &Verb) -> Option<Result<ExitCode, Failure>> {
    if let Verb::Schema { name } = verb {
        Some(schema(common, *name))
    } else if let Verb::Completions { shell } = verb {
        Some(completions(common, *shell))
    } else {
        None
    }
}

/// Prints the schema of a kind of file.
fn schema(common: &Common, name: SchemaName) -> Result<ExitCode, Failure> {
    // A schema is JSON whether or not that was said.
    if common.format != Format::Json {
        only(common.format, "schema")?;
    }
    let text = match name {
        SchemaName::Matrix => include_str!("../../schemas/matrix.json"),
        SchemaName::Deployment => include_str!("../../schemas/deployment.json"),
        SchemaName::Plan => include_str!("../../schemas/plan.json"),
        SchemaName::Lock => include_str!("../../schemas/lock.json"),
        SchemaName::Answer => include_str!("../../schemas/answer.json"),
        SchemaName::Query => include_str!("../../schemas/query.json"),
    };
    output::text(common, text)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a completion script.
fn completions(common: &Common, shell: clap_complete::Shell) -> Result<ExitCode, Failure> {
    only(common.format, "completions")?;
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "skew", &mut bytes);
    output::text(common, &String::from_utf8_lossy(&bytes))?;
    Ok(ExitCode::SUCCESS)
}

/// Refuses every format but the one that there is.
fn only(format: Format, command: &str) -> Result<(), Failure> {
    if format == Format::Human {
        return Ok(());
    }
    Err(Failure::new(format!("`{command}` has one format only")).hint("leave --format out"))
}
