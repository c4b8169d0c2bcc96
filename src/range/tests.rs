//! The versions that each operator admits, per scheme, and the text of every mistake.

use std::cmp::Ordering;
use std::str::FromStr;

use proptest::prelude::*;

use super::*;
use crate::version::Scheme;

#[track_caller]
fn assert_admits(scheme: Scheme, range: &str, inside: &[&str], outside: &[&str]) {
    let numbering = Numbering::new(scheme);
    let range = Range::parse(range, &numbering, Bare::Exact).unwrap();
    for text in inside {
        assert!(
            range.contains(&numbering.parse(text).unwrap()),
            "`{}` admits {text}",
            range.text()
        );
    }
    for text in outside {
        assert!(
            !range.contains(&numbering.parse(text).unwrap()),
            "`{}` refuses {text}",
            range.text()
        );
    }
}

#[track_caller]
fn error(text: &str) -> String {
    let error = Range::parse(text, &Numbering::new(Scheme::Natural), Bare::Exact).unwrap_err();
    let hint = error.hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
    format!("{}: {error}{hint}", error.offset)
}

#[test]
fn comparisons() {
    use Scheme::Semver;
    assert_admits(Semver, ">=9.0.1", &["9.0.1", "9.1.0-rc1"], &["9.0.0", "9.0.1-rc1"]);
    assert_admits(Semver, "<9", &["8.1.10"], &["9.0.0-rc1", "9.0.0"]);
    assert_admits(Semver, "<9.0.0-rc2", &["9.0.0-rc1"], &["9.0.0-rc2", "9.0.0"]);
    assert_admits(Semver, "<=9.0", &["9.0.6", "9.0.0-rc1"], &["9.1.0"]);
    assert_admits(Semver, ">9.0", &["9.1.0-rc1"], &["9.0.6"]);
    assert_admits(Semver, "!=9.0", &["8.1.0", "9.1.0"], &["9.0.3"]);
    assert_admits(Semver, ">=7.2,<8 || 9.1.*", &["7.2.5", "9.1.0-rc1"], &["8.0.0", "9.0.0"]);
    assert_admits(Semver, "*", &["0.0.1"], &[]);
}

#[test]
fn carets_and_tildes() {
    use Scheme::Semver;
    assert_admits(Semver, "^1.2", &["1.2.0", "1.9.9"], &["1.1.9", "2.0.0"]);
    assert_admits(Semver, "^0.2.3", &["0.2.4"], &["0.3.0", "0.2.2"]);
    assert_admits(Semver, "~1.2.3", &["1.2.9"], &["1.3.0", "1.2.2"]);
    assert_admits(Scheme::Calver, "^2025.1.1", &["2025.1.2"], &["2025.2.0", "2025.1.0"]);
    assert_admits(Scheme::Pep440, "~=1.4.5", &["1.4.5", "1.4.9"], &["1.5.0"]);
    assert_admits(Scheme::Pep440, "~=1.4", &["1.4", "1.9"], &["2.0"]);
}

#[test]
fn jvm_forms() {
    use Scheme::Natural;
    assert_admits(Natural, "[0.12,)", &["0.12.0", "1.3.9"], &["0.11.2"]);
    assert_admits(Natural, "[0.23,0.24)", &["0.23.11"], &["0.24.0", "0.24.0-rc1", "0.22.0"]);
    assert_admits(Natural, "(,2.0.0]", &["2.0.0", "2.0.0-rc1"], &["2.0.1"]);
    assert_admits(Natural, "[1.0.0]", &["1.0.0"], &["1.0.1"]);
    assert_admits(Natural, "0.8.+", &["0.8.0", "0.8.1"], &["0.9.0"]);
}

#[test]
fn a_bare_version_can_be_a_minimum() {
    let numbering = Numbering::new(Scheme::Natural);
    let range = Range::parse("1.3.19", &numbering, Bare::Minimum).unwrap();
    assert!(range.contains(&numbering.parse("1.3.26").unwrap()));
    let range = Range::parse("0.8.+", &numbering, Bare::Minimum).unwrap();
    assert!(!range.contains(&numbering.parse("0.9.0").unwrap()));
}

