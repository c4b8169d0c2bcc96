//! A plugin binary or a package, told apart by its name or its first bytes.

use super::{ARCHIVE_LIMIT, ARCHIVE_START, ExtensionReader, package_file};
use crate::binary::Artifact;
use crate::input::Input;
use crate::problem::Problems;

/// How the names of extension files end.
const EXTENSIONS: [&str; 2] = [".duckdb_extension", ".duckdb_extension.wasm"];

/// How the names of packages end.
const PACKAGES: [&str; 2] = [".jar", ".whl"];

/// Returns true if a file is an extension by its name.
pub fn is_extension(name: &str) -> bool {
    EXTENSIONS.iter().any(|end| name.ends_with(end))
}

/// Returns true if a file is a package by its name.
pub fn is_package(name: &str) -> bool {
    PACKAGES.iter().any(|end| name.ends_with(end))
}

/// Reads a file piece by piece. An archive is held in memory; an extension may be longer than that.
pub struct ArtifactReader {
    name: String,
    archive: Option<Vec<u8>>,
    extension: ExtensionReader,
    is_new: bool,
}

impl ArtifactReader {
    /// Begins a file. `name` is what messages call it, its path or a word in angle brackets.
    pub fn new(name: &str) -> Self {
        let own = name.rsplit(['/', std::path::MAIN_SEPARATOR]).next();
        Self {
            archive: is_package(name).then(Vec::new),
            extension: ExtensionReader::new(own.filter(|own| !own.starts_with('<'))),
            name: name.to_owned(),
            is_new: true,
        }
    }

    /// Takes the next piece.
    pub fn push(&mut self, piece: &[u8]) {
        if self.is_new && !is_extension(&self.name) && piece.starts_with(ARCHIVE_START) {
            self.archive = Some(Vec::new());
        }
        self.is_new = false;
        match &mut self.archive {
            // One byte too many tells the reader that there are too many.
            Some(bytes) if bytes.len() <= ARCHIVE_LIMIT => bytes.extend_from_slice(piece),
            Some(_) => {}
            None => self.extension.push(piece),
        }
    }

    /// Returns what the file is.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with a package.
    pub fn finish(self) -> Result<Artifact, Problems> {
        match self.archive {
            Some(bytes) => package_file(&Input { name: &self.name, bytes: &bytes }),
            None => Ok(Artifact::Extension(self.extension.finish())),
        }
    }
}
