//! Locks on the command line: which files are written, what is printed, and the exit status.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::run::{Run, golden, root, skew, skew_with, updating};

const WIDGETS: &str = "examples/widgets.json";
const LEARNED: &str = "examples/widgets-learned.json";
const EXAMPLE: &str = "examples/widgets-lock.json";

/// The day that the built-in matrices are of.
const DAY: [&str; 2] = ["--as-of", "2026-11-20"];

/// A folder of its own for a test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::remove_dir_all(&path).ok();
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("the folder has a plain name").to_owned()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// Returns the names of what is in the folder.
    fn list(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    /// Runs `skew`, with `DIR` standing for the folder in what it is asked and in what it prints.
    fn run(&self, arguments: &[&str], input: &str) -> Run {
        let dir = self.0.to_str().expect("the folder has a plain name");
        let arguments: Vec<_> = arguments.iter().map(|one| one.replace("DIR", dir)).collect();
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let run = skew_with(&arguments, input);
        let (stdout, stderr) = (run.stdout.replace(dir, "DIR"), run.stderr.replace(dir, "DIR"));
        Run { stdout, stderr, ..run }
    }
}

fn widgets<'a>(verb: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[verb, "--matrix", WIDGETS], more].concat()
}

/// Locks the set of the example and returns the exit status.
fn lock_widgets(folder: &Folder, more: &[&str]) -> i32 {
    let asked = ["widget-server", "widget-auth", "--lock", "DIR/widgets.lock"];
    folder.run(&widgets("resolve", &[&asked[..], more].concat()), "").status
}

/// Returns a transcript of one question.
fn told(folder: &Folder, arguments: &[&str], input: &str) -> String {
    let run = folder.run(arguments, input);
    format!("$ skew {}\n{}{}[{}]\n", arguments.join(" "), run.stdout, run.stderr, run.status)
}

#[test]
fn the_example_is_current() {
    let folder = Folder::new("lock-example");
    assert_eq!(lock_widgets(&folder, &[]), 0);
    let made = folder.read("widgets.lock");
    let path = root().join(EXAMPLE);
    if updating() {
        fs::write(&path, &made).unwrap();
    }
    let shipped = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(made, shipped, "SKEW_UPDATE=1 rewrites the example");
}

#[test]
fn what_is_printed() {
    let folder = Folder::new("lock-printed");
    let lock = fs::read_to_string(root().join(EXAMPLE)).unwrap();
    let older = lock.replace("\"version\": \"1.0.0\"", "\"version\": \"0.9.0\"");
    let torn = &lock[..lock.len() / 2];
    let misspelt = lock.replace("\"sha256\"", "\"sha265\"").replace("\"requires\"", "\"needs\"");
    assert!(older != lock && misspelt != lock);
    let asked = ["widget-server", "widget-auth", "--lock", "DIR/widgets.lock", DAY[0], DAY[1]];
    let json = ["--format", "json"];
    let mut texts = Vec::new();
    for format in [&[][..], &json] {
        let mut tell = |arguments: Vec<&str>, input: &str| {
            texts.push(told(&folder, &[&arguments[..], format].concat(), input));
        };
        tell(widgets("resolve", &asked), "");
        tell(widgets("verify", &["DIR/widgets.lock"]), "");
        tell(widgets("verify", &["-"]), &older);
        tell(widgets("verify", &["-", "--matrix", LEARNED]), &lock);
        tell(widgets("verify", &["-"]), torn);
        tell(widgets("verify", &["-"]), &misspelt);
        tell(vec!["verify", "DIR/widgets.lock"], "");
    }
    golden("cli/lock.txt", &texts.join("\n"));
}

