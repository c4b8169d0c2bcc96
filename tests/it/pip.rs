//! pip itself: does it install what `resolve` says can be installed?
//!
//! Over own facts: an index of tiny wheels with the needs of the shipped matrix, so that both decide from
//! the same. Cases are stored in `tests/oracles/pip`, further ones come from a seed. And over the real index,
//! for the facts themselves. Where pip silently takes a release that smells, `resolve` must say so or refuse.
//! `SKEW_ORACLES=off` leaves this out, and says so.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::instances::Dice;
use crate::run::{root, skew};

/// How many cases come from the seed.
const GENERATED: usize = 18;

/// A set of releases, by package. What is no Python package is left out.
type Set = BTreeMap<String, String>;

/// What a notice says when pip cannot be asked. Written past the capture of the test harness.
fn notice(text: &str) {
    let line = format!("\nNOT CHECKED: resolve against pip: {text}\n");
    std::io::stderr().write_all(line.as_bytes()).ok();
}

/// Whether pip can be asked here.
fn there_is_pip() -> bool {
    if std::env::var_os("SKEW_ORACLES").is_some_and(|value| value == "off") {
        notice("SKEW_ORACLES=off");
        return false;
    }
    let help = Command::new("python3").args(["-m", "pip", "install", "--help"]).output();
    let able = help.is_ok_and(|help| String::from_utf8_lossy(&help.stdout).contains("--report"));
    if !able {
        notice("there is no python3 with a pip that has --dry-run and --report");
    }
    able
}

/// One request.
#[derive(Clone)]
struct Case {
    python: String,
    want: Vec<String>,
}

impl Case {
    fn shown(&self) -> String {
        format!("{} on Python {}", self.want.join(" "), self.python)
    }

    /// Returns the request for exactly these releases.
    fn pinned(&self, set: &Set) -> Self {
        let want = set.iter().map(|(name, version)| format!("{name}=={version}")).collect();
        Self { python: self.python.clone(), want }
    }

    /// Returns it as SPECs.
    fn specs(&self) -> Vec<String> {
        let spec = |text: &String| match text.find(['=', '<', '>', '!', '~']) {
            Some(at) => {
                let (name, range) = text.split_at(at);
                let one = range.strip_prefix("==").filter(|version| !version.contains('*'));
                format!("{name}@{}", one.unwrap_or(range))
            }
            None => text.clone(),
        };
        let python = format!("python@{}", self.python);
        self.want.iter().map(spec).chain([python]).collect()
    }
}

/// Asks pip about all cases at once; `None` where it installs nothing.
fn ask_pip(index: Option<&Path>, cases: &[Case]) -> Vec<Option<Set>> {
    let mut child = Command::new("python3")
        .arg(root().join("tests/oracles/pip/ask.py"))
        .arg("ask")
        .args(index)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let line = |case: &Case| {
        let mut value = json!({ "want": case.want });
        // Of the real index pip asks for the Python that it runs on.
        if index.is_some() {
            value["python"] = json!(case.python);
        }
        format!("{value}\n")
    };
    let lines: String = cases.iter().map(line).collect();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<_> = text.lines().map(answer).collect();
    assert_eq!(answers.len(), cases.len(), "ask.py stopped early");
    answers
}

/// Reads one answer of pip. Anything but a set or a refusal ends the test.
fn answer(line: &str) -> Option<Set> {
    const REFUSALS: [&str; 3] =
        ["ResolutionImpossible", "No matching distribution found", "requires a different Python"];
    let value: Value = serde_json::from_str(line).unwrap();
    if let Some(why) = value["none"].as_str() {
        let refused = REFUSALS.iter().any(|words| why.contains(words));
        let reached = !why.contains("Retrying") && !why.contains("NewConnectionError");
        assert!(
            refused && reached,
            "pip could not answer: {why}\nSKEW_ORACLES=off runs the other tests alone"
        );
        return None;
    }
    let set = value["set"].as_object().unwrap().iter();
    Some(set.map(|(name, version)| (name.clone(), version.as_str().unwrap().to_owned())).collect())
}

