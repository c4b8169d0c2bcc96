//! Random scenarios: small matrices as text, and a request.
//!
//! Owns what a random case looks like, not what is true of it. A scenario prints as JSON in the form
//! of `tests/scenarios`, so that a failing case can be kept as a file.

use std::fmt;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// A thousand cases, for many are solvable, which take some seconds; more if the environment asks for
/// them. A failing case prints as a scenario, which is what is to be kept of it.
pub(crate) fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases.max(1000), failure_persistence: None, ..usual }
}

/// A matrix and a request.
#[derive(Clone, PartialEq)]
pub(crate) struct Scenario {
    /// The matrix.
    pub(crate) matrix: Value,
    /// What is wanted: `NAME` or `NAME@RANGE`.
    pub(crate) want: Vec<String>,
    /// What runs already: package and version.
    pub(crate) installed: Vec<(String, String)>,
}

impl fmt::Debug for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let installed: Map<_, _> =
            self.installed.iter().map(|(name, version)| (name.clone(), json!(version))).collect();
        let scenario = json!({
            "ask": "resolve", "want": self.want, "installed": installed, "matrix": self.matrix,
        });
        write!(f, "{scenario:#}")
    }
}

/// The packages of a scenario: a core, plugins and a runtime.
const NAMES: [&str; 6] = ["core", "p1", "p2", "p3", "p4", "rt"];

/// What one release, or a range of releases, asks of another package.
#[derive(Debug, Clone)]
struct Ask {
    target: usize,
    kind: &'static str,
    op: &'static str,
    bound: usize,
}

/// One release: its state and what it asks.
#[derive(Debug, Clone)]
struct Draft {
    state: &'static str,
    asks: Vec<Ask>,
}

/// Returns scenarios of all kinds.
pub(crate) fn scenario() -> impl Strategy<Value = Scenario> {
    let counts = (1..=5_usize, prop::collection::vec(0..=4_usize, 4), 0..=3_usize);
    counts.prop_flat_map(|(core, plugins, runtime)| {
        let counts = [vec![core], plugins, vec![runtime]].concat();
        let packages: Vec<_> = counts
            .iter()
            .enumerate()
            .map(|(package, &count)| prop::collection::vec(draft(package), count))
            .collect();
        let stated = prop::collection::vec((ask(1), 0..5_usize, op(), 0..5_usize), 0..3);
        let want = prop::collection::vec((0..6_usize, requirement_op(), 0..5_usize), 1..=4);
        let installed = prop::collection::vec((0..6_usize, 0..5_usize), 0..3);
        (packages, stated, want, installed).prop_map(|(packages, stated, want, installed)| {
            build(&packages, &stated, &want, &installed)
        })
    })
}

fn draft(package: usize) -> impl Strategy<Value = Draft> {
    let state = prop_oneof![
        10 => Just("stable"),
        1 => Just("withdrawn"),
        1 => Just("prerelease"),
        1 => Just("silent"),
    ];
    // A runtime needs nothing, a core little.
    let most = [2, 4, 4, 4, 4, 0][package];
    (state, prop::collection::vec(ask(package), 0..=most))
        .prop_map(|(state, asks)| Draft { state, asks })
}

fn ask(package: usize) -> impl Strategy<Value = Ask> {
    // Mostly of the core, of the runtime and of the next plugin, so that chains come about.
    let target = prop_oneof![
        2 => Just(0),
        1 => Just(5),
        2 => Just((package + 1).min(4)),
        2 => 0..6_usize,
    ];
    let kind = prop_oneof![
        6 => Just("requires"),
        1 => Just("optional"),
        1 => Just("conflicts"),
    ];
    (target, kind, op(), 0..5_usize).prop_map(|(target, kind, op, bound)| Ask {
        target,
        kind,
        op,
        bound,
    })
}

fn op() -> impl Strategy<Value = &'static str> {
    select(vec![">=", ">=", ">=", "<=", "<=", "=", "=", "!=", "<", "*"])
}

fn requirement_op() -> impl Strategy<Value = &'static str> {
    select(vec!["", "", "", "", ">=", "<=", "=", "="])
}

