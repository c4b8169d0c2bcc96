//! What is wrong with a file, and where.
//!
//! Owns the codes of file problems and the texts they point into. Reading collects every problem;
//! printing them with line and caret is the writers' business.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;

use crate::finding::Severity;

/// Declares the codes with their names and one-line descriptions.
macro_rules! codes {
    ($($variant:ident $name:literal $description:literal)*) => {
        /// The kinds of file problems. Names are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ProblemCode {
            $(#[doc = $description] $variant,)*
        }

        impl ProblemCode {
            /// Every code, in order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the stable name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// Returns what is wrong, in one line.
            pub fn description(self) -> &'static str {
                match self { $(Self::$variant => $description),* }
            }
        }
    };
}

codes! {
    Syntax "syntax" "The file is not JSON, or not TOML where that is expected."
    Encoding "encoding" "The file is not UTF-8 text."
    TooLarge "too-large" "The file is larger than the limit."
    Unreadable "unreadable" "The file cannot be read."
    Archive "archive" "The file is no zip archive, is broken, or would unpack to too much."
    Shape "shape" "A value has the wrong type, or a required key is missing."
    UnknownKey "unknown-key" "A key is not part of the format."
    DuplicateKey "duplicate-key" "A key stands twice in one object."
    Format "format" "The file is of a format version that this program does not know."
    Name "name" "A name holds characters that names must not hold."
    DuplicatePackage "duplicate-package" "A package is stated twice."
    DuplicateRelease "duplicate-release" "A release is stated twice, perhaps in two spellings."
    DuplicateName "duplicate-name" "Two things of one kind have the same name, or two facts the same id."
    Version "version" "A version does not parse in its scheme."
    Range "range" "A range does not parse."
    RangeEmpty "range-empty" "A range matches no release of a package whose list is complete."
    Level "level" "An interface level does not parse."
    UnknownPackage "unknown-package" "A fact names a package that no matrix has."
    UnknownName "unknown-name" "A fact names a source, role, feature, interface, relation or the like that does not exist."
    NoSource "no-source" "A fact names no source and inherits none."
    Date "date" "A date does not exist."
    WindowOverlap "window-overlap" "Two windows of one line and phase overlap."
    WindowDiffers "window-differs" "A stated end of support is not the one that the policy gives, and no note says why."
    CoreUnderstated "core-understated" "A plugin declares an older core than the oldest with which it works."
    OfferOverlap "offer-overlap" "Two offers speak of the same releases and interface."
    Rule "rule" "A skew rule, a lifecycle rule or a family pattern does not parse."
    Limit "limit" "There is more of something than a catalog can hold."
    Replaces "replaces" "A fact replaces an id that no earlier fact of its matrix has, or one that cannot be replaced."
    RequirementCycle "requirement-cycle" "Releases need each other in a circle that nothing satisfies."
}

/// One thing that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind of thing.
    pub code: ProblemCode,
    /// How bad it is. Errors keep the file from being used.
    pub severity: Severity,
    /// Position in the list of files.
    pub file: usize,
    /// Byte range in the file's text, if there is a place to show.
    pub span: Option<Range<usize>>,
    /// What was expected and found, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Problem {
    /// An error of the first file as a whole.
    pub(crate) fn of_file(code: ProblemCode, message: String) -> Self {
        Self { code, severity: Severity::Error, file: 0, span: None, message, hint: None }
    }
}

/// Problems and the texts they point into.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    /// Name and text of each file, in the order in which they were given.
    pub files: Vec<(String, String)>,
    /// All problems, in file order.
    pub list: Vec<Problem>,
}

impl Problems {
    /// Whether some problem keeps the files from being used.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|problem| problem.severity == Severity::Error)
    }
}

impl Problem {
    /// Returns line and column of the place in the file's text, counted from 1; the column counts characters.
    pub fn position(&self, text: &str) -> Option<(usize, usize)> {
        let before = text.get(..self.span.as_ref()?.start)?;
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        Some((line, column))
    }
}

impl fmt::Display for Problems {
    /// Writes each problem on a line of its own: file, line, column, message.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.list.iter().enumerate() {
            let newline = if at == 0 { "" } else { "\n" };
            let (name, text) = self.files.get(problem.file).map_or(("", ""), |(a, b)| (a, b));
            match problem.position(text) {
                Some((line, column)) => write!(f, "{newline}{name}:{line}:{column}: ")?,
                None => write!(f, "{newline}{name}: ")?,
            }
            f.write_str(&problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// How many errors, and how many warnings, are kept. Nobody reads more, and a hostile file of many
/// mistakes must not cost more than a large one.
pub(crate) const MOST_PROBLEMS: usize = 1000;

/// How many characters of a text from the file are shown in a message.
const LONGEST_SHOWN: usize = 100;

/// Collects problems, up to a limit for each severity.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    list: Vec<Problem>,
    errors: usize,
    warnings: usize,
}

impl Collector {
    /// Keeps a problem, if there is room, and returns it to be refined.
    pub(crate) fn push(&mut self, problem: Problem) -> Option<&mut Problem> {
        let count = match problem.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning | Severity::Info => &mut self.warnings,
        };
        *count += 1;
        match (*count).cmp(&(MOST_PROBLEMS + 1)) {
            Ordering::Less => self.list.push(problem),
            Ordering::Equal => self.list.push(Problem {
                message: format!(
                    "there are more than {MOST_PROBLEMS} problems; this is the last one shown"
                ),
                code: ProblemCode::Limit,
                hint: None,
                ..problem
            }),
            Ordering::Greater => return None,
        }
        self.list.last_mut().filter(|_| *count <= MOST_PROBLEMS)
    }

    /// Whether further errors are no longer kept, so that their hints need not be looked for.
    pub(crate) fn is_full(&self) -> bool {
        self.errors > MOST_PROBLEMS
    }

    /// Returns how many problems were met, kept or not.
    pub(crate) fn met(&self) -> usize {
        self.errors + self.warnings
    }

    /// Returns the problems by place, each once.
    pub(crate) fn into_sorted(self) -> Vec<Problem> {
        let mut list = self.list;
        let start = |problem: &Problem| problem.span.as_ref().map(|span| span.start);
        list.sort_by_key(|a| (a.file, start(a)));
        list.dedup();
        list
    }
}

/// Returns a text of the file as it is shown in a message: not too long. Writers spell out its control
/// characters.
pub(crate) fn shown(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Returns the name among `known` that is nearest to `wanted`, if one is near enough to be meant.
pub fn nearest<'k>(wanted: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let limit = 1 + wanted.chars().count() / 4;
    known
        .into_iter()
        .map(|name| (distance(wanted, name), name))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Counts the single-character changes between two texts.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let change = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_near() {
        assert_eq!(nearest("pacages", ["packages", "needs"]), Some("packages"));
        assert_eq!(nearest("zzz", ["packages", "needs"]), None);
    }

    #[test]
    fn codes_are_unique() {
        let mut names: Vec<_> = ProblemCode::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ProblemCode::ALL.len());
    }
}
