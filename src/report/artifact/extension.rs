//! DuckDB extensions.

use super::words::Words;
use crate::binary::{C_STRUCT, C_STRUCT_UNSTABLE, CPP, ExtensionFile, FileKind, Footer, Signature};

pub(super) fn words(file: &ExtensionFile) -> Words {
    Words {
        kind: if file.footer.is_ok() { "duckdb-extension" } else { "unknown" },
        sentence: sentence(file),
        column: "duckdb",
        fits: "loads",
    }
}

fn sentence(file: &ExtensionFile) -> String {
    let kind = match file.kind {
        FileKind::Wasm => "WebAssembly extension",
        FileKind::Library | FileKind::Other => "extension",
    };
    match &file.footer {
        Ok(footer) => format!("{kind} on {}", described(footer)),
        Err(_) => format!("no extension that an engine would know, {} bytes", file.size),
    }
}

fn described(footer: &Footer) -> String {
    let built_for = &footer.built_for;
    let abi = match footer.abi.as_str() {
        CPP => format!("the C++ ABI of {built_for}"),
        "" => format!("the C++ ABI of {built_for} (the ABI field is empty)"),
        C_STRUCT => format!("the stable C API {built_for}"),
        C_STRUCT_UNSTABLE => format!("the unstable C API of {built_for}"),
        other => format!("an unknown ABI `{other}` of {built_for}"),
    };
    let version = match footer.extension_version.as_str() {
        "" => "version not stated".to_owned(),
        text => format!("version {text}"),
    };
    let signed = match footer.signature {
        Signature::Missing => "not signed",
        Signature::Trusted => "signed",
        Signature::Untrusted => "with a signature by no known key",
    };
    format!("{abi}, for {}, {version}, {signed}", footer.platform)
}
