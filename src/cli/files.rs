//! Files: bounded reading, `-` for standard input.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::Failure;
use crate::matrix::{DEPLOYMENT_LIMIT, Input, Inventory};

/// Reads a file, or standard input for `-`, up to one byte more than `limit`; the readers refuse what
/// is longer.
pub(super) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let result = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    match result {
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure::new(format!("{}: {}", name(path), reason(&error)))),
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(std::io::Error::new(
            std::io::ErrorKind::IsADirectory,
            "expected a file, found a directory",
        ));
    }
    Ok(file)
}

/// Returns the reason without the operating system's error number.
fn reason(error: &std::io::Error) -> String {
    if error.kind() == std::io::ErrorKind::NotFound {
        "no such file".to_owned()
    } else if error.kind() == std::io::ErrorKind::PermissionDenied {
        "permission denied".to_owned()
    } else {
        error.to_string()
    }
}

/// A deployment file in memory.
pub(super) struct DeploymentFile {
    name: String,
    bytes: Vec<u8>,
}

impl DeploymentFile {
    /// Reads the file.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        Ok(Self { name: name(path), bytes: read(path, DEPLOYMENT_LIMIT)? })
    }

    /// Parses it.
    pub(super) fn parse(&self) -> Result<Inventory<'_>, Failure> {
        Ok(Inventory::parse(Input { name: &self.name, bytes: &self.bytes })?)
    }
}

/// Returns a path as it is shown in messages.
pub(super) fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { "<standard input>".to_owned() } else { path.display().to_string() }
}

/// Writes an answer to a file.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text)
        .map_err(|error| Failure::new(format!("{}: {}", name(path), reason(&error))))
}