/// Version of the n-th release of a package.
fn version(drafts: &[Draft], at: usize) -> String {
    match drafts.get(at) {
        Some(draft) if draft.state == "prerelease" => format!("{}.0.0-rc1", at + 1),
        _ => format!("{}.0.0", at + 1),
    }
}

/// Puts a range into words, with a bound that is mostly a release.
fn range(drafts: &[Draft], op: &str, bound: usize) -> String {
    match op {
        "*" => "*".to_owned(),
        op => format!("{op}{}", version(drafts, bound % (drafts.len() + 1).max(1))),
    }
}

type Stated = (Ask, usize, &'static str, usize);
type Wanted = (usize, &'static str, usize);

fn build(
    packages: &[Vec<Draft>],
    stated: &[Stated],
    want: &[Wanted],
    installed: &[(usize, usize)],
) -> Scenario {
    let exists = |package: usize| !packages[package].is_empty();
    let entries: Vec<_> =
        (0..NAMES.len()).filter(|&ix| exists(ix)).map(|ix| package_json(packages, ix)).collect();
    let plugin = |at: usize| 1 + at % 4;
    let requirements: Vec<_> = stated
        .iter()
        .filter(|(ask, at, ..)| exists(plugin(*at)) && exists(ask.target))
        .map(|(ask, at, op, bound)| {
            json!({
                "package": NAMES[plugin(*at)], "releases": range(&packages[plugin(*at)], op, *bound),
                "needs": NAMES[ask.target], "range": range(&packages[ask.target], ask.op, ask.bound),
                "kind": ask.kind, "source": "s",
            })
        })
        .collect();
    let matrix = json!({
        "format": 1, "name": "random", "as_of": "2026-01-01",
        "sources": { "s": { "title": "a guess", "evidence": "inferred" } },
        "packages": entries, "requirements": requirements,
    });
    let mut requirements: Vec<(usize, String)> = Vec::new();
    for &(package, op, bound) in want {
        let package = if exists(package) { package } else { 0 };
        if requirements.iter().all(|(other, _)| *other != package) {
            let name = NAMES[package];
            let text = match op {
                "" => name.to_owned(),
                op => format!(
                    "{name}@{}",
                    range(&packages[package], op, bound % packages[package].len())
                ),
            };
            requirements.push((package, text));
        }
    }
    let mut runs: Vec<(String, String)> = Vec::new();
    for &(package, at) in installed.iter().filter(|(package, _)| exists(*package)) {
        if runs.iter().all(|(name, _)| name != NAMES[package]) {
            let at = at % packages[package].len();
            runs.push((NAMES[package].to_owned(), version(&packages[package], at)));
        }
    }
    Scenario {
        matrix,
        want: requirements.into_iter().map(|(_, text)| text).collect(),
        installed: runs,
    }
}

fn package_json(packages: &[Vec<Draft>], ix: usize) -> Value {
    let releases: Vec<_> =
        (0..packages[ix].len()).map(|at| release_json(packages, ix, at)).collect();
    let kind = match ix {
        0 => "core",
        5 => "runtime",
        _ => "plugin",
    };
    let mut package = json!({
        "name": NAMES[ix], "kind": kind, "scheme": "semver", "source": "s", "releases": releases,
    });
    if kind == "plugin" {
        package["core"] = json!(NAMES[0]);
    }
    package
}

fn release_json(packages: &[Vec<Draft>], ix: usize, at: usize) -> Value {
    let draft = &packages[ix][at];
    let mut needs = Map::new();
    for ask in draft.asks.iter().filter(|ask| ask.target != ix && !packages[ask.target].is_empty())
    {
        let range = range(&packages[ask.target], ask.op, ask.bound);
        let need = json!({ "range": range, "kind": ask.kind });
        needs.insert(NAMES[ask.target].to_owned(), need);
    }
    // Without a word on its core a plugin would not be known to fit.
    if (1..5).contains(&ix) && !at.is_multiple_of(3) && !needs.contains_key(NAMES[0]) {
        needs.insert(NAMES[0].to_owned(), json!("*"));
    }
    let mut release = json!({ "version": version(&packages[ix], at), "needs": needs });
    match draft.state {
        "withdrawn" => release["withdrawn"] = json!("it was bad"),
        // What is stated of its needs is not all.
        "silent" => release["unreadable"] = json!("nobody wrote it down"),
        _ => {}
    }
    release
}
