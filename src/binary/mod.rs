//! Statements of the file of a plugin or package about itself, before anyone believes it.
//!
//! Owns the facts of each kind of file that [`crate::evidence`] reads: a DuckDB extension, which an engine
//! judges by its footer, and packages, which state a name, a version and what they ask of others.

mod extension;
mod package;

pub use extension::{
    BadNote, C_STRUCT, C_STRUCT_UNSTABLE, CPP, ExtensionFile, FOOTER_SIZE, FileKind, Footer,
    InstallNote, NoFooter, Signature, base_name,
};
pub use package::{ClassLevel, Dependency, PackageFile, PackageIndex, PluginJar, Wheel};

/// A file of one of the known kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Artifact {
    /// A DuckDB extension, or what claims to be one.
    Extension(ExtensionFile),
    /// A Kestra plugin.
    PluginJar(PluginJar),
    /// A Python package.
    Wheel(Wheel),
}

impl Artifact {
    /// Returns the name that findings call it by; `None` if it came without one.
    pub fn label(&self) -> Option<String> {
        match self {
            Self::Extension(file) => file.name.clone(),
            Self::PluginJar(jar) => Some(jar.package.label()),
            Self::Wheel(wheel) => Some(wheel.package.label()),
        }
    }
}
