//! Circles between files: who uses items of whom, also inside a folder.
//!
//! An arrow goes from a file to the file that owns an item it names. `mod x;` is no arrow, and neither is
//! `pub use x::Item` in a file that does not use the item itself: whoever imports the item from there has
//! its arrow to `x`. So a folder's `mod.rs` may show what its files have, and a file that imports from its
//! `mod.rs` what that owns may not be used by it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::source::{self, Source};

/// Rooms whose files still form circles.
const NOT_YET_FREE: &[&str] = &[];

/// How many re-exports are followed from one file to the next.
const MOST_RE_EXPORTS: usize = 8;

/// A path from the crate's root, as its names.
type Path = Vec<String>;

/// A file as a module.
struct Module {
    file: String,
    path: Path,
    /// What names stand for that are imported: all targets, as a build may choose among them.
    imports: BTreeMap<String, Vec<Path>>,
    /// Paths that the code names, resolved as far as imports of the file itself tell.
    uses: BTreeSet<Path>,
}

impl Module {
    fn of(source: &Source) -> Self {
        let text = code(source);
        let path = module_path(&source.path);
        let (trees, rest) = cut_imports(&text, &path);
        let mut imports: BTreeMap<String, Vec<Path>> = BTreeMap::new();
        for (at, tree) in &trees {
            for (name, target) in leaves(tree) {
                imports.entry(name).or_default().push(absolute(&target, at));
            }
        }
        let mut uses = BTreeSet::new();
        for (at, line) in &rest {
            for used in paths(line) {
                match imports.get(used[0]) {
                    Some(targets) => {
                        uses.extend(targets.iter().map(|target| joined(target, &used[1..])));
                    }
                    None if used.len() > 1 => _ = uses.insert(absolute(&owned(&used), at)),
                    None => {}
                }
            }
        }
        Self { file: source.path.clone(), uses, path, imports }
    }
}

/// Returns the code without comments and texts, a line each.
fn code(source: &Source) -> Vec<String> {
    source.code().iter().map(|line| without_texts(line.text)).collect()
}

/// Leaves out what stands between quotes on a line.
fn without_texts(line: &str) -> String {
    let unescaped = line.replace("\\\\", "").replace("\\\"", "");
    let parts = unescaped.split('"').step_by(2);
    parts.collect::<Vec<_>>().join("\"")
}

/// Returns the path of a file's module: `[a, b]` for `a/b.rs` and for `a/b/mod.rs`.
fn module_path(file: &str) -> Path {
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let stem = stem.strip_suffix("/mod").unwrap_or(stem);
    stem.split('/').filter(|name| *name != "lib").map(str::to_owned).collect()
}

fn joined(head: &[String], tail: &[impl ToString]) -> Path {
    head.iter().cloned().chain(tail.iter().map(ToString::to_string)).collect()
}

fn owned(path: &[&str]) -> Path {
    joined(&[], path)
}

/// Resolves `crate`, `self` and `super` at the head of a path, seen from a module. Any other head is taken for
/// a child of that module.
fn absolute(path: &[String], at: &[String]) -> Path {
    if path[0] == "crate" {
        return path[1..].to_vec();
    }
    let mut base = at.to_vec();
    let mut rest = path;
    while let [head, tail @ ..] = rest {
        match head.as_str() {
            "self" => {}
            "super" => drop(base.pop()),
            _ => break,
        }
        rest = tail;
    }
    joined(&base, rest)
}

/// Code and the module that it stands in.
type Placed = (Path, String);

/// Separates imports from other code. Each part comes with the module that it stands in: the file's, or one
/// that is written within it.
fn cut_imports(lines: &[String], path: &Path) -> (Vec<Placed>, Vec<Placed>) {
    let (mut imports, mut rest) = (Vec::new(), Vec::new());
    let mut at = path.clone();
    let mut lines = lines.iter();
    while let Some(line) = lines.next() {
        if let Some(name) = inner_module(line) {
            at.push(name.to_owned());
        } else if line == "}" {
            at.clone_from(path);
        }
        match imported(line) {
            None => rest.push((at.clone(), line.clone())),
            Some(tree) => {
                let mut tree = tree.to_owned();
                while !tree.ends_with(';') {
                    let Some(more) = lines.next() else { break };
                    tree.push_str(more.trim());
                }
                imports.push((at.clone(), tree.replace(';', "")));
            }
        }
    }
    (imports, rest)
}

/// Returns the tree of an import that begins on a line.
fn imported(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let line = match line.strip_prefix("pub(") {
        Some(scope) => scope.split_once(") ")?.1,
        None => line,
    };
    line.strip_prefix("use ")
}

/// Returns the name of a module that is written within a file.
fn inner_module(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub ").unwrap_or(line);
    line.strip_prefix("mod ")?.strip_suffix(" {")
}

/// Returns what each leaf of an import is called, and its path.
fn leaves(tree: &str) -> Vec<(String, Path)> {
    let Some((head, group)) = tree.split_once('{') else {
        let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(p, a)| (p, Some(a)));
        let path: Path = path.trim().split("::").map(str::to_owned).collect();
        let path = if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
            path[..path.len() - 1].to_vec()
        } else {
            path
        };
        let name = alias.unwrap_or(&path[path.len() - 1]).trim().to_owned();
        return vec![(name, path)];
    };
    let group = group.trim_end().strip_suffix('}').unwrap_or(group);
    branches(group).flat_map(|branch| leaves(&format!("{}{branch}", head.trim()))).collect()
}

