//! DuckDB extension binaries: the metadata in the last 512 bytes, and the names of entry points.
//!
//! Counted from the end of a file of N bytes:
//!
//! | at | bytes | holds |
//! |---|---|---|
//! | N-534 | 22 | the head of a WebAssembly custom section `duckdb_signature`; engines do not look at it |
//! | N-512 | 96 | three unused fields |
//! | N-416 | 32 | ABI type |
//! | N-384 | 32 | version of the extension |
//! | N-352 | 32 | version of DuckDB, or of the C API |
//! | N-320 | 32 | platform |
//! | N-288 | 32 | `4`, the mark of a footer |
//! | N-256 | 256 | signature, zeros if there is none |
//!
//! Fields are filled up with zeros. The bytes come in pieces, so that a file of any length is read in
//! constant memory.

use super::duckdb_signature::{self, ChunkedDigest, LENGTH};
use crate::binary::{ExtensionFile, FOOTER_SIZE, FileKind, Footer, NoFooter, base_name};

/// The head of the WebAssembly section around a footer: a custom section of 531 bytes, whose name has
/// 16 bytes, with 512 bytes of content.
const FRAME: &[u8; 22] = b"\x00\x93\x04\x10duckdb_signature\x80\x04";

/// Length of a field, in bytes.
const FIELD: usize = 32;

/// Number of bytes that are held back while reading, because they may be the end of the file.
const HELD: usize = FRAME.len() + FOOTER_SIZE;

/// The first bytes of a WebAssembly module.
const WASM: &[u8] = b"\0asm";

/// The first bytes of shared libraries: ELF, Mach-O in both widths and for several processors, Windows.
const LIBRARIES: [&[u8]; 5] =
    [b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"MZ"];

/// Reads an extension file piece by piece.
pub struct ExtensionReader {
    name: Option<String>,
    size: u64,
    head: Vec<u8>,
    /// The last bytes so far, at most [`HELD`] of them between two pieces.
    tail: Vec<u8>,
    names: EntryNames,
    digest: ChunkedDigest,
}

impl ExtensionReader {
    /// Begins with a file. `name` is its name without the folder, if it has one.
    pub fn new(name: Option<&str>) -> Self {
        Self {
            name: name.map(ToOwned::to_owned),
            size: 0,
            head: Vec::new(),
            tail: Vec::new(),
            names: EntryNames::of(name.map(base_name)),
            digest: ChunkedDigest::default(),
        }
    }

    /// Takes the next piece.
    pub fn push(&mut self, piece: &[u8]) {
        self.size = self.size.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        let wanted = WASM.len().saturating_sub(self.head.len()).min(piece.len());
        self.head.extend_from_slice(&piece[..wanted]);
        self.tail.extend_from_slice(piece);
        let over = self.tail.len().saturating_sub(HELD);
        let body = &self.tail[..over];
        self.names.push(body);
        self.digest.push(body);
        self.tail.drain(..over);
    }

    /// Says what the file holds.
    pub fn finish(mut self) -> ExtensionFile {
        let signed = self.tail.len().saturating_sub(LENGTH);
        self.digest.push(&self.tail[..signed]);
        let kind = kind(&self.head);
        let footer = footer(&self.tail, &self.digest.finish());
        if footer.is_err() {
            // What was held back is part of the body then.
            self.names.push(&self.tail);
        }
        ExtensionFile {
            name: self.name,
            size: self.size,
            kind,
            entries: self.names.finish(),
            footer,
        }
    }
}

/// Names a file by its first bytes.
fn kind(head: &[u8]) -> FileKind {
    if head == WASM {
        FileKind::Wasm
    } else if LIBRARIES.iter().any(|start| head.starts_with(start)) {
        FileKind::Library
    } else {
        FileKind::Other
    }
}

/// Reads the footer from the last bytes of a file, all of them if it has fewer than [`HELD`]. `digest`
/// is what the signature is made of.
fn footer(tail: &[u8], digest: &[u8; 32]) -> Result<Footer, NoFooter> {
    let start = tail.len().checked_sub(FOOTER_SIZE).ok_or(NoFooter::Short)?;
    let (frame, footer) = tail.split_at(start);
    let (fields, signature) = footer.split_at(FOOTER_SIZE - LENGTH);
    // The first field is written last.
    let field = |number: usize| text(&fields[fields.len() - number * FIELD..][..FIELD]);
    let magic = field(1);
    if magic != "4" {
        return Err(NoFooter::Magic(magic));
    }
    Ok(Footer {
        abi: field(5),
        built_for: field(3),
        platform: field(2),
        extension_version: field(4),
        signature: duckdb_signature::judge(signature, digest),
        framed: frame.ends_with(FRAME),
    })
}

/// Returns the text of a field without the zeros that fill it up. What stands for bytes that are no UTF-8 equals
/// nothing an engine asks for.
fn text(field: &[u8]) -> String {
    let end = field.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    String::from_utf8_lossy(&field[..end]).into_owned()
}

/// The ends of names of entry points.
const ENDINGS: [&[u8]; 3] = [b"_duckdb_cpp_init", b"_init_c_api", b"_init_c_api_v2"];

/// The end of the name of C++ entry points before that.
const PLAIN: &str = "_init";

/// The longest name that is looked for, in bytes.
const LONGEST: usize = 128;

/// Most names that are kept. Files have one or two.
const KEPT: usize = 16;

/// Finds names of entry points: identifiers with a known ending, followed by a zero byte as in every
/// table of names.
struct EntryNames {
    /// The entry point of old C++ extensions. Its ending is too common to look for without the name.
    plain: Option<String>,
    /// The end of the last piece, in which a name may have begun.
    rest: Vec<u8>,
    found: Vec<String>,
}

impl EntryNames {
    fn of(base: Option<String>) -> Self {
        let plain = base.filter(|base| !base.is_empty()).map(|base| base + PLAIN);
        Self { plain, rest: Vec::new(), found: Vec::new() }
    }

    fn push(&mut self, piece: &[u8]) {
        self.rest.extend_from_slice(piece);
        let mut from = 0;
        while let Some(length) = self.rest[from..].iter().position(|&byte| byte == 0) {
            self.look(from, from + length);
            from += length + 1;
        }
        // One byte more than the longest name, so that a longer one is known as such.
        let keep = self.rest.len().saturating_sub(LONGEST + 1).max(from);
        self.rest.drain(..keep);
    }

    /// Looks at the bytes before a zero.
    fn look(&mut self, from: usize, end: usize) {
        let before = &self.rest[from..end];
        let plain = self.plain.as_ref().map(String::as_bytes);
        let known = ENDINGS.iter().any(|ending| before.ends_with(ending));
        if !known && plain.is_none_or(|plain| !before.ends_with(plain)) {
            return;
        }
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let start = before.iter().rposition(|byte| !is_name(byte)).map_or(0, |last| last + 1);
        let name = String::from_utf8_lossy(&before[start..]).into_owned();
        let whole = match plain {
            Some(plain) if !known => name.as_bytes() == plain,
            _ => ENDINGS.iter().all(|ending| name.as_bytes() != *ending),
        };
        let room = name.len() <= LONGEST && self.found.len() < KEPT;
        if whole && room && !self.found.contains(&name) {
            self.found.push(name);
        }
    }

    fn finish(mut self) -> Vec<String> {
        self.found.sort_unstable();
        self.found
    }
}
