//! Our own source code as text, for the tests that look at its shape.

use std::fs;
use std::path::{Path, PathBuf};

/// One file below `src`.
pub(crate) struct Source {
    /// Path below `src`, with `/`.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

/// A line of code that is built into the library or the program.
pub(crate) struct CodeLine<'t> {
    /// Counted from one.
    pub(crate) number: usize,
    /// The line without its comment.
    pub(crate) text: &'t str,
}

impl Source {
    /// Returns the top-level module that the file belongs to: `matrix` for `matrix/lower/mod.rs`.
    pub(crate) fn module(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or(&self.path);
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// Returns how many modules the file is below the crate: 1 for `range.rs` and `skew/mod.rs`.
    pub(crate) fn depth(&self) -> usize {
        let slashes = self.path.matches('/').count();
        if self.path.ends_with("/mod.rs") { slashes } else { slashes + 1 }
    }

    /// Whether the file holds nothing but tests, by its name or because it says so.
    pub(crate) fn is_test(&self) -> bool {
        ["tests.rs", "testing.rs"]
            .iter()
            .any(|name| self.path == *name || self.path.ends_with(&format!("/{name}")))
            || self.path.contains("/tests/")
            || self.text.lines().any(|line| line == "#![cfg(test)]")
    }

    /// Returns the lines that are not under `#[cfg(test)]`, without comments.
    pub(crate) fn code(&self) -> Vec<CodeLine<'_>> {
        let mut lines = self.text.lines().enumerate();
        let mut code = Vec::new();
        while let Some((ix, line)) = lines.next() {
            if line.trim_start().starts_with("#[cfg(test)]") {
                skip_item(&mut lines, indentation(line));
            } else {
                code.push(CodeLine { number: ix + 1, text: without_comment(line) });
            }
        }
        code
    }
}

/// Skips the item after an attribute: up to its `;`, or its closing brace, which stands in the same
/// column because the code is formatted.
fn skip_item<'t>(lines: &mut impl Iterator<Item = (usize, &'t str)>, column: usize) {
    for (_, line) in lines {
        let ends = line.ends_with(';') || line.trim_end().ends_with('}');
        if ends && indentation(line) == column {
            return;
        }
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") {
        return "";
    }
    line.split_once(" // ").map_or(line, |(code, _)| code)
}

/// Returns the root of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Reads all files below `src`, sorted by path.
pub(crate) fn all() -> Vec<Source> {
    let base = root().join("src");
    let mut found = Vec::new();
    walk(&base, &base, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn walk(base: &Path, folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(base, &path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let name = path.strip_prefix(base).unwrap().to_str().unwrap();
            found.push(Source {
                path: name.replace('\\', "/"),
                text: fs::read_to_string(&path).unwrap(),
            });
        }
    }
}

#[test]
fn code_is_what_is_built() {
    let text = "use a;\n#[cfg(test)]\nmod tests {\n    use b;\n}\n// use c;\n#[cfg(test)]\nmod more;\nuse d; // e\n";
    let source = Source { path: "x/mod.rs".to_owned(), text: text.to_owned() };
    let code: Vec<_> = source.code().iter().map(|line| line.text).collect();
    assert_eq!(code, ["use a;", "", "use d;"]);
    assert_eq!((source.module(), source.depth()), ("x", 1));
}