/// Returns the parts of a group between the commas that are not within inner groups.
fn branches(group: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_u32;
    let parts = group.split(move |c| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    });
    parts.map(str::trim).filter(|part| !part.is_empty())
}

/// Returns every name or path `a::b::c` of a line.
fn paths(line: &str) -> impl Iterator<Item = Vec<&str>> {
    let words = line.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
    let paths = words.map(|word| word.split("::").take_while(|name| is_name(name)).collect());
    paths.filter(|names: &Vec<&str>| !names.is_empty())
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// The files, by the paths of their modules.
struct House {
    modules: Vec<Module>,
    by_path: BTreeMap<Path, usize>,
}

impl House {
    fn of(sources: &[Source]) -> Self {
        let built = sources.iter().filter(|source| !source.is_test() && source.path != "main.rs");
        let modules: Vec<_> = built.map(Module::of).collect();
        let by_path = modules.iter().enumerate().map(|(ix, module)| (module.path.clone(), ix));
        Self { by_path: by_path.collect(), modules }
    }

    /// Returns the files that own what a path names. A path to a module names nothing of it.
    fn owners(&self, path: &[String], re_exports: usize) -> Vec<usize> {
        let longest = (0..=path.len()).rev().find_map(|length| {
            self.by_path.get(&path[..length]).map(|module| (*module, &path[length..]))
        });
        let Some((module, [item, rest @ ..])) = longest else { return Vec::new() };
        match self.modules[module].imports.get(item) {
            Some(targets) if re_exports < MOST_RE_EXPORTS => targets
                .iter()
                .flat_map(|target| self.owners(&joined(target, rest), re_exports + 1))
                .collect(),
            _ if module == 0 && self.modules[module].path.is_empty() => Vec::new(),
            _ => vec![module],
        }
    }

    /// Returns the files that each file uses.
    fn arrows(&self) -> Vec<BTreeSet<usize>> {
        let of = |(ix, module): (usize, &Module)| {
            let owners = module.uses.iter().flat_map(|path| self.owners(path, 0));
            owners.filter(|owner| *owner != ix).collect()
        };
        self.modules.iter().enumerate().map(of).collect()
    }

    /// Returns a shortest circle through each file that is part of one, once for all files on it.
    fn circles(&self) -> Vec<Vec<usize>> {
        let arrows = self.arrows();
        let mut met = BTreeSet::new();
        let mut circles = Vec::new();
        for start in 0..arrows.len() {
            if met.contains(&start) {
                continue;
            }
            if let Some(circle) = shortest_circle(&arrows, start) {
                met.extend(circle.iter().copied());
                circles.push(circle);
            }
        }
        circles
    }

    /// Returns a line for each circle that leaves the given rooms.
    fn complaints(&self, rooms: &[&str]) -> Vec<String> {
        let free = |ix: &usize| !rooms.contains(&self.modules[*ix].path[0].as_str());
        let circles = self.circles().into_iter().filter(|circle| circle.iter().any(free));
        circles.map(|circle| self.line(&circle)).collect()
    }

    fn line(&self, circle: &[usize]) -> String {
        let around = circle.iter().chain(circle.first());
        let files: Vec<_> = around.map(|ix| self.modules[*ix].file.as_str()).collect();
        files.join(" -> ")
    }
}

/// Returns the files of a shortest way from a file back to it.
fn shortest_circle(arrows: &[BTreeSet<usize>], start: usize) -> Option<Vec<usize>> {
    let mut before = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for &next in &arrows[at] {
            if next == start {
                let back = std::iter::successors(Some(at), |at| before.get(at).copied());
                let mut circle: Vec<_> = back.collect();
                circle.reverse();
                return Some(circle);
            }
            if let Entry::Vacant(free) = before.entry(next) {
                free.insert(at);
                queue.push_back(next);
            }
        }
    }
    None
}

#[test]
fn files_form_no_circle() {
    let found = House::of(&source::all()).complaints(NOT_YET_FREE);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_circle_is_noticed() {
    let file = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
    let sources = [
        // Shows what its files have, and uses nothing of theirs.
        file("lib.rs", "mod a;\nmod b;\nmod c;\n"),
        file("a/mod.rs", "mod one;\nmod two;\npub use one::One;\npub struct Own;\n"),
        file("a/one.rs", "use super::two;\npub struct One(two::Two);\n"),
        file(
            "a/two.rs",
            "use super::Own;\npub struct Two(Own);\n#[cfg(test)]\nmod tests {\n    use super::super::One;\n}\n",
        ),
        // Uses what it shows, and is used.
        file("b/mod.rs", "mod one;\npub use self::one::{\n    One,\n};\npub struct Own(One);\n"),
        file("b/one.rs", "pub struct One(Option<Box<super::Own>>);\n"),
        // Meets the file behind a name that another one shows, and names none in a text.
        file("c/mod.rs", "mod one;\nmod two;\npub use one::One;\n"),
        file("c/one.rs", "use crate::c::two::Two;\npub struct One(Two);\n"),
        file(
            "c/two.rs",
            "use crate::c::One;\npub struct Two(Box<One>);\nconst _: &str = \"crate::b::Own\";\n",
        ),
    ];
    let house = House::of(&sources);
    insta::assert_snapshot!(house.complaints(&[]).join("\n"), @"
    b/mod.rs -> b/one.rs -> b/mod.rs
    c/one.rs -> c/two.rs -> c/one.rs
    ");
    assert_eq!(house.complaints(&["b"]).len(), 1);
}
