//! `skew inspect` on plugins and wheels.

use std::path::{Path, PathBuf};

use super::zips::{plugin, wheel, zip};
use crate::run::{golden, skew};

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("packages").join(name);
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

const AWS: &str = "Requires-Python: >=3.10,<3.15\nRequires-Dist: dagster==1.13.27\n\
                   Requires-Dist: boto3\nRequires-Dist: dagster-pyspark; extra == 'pyspark'\n";

/// Every kind of answer, with what it says for people.
#[test]
fn answers_read_well() {
    let folder = folder("answers");
    let git = write(&folder, "plugin-git-3.0.0.jar", &plugin("plugin-git", "3.0.0", 25));
    let own = write(&folder, "own.jar", &plugin("plugin-of-ours", "1.0.0\u{1b}[2J", 21));
    let aws = write(&folder, "aws.whl", &wheel("dagster-aws", "0.29.27", AWS));
    let loose = "Requires-Dist: dagster>=1.12; python_version<'3.12'\nRequires-Dist: python\n";
    let loose = write(&folder, "loose.whl", &wheel("dagster-ours", "2.0", loose));
    let unlike = write(&folder, "unlike", &wheel("unlike", "1", "Requires-Dist: dagster=>1\n"));
    let questions: [&[&str]; 9] = [
        &[&git],
        &[&git, "--for", "kestra@1.3", "--for", "kestra@2.0.0", "--for", "java@21"],
        &[&own, "--for", "java@21.0.12.1", "--for", "kestra@1.3.39"],
        &[&aws],
        &[&aws, "--for", "dagster@1.13.27", "--for", "python@3.12.3"],
        &[&aws, "--for", "dagster@1.13", "--for", "python@3.9.18"],
        &[&loose, "--for", "dagster@1.11.3"],
        &[&loose, "--for", "dagster@1.12.3"],
        &[&unlike, "--for", "dagster@1.12.3"],
    ];
    let mut text = String::new();
    for question in questions {
        let arguments: Vec<_> = ["inspect"].iter().chain(question).copied().collect();
        let run = skew(&arguments);
        assert_eq!(run.stderr, "");
        text.push_str(&format!(
            "$ skew {}\n{}status {}\n\n",
            arguments.join(" "),
            run.stdout,
            run.status
        ));
    }
    let text = text.replace(folder.to_str().unwrap(), "FOLDER");
    assert!(!text.contains('\u{1b}'));
    golden("cli/inspect-packages.txt", &text);
}

#[test]
fn the_answer_for_programs_holds_facts() {
    let folder = folder("json");
    let git = write(&folder, "plugin-git-3.0.0.jar", &plugin("plugin-git", "3.0.0", 25));
    let aws = write(&folder, "aws.whl", &wheel("dagster-aws", "0.29.27", AWS));
    let run = skew(&["inspect", &git, "--for", "java@21", "--format", "json"]);
    let more = skew(&["inspect", &aws, "--for", "python@3.12.3", "--format", "json"]);
    let text = run.stdout + &more.stdout;
    golden("cli/inspect-packages.json", &text.replace(folder.to_str().unwrap(), "FOLDER"));
}

/// Of a folder what has to do with the question is looked at, and what cannot be read is named.
#[test]
fn a_folder_may_hold_several_kinds() {
    let folder = folder("mixed");
    write(&folder, "a.jar", &plugin("plugin-git", "3.0.0", 25));
    write(&folder, "b.whl", &wheel("dagster-aws", "0.29.27", AWS));
    write(&folder, "c.jar", b"PK");
    write(&folder, "d.duckdb_extension", &super::made::made("CPP", "v1.5.6").bytes());
    let run = skew(&["inspect", folder.to_str().unwrap(), "--unsigned", "--for", "duckdb@1.5.6"]);
    let text = run.stdout.replace(folder.to_str().unwrap(), "FOLDER");
    golden("cli/inspect-folder.txt", &text);
}

#[test]
fn what_cannot_be_answered_is_said() {
    let folder = folder("errors");
    let jar = write(&folder, "a.jar", &plugin("plugin-git", "3.0.0", 25));
    let wheel = write(&folder, "a.whl", &wheel("a", "1", ""));
    let broken = write(&folder, "b.whl", &zip(&[("b-1.dist-info/METADATA", b"Name: b\nX: 1\n")]));
    let questions: [&[&str]; 4] = [
        &[&jar, "--for", "valkey@9.1.2"],
        &[&jar, "--for", "kestra@1.4.0"],
        &[&wheel, "--for", "duckdb@1.5.6"],
        &[&broken],
    ];
    let mut text = String::new();
    for question in questions {
        let run = skew(&["inspect"].iter().chain(question).copied().collect::<Vec<_>>());
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{question:?}");
        text.push_str(&run.stderr);
    }
    golden("cli/inspect-packages-errors.txt", &text.replace(folder.to_str().unwrap(), "FOLDER"));
}
