//! Questions about files of other programs: what they are, and what they say is there.

use super::declare::query;
use crate::binary::Artifact;
use crate::input::File;
use crate::spec::Spec;

query! {
    /// Plugin binaries and packages to be recognised.
    pub struct InspectQuery {
        /// The files.
        pub files: Vec<InspectedFile>,
        /// The releases that are to take them; what the files' folders tell, and every known release, if
        /// empty.
        #[serde(default)]
        pub hosts: Vec<Spec>,
        /// The platform of the engine.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub platform: Option<String>,
        /// True for engines that load unsigned extensions.
        #[serde(default)]
        pub unsigned: bool,
    }
}

query! {
    /// A file to be recognised.
    pub struct InspectedFile {
        /// The file.
        pub file: File,
        /// What became of a file that is too long to be held in memory, or could not be read; `file` is
        /// then empty. Not part of the JSON form.
        #[serde(skip)]
        pub read: Option<Read>,
        /// True if it was named, and not found in a folder: it must then be readable.
        #[serde(default)]
        pub named: bool,
        /// The engine in whose folder it lies.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub placement: Option<Placement>,
        /// The note that its installation left beside it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<File>,
    }
}

/// What became of a file that was read outside of a query.
#[derive(Debug, Clone, PartialEq)]
pub enum Read {
    /// Its facts.
    Facts(Artifact),
    /// Why it cannot be read.
    Unreadable(String),
}

query! {
    /// The folder that an engine looks into.
    pub struct Placement {
        /// The engine's version with a leading `v`, or its commit.
        pub version: String,
        /// The engine's platform.
        pub platform: String,
    }
}

query! {
    /// Saved inventories to be made a deployment.
    pub struct ImportQuery {
        /// The name of the format; what the files look like if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub format: Option<String>,
        /// The files.
        pub files: Vec<ImportedFile>,
        /// The name of the deployment, if the files state none or another one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// The name of the deployment if nobody names it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub default_name: Option<String>,
        /// Features in use that the files do not show.
        #[serde(default)]
        pub features: Vec<String>,
        /// The role of nodes of which the files tell none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub role: Option<String>,
        /// Versions of packages, where the files do not tell them.
        #[serde(default)]
        pub with: Vec<Spec>,
    }
}

query! {
    /// A saved inventory.
    pub struct ImportedFile {
        /// The file. Its name has `/` between folders; a file of which only the name matters is empty.
        pub file: File,
        /// True if it was named, and not found in a folder: it must then be readable.
        #[serde(default)]
        pub named: bool,
    }
}
