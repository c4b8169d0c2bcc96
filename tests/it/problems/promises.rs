//! Promises that plugins rely on, and the rhythm of releases.

use super::{lint, toys};

#[test]
fn reliances() {
    let rows = [
        r#"{ "package": "arm", "contract": "trial", "source": "docs" }"#,
        r#"{ "package": "robot", "contract": "trial", "source": "docs" }"#,
        r#"{ "package": "arm", "contract": "trail", "source": "docs" }"#,
        r#"{ "package": "arms", "contract": "trial", "source": "docs" }"#,
        r#"{ "package": "arm", "releases": ">>1", "contract": "trial", "source": "docs" }"#,
        r#"{ "package": "robot", "releases": ">=1.0.0", "contract": "trial", "source": "docs" }"#,
        r#"{ "package": "arm", "contract": "trial" }"#,
        r#"{ "package": "arm", "source": "docs" }"#,
    ];
    let contract = r#""contracts": [{ "name": "trial", "package": "robot", "title": "Parts on trial", "binds": "package", "patch": "may-break", "source": "docs" }],"#;
    let row = |row: &&str| lint(toys(&format!("{contract}\n\"relies\": [{row}]")));
    let told: Vec<_> = rows.iter().map(row).collect();
    insta::assert_snapshot!(told.join("\n"), @r"


    error unknown-name 10:45 no contract of robot is named `trail` (did you mean `trial`?) «trail»
    error unknown-package 10:26 no package is named `arms` (did you mean `arm`?) «arms»
    error range 10:45 expected a constraint such as `>=1.2,<2`, found `>>`: unknown operator (the operators are `>=`, `>`, `<=`, `<`, `=`, `!=`, `^`, `~` and `~=`) «>>»
    error rule 10:47 the releases of all plugins of a core cannot be one range «>=1.0.0»
    error no-source 10:26 expected a `source`, found none here nor to inherit «arm»
    error shape 10:12 missing key `contract` «{»
    ");
    insta::assert_snapshot!(lint(toys(r#""contracts": [{ "name": "trial", "package": "robot", "title": "t", "binds": "all", "source": "docs" }]"#)), @r#"error shape 9:77 expected `package` or `plugins`, found `all` «\"all\"»"#);
}

#[test]
fn cadences() {
    let rows = [
        r#"{ "release": "minor", "months": 2, "weekday": "tuesday", "rule": "each second month" }"#,
        r#"{ "release": "minor", "months": 2, "weeks": 1, "rule": "now and then" }"#,
        r#"{ "release": "minor", "rule": "now and then" }"#,
        r#"{ "release": "minor", "months": 0, "rule": "now and then" }"#,
        r#"{ "release": "minor", "months": 99999, "rule": "hardly ever" }"#,
        r#"{ "release": "patch", "weeks": 1, "weekday": "friyay", "rule": "weekly" }"#,
        r#"{ "release": "tiny", "weeks": 1, "rule": "weekly" }"#,
        r#"{ "release": "patch", "weeks": 1 }"#,
    ];
    let row = |row: &&str| {
        lint(toys(&format!(
            "\"lifecycle\": [{{ \"package\": \"robot\", \"line\": \"major\", \"source\": \"docs\",\n\"cadence\": [{row}] }}]"
        )))
    };
    let told: Vec<_> = rows.iter().map(row).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"

    error rule 10:69 expected one of `months` and `weeks`, 1 or more «now and then»
    error rule 10:44 expected one of `months` and `weeks`, 1 or more «now and then»
    error rule 10:57 expected one of `months` and `weeks`, 1 or more «now and then»
    error shape 10:45 expected a whole number below 65536, found `99999` «99999»
    error shape 10:58 expected `monday`, `tuesday`, `wednesday`, `thursday`, `friday`, `saturday` or `sunday`, found `friyay` (did you mean `friday`?) «\"friyay\"»
    error shape 10:26 expected `major`, `minor` or `patch`, found `tiny` «\"tiny\"»
    error shape 10:13 missing key `rule` «{»
    "#);
}
