//! The house has no circle and no arrow that runs up: which module may import which.
//!
//! The table is that of `ARCHITECTURE.md`. A module that is not in it fails the test, so a new one
//! is placed on purpose.

mod circles;

use crate::source::{self, Source};

const WORDS: &[&str] = &["word", "version", "range", "purl", "spec"];
const FACTS: &[&str] = &[
    "binary",
    "catalog",
    "deployment",
    "finding",
    "problem",
    "input",
    "wording",
    "record",
    "reply",
    "observation",
    "limits",
    "failure",
];
const ANSWERS: &[&str] = &["answer"];
const READERS: &[&str] = &["matrix", "evidence"];
const ENGINES: &[&str] = &[
    "graph",
    "lifecycle",
    "resolve",
    "suspicion",
    "loading",
    "fitting",
    "train",
    "grid",
    "skew",
    "diff",
    "plan",
];

/// Who may import whom, besides itself. The lists are joined.
const TABLE: &[(&str, &[&[&str]])] = &[
    // Words.
    ("word", &[]),
    ("version", &[]),
    ("range", &[&["version"]]),
    ("purl", &[]),
    ("spec", &[]),
    // Facts, downward among each other.
    ("binary", &[]),
    ("finding", &[WORDS]),
    ("problem", &[WORDS, &["finding"]]),
    ("failure", &[WORDS, &["problem"]]),
    ("input", &[&["problem"]]),
    ("wording", &[&["problem"]]),
    ("catalog", &[WORDS, &["finding"]]),
    ("limits", &[WORDS]),
    ("record", &[WORDS, &["finding", "catalog", "limits"]]),
    ("reply", &[]),
    ("observation", &[&["finding"]]),
    ("deployment", &[WORDS, &["finding", "catalog", "record"]]),
    // Readers.
    ("matrix", &[WORDS, FACTS]),
    ("evidence", &[WORDS, FACTS]),
    ("answer", &[WORDS, FACTS]),
    // Engines, downward among each other.
    ("graph", &[WORDS, FACTS, ANSWERS]),
    ("lifecycle", &[WORDS, FACTS, ANSWERS]),
    ("resolve", &[WORDS, FACTS, ANSWERS, &["graph", "lifecycle"]]),
    ("suspicion", &[WORDS, FACTS, ANSWERS]),
    ("loading", &[WORDS, FACTS, ANSWERS]),
    ("fitting", &[WORDS, FACTS, ANSWERS]),
    ("train", &[WORDS, FACTS, ANSWERS, &["lifecycle"]]),
    ("gate", &[WORDS, FACTS, ANSWERS]),
    ("grid", &[WORDS, FACTS, ANSWERS, &["lifecycle", "resolve", "suspicion"]]),
    ("skew", &[WORDS, FACTS, ANSWERS, &["lifecycle"]]),
    (
        "diff",
        &[WORDS, FACTS, ANSWERS, &["graph", "lifecycle", "resolve", "suspicion", "grid", "skew"]],
    ),
    ("plan", &[WORDS, FACTS, ANSWERS, &["graph", "resolve", "skew", "lifecycle"]]),
    // The judge shares nothing with the engines.
    ("verify", &[WORDS, FACTS, ANSWERS]),
    // The one function behind every edge.
    ("knowledge", &[WORDS, FACTS, &["matrix"]]),
    ("query", &[WORDS, FACTS]),
    ("api", &[WORDS, FACTS, ANSWERS, READERS, ENGINES, &["verify", "knowledge", "query"]]),
    ("report", &[WORDS, FACTS, ANSWERS, &["query"]]),
];

/// Modules that see everything.
const EDGE: &[&str] = &["cli", "live", "main", "lib"];

/// Crates that stay in one place, and the places.
const CRATES: &[(&str, &[&str])] = &[
    ("petgraph", &["graph/"]),
    ("rayon", &["grid/"]),
    ("clap", &["cli/", "cli.rs", "main.rs"]),
    ("clap_complete", &["cli/", "cli.rs", "main.rs"]),
    ("serde", &["matrix/", "evidence/", "query/", "report/"]),
    ("zip", &["evidence/archive/open.rs"]),
    ("toml", &["evidence/python/lock.rs"]),
    ("redis", &["live/"]),
    ("rustls", &["live/"]),
    ("base64", &["query/form.rs"]),
    ("annotate_snippets", &["report/problems.rs", "report/problems/"]),
    ("sha2", &["matrix/digest.rs", "evidence/"]),
];

/// One import.
struct Arrow {
    line: usize,
    to: String,
}