#[test]
fn what_is_refused() {
    let folder = Folder::new("lock-refused");
    assert_eq!(lock_widgets(&folder, &[]), 0);
    let plan = r#"{ "format_version": "1.0", "command": "plan", "steps": [] }"#;
    let asked = |lock| [&["resolve", "valkey", "--lock", lock], &DAY[..]].concat();
    let questions: [(Vec<&str>, &str); 9] = [
        (asked("-"), ""),
        (asked("DIR"), ""),
        (asked("DIR/none/valkey.lock"), ""),
        ([asked("DIR/x"), vec!["--output", "DIR/x"]].concat(), ""),
        (vec!["verify", "DIR/widgets.lock", "--against", "examples/valkey-3x3.json"], ""),
        (vec!["verify", "-"], plan),
        (vec!["verify", "-"], "{}"),
        (vec!["verify", "-", "--against", "examples/valkey-3x3.json"], "{}"),
        (vec!["verify", "examples/duckdb.json"], ""),
    ];
    let texts: Vec<_> = questions.iter().map(|(ask, input)| told(&folder, ask, input)).collect();
    golden("cli/lock-refused.txt", &texts.join("\n"));
    assert!(texts.iter().all(|text| text.ends_with("[2]\n")), "{}", texts.join("\n"));
    assert_eq!(folder.list(), ["widgets.lock"]);
}

#[test]
fn the_same_world_gives_the_same_bytes() {
    let folder = Folder::new("lock-bytes");
    assert_eq!(lock_widgets(&folder, &[]), 0);
    let first = folder.read("widgets.lock");
    for format in ["human", "json", "markdown"] {
        assert_eq!(lock_widgets(&folder, &["--format", format, "--quiet"]), 0);
        assert_eq!(folder.read("widgets.lock"), first, "{format}");
    }
    // Neither the name of the matrix file nor the way to it is the world.
    fs::copy(root().join(WIDGETS), folder.path("other-name.json")).unwrap();
    let asked = ["resolve", "widget-server", "widget-auth", "--matrix", "DIR/other-name.json"];
    let run = folder.run(&[&asked[..], &["--lock", "DIR/other.lock"]].concat(), "");
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(folder.read("other.lock"), first);
}

#[test]
fn a_lock_is_written_only_for_a_yes() {
    let folder = Folder::new("lock-yes");
    fs::write(folder.path("widgets.lock"), "the lock of yesterday").unwrap();
    let no: [&[&str]; 3] = [
        // There is no set.
        &["widget-server@2.0.0", "widget-auth@0.9.0"],
        // There is one, and the user's threshold makes it a no.
        &["widget-server@1.1.7", "--fail-on", "warning"],
        &["widget-server@1.1.7", "--unknown", "deny"],
    ];
    let mut partial: Value =
        serde_json::from_str(&fs::read_to_string(root().join(WIDGETS)).unwrap()).unwrap();
    partial["packages"][0]["listing"] = "partial".into();
    let silent = partial.to_string();
    // What releases of a line need that nobody lists is known only if it is stated of the line.
    partial["requirements"] = json!([{
        "package": "widget-server", "releases": "1.1.*", "needs": "widget-auth", "range": "*",
        "kind": "optional", "source": "notes",
    }]);
    fs::write(folder.path("partial.json"), partial.to_string()).unwrap();
    let ask = |more: &[&str]| {
        let start = ["resolve", "--matrix", "DIR/partial.json", "--lock", "DIR/widgets.lock"];
        folder.run(&[&start[..], more].concat(), "")
    };
    for more in no {
        let run = ask(more);
        assert_eq!(run.status, 1, "{more:?}\n{}{}", run.stdout, run.stderr);
        assert_eq!(folder.read("widgets.lock"), "the lock of yesterday");
    }
    // What nobody states is no yes, whatever the user makes of it.
    let asked = ["resolve", "--matrix", "-", "--lock", "DIR/widgets.lock", "widget-server@1.1.7"];
    for (more, status) in [(&[][..], 3), (&["--unknown", "deny"], 1), (&["--unknown", "allow"], 0)]
    {
        let run = folder.run(&[&asked[..], more].concat(), &silent);
        assert_eq!(run.status, status, "{more:?}\n{}{}", run.stdout, run.stderr);
        assert!(run.stdout.starts_with("unknown: no set is known to work"), "{}", run.stdout);
        assert_eq!(folder.read("widgets.lock"), "the lock of yesterday");
    }
    assert_eq!(ask(&["widget-server@1.1.7", "--unknown", "allow"]).status, 0);
    assert!(folder.read("widgets.lock").contains("\"version\": \"1.1.7\""));
    let judged = ["verify", "--matrix", "DIR/partial.json", "DIR/widgets.lock"];
    let run = folder.run(&judged, "");
    assert_eq!(run.status, 3, "{}", run.stdout);
    assert!(run.stdout.contains("release-unlisted"), "{}", run.stdout);
    assert_eq!(folder.run(&[&judged[..], &["--unknown", "deny"]].concat(), "").status, 1);
    assert_eq!(folder.list(), ["partial.json", "widgets.lock"], "no draft is left behind");
}

