//! The engines themselves: what each says when it is asked to load a file, and what we say.
//!
//! The engines and a few real extension files come from PyPI into `target/oracles`, once. Other files are
//! copies of a real one on the stable C API with an edited footer, so that engines really load them.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::oracles::oracles;
use crate::run::{root, skew};

const ENGINES: [&str; 9] =
    ["1.1.0", "1.1.3", "1.2.2", "1.3.2", "1.4.3", "1.4.4", "1.5.5", "1.5.6", "2.0.0"];

/// The platforms that the engines run on, and one that none does.
const PLATFORMS: [&str; 3] = ["linux_amd64", "linux_amd64_gcc4", "linux_arm64"];

/// Versions of the C API, good and odd.
const C_API: [&str; 18] = [
    "v0.0.0",
    "v0.0.1",
    "v0.0.2",
    "v1.0.0",
    "v1.1.9",
    "v1.2.0",
    "v1.2.1",
    "v1.3.0",
    "v1.5.6",
    "v1.5.7",
    "v2.0.0",
    "v3.0.0",
    "v1.2",
    "1.2.0",
    "v1.2.0-rc1",
    "v01.+2.0",
    "v1.2e0.0.",
    "v1.-2.0",
];

/// Returns the real extension files below a folder, sorted.
fn real_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            real_files(&entry, found);
        } else if entry.extension().is_some_and(|end| end == "duckdb_extension") {
            found.push(entry);
        }
    }
}

/// Writes a library with the functions that the real file wants from `libodbc.so.2`, which need not be on
/// this machine. None of them is called while loading.
fn stub_library(folder: &Path, real: &[u8]) {
    let names: BTreeSet<_> = real
        .split(|&byte| byte == 0)
        .filter(|name| name.starts_with(b"SQL") && name.iter().all(u8::is_ascii_alphabetic))
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    let code: Vec<_> =
        names.iter().map(|name| format!("short {name}(void) {{ return -1; }}\n")).collect();
    std::fs::write(folder.join("stub.c"), code.concat()).unwrap();
    let run = Command::new("cc")
        .args(["-shared", "-fPIC", "-Wl,-soname,libodbc.so.2", "-o", "libodbc.so.2", "stub.c"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

/// Edited copies of one file, each in a folder of its own: an engine must not see a file change that it
/// has loaded.
struct Copies<'a> {
    real: &'a [u8],
    folder: &'a Path,
    paths: Vec<String>,
}

impl Copies<'_> {
    fn write(&mut self, name: &str, bytes: &[u8]) {
        let folder = self.folder.join(self.paths.len().to_string());
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        self.paths.push(path.to_str().unwrap().to_owned());
    }

    /// Writes a copy with other texts in fields, which are numbered from the end.
    fn edit(&mut self, name: &str, fields: &[(usize, &str)]) {
        let mut bytes = self.real.to_vec();
        for (number, text) in fields {
            let start = bytes.len() - 256 - number * 32;
            bytes[start..start + 32].fill(0);
            bytes[start..start + text.len()].copy_from_slice(text.as_bytes());
        }
        self.write(name, &bytes);
    }

    fn all(&mut self) {
        const NAME: &str = "odbc_scanner.duckdb_extension";
        for platform in PLATFORMS {
            for version in C_API {
                self.edit(NAME, &[(5, "C_STRUCT"), (3, version), (2, platform)]);
            }
            for engine in ENGINES {
                let version = format!("v{engine}");
                for abi in ["CPP", "C_STRUCT_UNSTABLE"] {
                    self.edit(NAME, &[(5, abi), (3, &version), (2, platform)]);
                }
            }
            for abi in ["", "cpp", "c_struct", "C_STRUCT "] {
                self.edit(NAME, &[(5, abi), (3, "v1.2.0"), (2, platform)]);
            }
            for name in
                ["odbc.duckdb_extension", "ODBC_Scanner.v2.duckdb_extension", "odbc_scanner.so"]
            {
                self.edit(name, &[(2, platform)]);
            }
        }
        self.edit(NAME, &[(3, "1.5.5"), (5, "CPP")]);
        self.edit(NAME, &[(1, "5")]);
        self.edit(NAME, &[(1, "")]);
        for length in [0, 100, 511, 512, 700] {
            let bytes = self.real[self.real.len() - length..].to_vec();
            self.write(NAME, &bytes);
        }
    }
}

/// One question: a file, and whether signatures count.
struct Question {
    path: String,
    signed: bool,
}

/// What an engine said.
struct Said {
    engine: Value,
    answers: Vec<Option<String>>,
}

impl Said {
    fn text(&self, key: &str) -> &str {
        self.engine[key].as_str().unwrap()
    }
}

fn ask_engine(oracles: &Path, version: &str, library: &Path, questions: &[Question]) -> Said {
    let mut child = Command::new("python3")
        .arg(root().join("tests/oracles/load.py"))
        .env("PYTHONPATH", oracles.join(format!("engine-{version}")))
        .env("LD_LIBRARY_PATH", library)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mode = |question: &Question| if question.signed { "signed" } else { "unsigned" };
    let lines: Vec<_> =
        questions.iter().map(|one| format!("{} {}\n", mode(one), one.path)).collect();
    child.stdin.take().unwrap().write_all(lines.concat().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines = text.lines();
    let engine = serde_json::from_str(lines.next().unwrap()).unwrap();
    let answers: Vec<_> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), questions.len(), "duckdb {version} stopped early");
    Said { engine, answers }
}

