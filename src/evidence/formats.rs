//! The formats of saved inventories: one row each.
//!
//! Owns what the command and the fuzz targets know of a reader: its name, which files it takes, what they
//! look like, how large they may be. A reader is a function of files and of a catalog, in which it looks up
//! what products are called elsewhere.

use super::archive::ARCHIVE_LIMIT;
use super::versions::believed;
use super::{duckdb_extensions, kestra, kubernetes, python, sbom, valkey};
use crate::input::Input;
use crate::observation::Observation;
use crate::problem::Problems;

pub use super::saved::{Saved, TEXT_LIMIT, Take, named_files};

/// One format.
#[derive(Debug)]
pub struct Format {
    /// The word that users have for it.
    pub name: &'static str,
    /// A description in one line.
    pub about: &'static str,
    /// Decides how much is taken of a file with such a path: one that was named, or one in a folder that was. A
    /// format that takes nothing from folders is not about folders.
    pub takes: fn(path: &str, named: bool) -> Take,
    /// Most bytes of a file.
    pub limit: usize,
    /// True if a file looks like it. Asked in the order of the table; the first that says so is guessed.
    pub looks_like: fn(&Input<'_>) -> bool,
    /// Reads files, believing their versions.
    reader: fn(&Saved<'_>) -> Result<Observation, Problems>,
}

impl Format {
    /// Reads files. What is no version becomes unknown, with a remark.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with each file that cannot be read.
    pub fn read(&self, saved: &Saved<'_>) -> Result<Observation, Problems> {
        Ok(believed(saved.catalog, saved.told, (self.reader)(saved)?))
    }
}

/// Every format, in the order in which they are guessed.
pub const FORMATS: &[Format] = &[
    Format {
        name: "duckdb-extensions",
        about: "The output of DuckDB's duckdb_extensions() as CSV or JSON; each file is a node",
        takes: named_files,
        limit: TEXT_LIMIT,
        looks_like: duckdb_extensions::looks_like,
        reader: duckdb_extensions::extensions,
    },
    Format {
        name: "kubernetes",
        about: "Pods, as `kubectl get pods -o json` prints them, with or without nodes",
        takes: named_files,
        limit: TEXT_LIMIT,
        looks_like: kubernetes::looks_like,
        reader: kubernetes::pods,
    },
    Format {
        name: "cyclonedx",
        about: "A CycloneDX bill of materials as JSON; each file is a node",
        takes: named_files,
        limit: TEXT_LIMIT,
        looks_like: sbom::looks_like_cyclonedx,
        reader: sbom::cyclonedx,
    },
    Format {
        name: "spdx",
        about: "An SPDX bill of materials as JSON; each file is a node",
        takes: named_files,
        limit: TEXT_LIMIT,
        looks_like: sbom::looks_like_spdx,
        reader: sbom::spdx,
    },
    Format {
        name: "kestra-compatibility",
        about: "What Kestra's service says fits a core: artifacts and their versions",
        takes: named_files,
        limit: TEXT_LIMIT,
        looks_like: kestra::looks_like_compatibility,
        reader: kestra::compatibility,
    },
    Format {
        name: "kestra-plugins",
        about: "A folder of Kestra plugins, or a list of its files, one a line",
        takes: kestra::takes,
        limit: TEXT_LIMIT,
        looks_like: kestra::looks_like_plugins,
        reader: kestra::plugins,
    },
    Format {
        name: "valkey",
        about: "Output of Valkey or Redis: INFO, CLUSTER NODES, MODULE LIST and others",
        takes: valkey::takes,
        limit: TEXT_LIMIT,
        looks_like: valkey::looks_like,
        reader: |saved| valkey::read(saved.catalog, saved.inputs),
    },
    Format {
        name: "kestra-jar",
        about: "Kestra plugins: .jar files by what they say inside",
        takes: kestra::takes_jars,
        limit: ARCHIVE_LIMIT,
        looks_like: kestra::looks_like_jar,
        reader: kestra::jars,
    },
    Format {
        name: "wheel",
        about: "Python packages: .whl files",
        takes: python::takes_wheels,
        limit: ARCHIVE_LIMIT,
        looks_like: python::looks_like_wheel,
        reader: python::wheels,
    },
    Format {
        name: "site-packages",
        about: "Installed Python packages: a folder of NAME.dist-info",
        takes: python::takes_installed,
        limit: TEXT_LIMIT,
        looks_like: python::looks_like_installed,
        reader: python::installed,
    },
    Format {
        name: "uv-lock",
        about: "Python packages: uv.lock",
        takes: named_files,
        limit: TEXT_LIMIT,
        looks_like: python::looks_like_uv,
        reader: python::uv_locks,
    },
    Format {
        name: "pylock",
        about: "Python packages: pylock.toml",
        takes: named_files,
        limit: TEXT_LIMIT,
        looks_like: python::looks_like_pylock,
        reader: python::pylocks,
    },
    Format {
        name: "pip-freeze",
        about: "Installed Python packages, as pip freeze prints them",
        takes: named_files,
        limit: TEXT_LIMIT,
        looks_like: |_| false,
        reader: python::lists,
    },
    Format {
        name: "requirements",
        about: "Python packages: requirements.txt; only pinned ones have a version",
        takes: named_files,
        limit: TEXT_LIMIT,
        looks_like: python::looks_like_list,
        reader: python::lists,
    },
];

/// Returns the format with a name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// Returns the format that a file looks like.
pub fn guess(input: &Input<'_>) -> Option<&'static Format> {
    FORMATS.iter().find(|format| (format.looks_like)(input))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_lines_are_short() {
        let mut names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FORMATS.len());
        assert!(FORMATS.iter().all(|format| format.about.len() < 80));
    }
}
