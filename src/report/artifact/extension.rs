//! DuckDB extensions.

use serde_json::{Map, Value, json};

use super::Words;
use crate::binary::{
    C_STRUCT, C_STRUCT_UNSTABLE, CPP, ExtensionFile, FileKind, Footer, NoFooter, Signature,
};

pub(super) fn words(file: &ExtensionFile) -> Words {
    Words {
        kind: if file.footer.is_ok() { "duckdb-extension" } else { "unknown" },
        sentence: sentence(file),
        facts: facts(file),
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
    let clear = |text: &str| text.escape_debug().to_string();
    let built_for = clear(&footer.built_for);
    let abi = match footer.abi.as_str() {
        CPP => format!("the C++ ABI of {built_for}"),
        "" => format!("the C++ ABI of {built_for} (the ABI field is empty)"),
        C_STRUCT => format!("the stable C API {built_for}"),
        C_STRUCT_UNSTABLE => format!("the unstable C API of {built_for}"),
        other => format!("an unknown ABI `{}` of {built_for}", clear(other)),
    };
    let version = match footer.extension_version.as_str() {
        "" => "version not stated".to_owned(),
        text => format!("version {}", clear(text)),
    };
    let signed = match footer.signature {
        Signature::Missing => "not signed",
        Signature::Trusted => "signed",
        Signature::Untrusted => "with a signature by no known key",
    };
    format!("{abi}, for {}, {version}, {signed}", clear(&footer.platform))
}

fn facts(file: &ExtensionFile) -> Map<String, Value> {
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    put("size", json!(file.size));
    put("file", json!(file.kind.name()));
    put("entries", json!(file.entries));
    match &file.footer {
        Ok(footer) => {
            put("abi", json!(footer.abi));
            put("built_for", json!(footer.built_for));
            put("platform", json!(footer.platform));
            put("extension_version", json!(footer.extension_version));
            put("signature", json!(footer.signature.name()));
            put("framed", json!(footer.framed));
        }
        Err(NoFooter::Short) => put("no_footer", json!("short")),
        Err(NoFooter::Magic(magic)) => {
            put("no_footer", json!("magic"));
            put("magic", json!(magic));
        }
    }
    object
}
