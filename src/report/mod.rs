//! Writers: answers in, text out. One file per format.
//!
//! A writer reads an [`Answer`](crate::answer::Answer) and never decides.
//! The text writer alone knows colour.

mod artifact;
pub mod commands;
mod compare;
pub mod csv;
mod diff_words;
pub mod dot;
mod escape;
mod fold;
mod grid_words;
pub mod ics;
pub mod json;
mod lint;
pub mod lock;
pub mod markdown;
pub mod mermaid;
#[cfg(feature = "cli")]
pub mod problems;
mod promise;
pub mod text;
mod words;

use crate::answer::{Answer, Body};

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

/// Returns the text of an answer that is a text of its own, for people as in a ticket.
fn whole(answer: &Answer, color: bool) -> Option<String> {
    if let Body::Picture(drawn) = &answer.body {
        Some(mermaid::mermaid(drawn))
    } else if let Body::Import(observation) = &answer.body {
        Some(json::deployment_file(observation))
    } else if let Body::Lint { problems, files } = &answer.body {
        Some(lint::text(problems, *files, color))
    } else {
        None
    }
}
