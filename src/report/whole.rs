//! Answers that are a text of their own, for people as in a ticket.

use super::{json, lint, mermaid};
use crate::answer::{Answer, Body};

/// Returns the text of such an answer.
pub(super) fn text(answer: &Answer, color: bool) -> Option<String> {
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
