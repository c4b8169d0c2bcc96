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
mod whole;
mod words;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
