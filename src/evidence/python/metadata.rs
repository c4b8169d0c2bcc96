//! The metadata of one package: headers as in a mail, up to the first empty line.
//!
//! Authors write what they like into descriptions, in any encoding; bytes that are no text count as
//! replacement characters.

use super::names::normalized;
use super::requirement::{RequirementLine, Wants};
use crate::binary::{Dependency, PackageFile, PackageIndex, Wheel};
use crate::problem::{Problem, ProblemCode};

/// The longest metadata that is read, in bytes. Long descriptions are part of it.
pub(super) const METADATA_LIMIT: u64 = 16 << 20;

/// Most requirements that are kept. The largest packages have some hundreds, most of them for extras.
const MOST: usize = 10_000;

/// The statements of a package about itself, with their places.
pub(super) struct Metadata {
    /// Who it is.
    pub(super) wheel: Wheel,
    /// The line with its version.
    pub(super) version_line: usize,
}

impl Metadata {
    /// Reads metadata. `name` is what its file is called in dependencies.
    pub(super) fn parse(name: &str, text: &str) -> Result<Self, Problem> {
        let mut found = FoundDependency::default();
        for header in headers(text) {
            found.take(&header, name)?;
        }
        let missing = |key: &str| {
            let message = format!("expected a line `{key}: …` before the first empty line");
            Problem::of_file(ProblemCode::Shape, message)
        };
        let (package, _) =
            found.name.filter(|(name, _)| !name.is_empty()).ok_or_else(|| missing("Name"))?;
        let (version, version_line) =
            found.version.filter(|(text, _)| !text.is_empty()).ok_or_else(|| missing("Version"))?;
        let package = PackageFile {
            index: PackageIndex::Pypi,
            name: normalized(&package),
            version,
            dependencies: found.dependencies,
        };
        let requires_python = found.requires_python;
        Ok(Self { wheel: Wheel { package, requires_python }, version_line })
    }
}

#[derive(Default)]
struct FoundDependency {
    name: Option<(String, usize)>,
    version: Option<(String, usize)>,
    requires_python: Option<String>,
    dependencies: Vec<Dependency>,
}

impl FoundDependency {
    fn take(&mut self, header: &MetadataHeader<'_>, file: &str) -> Result<(), Problem> {
        let stated = || (header.value.trim().to_owned(), header.line);
        let place = || format!("{file}, line {}", header.line);
        match header.key.to_ascii_lowercase().as_str() {
            "name" if self.name.is_none() => self.name = Some(stated()),
            "version" if self.version.is_none() => self.version = Some(stated()),
            "requires-python" if self.requires_python.is_none() => {
                let (range, _) = stated();
                let target = "python".to_owned();
                let dependency =
                    Dependency { target, range: range.clone(), marker: None, place: place() };
                self.dependencies.push(dependency);
                self.requires_python = Some(range);
            }
            "requires-dist" => {
                if self.dependencies.len() == MOST {
                    let message = format!("the package requires more than {MOST} others");
                    return Err(Problem::of_file(ProblemCode::Limit, message));
                }
                // What no installer could read asks for nothing that can be checked.
                if let Some(read) = RequirementLine::parse(&header.value) {
                    let range = match read.wants {
                        Wants::Versions(text) => text.to_owned(),
                        Wants::Address(address) => format!("@ {address}"),
                    };
                    let marker = read.marker.map(ToOwned::to_owned);
                    let target = normalized(read.name);
                    self.dependencies.push(Dependency { target, range, marker, place: place() });
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// A header; what follows on further lines is joined.
struct MetadataHeader<'a> {
    key: &'a str,
    value: String,
    line: usize,
}

fn headers(text: &str) -> Vec<MetadataHeader<'_>> {
    let mut headers: Vec<MetadataHeader<'_>> = Vec::new();
    for (ix, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            break;
        }
        match (line.starts_with([' ', '\t']), headers.last_mut()) {
            (true, Some(last)) => {
                last.value.push(' ');
                last.value.push_str(line.trim());
            }
            (true, None) => {}
            (false, _) => {
                if let Some((key, value)) = line.split_once(':') {
                    let (key, value) = (key.trim(), value.trim().to_owned());
                    headers.push(MetadataHeader { key, value, line: ix + 1 });
                }
            }
        }
    }
    headers
}
