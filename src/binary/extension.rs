//! The facts of a DuckDB extension file. Texts are kept as they stand in the file, because engines compare
//! them byte for byte.

/// Size in bytes of what an engine reads at the end of a file: eight fields and the signature.
pub const FOOTER_SIZE: usize = 512;

/// A DuckDB extension file, or one that claims to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionFile {
    /// Name of the file without its folder. `None` if it came without one.
    pub name: Option<String>,
    /// Its length in bytes.
    pub size: u64,
    /// The kind that its first bytes state.
    pub kind: FileKind,
    /// Names of entry points that occur in it, such as `fts_duckdb_cpp_init`, sorted.
    pub entries: Vec<String>,
    /// The footer, or why there is none.
    pub footer: Result<Footer, NoFooter>,
}

/// A kind of file, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A shared library of some system.
    Library,
    /// A WebAssembly module.
    Wasm,
    /// Neither.
    Other,
}

impl FileKind {
    /// Returns the word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Library => "library",
            Self::Wasm => "wasm",
            Self::Other => "other",
        }
    }
}

/// Returns what an engine names the entry point of a file after: the name up to its first dot, in lower
/// case.
pub fn base_name(name: &str) -> String {
    name.split('.').next().unwrap_or(name).to_lowercase()
}

/// The metadata at the end of an extension file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footer {
    /// The text of the ABI field; empty in files for DuckDB up to 1.1.
    pub abi: String,
    /// The target that it was built for: a DuckDB version or commit, or with [`C_STRUCT`] a C API version.
    pub built_for: String,
    /// The platform.
    pub platform: String,
    /// The extension's own version: a tag, a short commit, or the version of DuckDB.
    pub extension_version: String,
    /// The judgement on its signature.
    pub signature: Signature,
    /// True if the frame of a WebAssembly section stands before it, as the build tools write it.
    pub framed: bool,
}

/// A judgement on a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// All its bytes are zero.
    Missing,
    /// One of the keys in released engines made it, of this very file.
    Trusted,
    /// None of them did: another key, or the file was changed afterwards.
    Untrusted,
}

impl Signature {
    /// Returns the word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Trusted => "trusted",
            Self::Untrusted => "untrusted",
        }
    }
}

/// The ABI text of extensions on the C++ ABI.
pub const CPP: &str = "CPP";
/// The ABI text of extensions on the stable C API.
pub const C_STRUCT: &str = "C_STRUCT";
/// The ABI text of extensions on the unstable part of the C API.
pub const C_STRUCT_UNSTABLE: &str = "C_STRUCT_UNSTABLE";

impl Footer {
    /// Returns whether [`Footer::built_for`] is a version of the C API.
    pub fn is_for_c_api(&self) -> bool {
        self.abi == C_STRUCT
    }
}

/// The note that an engine leaves beside a file when it installs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstallNote {
    /// The extension's own version, which the footer of the file must state too.
    pub version: String,
}

/// Why an engine cannot read such a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadNote {
    /// It is empty.
    Empty,
    /// It ends in the middle.
    Cut,
    /// It has a field with this number where engines expect another.
    Field(u16),
}

/// Why a file has no footer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoFooter {
    /// It is shorter than a footer.
    Short,
    /// The field that marks a footer holds this text instead of `4`.
    Magic(String),
}