/// What `resolve` says: a set and whether it smells, or none.
struct Ours {
    set: Option<Set>,
    smells: bool,
}

fn ask_skew(case: &Case) -> Ours {
    let specs = case.specs();
    let mut arguments = vec!["resolve", "--as-of", "2026-11-20", "--format", "json"];
    arguments.extend(specs.iter().map(String::as_str));
    let run = skew(&arguments);
    if run.status == 2 {
        // A version that no list has cannot be installed either.
        assert!(run.stdout.contains("is no known release"), "{}: {}", case.shown(), run.stdout);
        return Ours { set: None, smells: false };
    }
    let answer: Value = serde_json::from_str(&run.stdout).unwrap();
    let picks = answer["selection"].as_array().filter(|picks| !picks.is_empty());
    let set = picks.map(|picks| {
        let text = |pick: &Value, key: &str| pick[key].as_str().unwrap().to_owned();
        let pair = |pick: &Value| (text(pick, "package"), text(pick, "version"));
        picks.iter().map(pair).filter(|(name, _)| name != "python").collect()
    });
    let smells = answer["findings"].as_array().unwrap().iter().any(|finding| {
        let code = finding["code"].as_str().unwrap();
        finding["severity"] == "warning" && (code.starts_with("family-") || code == "pick-outdated")
    });
    Ours { set, smells }
}

/// How often what was seen.
#[derive(Debug, Default)]
struct Tally {
    none: usize,
    same: usize,
    /// pip takes what smells, and we refuse or take something else.
    fallbacks: usize,
}

/// Compares pip's answer to one case with ours. Returns what is wrong, and sets that pip has yet to be asked
/// about.
fn compare(case: &Case, theirs: Option<&Set>, tally: &mut Tally) -> Result<Option<Case>, String> {
    let ours = ask_skew(case);
    let shown = case.shown();
    let Some(theirs) = theirs else {
        tally.none += 1;
        return match ours.set {
            None => Ok(None),
            Some(set) => Err(format!("{shown}: pip installs nothing, we {set:?}")),
        };
    };
    // What pip chose must be valid for us, too, and smell if it does.
    let pinned = ask_skew(&case.pinned(theirs));
    if pinned.set.as_ref() != Some(theirs) {
        return Err(format!("{shown}: pip installs {theirs:?}, for us that is {:?}", pinned.set));
    }
    match ours.set {
        Some(set) if set == *theirs => {
            tally.same += 1;
            Ok(None)
        }
        _ if !pinned.smells => Err(format!("{shown}: pip installs {theirs:?}, we {:?}", ours.set)),
        _ if ours.smells => Err(format!("{shown}: we choose what smells by ourselves")),
        Some(set) => {
            tally.fallbacks += 1;
            Ok(Some(case.pinned(&set)))
        }
        None => {
            tally.fallbacks += 1;
            Ok(None)
        }
    }
}

/// Reads stored cases.
fn stored(list: &str) -> Vec<Case> {
    let path = root().join("tests/oracles/pip/cases.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let texts = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
    };
    let case = |case: &Value| Case {
        python: case["python"].as_str().unwrap_or_default().to_owned(),
        want: texts(&case["want"]),
    };
    file[list].as_array().unwrap().iter().map(case).collect()
}

