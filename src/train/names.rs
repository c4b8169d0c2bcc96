//! Names of branches and releases for a real release.
//!
//! A document writes `vx.<y+1>-codename`; for v1.5.6 that is `v2.0-cyanoptera`. The line ahead is the
//! next one that the matrix lists, which may be the first of a new major. Past the last listed line the
//! number is counted on, and what is not known yet stays a placeholder (`v2.1-codename`).

use super::view::{TrainView, word};
use crate::answer::train::TrainWord;
use crate::catalog::{Channel, Package, Rank, TrainName, TrainRelease};
use crate::version::{Line, Step};

impl TrainView<'_> {
    /// Returns a branch, a release or a sentence as a word.
    pub(super) fn word(&self, written: &str) -> TrainWord {
        word(written, self.at.and_then(|at| self.real(at, written)))
    }

    /// Returns the names of all branches and releases, as the document writes them and real ones.
    pub fn names(&self) -> Vec<String> {
        let words: Vec<_> = self.train.names.iter().map(|known| self.word(&known.name)).collect();
        let written = words.iter().map(|word| word.written.clone());
        let real = words.iter().filter_map(|word| word.real.clone());
        let mut names: Vec<String> = Vec::new();
        for name in written.chain(real) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Returns what the document calls the thing with this name, which may be a real one.
    pub(super) fn written(&self, name: &str) -> String {
        let mut names = self.train.names.iter();
        let real = |known: &&TrainName| self.word(&known.name).real.as_deref() == Some(name);
        match names.find(real) {
            Some(known) => known.name.clone(),
            None => name.to_owned(),
        }
    }

    /// Returns whether one of the names, written or real, is the one asked about.
    pub(super) fn any_is(&self, names: &[String], asked: &str) -> bool {
        let written = self.written(asked);
        names.iter().any(|name| *name == asked || *name == written)
    }

    /// Returns the name of a release that a change can be for.
    pub(super) fn release(&self, release: TrainRelease) -> String {
        let mut stated = self.train.releases.iter();
        match stated.find(|(named, _)| *named == release) {
            Some((_, name)) => self.word(name).shown().to_owned(),
            None => release.name().to_owned(),
        }
    }

    /// Returns a sentence with its names, which stand in backticks, made real.
    pub(super) fn text(&self, text: &str) -> String {
        let parts = text.split('`').enumerate();
        let parts = parts.map(|(ix, part)| match ix % 2 {
            1 => self.word(part).shown().to_owned(),
            _ => part.to_owned(),
        });
        parts.collect()
    }

    /// Returns the real name, `None` for what the train does not name.
    fn real(&self, at: Rank, written: &str) -> Option<String> {
        let name = self.train.named(written)?;
        let package = self.catalog.package(self.train.package);
        let lines = stable_lines(package);
        let line = package.version(at).line(Step::Minor);
        let place = lines.iter().position(|known| *known == line)?;
        let ahead = lines.get(place + name.ahead);
        let numbers = match ahead {
            Some(line) => line.to_string(),
            None => counted(lines.last()?, place + name.ahead + 1 - lines.len())?,
        };
        let patch = package.version(at).numbers().as_slice().last().map_or(0, |last| last + 1);
        let mut real = name
            .real
            .replace("{version}", package.version(at).text())
            .replace("{line}", &numbers)
            .replace("{next-patch}", &patch.to_string());
        while let Some((start, end)) = placeholder(&real) {
            let key = real[start + 1..end].to_owned();
            let value = ahead.and_then(|line| attribute(package, *line, &key)).unwrap_or(key);
            real.replace_range(start..=end, &value);
        }
        Some(real)
    }
}

/// Returns the lines that have a stable release, oldest first.
fn stable_lines(package: &Package) -> Vec<Line> {
    let mut lines: Vec<_> = package
        .releases()
        .iter()
        .filter(|release| release.is_listed() && release.channel == Channel::Stable)
        .map(|release| release.version.line(Step::Minor))
        .collect();
    lines.dedup();
    lines
}

/// Returns the numbers of the line so many after one.
fn counted(line: &Line, more: usize) -> Option<String> {
    let text = line.to_string();
    let (major, minor) = text.rsplit_once('.')?;
    let minor = minor.parse::<usize>().ok()?.checked_add(more)?;
    Some(format!("{major}.{minor}"))
}

/// Returns where the first `{...}` stands.
fn placeholder(text: &str) -> Option<(usize, usize)> {
    let start = text.find('{')?;
    Some((start, start + text[start..].find('}')?))
}

/// Returns an attribute of a line's newest release that has it, in lower case and without braces.
fn attribute(package: &Package, line: Line, key: &str) -> Option<String> {
    let mut attributes = package
        .line_ranks(line, Step::Minor)
        .rev()
        .flat_map(|rank| &package.release(rank).attributes);
    let (_, value) = attributes.find(|(named, _)| named == key)?;
    Some(value.to_lowercase().replace(['{', '}'], ""))
}
