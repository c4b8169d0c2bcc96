//! A folder of plugins: the names of its files, as a walk found them or as a listing has them.

use std::collections::BTreeMap;

use super::names::{add_core, package_of};
use crate::evidence::gather::{add, left_out};
use crate::evidence::lines::{Lines, base_name};
use crate::evidence::products::RecognisedProduct;
use crate::evidence::saved::{Saved, TEXT_LIMIT, Take};
use crate::finding::{Finding, Severity};
use crate::input::{Input, described, text_of};
use crate::observation::{Observation, ObservedNode, Origin, Place, Stated};
use crate::problem::{Problem, ProblemCode, Problems, shown};

/// The separator of group, artifact, classifier and version in a file's name.
const SEPARATOR: &str = "__";

/// The end of names of plugins, for Kestra in these letters only.
pub(super) const JAR: &str = ".jar";

/// Most files that are looked at.
const MOST: usize = 100_000;

/// A plugin, as a file's name states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Plugin<'a> {
    /// With `_` for full stops; a name that is Maven's has none.
    group: Option<&'a str>,
    artifact: &'a str,
    /// With `_` for full stops if the name is Kestra's.
    version: &'a str,
}

impl Plugin<'_> {
    fn version(&self) -> String {
        if self.group.is_some() { self.version.replace('_', ".") } else { self.version.to_owned() }
    }
}

/// Takes the names of `.jar` files; a file with another name is a listing.
pub(in crate::evidence) fn takes(path: &str, named: bool) -> Take {
    match (is_jar(path), named) {
        (true, _) => Take::Name,
        (false, true) => Take::Bytes,
        (false, false) => Take::Nothing,
    }
}

/// Returns whether it is a plugin file, or a listing whose first line is one.
pub(in crate::evidence) fn looks_like_plugins(input: &Input<'_>) -> bool {
    let first = input.bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let name = if input.bytes.is_empty() { input.name } else { text(first) };
    is_jar(name) && read_name(base_name(name)).is_some()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default().trim()
}

fn is_jar(path: &str) -> bool {
    path.len() > JAR.len() && path.ends_with(JAR)
}

/// Reads the plugins of each folder as one node.
pub(in crate::evidence) fn plugins(saved: &Saved<'_>) -> Result<Observation, Problems> {
    let mut folders = Folders::new(saved);
    let mut problems = Vec::new();
    for (file, input) in saved.inputs.iter().enumerate() {
        if is_jar(input.name) {
            let origin = Origin { file: input.name.to_owned(), place: Place::Whole };
            folders.file(input.name, &origin);
        } else if let Err(problem) = folders.listing(input) {
            problems.push(Problem { file, ..problem });
        }
    }
    if problems.is_empty() && folders.nodes.is_empty() {
        let message = "found no plugin: no name ends in `.jar`".to_owned();
        problems.push(Problem::of_file(ProblemCode::Shape, message));
    }
    if !problems.is_empty() {
        return Err(described(saved.inputs, problems));
    }
    Ok(folders.finish())
}

/// The plugins that were found, folder by folder.
pub(super) struct Folders<'a> {
    saved: &'a Saved<'a>,
    nodes: BTreeMap<String, ObservedNode>,
    remarks: Vec<Finding>,
    files: usize,
}

impl<'a> Folders<'a> {
    pub(super) fn new(saved: &'a Saved<'a>) -> Self {
        Self { saved, nodes: BTreeMap::new(), remarks: Vec::new(), files: 0 }
    }

    fn listing(&mut self, input: &Input<'_>) -> Result<(), Problem> {
        let text = text_of(input.bytes, TEXT_LIMIT)?;
        let lines = Lines::new(input.name, text);
        for line in text.lines().map(str::trim).filter(|line| is_jar(line)) {
            if self.files == MOST {
                let message = format!("there are more than {MOST} files");
                let span = Some(lines.span(line));
                return Err(Problem { span, ..Problem::of_file(ProblemCode::Limit, message) });
            }
            self.file(line, &lines.origin(line));
        }
        Ok(())
    }