#[test]
fn ranges_reach_over_a_change_of_scheme() {
    let numbering = Numbering::changed(Scheme::Natural, "2025.1.0", Scheme::Calver).unwrap();
    let range = Range::parse(">=1.0.0", &numbering, Bare::Exact).unwrap();
    assert!(range.contains(&numbering.parse("2025.1.0").unwrap()));
    let range = Range::parse("<2025.1", &numbering, Bare::Exact).unwrap();
    assert!(range.contains(&numbering.parse("1.0.0").unwrap()));
    assert!(!range.contains(&numbering.parse("2025.1.1").unwrap()));
}

#[test]
fn error_texts() {
    insta::assert_snapshot!(error(""), @"0: expected a constraint such as `>=1.2,<2`, found ``: nothing is there");
    insta::assert_snapshot!(error(">=1,,<2"), @"4: expected a constraint such as `>=1.2,<2`, found ``: nothing is there");
    insta::assert_snapshot!(error(">="), @"0: expected a constraint such as `>=1.2,<2`, found `>=`: a version is missing after the operator");
    insta::assert_snapshot!(error("=>1"), @"0: expected a constraint such as `>=1.2,<2`, found `=>`: unknown operator (the operators are `>=`, `>`, `<=`, `<`, `=`, `!=`, `^`, `~` and `~=`)");
    insta::assert_snapshot!(error("> = 1"), @"2: expected a constraint such as `>=1.2,<2`, found `= 1`: expected a natural version such as `2.0.0-rc9`: a number is missing (remove the space inside the operator)");
    insta::assert_snapshot!(error(">=1 <2"), @"2: expected a constraint such as `>=1.2,<2`, found `1 <2`: expected a natural version such as `2.0.0-rc9`: unexpected character ` ` (join comparisons with `,` (and) or `||` (or))");
    insta::assert_snapshot!(error("~=1"), @"2: expected a constraint such as `>=1.2,<2`, found `1`: `~=` needs at least two numbers");
    insta::assert_snapshot!(error(">=1.*"), @"2: expected a constraint such as `>=1.2,<2`, found `1.*`: a wildcard goes only with `=` and `!=`");
    insta::assert_snapshot!(error("x.*"), @"0: expected a constraint such as `>=1.2,<2`, found `x.*`: it names no release line");
    insta::assert_snapshot!(error("[1,2"), @"0: expected a constraint such as `>=1.2,<2`, found `[1,2`: the interval is not closed");
    insta::assert_snapshot!(error(">=one"), @"2: expected a constraint such as `>=1.2,<2`, found `one`: expected a natural version such as `2.0.0-rc9`: a number is missing");
}

fn python_version() -> impl Strategy<Value = String> {
    let suffix = prop::sample::select(vec!["", "", "", "a1", "rc1", ".post1", ".dev2", "+local"]);
    (0u8..3, 0u8..3, 0u8..3, suffix).prop_map(|(a, b, c, suffix)| format!("{a}.{b}.{c}{suffix}"))
}

fn numbers_of(version: &str) -> &str {
    let end = version.find(|c: char| c.is_alphabetic() || c == '+');
    version[..end.unwrap_or(version.len())].trim_end_matches('.')
}

