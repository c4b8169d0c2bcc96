//! Eras of engines: which checks an engine makes of an extension file.
//!
//! The matrix names the era of each release in the attribute `era`. What an engine takes on each ABI is
//! an offer of the matrix; an era holds only what no offer can say:
//!
//! | era | engines | reads |
//! |---|---|---|
//! | `symbol` | up to 0.10.1 | no footer: it calls a function of the file for the version |
//! | `footer` | 0.10.2 to 1.0 | version and platform; the ABI field is not looked at |
//! | `abi-v1-first` | 1.1.0 | the ABI field too; one that is empty is an error |
//! | `abi-v1` | 1.1.1 to 1.1.3 | an empty ABI field as the C++ ABI |
//! | `abi-v2` | 1.2 and 1.3 | the same, with a stable C API |
//! | `abi-v2-cpp` | 1.4.0 to 1.4.3 | the same, with another entry point of C++ extensions |
//! | `abi-v2-named` | 1.4.4 to 1.5 | only files whose name ends in `.duckdb_extension` |
//! | `abi-v3` | from 2.0 on | the same; the unstable C API has an entry point of its own |

use crate::catalog::Release;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Era {
    Symbol,
    Footer,
    AbiV1First,
    AbiV1,
    AbiV2,
    AbiV2Cpp,
    AbiV2Named,
    AbiV3,
}

/// An ABI as an engine understands the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abi {
    Cpp,
    Stable,
    Unstable,
}

impl Abi {
    /// The interface of the matrix on which engines offer it.
    pub(super) fn interface(self) -> &'static str {
        match self {
            Self::Cpp => "cpp-abi",
            Self::Stable => "c-api",
            Self::Unstable => "c-api-unstable",
        }
    }

    /// Returns what it is called in sentences.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Cpp => "C++ ABI",
            Self::Stable => "stable C API",
            Self::Unstable => "unstable C API",
        }
    }
}

impl Era {
    /// Returns the era of a release, if the matrix names one that is known here.
    pub(super) fn of(release: &Release) -> Option<Self> {
        let (_, name) = release.attributes.iter().find(|(key, _)| key == "era")?;
        Some(match name.as_str() {
            "symbol" => Self::Symbol,
            "footer" => Self::Footer,
            "abi-v1-first" => Self::AbiV1First,
            "abi-v1" => Self::AbiV1,
            "abi-v2" => Self::AbiV2,
            "abi-v2-cpp" => Self::AbiV2Cpp,
            "abi-v2-named" => Self::AbiV2Named,
            "abi-v3" => Self::AbiV3,
            _ => return None,
        })
    }

    /// Returns the ABI that an ABI field names, if any.
    pub(super) fn abi(self, field: &str) -> Option<Abi> {
        use crate::binary::{C_STRUCT, C_STRUCT_UNSTABLE, CPP};
        match field {
            _ if self == Self::Footer => Some(Abi::Cpp),
            "" if self == Self::AbiV1First => None,
            "" | CPP => Some(Abi::Cpp),
            C_STRUCT => Some(Abi::Stable),
            C_STRUCT_UNSTABLE => Some(Abi::Unstable),
            _ => None,
        }
    }

    /// Returns whether a file must be named `NAME.duckdb_extension`.
    pub(super) fn minds_the_name(self) -> bool {
        matches!(self, Self::AbiV2Named | Self::AbiV3)
    }

    /// Returns how the entry points end of which a file must have one.
    pub(super) fn entries(self, abi: Abi) -> &'static [&'static str] {
        match (abi, self) {
            // 1.1 tries the C API's after the C++ one.
            (Abi::Cpp, Self::AbiV1First | Self::AbiV1) => &["_init", "_init_c_api"],
            (Abi::Cpp, Self::Symbol | Self::Footer | Self::AbiV2) => &["_init"],
            (Abi::Cpp, Self::AbiV2Cpp | Self::AbiV2Named | Self::AbiV3) => &["_duckdb_cpp_init"],
            (Abi::Unstable, Self::AbiV3) => &["_init_c_api_v2"],
            (
                Abi::Stable | Abi::Unstable,
                Self::Symbol
                | Self::Footer
                | Self::AbiV1First
                | Self::AbiV1
                | Self::AbiV2
                | Self::AbiV2Cpp
                | Self::AbiV2Named
                | Self::AbiV3,
            ) => &["_init_c_api"],
        }
    }
}