/// How the checks show in what engines say.
const SENTENCES: [(&str, &str); 14] = [
    ("DuckDB extensions are files ending with", "load-name"),
    ("must be at least 512 bytes", "load-footer"),
    ("The metadata at the end of the file is invalid", "load-footer"),
    ("Unknown ABI type", "load-abi"),
    ("Enum value: ", "load-abi"),
    ("was built for DuckDB C API version", "load-c-api"),
    ("was built for DuckDB version", "load-version"),
    ("was built specifically for DuckDB version", "load-version"),
    ("file was built for the platform", "load-platform"),
    ("signature is either missing or invalid", "load-signature"),
    ("did not contain function", "load-entry"),
    ("did not contain the expected entrypoint", "load-entry"),
    // The checks were passed; what follows runs or maps the code.
    ("invalid ELF header", ""),
    ("An error was thrown during initialization", ""),
];

/// Returns the checks that fired in an engine, by its error; none if it loaded the file or stumbled over
/// what no footer tells.
fn fired(error: Option<&str>) -> BTreeSet<&'static str> {
    let Some(error) = error else { return BTreeSet::new() };
    let found: Vec<_> = SENTENCES
        .iter()
        .filter(|(words, _)| error.contains(words))
        .map(|(_, code)| *code)
        .collect();
    assert!(!found.is_empty(), "no check is known for: {error}");
    found.into_iter().filter(|code| !code.is_empty()).collect()
}

/// Engines stop after the first of these groups that finds something.
const STAGES: [&[&str]; 5] = [
    &["load-name"],
    &["load-footer", "load-abi"],
    &["load-version", "load-c-api", "load-platform"],
    &["load-signature"],
    &["load-entry"],
];

/// Returns those of our codes that the engine comes to.
fn first_stage<'a>(codes: &[&'a str]) -> BTreeSet<&'a str> {
    let of_stage = |stage: &&[&str]| -> BTreeSet<&'a str> {
        codes.iter().filter(|code| stage.contains(code)).copied().collect()
    };
    STAGES.iter().map(of_stage).find(|found| !found.is_empty()).unwrap_or_default()
}

/// Whether an engine and we say the same. 1.1 looks at the signature first and then tells everything.
fn agree(theirs: &BTreeSet<&str>, ours: &[&str]) -> bool {
    let mut theirs = theirs.clone();
    if theirs.len() > 1 && theirs.contains("load-signature") && ours.contains(&"load-signature") {
        theirs.remove("load-signature");
    }
    // What has no footer has no signature field either; we do not speak of it then.
    if theirs.len() > 1 && ours.contains(&"load-footer") {
        theirs.remove("load-signature");
    }
    theirs == first_stage(ours)
}

