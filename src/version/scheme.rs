//! The schemes by which versions are read and ordered, and the sizes of steps.

/// A rule set for reading and ordering versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Strict three-part SemVer 2.0, ordered as the `semver` crate orders it.
    Semver,
    /// `YEAR.NUMBER.PATCH`; year and number together are the breaking part.
    Calver,
    /// Python's PEP 440.
    Pep440,
    /// `vX.Y.Z`, with `-dev` and `-alphaN` builds; the leading `v` may be left out when reading.
    Duckdb,
    /// One to four dotted numbers and an optional qualifier whose digits compare as numbers.
    Natural,
    /// Opaque names, ordered as the package lists them.
    Listed,
}

impl Scheme {
    /// Every scheme, in the order of the documentation.
    pub const ALL: [Self; 6] =
        [Self::Semver, Self::Calver, Self::Pep440, Self::Duckdb, Self::Natural, Self::Listed];

    /// Returns the name used in matrix files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Semver => "semver",
            Self::Calver => "calver",
            Self::Pep440 => "pep440",
            Self::Duckdb => "duckdb",
            Self::Natural => "natural",
            Self::Listed => "listed",
        }
    }

    /// Returns the scheme with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.name() == name)
    }

    /// Returns a version as an example in messages.
    pub fn example(self) -> &'static str {
        match self {
            Self::Semver => "9.1.2",
            Self::Calver => "2025.1.0",
            Self::Pep440 => "1.13.27",
            Self::Duckdb => "v1.5.6",
            Self::Natural => "2.0.0-rc9",
            Self::Listed => "linux_amd64",
        }
    }

    /// Numbers of a complete version; fewer name a release line.
    pub(super) fn full_length(self) -> usize {
        match self {
            Self::Semver | Self::Calver | Self::Duckdb | Self::Natural | Self::Pep440 => 3,
            Self::Listed => 0,
        }
    }
}

/// The size of a version step, and the unit in which skew is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// May change anything that is not declared private. In 0.y.z the minor number plays this part.
    Major,
    /// Adds without taking away.
    Minor,
    /// Mends.
    Patch,
}

impl Step {
    /// Returns the lower-case word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Patch => "patch",
        }
    }

    /// Returns the step with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Major, Self::Minor, Self::Patch].into_iter().find(|step| step.name() == name)
    }
}
