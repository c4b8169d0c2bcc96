//! The examples of README and docs: every `console` block is run and its output compared.
//!
//! A line `...` stands for any number of lines. With `SKEW_UPDATE=1` blocks without such a line are
//! rewritten.

use crate::run::{root, skew, skew_with, updating};

/// Returns every page of the documentation.
fn pages() -> Vec<String> {
    let docs = std::fs::read_dir(root().join("docs")).expect("the folder exists");
    let names = docs.map(|entry| entry.expect("the folder can be read").file_name());
    let mut pages: Vec<String> = names
        .map(|name| format!("docs/{}", name.to_string_lossy()))
        .filter(|name| std::path::Path::new(name).extension().is_some_and(|ending| ending == "md"))
        .collect();
    pages.sort();
    pages.extend(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(ToOwned::to_owned));
    pages
}

#[test]
fn examples_say_what_the_command_says() {
    let mut wrong = Vec::new();
    for page in &pages() {
        let path = root().join(page);
        let text = std::fs::read_to_string(&path).expect("the page exists");
        let (rewritten, mistakes) = check(page, &text);
        if updating() && rewritten != text {
            std::fs::write(&path, rewritten).expect("the page can be written");
        } else {
            wrong.extend(mistakes);
        }
    }
    assert!(wrong.is_empty(), "SKEW_UPDATE=1 rewrites examples\n{}", wrong.join("\n"));
}

#[test]
fn the_readme_names_the_commands_that_ci_runs() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the page exists");
    let ci = std::fs::read_to_string(root().join(".ci/run")).expect("the script exists");
    assert!(readme.contains("    cargo test\n"));
    assert!(ci.contains("\ncargo test\n"));
}

#[test]
fn the_inventory_of_the_readme_can_be_checked() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the page exists");
    let (_, rest) = readme.split_once("```json\n").expect("the page shows an inventory");
    let (inventory, _) = rest.split_once("```").expect("the block ends");
    let run = skew_with(&["check", "-", "--as-of", "2026-11-20"], inventory);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
}

/// Runs the examples of a page. Returns the page with the real outputs, and what differs.
fn check(page: &str, text: &str) -> (String, Vec<String>) {
    let mut rewritten = String::new();
    let mut wrong = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        rewritten.push_str(line);
        rewritten.push('\n');
        if line != "```console" {
            continue;
        }
        while let Some(command) = lines.next_if(|line| line.starts_with("$ ")) {
            let mut expected = String::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ") && *line != "```") {
                expected.push_str(line);
                expected.push('\n');
            }
            let real = output(command);
            if !matches(&expected, &real) {
                wrong.push(format!("{page}: {command}\n--- expected\n{expected}--- real\n{real}"));
            }
            let elided = expected.lines().any(|line| line == "...");
            rewritten.push_str(&format!("{command}\n{}", if elided { &expected } else { &real }));
        }
    }
    (rewritten, wrong)
}

/// Runs `$ skew ...` and returns what it prints, errors last.
fn output(command: &str) -> String {
    let words = words(command.trim_start_matches("$ "));
    assert_eq!(words[0], "skew", "{command}");
    let arguments: Vec<&str> = words[1..].iter().map(String::as_str).collect();
    let run = skew(&arguments);
    run.stdout + &run.stderr
}

/// Splits a command line at blanks outside of single quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("there is a word").push(c),
        }
    }
    words
}

/// Whether the parts between `...` lines occur in order, the first at the start and the last at the end.
fn matches(expected: &str, real: &str) -> bool {
    let parts: Vec<String> =
        format!("\n{expected}").split("\n...\n").map(ToOwned::to_owned).collect();
    let real = format!("\n{real}");
    if parts.len() == 1 {
        return parts[0] == real;
    }
    let mut rest = real.as_str();
    for (ix, part) in parts.iter().enumerate() {
        let last = ix + 1 == parts.len();
        let found = if ix == 0 {
            rest.starts_with(part.as_str()).then_some(0)
        } else if last {
            rest.ends_with(part.as_str()).then(|| rest.len() - part.len())
        } else {
            rest.find(part.as_str())
        };
        let Some(at) = found else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

#[test]
fn elisions_match() {
    assert!(matches("a\n...\nc\n", "a\nb\nc\n"));
    assert!(matches("...\n", "a\nb\n"));
    assert!(!matches("a\n...\nd\n", "a\nb\nc\n"));
    assert!(!matches("a\n", "a\nb\n"));
}