/// Returns the codes that we give for each question and engine. Engines of one platform are asked together.
fn ask_skew(engines: &[Said], questions: &[Question]) -> Vec<Vec<Vec<String>>> {
    let mut answers = vec![vec![Vec::new(); questions.len()]; engines.len()];
    let platforms: BTreeSet<_> = engines.iter().map(|said| said.text("platform")).collect();
    for (platform, signed) in
        platforms.iter().flat_map(|&platform| [(platform, true), (platform, false)])
    {
        let hosts: Vec<_> =
            (0..engines.len()).filter(|&ix| engines[ix].text("platform") == platform).collect();
        let places: Vec<_> =
            (0..questions.len()).filter(|&ix| questions[ix].signed == signed).collect();
        let specs: Vec<_> =
            hosts.iter().map(|&ix| format!("duckdb@{}", engines[ix].text("version"))).collect();
        let mut arguments = vec!["inspect", "--format", "json", "--platform", platform];
        arguments.extend(specs.iter().flat_map(|spec| ["--for", spec]));
        if !signed {
            arguments.push("--unsigned");
        }
        arguments.extend(places.iter().map(|&ix| questions[ix].path.as_str()));
        let run = skew(&arguments);
        let answer: Value = serde_json::from_str(&run.stdout).expect(&run.stderr);
        for (&place, file) in places.iter().zip(answer["files"].as_array().unwrap()) {
            for (&host, loading) in hosts.iter().zip(file["engines"].as_array().unwrap()) {
                answers[host][place] = codes(loading);
            }
        }
    }
    answers
}

/// Returns the checks that fired. A verdict of this kind is never unknown.
fn codes(loading: &Value) -> Vec<String> {
    let codes = loading["checks"].as_array().unwrap().iter();
    let codes: Vec<_> = codes.map(|code| code.as_str().unwrap().to_owned()).collect();
    let verdict = if codes.is_empty() { "compatible" } else { "incompatible" };
    assert_eq!(loading["verdict"], verdict, "{loading}");
    codes
}

#[test]
fn engines_agree_on_the_verdict_and_on_the_check() {
    let check = "extension files against real DuckDB engines";
    let Some(oracles) = oracles("engines", check) else { return };
    let mut files = Vec::new();
    real_files(&oracles.join("extensions"), &mut files);
    let stable = files.iter().find(|path| path.ends_with("odbc_scanner.duckdb_extension")).unwrap();
    let real = std::fs::read(stable).unwrap();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("engines");
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder).unwrap();
    stub_library(&folder, &real);
    let mut copies = Copies { real: &real, folder: &folder, paths: Vec::new() };
    copies.all();
    let originals = files.iter().map(|path| path.to_str().unwrap().to_owned());
    let signed = originals.chain(copies.paths.iter().step_by(7).cloned());
    let questions: Vec<_> = signed
        .map(|path| Question { path, signed: true })
        .chain(copies.paths.iter().map(|path| Question { path: path.clone(), signed: false }))
        .collect();
    let said: Vec<_> =
        ENGINES.iter().map(|version| ask_engine(&oracles, version, &folder, &questions)).collect();
    let ours = ask_skew(&said, &questions);
    let mut wrong = Vec::new();
    let (mut count, mut loaded) = (0, 0);
    for (said, ours) in said.iter().zip(&ours) {
        for ((question, theirs), ours) in questions.iter().zip(&said.answers).zip(ours) {
            count += 1;
            loaded += usize::from(theirs.is_none());
            let codes: Vec<_> = ours.iter().map(String::as_str).collect();
            if !agree(&fired(theirs.as_deref()), &codes) {
                let mode = if question.signed { "signed" } else { "unsigned" };
                let (version, path) = (said.text("version"), &question.path);
                wrong.push(format!("{version} {mode} {path}: {theirs:?}, ours {codes:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 1300 && loaded >= 50, "{count} combinations, {loaded} loaded");
    std::fs::remove_dir_all(&folder).ok();
}
