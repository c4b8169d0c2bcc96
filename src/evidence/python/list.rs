//! Lists of requirements: what `pip freeze` prints, and `requirements.txt`.
//!
//! A line counts as a version if it pins one with `==`, or names a wheel, whose file name states it. Other
//! files that a list includes (`-r`, `-c`) are not followed. Addresses are never shown: they may hold
//! passwords.

use super::environment::{Doubt, Environment, StatedPackage, observation};
use super::requirement::{RequirementLine, Wants};
use super::wheel::named_by;
use crate::evidence::lines::{Lines, base_name};
use crate::evidence::saved::{Saved, TEXT_LIMIT};
use crate::finding::{Check, Finding, Severity};
use crate::input::{Input, described, text_of};
use crate::observation::{Observation, Origin};
use crate::problem::{MOST_PROBLEMS, Problem, ProblemCode, Problems, shown};

/// Most requirements that are kept of one file.
const MOST: usize = 100_000;

/// Returns whether a file is such a list: by its name, or because its first requirement is pinned.
pub(in crate::evidence) fn looks_like_list(input: &Input<'_>) -> bool {
    let name = base_name(input.name).to_ascii_lowercase();
    if name.contains("requirements") && ends(&name, ".txt") {
        return true;
    }
    let text = std::str::from_utf8(input.bytes).unwrap_or_default();
    let mut lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let first = lines.next().map(|line| line.trim_end_matches('\\'));
    first.and_then(RequirementLine::parse).is_some_and(|read| read.pin().is_some())
}

fn ends(name: &str, end: &str) -> bool {
    name.len() > end.len() && name.ends_with(end)
}

/// Reads each list as one node.
pub(in crate::evidence) fn lists(saved: &Saved<'_>) -> Result<Observation, Problems> {
    let mut environments = Vec::new();
    let mut remarks = Vec::new();
    let mut problems = Vec::new();
    for (file, input) in saved.inputs.iter().enumerate() {
        match RequirementsFile::read(input) {
            Ok(list) => {
                remarks.extend(list.remarks);
                let name = input.name.to_owned();
                environments.push(Environment { name, packages: list.packages, python: None });
            }
            Err(list) => {
                problems.extend(list.into_iter().map(|problem| Problem { file, ..problem }));
            }
        }
    }
    if !problems.is_empty() {
        return Err(described(saved.inputs, problems));
    }
    Ok(observation(saved, environments, remarks))
}

#[derive(Default)]
struct RequirementsFile {
    packages: Vec<StatedPackage>,
    remarks: Vec<Finding>,
    problems: Vec<Problem>,
    /// The package of the next `-e` line, as the comment before it says.
    announced: Option<(String, String)>,
}

impl RequirementsFile {
    fn read(input: &Input<'_>) -> Result<Self, Vec<Problem>> {
        let text = text_of(input.bytes, TEXT_LIMIT).map_err(|problem| vec![problem])?;
        let lines = Lines::new(input.name, text);
        let mut list = Self::default();
        for line in logical_lines(text) {
            list.line(&line, &lines);
            if list.packages.len() > MOST {
                let message = format!("there are more than {MOST} requirements");
                return Err(vec![Problem::of_file(ProblemCode::Limit, message)]);
            }
            if list.problems.len() == MOST_PROBLEMS {
                break;
            }
        }
        if list.problems.is_empty() { Ok(list) } else { Err(list.problems) }
    }

    fn line(&mut self, line: &LogicalLine<'_>, lines: &Lines<'_>) {
        let origin = lines.origin(line.start);
        let text = line.text.trim();
        if let Some(comment) = text.strip_prefix('#') {
            self.announced = announced(comment);
            return;
        }
        let announced = self.announced.take();
        let text = without_comment(text);
        if text.is_empty() {
        } else if let Some(target) = option(text, &["-e", "--editable"]) {
            self.editable(target, announced, origin);
        } else if let Some(target) = option(text, &["-r", "--requirement", "-c", "--constraint"]) {
            let message =
                format!("`{}` names a further list, which is not followed", shown(target));
            self.remark(&origin, Severity::Warning, message);
        } else if !text.starts_with('-') {
            self.requirement(text, line, lines, origin);
        }
    }

