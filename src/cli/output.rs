//! What reaches the terminal: data on standard output, the rest on standard error.

use std::io::{BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use super::args::{Color, Common, FailOn, Format};
use super::{Failure, files};
use crate::finding::{Finding, Severity};
use crate::report::text::{Style, clean, remarks as remarks_text};
use crate::report::{json, problems};

/// What a verb gives: text to print, and whether it is a no.
pub(super) struct Printed {
    /// `None` if it is written already.
    pub(super) text: Option<String>,
    pub(super) no: bool,
    pub(super) worst: Option<Severity>,
    /// A file that is written if the exit status is that of a yes: its path and text.
    pub(super) lock: Option<(PathBuf, String)>,
}

impl Printed {
    /// An answer that is only text.
    pub(super) fn plain(text: String) -> Self {
        Self { text: Some(text), no: false, worst: None, lock: None }
    }
}

/// The answer is no.
const NO: u8 = 1;
/// No answer was possible.
const FAILED: u8 = 2;

/// Returns how to print for people.
pub(super) fn style(common: &Common) -> Style {
    let terminal = common.output.is_none() && std::io::stdout().is_terminal();
    let color = match common.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    };
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    Style { color, width: columns.unwrap_or(80).clamp(40, 200), quiet: common.quiet }
}

/// Prints an answer and returns the exit status that belongs to it.
pub(super) fn answer(common: &Common, answer: &Printed) -> ExitCode {
    let threshold = match common.fail_on {
        FailOn::Info => Severity::Info,
        FailOn::Warning => Severity::Warning,
        FailOn::Error => Severity::Error,
    };
    let no = answer.no || answer.worst.is_some_and(|worst| worst >= threshold);
    if let Err(failure) = write(common, answer, no) {
        return self::failure(common, &failure);
    }
    if no { ExitCode::from(NO) } else { ExitCode::SUCCESS }
}

/// Writes the files of an answer and prints it. The lock comes first, so that whoever sees the answer
/// has it.
fn write(common: &Common, answer: &Printed, no: bool) -> Result<(), Failure> {
    if let Some((path, lock)) = answer.lock.as_ref().filter(|_| !no) {
        files::replace(path, lock)?;
    }
    match (&answer.text, &common.output) {
        (Some(text), Some(path)) => files::write(path, text),
        (Some(text), None) => print(text),
        (None, _) => Ok(()),
    }
}

/// Prints an answer that is too large to be held as one text, while it is made.
pub(super) fn stream(
    common: &Common,
    make: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<(), Failure> {
    let Some(path) = &common.output else {
        let mut out = BufWriter::new(std::io::stdout().lock());
        return told(make(&mut out).and_then(|()| out.flush()));
    };
    let mut out = BufWriter::new(files::create(path)?);
    let done = make(&mut out).and_then(|()| out.flush());
    done.map_err(|error| files::failed(path, &error))
}

/// Prints to standard output.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    told(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// A reader of standard output that has gone away is not an error.
fn told(done: std::io::Result<()>) -> Result<(), Failure> {
    match done {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("standard output: {error}")))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Whether standard error gets colour.
fn colored_errors(common: &Common) -> bool {
    match common.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            std::io::stderr().is_terminal()
                && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    }
}

/// Prints why there is no answer.
pub(super) fn failure(common: &Common, failure: &Failure) -> ExitCode {
    let mut text = String::new();
    if let Some(found) = &failure.problems {
        text.push_str(&problems::text(found, colored_errors(common)));
    }
    text.push_str(&format!("error: {}\n", clean(&failure.message)));
    if let Some(hint) = &failure.hint {
        text.push_str(&format!("\nhint: {}\n", clean(hint)));
    }
    if common.format == Format::Json {
        let (hint, found) = (failure.hint.as_deref(), failure.problems.as_ref());
        // Nothing can be done about a closed standard output here.
        print(&json::failure(&failure.message, hint, found)).ok();
    }
    std::io::stderr().write_all(text.as_bytes()).ok();
    ExitCode::from(FAILED)
}

/// Says something beside the answer.
pub(super) fn note(text: &str) {
    // Nothing can be done about a closed standard error.
    std::io::stderr().write_all(format!("note: {}\n", clean(text)).as_bytes()).ok();
}

/// Prints what is to be said about an answer that is itself a file for other commands.
pub(super) fn remarks(common: &Common, remarks: &[Finding]) {
    let style = Style { color: colored_errors(common), ..style(common) };
    let text = remarks_text(remarks, style);
    std::io::stderr().write_all(text.as_bytes()).ok();
}

/// Prints what clap has to say: help on standard output, mistakes on standard error.
pub(super) fn usage(error: &clap::Error) -> ExitCode {
    error.print().ok();
    if error.use_stderr() { ExitCode::from(FAILED) } else { ExitCode::SUCCESS }
}