/// Returns the imports of our own modules in a file.
fn arrows(source: &Source) -> Vec<Arrow> {
    let code = source.code();
    let up = "super::".repeat(source.depth());
    let mut arrows = Vec::new();
    for (ix, line) in code.iter().enumerate() {
        let starts = after(line.text, "crate::").chain(
            after(line.text, &up).filter(|start| !line.text[..*start - up.len()].ends_with(':')),
        );
        for start in starts {
            // A group may go on over the next lines, up to its closing brace.
            let rest: Vec<_> = code[ix..].iter().map(|line| line.text).collect();
            let rest = rest.join(" ");
            for to in names(&rest[start..]) {
                arrows.push(Arrow { line: line.number, to });
            }
        }
    }
    arrows
}

/// Returns the places in `line` that follow `prefix`.
fn after<'t>(line: &'t str, prefix: &'t str) -> impl Iterator<Item = usize> + 't {
    line.match_indices(prefix).map(move |(start, _)| start + prefix.len())
}

/// Returns the first names of a path, or of each path of a group `{a::b, c}`.
fn names(path: &str) -> Vec<String> {
    let Some(group) = path.strip_prefix('{') else {
        return vec![word(path)];
    };
    let mut depth = 0;
    let mut paths = vec![String::new()];
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => paths.push(String::new()),
            _ => {}
        }
        paths.last_mut().unwrap().push(c);
    }
    let trimmed = paths.iter().map(|path| word(path.trim_start_matches([',', ' '])));
    trimmed.filter(|name| !name.is_empty()).collect()
}

fn word(text: &str) -> String {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    text[..end.unwrap_or(text.len())].to_owned()
}

/// Returns what is wrong with the imports of a file, one line each.
fn complaints(source: &Source) -> Vec<String> {
    let from = source.module();
    if source.is_test() || EDGE.contains(&from) {
        return Vec::new();
    }
    let Some((_, lists)) = TABLE.iter().find(|(module, _)| *module == from) else {
        return vec![format!("src/{}: the module `{from}` has no layer", source.path)];
    };
    let known =
        |name: &str| TABLE.iter().any(|(module, _)| *module == name) || EDGE.contains(&name);
    arrows(source)
        .into_iter()
        .filter(|arrow| arrow.to != from && known(&arrow.to))
        .filter(|arrow| !lists.iter().any(|list| list.contains(&arrow.to.as_str())))
        .map(|arrow| {
            format!("src/{}:{}: `{from}` may not import `{}`", source.path, arrow.line, arrow.to)
        })
        .collect()
}

/// Returns the lines of a file that name a crate which belongs elsewhere.
fn strangers(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for line in source.code() {
        for (name, places) in CRATES {
            let named = after(line.text, &format!("{name}::"))
                .any(|start| !line.text[..start - name.len() - 2].ends_with(is_name));
            if named && !places.iter().any(|place| source.path.starts_with(place)) {
                found.push(format!(
                    "src/{}:{}: `{name}` stays in {places:?}",
                    source.path, line.number
                ));
            }
        }
    }
    found
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[test]
fn no_arrow_runs_up() {
    let found: Vec<_> = source::all().iter().flat_map(complaints).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn crates_stay_in_their_place() {
    let all = source::all();
    let found: Vec<_> = all.iter().filter(|source| !source.is_test()).flat_map(strangers).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_forbidden_arrow_is_noticed() {
    let text = "//! Fake.\n\
        use crate::catalog::{Catalog, Rank};\n\
        use crate::{\n    answer::Plan,\n    plan::Steps,\n};\n\
        /// See [`crate::cli`].\n\
        fn f() -> crate::resolve::Answer {\n    super::super::matrix::load()\n}\n\
        #[cfg(test)]\nmod tests {\n    use crate::cli;\n}\n";
    let fake = Source { path: "skew/fake.rs".to_owned(), text: text.to_owned() };
    insta::assert_snapshot!(complaints(&fake).join("\n"), @"
    src/skew/fake.rs:3: `skew` may not import `plan`
    src/skew/fake.rs:8: `skew` may not import `resolve`
    src/skew/fake.rs:9: `skew` may not import `matrix`
    ");
    let new = Source { path: "novelty.rs".to_owned(), text: String::new() };
    insta::assert_snapshot!(complaints(&new).join("\n"), @"src/novelty.rs: the module `novelty` has no layer");
}

#[test]
fn a_crate_out_of_place_is_noticed() {
    let fake = Source {
        path: "skew/fake.rs".to_owned(),
        text: "use petgraph::graph;\nuse my_serde::x;\n".to_owned(),
    };
    insta::assert_snapshot!(strangers(&fake).join("\n"), @r#"src/skew/fake.rs:1: `petgraph` stays in ["graph/"]"#);
}

#[test]
fn the_table_has_no_circle() {
    for (module, lists) in TABLE {
        for to in lists.iter().flat_map(|list| *list) {
            let back = TABLE.iter().find(|(name, _)| name == to).unwrap().1;
            assert!(
                module == to || !back.iter().any(|list| list.contains(module)),
                "`{module}` and `{to}` may import each other"
            );
        }
    }
}