    fn requirement(
        &mut self,
        text: &str,
        line: &LogicalLine<'_>,
        lines: &Lines<'_>,
        origin: Origin,
    ) {
        // Options of one requirement, such as hashes, follow it.
        let text = text.find(" --").map_or(text, |at| &text[..at]).trim();
        if let Some((name, version)) = named_by(text) {
            self.packages.push(StatedPackage { name, version: Ok(version), doubt: None, origin });
            return;
        }
        // `a=1` begins like a requirement, and no installer takes it.
        let operator = |read: &RequirementLine<'_>| match read.wants {
            Wants::Versions(range) => !range.starts_with('=') || range.starts_with("=="),
            Wants::Address(_) => true,
        };
        let Some(read) = RequirementLine::parse(text).filter(operator) else {
            if text.contains(['/', '\\']) {
                let message = "a path or address that states no name and version".to_owned();
                self.remark(&origin, Severity::Warning, message);
            } else {
                let message = format!(
                    "expected a requirement such as `dagster==1.13.27`, found `{}`",
                    shown(text)
                );
                let span = Some(lines.span(line.start));
                self.problems
                    .push(Problem { span, ..Problem::of_file(ProblemCode::Shape, message) });
            }
            return;
        };
        let conditional = read.marker.map(|_| Doubt::Conditional);
        let (version, doubt) = match read.wants {
            Wants::Versions("") => (Err("no version is stated".to_owned()), conditional),
            Wants::Versions(range) => match read.pin() {
                Some(version) => (Ok(version.to_owned()), conditional),
                None => (Err(format!("`{range}` is a range")), conditional),
            },
            Wants::Address(address) => match named_by(address) {
                Some((_, version)) => (Ok(version), conditional),
                None => (Err("an address states no version".to_owned()), Some(Doubt::FromSource)),
            },
        };
        self.packages.push(StatedPackage { name: read.name.to_owned(), version, doubt, origin });
    }

    /// Takes a line of `-e`. Where pip knows the package, the comment before the line or the end of the
    /// address names it.
    fn editable(&mut self, target: &str, announced: Option<(String, String)>, origin: Origin) {
        let doubt = Some(Doubt::FromSource);
        if let Some((name, version)) = announced {
            self.packages.push(StatedPackage { name, version: Ok(version), doubt, origin });
        } else if let Some((_, egg)) = target.split_once("#egg=") {
            let name = egg.split(['&', '[', ' ']).next().unwrap_or_default().to_owned();
            let version = Err("a repository states no version".to_owned());
            self.packages.push(StatedPackage { name, version, doubt, origin });
        } else {
            let message = "a folder that states no name and version".to_owned();
            self.remark(&origin, Severity::Warning, message);
        }
    }

    fn remark(&mut self, origin: &Origin, severity: Severity, message: String) {
        self.remarks.push(Finding::new(Check::EntryLeftOut, severity, origin.to_string(), message));
    }
}

/// Reads `# Editable install with no version control (NAME==VERSION)`.
fn announced(comment: &str) -> Option<(String, String)> {
    let inner = comment.trim().strip_prefix("Editable")?.strip_suffix(')')?;
    let (_, pin) = inner.rsplit_once('(')?;
    let read = RequirementLine::parse(pin)?;
    Some((read.name.to_owned(), read.pin()?.to_owned()))
}

/// Returns what follows an option, with a space or an equals sign between.
fn option<'a>(text: &'a str, names: &[&str]) -> Option<&'a str> {
    let rest = names.iter().find_map(|name| text.strip_prefix(name))?;
    rest.starts_with([' ', '\t', '=']).then(|| rest[1..].trim())
}

/// Cuts off a comment: `#` with a space before it.
fn without_comment(text: &str) -> &str {
    let comments = text.match_indices('#').map(|(at, _)| at);
    let mut comments = comments.filter(|at| text[..*at].ends_with([' ', '\t']));
    comments.next().map_or(text, |at| &text[..at]).trim()
}

/// A line with those that it goes on with.
struct LogicalLine<'a> {
    /// Its first part, for its place.
    start: &'a str,
    text: std::borrow::Cow<'a, str>,
}

/// Joins lines that end in a backslash with the next one. A comment ends with its line.
fn logical_lines(text: &str) -> Vec<LogicalLine<'_>> {
    let mut lines: Vec<LogicalLine<'_>> = Vec::new();
    let mut goes_on = false;
    for start in text.lines() {
        let part = start.strip_suffix('\\');
        let own = part.unwrap_or(start);
        match lines.last_mut().filter(|_| goes_on) {
            Some(last) => last.text.to_mut().push_str(own),
            None => lines.push(LogicalLine { start, text: own.into() }),
        }
        goes_on = part.is_some() && !start.trim_start().starts_with('#');
    }
    lines
}
