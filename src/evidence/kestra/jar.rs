//! Kestra plugins: the manifest of a jar, and the format of its classes.
//!
//! The manifest states name, group and version of the plugin, and not which Kestra it is for. The classes
//! tell which Java they need: the format of a class file is in its first eight bytes. Those below
//! `META-INF/versions` are there for newer Java versions only and do not count, nor does a module's
//! description. Libraries are often packed in, so the plugin's own classes, in the folder of its group,
//! decide where there are any.

use super::plugins::{Folders, JAR};
use crate::binary::{ClassLevel, Dependency, PackageFile, PackageIndex, PluginJar};
use crate::evidence::archive::{ARCHIVE_START, Archive};
use crate::evidence::problems::{join, of_entry, of_file};
use crate::evidence::saved::{Saved, Take};
use crate::input::Input;
use crate::observation::{Observation, Origin, Place, Stated};
use crate::problem::{Problem, ProblemCode, Problems, shown};

/// Where the manifest is.
const MANIFEST: &str = "META-INF/MANIFEST.MF";

/// The longest manifest that is read, in bytes. Signed jars have a digest of each entry in it.
const MANIFEST_LIMIT: u64 = 32 << 20;

/// The end of names of classes.
const CLASSES: &str = ".class";

/// Where classes for newer Java versions are.
const NEWER: &str = "META-INF/versions/";

/// The first bytes of a class file.
const CLASS: &[u8] = &[0xca, 0xfe, 0xba, 0xbe];

/// The major version of the first class files.
const FIRST_MAJOR: u16 = 45;

/// Reads a plugin, and where its version stands.
///
/// # Errors
///
/// Returns what keeps it from being a Kestra plugin.
pub(in crate::evidence) fn plugin_jar(
    file: &str,
    archive: &mut Archive<'_>,
) -> Result<(PluginJar, Stated), Problems> {
    let of_file = |problem| of_file(file, problem);
    let entry = archive.names().iter().position(|name| name.eq_ignore_ascii_case(MANIFEST));
    let Some(entry) = entry else {
        let message = format!("expected a Kestra plugin, which has an entry `{MANIFEST}`");
        return Err(of_file(Problem::of_file(ProblemCode::Shape, message)));
    };
    let bytes = archive.entry(entry, MANIFEST_LIMIT).map_err(of_file)?;
    let name = format!("{}: {}", file, archive.names()[entry]);
    let text = String::from_utf8_lossy(&bytes);
    let stated = Manifest::parse(&text).map_err(|problem| of_entry(&name, &text, problem))?;
    let origin = Origin { file: name, place: Place::Line(stated.version.1) };
    let version = Stated { text: stated.version.0.clone(), origin };
    let (classes, class_count) = class_level(archive, stated.group.as_deref()).map_err(of_file)?;
    Ok((stated.into_jar(classes, class_count), version))
}

/// Takes jars, by their names.
pub(in crate::evidence) fn takes_jars(path: &str, named: bool) -> Take {
    if named || path.ends_with(JAR) { Take::Bytes } else { Take::Nothing }
}

/// Returns whether a file is a jar, by its name and its first bytes.
pub(in crate::evidence) fn looks_like_jar(input: &Input<'_>) -> bool {
    input.name.ends_with(JAR) && input.bytes.starts_with(ARCHIVE_START)
}