proptest! {
    /// PEP 440 ranges mean what `pep440_rs` says, but for `<` and `>` with a suffix: there it leaves out
    /// more than the pre- and post-releases *of the bound*. Python's `packaging` does not, nor do we;
    /// `tests/it/versions.rs` compares with that.
    #[test]
    fn pep440_agrees(op in prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">=", "~="]),
                     bound in python_version(), version in python_version()) {
        let bound = match op {
            "==" | "!=" => bound.as_str(),
            "<" | ">" => numbers_of(&bound),
            _ => bound.split('+').next().unwrap(),
        };
        let text = format!("{op}{bound}");
        let theirs = pep440_rs::VersionSpecifiers::from_str(&text).unwrap();
        let numbering = Numbering::new(Scheme::Pep440);
        let ours = Range::parse(&text, &numbering, Bare::Exact).unwrap();
        let parsed = numbering.parse(&version).unwrap();
        prop_assert_eq!(
            ours.contains(&parsed),
            theirs.contains(&pep440_rs::Version::from_str(&version).unwrap()),
            "{} on {}", text, version
        );
    }

    /// A constraint and its negation share nothing and together hold everything.
    #[test]
    fn complements(bound in "[0-9]\\.[0-9]{1,2}(\\.[0-9])?", version in "[0-9]\\.[0-9]{1,2}\\.[0-9](-rc[0-9])?") {
        let numbering = Numbering::new(Scheme::Semver);
        let version = numbering.parse(&version);
        let Ok(version) = version else { return Ok(()) };
        for (op, opposite) in [("=", "!="), ("<=", ">")] {
            let a = Range::parse(&format!("{op}{bound}"), &numbering, Bare::Exact);
            let b = Range::parse(&format!("{opposite}{bound}"), &numbering, Bare::Exact);
            if let (Ok(a), Ok(b)) = (a, b) {
                prop_assert_ne!(a.contains(&version), b.contains(&version));
            }
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,12}") {
        for scheme in Scheme::ALL {
            let _ = Range::parse(&text, &Numbering::new(scheme), Bare::Exact).is_ok();
        }
    }
}

/// One to four small numbers, for some schemes with a mark or a year in front, or with zeros.
fn plain_text() -> impl Strategy<Value = String> {
    let front = prop::sample::select(&["", "", "", "2024.", "2025.", "v", "0"][..]);
    (front, prop::collection::vec(0..4_u32, 1..=4)).prop_map(|(front, numbers)| {
        let numbers: Vec<_> = numbers.iter().map(ToString::to_string).collect();
        format!("{front}{}", numbers.join("."))
    })
}

proptest! {
    /// A range that is read quickly admits what it admits when it is read in full.
    #[test]
    fn quick_is_in_full(
        scheme in prop::sample::select(vec![
            Scheme::Semver, Scheme::Calver, Scheme::Pep440, Scheme::Duckdb, Scheme::Natural,
        ]),
        bare in prop::sample::select(vec![Bare::Exact, Bare::Minimum]),
        texts in prop::collection::vec(plain_text(), 0..30),
        pieces in prop::collection::vec(
            (
                prop::sample::select(&["", "=", "==", "<", "<=", ">", ">=", "!=", "=>", ">= ", " <"][..]),
                plain_text(),
                prop::sample::select(&["", "", "", "", " ", ".", ".*", "-rc1", ",", "|| 1"][..]),
            ),
            1..4,
        ),
    ) {
        let numbering = Numbering::new(scheme);
        let versions = texts.iter().filter_map(|text| numbering.parse(text).ok());
        let mut versions: Vec<_> = versions.filter(Version::is_plain).collect();
        versions.sort_by(|a, b| a.precedence(b).unwrap());
        versions.dedup_by(|a, b| a.precedence(b) == Some(Ordering::Equal));
        let mut ladder = Ladder::default();
        ladder.fill(versions.iter().map(|version| version.place().unwrap()));
        let pieces: Vec<_> = pieces.iter().map(|(op, text, tail)| format!("{op}{text}{tail}")).collect();
        let text = pieces.join(",");
        if let Some(span) = ladder.span(&text, scheme, bare) {
            let range = Range::parse(&text, &numbering, bare).unwrap();
            let asked: Vec<_> =
                (0..versions.len()).filter(|&at| range.contains(&versions[at])).collect();
            prop_assert_eq!(span.collect::<Vec<_>>(), asked, "{}", text);
        }
    }
}
