//! House rules that no lint knows: file lengths, headers, the edge, and codes that are documented.

use std::collections::BTreeSet;

use skew::finding::Check;
use skew::matrix::ProblemCode;

use crate::source::{self, Source};

/// The longest file, in lines that are not tests.
const LONGEST: usize = 600;

/// What only the edge may see, as written in code.
const WORLD: &[&str] = &[
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "SystemTime",
    "Instant::now",
    "Zoned::now",
];

/// What has no place outside tests. Written apart, so that this file does not hold it.
fn forbidden() -> [String; 4] {
    [".unwrap", "todo", "unimplemented", "dbg"].map(|word| {
        let bracket = if word.starts_with('.') { "()" } else { "!(" };
        format!("{word}{bracket}")
    })
}

fn is_edge(source: &Source) -> bool {
    matches!(source.module(), "cli" | "live" | "main")
}

/// Returns `path:line: text` of the code lines that hold one of the words.
fn lines_with(sources: &[Source], words: &[impl AsRef<str>]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        for line in source.code() {
            if words.iter().any(|word| line.text.contains(word.as_ref())) {
                found.push(format!("src/{}:{}: {}", source.path, line.number, line.text.trim()));
            }
        }
    }
    found
}

#[track_caller]
fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn files_are_short() {
    let long: Vec<_> = source::all()
        .iter()
        .filter(|source| !source.is_test())
        .map(|source| (source.code().len(), source))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, source)| format!("src/{}: {lines} lines", source.path))
        .collect();
    assert_none(&long);
}

#[test]
fn files_begin_with_their_purpose() {
    let bare: Vec<_> = source::all()
        .iter()
        .filter(|source| !source.text.starts_with("//! "))
        .map(|source| format!("src/{}: expected `//! ` first", source.path))
        .collect();
    assert_none(&bare);
}

#[test]
fn nothing_is_left_undone() {
    assert_none(&lines_with(&source::all(), &forbidden()));
}

#[test]
fn only_the_edge_sees_the_world() {
    let inner: Vec<_> = source::all().into_iter().filter(|source| !is_edge(source)).collect();
    assert_none(&lines_with(&inner, WORLD));
}

/// Texts that are shown escaped elsewhere than in a writer.
const ESCAPES: &[&str] = &["escape_debug", "escape_default", "escape_unicode"];

#[test]
fn only_writers_escape() {
    let mut raw = source::all();
    raw.retain(|source| source.module() != "report");
    assert_none(&lines_with(&raw, ESCAPES));
}

#[test]
fn a_forbidden_word_is_noticed() {
    let text = "//! Fake.\nfn f() {\n    g().unwrap();\n}\n#[cfg(test)]\nmod tests {\n    fn t() {\n        g().unwrap();\n    }\n}\n";
    let fake = Source { path: "fake.rs".to_owned(), text: text.to_owned() };
    insta::assert_snapshot!(lines_with(&[fake], &forbidden()).join("\n"), @"src/fake.rs:3: g().unwrap();");
}

/// Returns the codes in the first column of the tables of a page.
fn documented(page: &str) -> Vec<&str> {
    page.lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(code, _)| code)
        .collect()
}

#[test]
fn codes_are_unique_and_documented() {
    let page = std::fs::read_to_string(source::root().join("docs/findings.md")).unwrap();
    let documented = documented(&page);
    let checks = Check::ALL.iter().map(|check| check.name());
    let problems = ProblemCode::ALL.iter().map(|code| code.name());
    let known: Vec<_> = checks.chain(problems).collect();
    assert_eq!(documented, known, "docs/findings.md lists every code once, in order");
    let unique: BTreeSet<_> = known.iter().collect();
    assert_eq!(unique.len(), known.len(), "no code stands for two things");
}