/// Reads the plugins of each folder as one node, by what they say inside.
pub(in crate::evidence) fn jars(saved: &Saved<'_>) -> Result<Observation, Problems> {
    let mut folders = Folders::new(saved);
    let mut problems = Problems::default();
    for input in saved.inputs {
        let read = Archive::open(input.bytes)
            .map_err(|problem| of_file(input.name, problem))
            .and_then(|mut archive| plugin_jar(input.name, &mut archive));
        match read {
            Ok((jar, version)) => {
                // The group of the manifest is that of the code, not of Maven.
                let Stated { text, origin } = version;
                folders.plugin(input.name, (None, &jar.package.name), text, &origin);
            }
            Err(more) => join(&mut problems, more),
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(folders.finish()) }
}

/// The statements of a manifest.
struct Manifest {
    name: String,
    version: (String, usize),
    group: Option<String>,
    title: Option<String>,
}

impl Manifest {
    fn parse(text: &str) -> Result<Self, Problem> {
        let attributes = main_section(text);
        let get = |key: &str| {
            // Java takes the last one.
            let found = attributes.iter().rev().find(|one| one.key.eq_ignore_ascii_case(key));
            found.filter(|one| !one.value.is_empty())
        };
        let value = |key: &str| get(key).map(|one| one.value.clone());
        let missing = |key: &str| {
            let message = format!("expected a line `{key}: …` in the manifest of a Kestra plugin");
            Problem::of_file(ProblemCode::Shape, message)
        };
        // Before there was a name the title was the artifact.
        let title = value("X-Kestra-Title");
        let artifact = title.clone().filter(|title| title.starts_with("plugin-"));
        let name = value("X-Kestra-Name").or(artifact).ok_or_else(|| missing("X-Kestra-Name"))?;
        let version = get("X-Kestra-Version").ok_or_else(|| missing("X-Kestra-Version"))?;
        let version = (version.value.clone(), version.line);
        Ok(Self { name, version, group: value("X-Kestra-Group"), title })
    }

    fn into_jar(self, classes: Option<ClassLevel>, class_count: usize) -> PluginJar {
        let dependencies = classes.iter().map(|level| Dependency {
            target: "java".to_owned(),
            range: format!(">={}", level.java()),
            marker: None,
            place: shown(&level.class),
        });
        let dependencies = dependencies.collect();
        let package = PackageFile {
            index: PackageIndex::KestraPlugins,
            name: self.name,
            version: self.version.0,
            dependencies,
        };
        PluginJar { package, group: self.group, title: self.title, classes, class_count }
    }
}

/// One attribute of a manifest.
struct Attribute<'a> {
    key: &'a str,
    value: String,
    line: usize,
}

/// Reads the attributes of the jar as a whole: the lines up to the first empty one. A line that begins
/// with a space goes on with the value before it.
fn main_section(text: &str) -> Vec<Attribute<'_>> {
    let mut attributes: Vec<Attribute<'_>> = Vec::new();
    for (ix, line) in text.lines().enumerate() {
        if line.is_empty() {
            break;
        }
        match (line.strip_prefix(' '), attributes.last_mut()) {
            (Some(rest), Some(last)) => last.value.push_str(rest),
            (Some(_), None) => {}
            (None, _) => {
                if let Some((key, value)) = line.split_once(':') {
                    let value = value.strip_prefix(' ').unwrap_or(value).to_owned();
                    attributes.push(Attribute { key, value, line: ix + 1 });
                }
            }
        }
    }
    attributes
}

/// Returns the newest class format among the plugin's own classes, or among all if none is in the folder
/// of its group; and how many classes were looked at.
fn class_level(
    archive: &mut Archive<'_>,
    group: Option<&str>,
) -> Result<(Option<ClassLevel>, usize), Problem> {
    let is_class = |name: &String| {
        name.ends_with(CLASSES) && !name.starts_with(NEWER) && !name.ends_with("module-info.class")
    };
    let classes: Vec<usize> =
        (0..archive.names().len()).filter(|&ix| is_class(&archive.names()[ix])).collect();
    let folder = group.map(|group| format!("{}/", group.replace('.', "/")));
    let own: Vec<usize> = classes
        .iter()
        .copied()
        .filter(|&ix| folder.as_ref().is_some_and(|folder| archive.names()[ix].starts_with(folder)))
        .collect();
    let looked = if own.is_empty() { classes } else { own };
    let mut newest: Option<ClassLevel> = None;
    for &ix in &looked {
        let Some(major) = major(&archive.head(ix, 8)?) else { continue };
        if newest.as_ref().is_none_or(|known| known.major < major) {
            newest = Some(ClassLevel { major, class: archive.names()[ix].clone() });
        }
    }
    Ok((newest, looked.len()))
}

/// Reads the major version of a class file from its first bytes.
fn major(head: &[u8]) -> Option<u16> {
    let rest = head.strip_prefix(CLASS)?;
    let major = u16::from_be_bytes([*rest.get(2)?, *rest.get(3)?]);
    (major >= FIRST_MAJOR).then_some(major)
}
