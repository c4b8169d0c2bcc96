//! Saved files as readers are given them, and how much of a file is read.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::input::Input;

/// The largest saved text that is read, in bytes: 64 MiB.
pub const TEXT_LIMIT: usize = 64 << 20;

/// Input of a reader.
#[derive(Debug, Clone, Copy)]
pub struct Saved<'a> {
    /// The files. Names have `/` between folders; a file of which only the name is taken is empty.
    pub inputs: &'a [Input<'a>],
    /// The matrices, to recognise products by.
    pub catalog: &'a Catalog,
    /// Versions of packages where the files do not tell them.
    pub told: &'a BTreeMap<String, String>,
}

/// The part of a file that a reader takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// Nothing: it is passed over.
    Nothing,
    /// Its name.
    Name,
    /// Its name and its bytes.
    Bytes,
}

/// Takes the bytes of files that are named, and nothing from folders.
pub fn named_files(_: &str, named: bool) -> Take {
    if named { Take::Bytes } else { Take::Nothing }
}
