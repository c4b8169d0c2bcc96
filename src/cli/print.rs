//! An answer, its format and the exit status that belongs to it.

use std::path::Path;
use std::process::ExitCode;

use super::args::{Common, FailOn, Format, Unknown, Verb};
use super::{files, output};
use crate::answer::{Answer, Body, Policy, Status, UnknownPolicy};
use crate::failure::Failure;
use crate::finding::Severity;
use crate::query::QueryFile;
use crate::report::commands::{self, NoCommands};
use crate::report::{csv, dot, ics, json, lock, markdown, mermaid, text};

/// Refuses a format that the answer of a verb never has.
pub(super) fn check_format(common: &Common, verb: &Verb) -> Result<(), Failure> {
    let format = common.format;
    let file = match verb {
        Verb::Import(_) if format == Format::Auto => return Ok(()),
        Verb::Import(_) => Some("import"),
        #[cfg(feature = "live")]
        Verb::Observe(_) => Some("observe"),
        _other => None,
    };
    if format == Format::Auto {
        return Err(Failure::new("only import finds out what format files have"));
    }
    match file {
        Some(verb) if !matches!(format, Format::Human | Format::Json) => {
            Err(Failure::new(format!("{verb} writes a deployment file"))
                .hint("give that file to `skew check` and ask it for the format"))
        }
        Some(_) | None => Ok(()),
    }
}

/// Prints an answer and writes its lock to a file if the answer is a yes. The lock comes first, so that
/// whoever sees the answer has it.
pub(super) fn with_lock(
    common: &Common,
    mut answer: Answer,
    path: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let status = status(common, &mut answer);
    if let (Some(path), Body::Resolution(resolved)) = (path, &answer.body)
        && let Some(record) = resolved.lock.as_ref().filter(|_| status == Status::Yes)
    {
        files::replace(path, &lock::text(record))?;
    }
    print(common, &answer)?;
    Ok(ExitCode::from(status.code()))
}

/// Prints an answer as JSON, with the document that asked for it.
pub(super) fn document(
    common: &Common,
    mut answer: Answer,
    asked: &QueryFile,
) -> Result<ExitCode, Failure> {
    let status = status(common, &mut answer);
    output::stream(common, |out| json::write_document(&answer, asked, out))?;
    Ok(ExitCode::from(status.code()))
}

/// Returns what an answer comes to, and leaves out what is not to be told.
fn status(common: &Common, answer: &mut Answer) -> Status {
    let unknown = match common.unknown {
        Unknown::Allow => UnknownPolicy::Allow,
        Unknown::Warn => UnknownPolicy::Tell,
        Unknown::Deny => UnknownPolicy::Deny,
    };
    let fail_on = match common.fail_on {
        FailOn::Info => Severity::Info,
        FailOn::Warning => Severity::Warning,
        FailOn::Error => Severity::Error,
    };
    let status = answer.status(Policy { unknown, fail_on });
    if unknown == UnknownPolicy::Allow {
        answer.forget_unknown();
    }
    status
}

fn print(common: &Common, answer: &Answer) -> Result<(), Failure> {
    if let Body::Import(observation) = &answer.body {
        // The file goes where the answer goes, what is to be said about it to people.
        output::remarks(common, &answer.findings);
        return output::text(common, &json::deployment_file(observation));
    }
    let command = answer.command;
    let text = match common.format {
        Format::Json => return output::stream(common, |out| json::write(answer, out)),
        Format::Human | Format::Auto => text::text(answer, output::style(common)),
        Format::Markdown => markdown::markdown(answer),
        Format::Csv => csv::csv(answer).ok_or_else(|| {
            Failure::new("only a grid has comma-separated values").hint("`skew grid` makes one")
        })?,
        Format::Ics => ics::ics(answer).ok_or_else(|| {
            Failure::new("only support has a calendar").hint("`skew support` makes one")
        })?,
        Format::Commands => commands::commands(answer).map_err(no_commands)?,
        Format::Dot => dot::dot(drawing(answer).ok_or_else(|| no_drawing(command))?),
        Format::Mermaid => mermaid::mermaid(drawing(answer).ok_or_else(|| no_drawing(command))?),
    };
    output::text(common, &text)
}

fn drawing(answer: &Answer) -> Option<&crate::answer::graph::Picture> {
    if let Body::Picture(picture) = &answer.body { Some(picture) } else { None }
}

/// Says that an answer is no drawing.
pub(super) fn no_drawing(command: &str) -> Failure {
    Failure::new(format!("`{command}` has no drawing")).hint("`skew graph` draws")
}

/// Says why an answer cannot be printed as commands.
fn no_commands(why: NoCommands) -> Failure {
    match why {
        NoCommands::NotAPlan => {
            Failure::new("only a plan has commands").hint("`skew plan` makes one")
        }
        NoCommands::NoneStated(products) => {
            let products = products.join(" and ");
            Failure::new(format!("the matrix states no commands for {products}"))
                .hint("add `restart` and `client` to its upgrades in an overlay, or take --format markdown")
        }
        NoCommands::Unsafe(name) => {
            Failure::new(format!("`{name}` cannot be put safely into a shell command"))
                .hint("rename it in the deployment file, or take --format markdown")
        }
    }
}
