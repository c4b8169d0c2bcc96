//! Writers: answers in, text out. One file per format.
//!
//! A writer reads an [`Answer`](crate::answer::Answer) and never decides.
//! The text writer alone knows colour.

mod artifact;
pub mod commands;
mod compare;
pub mod csv;
pub mod deployment_file;
mod diff_words;
pub mod dot;
mod fold;
mod grid_words;
pub mod ics;
pub mod json;
mod lint;
pub mod lock;
pub mod markdown;
pub mod mermaid;
pub mod problems;
pub mod text;
mod words;

use crate::answer::{Answer, Body};

#[cfg(test)]
mod testing;

/// Returns the text of an answer that is a text of its own, for people as in a ticket.
fn whole(answer: &Answer, color: bool) -> Option<String> {
    if let Body::Picture(drawn) = &answer.body {
        Some(mermaid::mermaid(drawn))
    } else if let Body::Import(observation) = &answer.body {
        Some(deployment_file::deployment_file(observation))
    } else if let Body::Lint { problems, files } = &answer.body {
        Some(lint::text(problems, *files, color))
    } else {
        None
    }
}

/// Returns how to write a character that must not reach a terminal or a drawing as it is: one that
/// controls the terminal, breaks a line or turns the direction of writing.
fn spell_out(c: char) -> Option<String> {
    let turns =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let breaks = matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    (c.is_control() || turns || breaks).then(|| format!("U+{:04X}", u32::from(c)))
}
