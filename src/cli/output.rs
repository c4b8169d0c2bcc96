//! What reaches the terminal: data on standard output, the rest on standard error.

use std::io::{BufWriter, IsTerminal, Write};
use std::ops::Range;
use std::process::ExitCode;

use unicode_width::UnicodeWidthStr;

use super::args::{Color, Common, Format};
use super::{Failure, files};
use crate::failure::Place;
use crate::finding::Finding;
use crate::report::text::{Style, clean, remarks as remarks_text};
use crate::report::{json, problems};

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

/// Prints an answer, or writes it to the file that was named.
pub(super) fn text(common: &Common, text: &str) -> Result<(), Failure> {
    match &common.output {
        Some(path) => files::write(path, text),
        None => print(text),
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
    text.extend(failure.place.as_deref().map(pointed));
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

/// Shows a text of one line with marks below the part that is wrong.
fn pointed(place: &Place) -> String {
    let shown = |range: Range<usize>| clean(place.text.get(range).unwrap_or_default()).into_owned();
    let (before, marked) = (shown(0..place.span.start), shown(place.span.clone()));
    let after = shown(place.span.end..place.text.len());
    let gap = " ".repeat(before.width());
    let marks = "^".repeat(marked.width().max(1));
    format!("  {before}{marked}{after}\n  {gap}{marks}\n")
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

/// Prints what clap has to say: help on standard output, mistakes on standard error. A mistake repeats what
/// was typed, in which control characters are spelled out.
pub(super) fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        error.print().ok();
        return ExitCode::SUCCESS;
    }
    for line in error.render().to_string().lines() {
        std::io::stderr().write_all(format!("{}\n", clean(line)).as_bytes()).ok();
    }
    ExitCode::from(FAILED)
}