    fn file(&mut self, path: &str, origin: &Origin) {
        self.files += 1;
        let Some(plugin) = read_name(base_name(path)) else {
            let message = format!("`{}` states no artifact and version", shown(base_name(path)));
            self.remarks.push(left_out(origin, Severity::Info, message));
            self.node(path);
            return;
        };
        let group = plugin.group.map(|group| group.replace('_', "."));
        self.plugin(path, (group.as_deref(), plugin.artifact), plugin.version(), origin);
    }

    /// Returns the node of the folder of a file.
    fn node(&mut self, path: &str) -> &mut ObservedNode {
        let folder = path.strip_suffix(base_name(path)).unwrap_or_default().trim_end_matches('/');
        let folder = Some(base_name(folder)).filter(|name| !matches!(*name, "" | "." | ".."));
        let folder = folder.unwrap_or("plugins");
        self.nodes
            .entry(folder.to_owned())
            .or_insert_with(|| ObservedNode { name: folder.to_owned(), ..ObservedNode::default() })
    }

    /// Takes the plugin of a file, by its Maven group, where that is known, and artifact.
    pub(super) fn plugin(
        &mut self,
        path: &str,
        (group, artifact): (Option<&str>, &str),
        version: String,
        origin: &Origin,
    ) {
        self.node(path);
        let mut remarks = std::mem::take(&mut self.remarks);
        match package_of(self.saved.catalog, group, artifact) {
            Some(package) => {
                let product = RecognisedProduct { package, version: Ok(version.clone()) };
                let saved = self.saved;
                add(saved, self.node(path), product, origin, &mut remarks);
            }
            None => {
                let message = format!("no matrix has a plugin `{}`", shown(artifact));
                let known = Stated { text: version, origin: origin.clone() };
                self.node(path).packages.entry(artifact.to_owned()).or_insert(known);
                remarks.push(left_out(origin, Severity::Info, message));
            }
        }
        self.remarks = remarks;
    }

    pub(super) fn finish(mut self) -> Observation {
        let mut nodes = Vec::new();
        for mut node in self.nodes.into_values() {
            let origin = Origin { file: node.name.clone(), place: Place::Whole };
            let why = "a folder of plugins does not say which one loads it";
            add_core(self.saved, &mut node, &origin, why, &mut self.remarks);
            nodes.push(node);
        }
        Observation { nodes, remarks: self.remarks, ..Observation::default() }
    }
}

/// Reads a file's name.
fn read_name(name: &str) -> Option<Plugin<'_>> {
    let name = name.strip_suffix(JAR)?;
    if let Some((group, rest)) = name.split_once(SEPARATOR) {
        let (artifact, version) = rest.rsplit_once(SEPARATOR)?;
        // A classifier stands between them.
        let artifact = artifact.split(SEPARATOR).next().unwrap_or(artifact);
        return whole(Plugin { group: Some(group), artifact, version });
    }
    let at = name
        .match_indices('-')
        .map(|(at, _)| at)
        .find(|at| name[at + 1..].starts_with(|c: char| c.is_ascii_digit()))?;
    whole(Plugin { group: None, artifact: &name[..at], version: &name[at + 1..] })
}

fn whole(plugin: Plugin<'_>) -> Option<Plugin<'_>> {
    let digits = plugin.version.starts_with(|c: char| c.is_ascii_digit());
    (digits && !plugin.artifact.is_empty()).then_some(plugin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read() {
        let read = |name| read_name(name).map(|plugin| (plugin.artifact, plugin.version()));
        let aws = |version: &str| Some(("plugin-aws", version.to_owned()));
        assert_eq!(read("io_kestra_plugin__plugin-aws__2_8_2.jar"), aws("2.8.2"));
        assert_eq!(read("io_kestra_plugin__plugin-aws__all__2_0_0-rc1.jar"), aws("2.0.0-rc1"));
        assert_eq!(read("plugin-aws-2.8.2-SNAPSHOT.jar"), aws("2.8.2-SNAPSHOT"));
        assert_eq!(read("io_kestra_plugin__plugin-aws__LATEST.jar"), None);
        assert_eq!(read("plugin-aws.jar"), None);
        assert_eq!(read("__1_0_0.jar"), None);
        assert_eq!(read(".jar"), None);
    }
}
