//! The command: files in, a deployment file out.

use crate::run::{golden, skew, skew_with};

/// Shows a run with all that it prints.
fn shown(arguments: &[&str], input: &str) -> String {
    let run = skew_with(arguments, input);
    format!("$ skew {}\n{}{}exit {}\n", arguments.join(" "), run.stdout, run.stderr, run.status)
}

#[test]
fn a_plugin_folder_becomes_a_deployment() {
    let listing = "io_kestra_plugin__plugin-aws__2_8_2.jar\nREADME\n./plugin-git-3.0.0.jar\n\
                   io_kestra_plugin__plugin-other__1_0_0.jar\nodd.jar\n";
    let texts = [
        shown(&["import", "kestra-plugins", "-"], listing),
        shown(&["import", "auto", "-", "--name", "flows", "-q"], listing),
        shown(&["import", "kestra-plugins", "-"], "nothing here\n"),
        shown(&["import", "auto", "Cargo.toml"], ""),
        shown(&["import", "kestra-plugins", "no-such.jar"], ""),
        shown(&["import", "kestra-plugins", "src"], ""),
        shown(&["import", "kestra-plugins", "-", "--format", "csv"], listing),
    ];
    golden("import/kestra-plugins.txt", &texts.join("\n"));
}

#[test]
fn the_exit_status_follows_the_remarks() {
    let listing = "plugin-git-3.0.0.jar\n";
    let status = |more: &[&str]| {
        skew_with(&[&["import", "kestra-plugins", "-"], more].concat(), listing).status
    };
    assert_eq!(status(&[]), 0);
    assert_eq!(status(&["--fail-on", "warning"]), 1);
    assert_eq!(status(&["--unknown", "deny"]), 1);
    assert_eq!(status(&["--unknown", "allow", "--fail-on", "warning"]), 0);
    assert_eq!(skew(&["import", "no-such-format", "-"]).status, 2);
}
