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
mod escape;
mod fold;
mod grid_words;
pub mod ics;
pub mod json;
pub mod lock;
pub mod markdown;
pub mod mermaid;
pub mod problems;
pub mod text;
mod words;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
