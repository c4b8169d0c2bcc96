//! Archives for tests: wheels and jars as tools make them.

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

/// Packs entries.
pub(super) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Packs a wheel with these lines of metadata after those that it must have.
pub(super) fn wheel(name: &str, version: &str, lines: &str) -> Vec<u8> {
    let folder = format!("{}-{version}.dist-info", name.replace('-', "_"));
    let text = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{lines}\nText.\n");
    zip(&[
        ("pkg/__init__.py", b""),
        (&format!("{folder}/METADATA"), text.as_bytes()),
        (&format!("{folder}/RECORD"), b""),
    ])
}

/// The head of a class file for a Java version.
pub(super) fn class(java: u8) -> Vec<u8> {
    let mut bytes = vec![0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, java + 44];
    bytes.extend_from_slice(&[0; 64]);
    bytes
}

/// Packs a Kestra plugin. Its own class asks for `java`, others for more.
pub(super) fn plugin(name: &str, version: &str, java: u8) -> Vec<u8> {
    let manifest = format!(
        "Manifest-Version: 1.0\r\nX-Kestra-Name: {name}\r\nX-Kestra-Title: A plugin\r\n\
         X-Kestra-Group: io.kestra.plu\r\n gin.test\r\nX-Kestra-Version: {version}\r\n\r\n\
         Name: other\r\nX-Kestra-Version: 9.9.9\r\n"
    );
    zip(&[
        ("META-INF/MANIFEST.MF", manifest.as_bytes()),
        ("io/kestra/plugin/test/Task.class", &class(java)),
        ("io/kestra/plugin/test/Old.class", &class(8)),
        ("com/library/Packed.class", &class(30)),
        ("META-INF/versions/40/com/library/Newer.class", &class(40)),
        ("module-info.class", &class(33)),
        ("io/kestra/plugin/test/not.class", b"no class"),
    ])
}