/// `resolve` refuses to be asked for a release that a complete list does not have; so does the judge,
/// although the version's release line is known.
#[test]
fn a_release_that_nobody_lists_is_no_release() {
    let lock = fs::read_to_string(root().join(EXAMPLE)).unwrap();
    let edited = lock
        .replacen("\"widget-server\"", "\"widget-server@2.0.7\"", 1)
        .replace("\"asked\": \"widget-server\"", "\"asked\": \"widget-server@2.0.7\"")
        .replace("\"version\": \"2.0.0\"", "\"version\": \"2.0.7\"");
    let run = skew_with(&widgets("verify", &["-"]), &edited);
    assert_eq!(run.status, 1, "{}{}", run.stdout, run.stderr);
    let said = "error[release-unknown] widget-server 2.0.7\n  `2.0.7` is no known release";
    assert!(run.stdout.contains(said), "{}", run.stdout);
    assert_eq!(run.stdout.matches("error[").count(), 1, "{}", run.stdout);
}

#[test]
fn the_answer_is_the_same_with_and_without_a_lock() {
    let folder = Folder::new("lock-answer");
    for format in ["human", "json", "markdown"] {
        let asked = ["widget-server", "widget-auth", "--format", format];
        let plain = skew(&widgets("resolve", &asked));
        let locked = ["--lock", "DIR/widgets.lock"];
        let with = folder.run(&widgets("resolve", &[&asked[..], &locked].concat()), "");
        assert_eq!((with.status, with.stdout, with.stderr), (0, plain.stdout, plain.stderr));
    }
}

#[test]
fn locks_of_the_shipped_matrices_are_right() {
    let folder = Folder::new("lock-shipped");
    for asked in [
        &["valkey", "valkey-search"][..],
        &["duckdb@2.0.0", "odbc_scanner"],
        &["kestra@1.3.39", "plugin-aws", "plugin-git"],
        &["dagster", "dagster-aws"],
        // Two matrices at once.
        &["valkey", "duckdb", "fts"],
        // A pre-release by name, and the oldest set.
        &["kestra@2.0.0-rc9", "--prefer", "oldest"],
    ] {
        let run = folder.run(&[&["resolve"], asked, &["--lock", "DIR/lock"], &DAY].concat(), "");
        assert_eq!(run.status, 0, "{asked:?}\n{}{}", run.stdout, run.stderr);
        let run = folder.run(&["verify", "DIR/lock", "--fail-on", "error"], "");
        assert_eq!(run.status, 0, "{asked:?}\n{}{}", run.stdout, run.stderr);
        let lock: Value = serde_json::from_str(&folder.read("lock")).unwrap();
        assert!(!lock["packages"].as_array().unwrap().is_empty());
    }
}

/// What others may be reading is replaced whole, where a link leads, with the rights it had.
#[cfg(unix)]
#[test]
fn a_lock_takes_the_place_of_the_old_one() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    let folder = Folder::new("lock-replaced");
    let old = folder.path("old.lock");
    fs::write(&old, "the lock of yesterday").unwrap();
    fs::set_permissions(&old, fs::Permissions::from_mode(0o640)).unwrap();
    let before = fs::metadata(&old).unwrap();
    symlink("old.lock", folder.path("widgets.lock")).unwrap();
    assert_eq!(lock_widgets(&folder, &[]), 0);
    let after = fs::metadata(&old).unwrap();
    assert!(fs::symlink_metadata(folder.path("widgets.lock")).unwrap().is_symlink());
    assert!(folder.read("old.lock").contains("\"kind\": \"lock\""));
    assert_eq!(after.permissions().mode() & 0o777, 0o640);
    assert_ne!(after.ino(), before.ino(), "a reader of the old file keeps it whole");
    assert_eq!(folder.list(), ["old.lock", "widgets.lock"]);
    // What is no plain file is written to.
    let run = skew(&widgets("resolve", &["widget-server", "--lock", "/dev/null"]));
    assert_eq!(run.status, 0, "{}", run.stderr);
}