/// Makes requests from a seed: a core and some libraries, by number, by range or by name alone; mostly of
/// numbers that go together.
fn generated(count: usize) -> Vec<Case> {
    const LIBRARIES: [&str; 8] = [
        "dagster-aws",
        "dagster-postgres",
        "dagster-k8s",
        "dagster-celery",
        "dagster-gcp",
        "dagster-slack",
        "dagster-snowflake",
        "dagster-pandas",
    ];
    const CORES: [(u32, u32); 6] = [(13, 26), (12, 8), (11, 3), (10, 2), (8, 5), (6, 6)];
    const PYTHONS: [&str; 4] = ["3.9.18", "3.10.4", "3.11.7", "3.12.3"];
    let mut dice = Dice::new(20_261_121);
    let mut cases = Vec::new();
    for _ in 0..count {
        let (minor, patch) = CORES[dice.below(CORES.len())];
        let patch = dice.between(0, patch);
        let mut want = vec![match dice.below(3) {
            0 => format!("dagster==1.{minor}.{patch}"),
            1 => format!("dagster>=1.{minor},<1.{}", minor + 1),
            _ => format!("dagster<=1.{minor}.{patch},>=1.{minor}"),
        }];
        let mut libraries = BTreeSet::new();
        for _ in 0..dice.between(1, 3) {
            libraries.insert(LIBRARIES[dice.below(LIBRARIES.len())]);
        }
        for library in libraries {
            let near = if dice.chance(70) { patch } else { patch.saturating_sub(1) };
            want.push(match dice.below(4) {
                0 => format!("{library}==0.{}.{near}", minor + 16),
                1 => format!("{library}>=0.{}", minor + 16),
                _ => library.to_owned(),
            });
        }
        cases.push(Case { python: PYTHONS[dice.below(PYTHONS.len())].to_owned(), want });
    }
    cases
}

/// Returns the index of our facts.
fn own_index() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pip-index");
    std::fs::remove_dir_all(&folder).ok();
    let run = Command::new("python3")
        .arg(root().join("tests/oracles/pip/ask.py"))
        .arg("index")
        .arg(root().join("matrices/dagster.json"))
        .arg(&folder)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    folder
}

#[test]
fn pip_agrees_over_our_own_facts() {
    if !there_is_pip() {
        return;
    }
    let index = own_index();
    let cases: Vec<_> = stored("own").into_iter().chain(generated(GENERATED)).collect();
    let answers = ask_pip(Some(&index), &cases);
    let mut tally = Tally::default();
    let (mut wrong, mut further) = (Vec::new(), Vec::new());
    for (case, theirs) in cases.iter().zip(&answers) {
        match compare(case, theirs.as_ref(), &mut tally) {
            Ok(more) => further.extend(more),
            Err(why) => wrong.push(why),
        }
    }
    // What we choose in place of a set that smells can be installed.
    for (case, theirs) in further.iter().zip(ask_pip(Some(&index), &further)) {
        if theirs.is_none() {
            wrong.push(format!("{}: pip does not install what we chose", case.shown()));
        }
    }
    std::fs::remove_dir_all(&index).ok();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    assert!(tally.none >= 8 && tally.same >= 15 && tally.fallbacks >= 5, "{tally:?}");
}

#[test]
fn pip_agrees_over_the_real_index() {
    if !there_is_pip() {
        return;
    }
    let version = "import platform; print(platform.python_version())";
    let run = Command::new("python3").args(["-c", version]).output().unwrap();
    let python = String::from_utf8(run.stdout).unwrap().trim().to_owned();
    let cases: Vec<_> =
        stored("real").into_iter().map(|case| Case { python: python.clone(), ..case }).collect();
    let mut tally = Tally::default();
    for (case, theirs) in cases.iter().zip(ask_pip(None, &cases)) {
        // Of all that is installed the matrix knows the packages of Dagster.
        let ours = |name: &String| name.starts_with("dagster");
        let theirs = theirs.map(|set| set.into_iter().filter(|(name, _)| ours(name)).collect());
        let asks_old = case.want.iter().any(|text| text.contains("<0.12"));
        if asks_old {
            // Who asks for the old one gets it from us as well, and is told.
            let said = ask_skew(case);
            assert_eq!(said.set, theirs, "{}", case.shown());
            assert!(said.smells, "{}", case.shown());
        } else if let Err(why) = compare(case, theirs.as_ref(), &mut tally) {
            panic!("{why}");
        }
    }
    assert!(tally.none >= 1 && tally.same >= 1, "{tally:?}");
}
