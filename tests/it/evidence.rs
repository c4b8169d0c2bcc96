//! Reading extension binaries, and what engines make of them, on files made here.
//!
//! `made` builds files, `eras` asks engines of every era, `command` runs `skew inspect`, and `engines` asks
//! the real ones.

mod archives;
mod command;
mod engines;
mod eras;
mod made;
mod packages;
mod python;
mod reader;
mod zips;
