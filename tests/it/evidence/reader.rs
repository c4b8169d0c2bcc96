//! The reader: any bytes, in any pieces.

use proptest::prelude::*;
use skew::binary::{ExtensionFile, FileKind, NoFooter, Signature};
use skew::evidence::ExtensionReader;

use super::made::made;

fn read(name: Option<&str>, bytes: &[u8], piece: usize) -> ExtensionFile {
    let mut reader = ExtensionReader::new(name);
    bytes.chunks(piece).for_each(|piece| reader.push(piece));
    reader.finish()
}

#[test]
fn a_footer_is_read() {
    let bytes = made("C_STRUCT", "v1.2.0").entry("hello_init_c_api").entry("hello_init").bytes();
    let file = read(Some("hello.duckdb_extension"), &bytes, bytes.len());
    assert_eq!(file.entries, ["hello_init", "hello_init_c_api"]);
    assert_eq!((file.size, file.kind), (bytes.len() as u64, FileKind::Other));
    let footer = file.footer.unwrap();
    let texts = [&footer.abi, &footer.built_for, &footer.platform, &footer.extension_version];
    assert_eq!(texts, ["C_STRUCT", "v1.2.0", "linux_amd64", "1.0"]);
    assert_eq!((footer.signature, footer.framed), (Signature::Missing, true));
}

#[test]
fn what_is_no_footer_is_said() {
    assert_eq!(read(None, &[7; 511], 100).footer, Err(NoFooter::Short));
    assert_eq!(read(None, &[], 1).footer, Err(NoFooter::Short));
    let mut other = made("CPP", "v1.5.5");
    other.magic = "3";
    assert_eq!(read(None, &other.bytes(), 64).footer, Err(NoFooter::Magic("3".to_owned())));
    assert_eq!(read(None, &[0; 512], 64).footer, Err(NoFooter::Magic(String::new())));
}

/// Only zeros at the end are filling, and bytes that are no text equal no text.
#[test]
fn fields_are_kept_as_they_are() {
    let mut bytes = made("CPP", "v1.5.5").bytes();
    let built_for = bytes.len() - 352;
    bytes[built_for + 2] = 0;
    bytes[built_for + 3] = 0xff;
    let footer = read(None, &bytes, 64).footer.unwrap();
    assert_eq!(footer.built_for, "v1\0\u{fffd}.5");
}

#[test]
fn a_file_is_named_by_its_first_bytes() {
    let starting = |start: &[u8]| {
        let mut bytes = made("CPP", "v1.5.5").bytes();
        bytes[..start.len()].copy_from_slice(start);
        read(None, &bytes, 3).kind
    };
    assert_eq!(starting(b"\x7fELF"), FileKind::Library);
    assert_eq!(starting(b"MZ\x90"), FileKind::Library);
    assert_eq!(starting(b"\0asm"), FileKind::Wasm);
    assert_eq!(starting(b"#!/bin/sh"), FileKind::Other);
}

#[test]
fn entry_points_are_whole_names_before_a_zero() {
    let long = format!("{}_init_c_api", "x".repeat(200));
    let names = ["-a_init_c_api", "b_init_c_api_v2", "_init_c_api", "fts_init", "x_init", &long];
    let file = names.iter().fold(made("CPP", "v1.5.5"), |file, name| file.entry(name)).bytes();
    let found = |piece| read(Some("fts.duckdb_extension"), &file, piece).entries;
    assert_eq!(found(file.len()), ["a_init_c_api", "b_init_c_api_v2", "fts_init"]);
    assert_eq!(found(5), found(file.len()));
    assert_eq!(read(None, &file, 64).entries, ["a_init_c_api", "b_init_c_api_v2"]);
}

proptest! {
    /// Any bytes give facts, the same ones however they come in.
    #[test]
    fn pieces_do_not_change_what_is_read(
        noise in proptest::collection::vec(any::<u8>(), 0..1400),
        cut in 0_usize..1400,
        flip in proptest::option::of((0_usize..1400, any::<u8>())),
        footed in any::<bool>(),
        piece in 1_usize..700,
    ) {
        let mut bytes = if footed {
            made("C_STRUCT_UNSTABLE", "v1.5.5").entry("fts_init_c_api").bytes()
        } else {
            noise
        };
        bytes.drain(..cut.min(bytes.len()));
        if let Some((at, byte)) = flip && !bytes.is_empty() {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        let whole = read(Some("fts.duckdb_extension"), &bytes, bytes.len().max(1));
        prop_assert_eq!(&whole, &read(Some("fts.duckdb_extension"), &bytes, piece));
        prop_assert_eq!(whole.footer == Err(NoFooter::Short), bytes.len() < 512);
    }
}
