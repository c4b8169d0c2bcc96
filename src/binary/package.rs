//! The facts of package files: who it is, and what it asks of others.

/// Where packages have their names from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageIndex {
    /// The Python package index.
    Pypi,
    /// Maven, in the group of Kestra's plugins.
    KestraPlugins,
}

impl PackageIndex {
    /// Returns the type and namespace of its package URLs, as in `pypi/`.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Pypi => "pypi/",
            Self::KestraPlugins => "maven/io.kestra.plugin/",
        }
    }
}

/// The statements that packages of all kinds make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageFile {
    /// Where its name is from.
    pub index: PackageIndex,
    /// Its name, in the form in which packages of its kind are compared.
    pub name: String,
    /// Its version, as written.
    pub version: String,
    /// Its dependencies, in the order of the file.
    pub dependencies: Vec<Dependency>,
}

impl PackageFile {
    /// Returns `name version`.
    pub fn label(&self) -> String {
        format!("{} {}", self.name, self.version)
    }
}

/// A package's demand on another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The other package.
    pub target: String,
    /// The versions that it takes, as written; empty for any.
    pub range: String,
    /// Under which condition it asks, as written; `None` if it always does.
    pub marker: Option<String>,
    /// Where it says so, such as `METADATA, line 12`.
    pub place: String,
}

/// A Kestra plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginJar {
    /// Who it is, and the Java version that its classes ask for.
    pub package: PackageFile,
    /// Maven group of the plugin, such as `io.kestra.plugin.aws`, if it is stated.
    pub group: Option<String>,
    /// Its title for people, if it is stated.
    pub title: Option<String>,
    /// The newest class-file format in it, without classes that are there for newer Java versions only.
    /// `None` if it has no class.
    pub classes: Option<ClassLevel>,
    /// Number of classes that were looked at.
    pub class_count: usize,
}

/// The format of a class file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassLevel {
    /// Its major version, such as 65.
    pub major: u16,
    /// The first class that has it.
    pub class: String,
}

impl ClassLevel {
    /// Returns the first Java version that reads the format: 21 for 65.
    pub fn java(&self) -> u16 {
        self.major.saturating_sub(44)
    }
}

/// A Python package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wheel {
    /// Who it is, and what it requires.
    pub package: PackageFile,
    /// The versions of Python that it takes, as written.
    pub requires_python: Option<String>,
}
