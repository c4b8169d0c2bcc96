//! Order, lines and error texts of every scheme.

use std::cmp::Ordering;

use super::*;

#[track_caller]
fn assert_ascending(scheme: Scheme, texts: &[&str]) {
    let numbering = Numbering::new(scheme);
    let versions: Vec<_> = texts.iter().map(|text| numbering.parse(text).unwrap()).collect();
    for (ix, older) in versions.iter().enumerate() {
        for newer in &versions[ix + 1..] {
            assert_eq!(older.precedence(newer), Some(Ordering::Less), "{older} < {newer}");
            assert_eq!(newer.precedence(older), Some(Ordering::Greater), "{newer} > {older}");
        }
    }
}

#[track_caller]
fn error(scheme: Scheme, text: &str) -> String {
    Numbering::new(scheme).parse(text).unwrap_err().to_string()
}

#[test]
fn each_scheme_orders_its_own_way() {
    assert_ascending(Scheme::Semver, &["7.2.4-rc1", "7.2.4-rc10", "7.2.4-rc9", "7.2.4", "8.0.0"]);
    assert_ascending(
        Scheme::Natural,
        &[
            "0.5.0-BETA",
            "0.5.0",
            "0.15.10",
            "0.15.10.1",
            "1.0",
            "1.0.1",
            "2.0.0-alpha",
            "2.0.0-rc0-SNAPSHOT",
            "2.0.0-rc0",
            "2.0.0-rc9",
            "2.0.0-rc12",
            "2.0.0",
        ],
    );
    assert_ascending(Scheme::Calver, &["2025.1.0", "2025.1.1", "2025.10.0", "2026.1.0"]);
    assert_ascending(Scheme::Duckdb, &["v1.5.6-dev212", "1.5.6", "v2.0.0-alpha49504", "v2.0.0"]);
    assert_ascending(
        Scheme::Pep440,
        &["1.0.dev1", "1.0a1", "1.0rc1", "1.0", "1.0+local", "1.0.post1"],
    );
}

#[test]
fn a_package_may_change_its_scheme_once() {
    let numbering = Numbering::changed(Scheme::Natural, "2025.1.0", Scheme::Calver).unwrap();
    let old = numbering.parse("1.0.0").unwrap();
    let new = numbering.parse("2025.1.0").unwrap();
    assert_eq!(old.precedence(&new), Some(Ordering::Less));
    assert_eq!(new.line(Step::Major).to_string(), "2025.1");
    assert_eq!(old.line(Step::Major).to_string(), "1");
}

#[test]
fn versions_of_different_schemes_do_not_compare() {
    let semver = Numbering::new(Scheme::Semver).parse("1.0.0").unwrap();
    let python = Numbering::new(Scheme::Pep440).parse("1.0.0").unwrap();
    assert_eq!(semver.precedence(&python), None);
}

#[test]
fn the_minor_step_breaks_before_one() {
    let numbering = Numbering::new(Scheme::Semver);
    let step = |a: &str, b: &str| numbering.parse(a).unwrap().step_to(&numbering.parse(b).unwrap());
    assert_eq!(step("0.7.5", "0.8.0"), Some(Step::Major));
    assert_eq!(step("0.8.1", "0.8.2"), Some(Step::Patch));
    assert_eq!(step("8.1.1", "8.0.1"), Some(Step::Minor));
    assert_eq!(step("8.1.1", "9.0.0"), Some(Step::Major));
    assert_eq!(step("8.1.1", "8.1.1"), None);
}

#[test]
fn a_line_is_a_shorter_version() {
    let numbering = Numbering::new(Scheme::Duckdb);
    let (numbers, floor) = numbering.parse_line("v1.4").unwrap();
    assert_eq!((numbers.to_string().as_str(), floor.text()), ("1.4", "v1.4.0"));
    assert!(numbering.parse_line("1.4.0").is_none());
    assert!(Numbering::new(Scheme::Semver).parse_line("9.x").is_none());
}

#[test]
fn error_texts() {
    insta::assert_snapshot!(error(Scheme::Semver, "9.1"), @"expected a semver version such as `9.1.2`: unexpected end of input while parsing minor version number");
    insta::assert_snapshot!(error(Scheme::Semver, ""), @"expected a semver version such as `9.1.2`: the text is empty");
    insta::assert_snapshot!(error(Scheme::Pep440, "one"), @"expected a pep440 version such as `1.13.27`: expected version to start with a number, but no leading ASCII digits were found");
    insta::assert_snapshot!(error(Scheme::Calver, "1.13.0"), @"expected a calver version such as `2025.1.0`: the first number is not a year");
    insta::assert_snapshot!(error(Scheme::Duckdb, "v1.5"), @"expected a duckdb version such as `v1.5.6`: it has 2 numbers, expected 3");
    insta::assert_snapshot!(error(Scheme::Natural, "1..2"), @"expected a natural version such as `2.0.0-rc9`: a number is missing");
    insta::assert_snapshot!(error(Scheme::Natural, "1.0-rc\u{1b}"), @"expected a natural version such as `2.0.0-rc9`: unexpected character `\u{1b}`");
    insta::assert_snapshot!(error(Scheme::Natural, "1.2.3.4.5"), @"expected a natural version such as `2.0.0-rc9`: it has 5 numbers, expected 1 to 4");
    insta::assert_snapshot!(error(Scheme::Natural, "99999999999999999999999"), @"expected a natural version such as `2.0.0-rc9`: a number is too large");
    insta::assert_snapshot!(error(Scheme::Listed, "amiga"), @"expected a listed version such as `linux_amd64`: the package lists no such name");
}

#[test]
fn a_computed_version_has_the_text_of_its_numbers() {
    let long = [4_000_000_000, 4_000_000_001, 4_000_000_002];
    for numbers in [&[1, 2][..], &[0], &[10, 0, 305, 7], &[999_999, 999_999, 9_999_999], &long] {
        let floor = Numbering::new(Scheme::Natural).floor(Numbers::new(numbers), 0).unwrap();
        let padded: Vec<_> = numbers.iter().copied().chain([0, 0]).collect();
        let padded = Numbers::new(&padded[..numbers.len().max(3)]);
        assert_eq!(floor.text(), padded.to_string());
    }
    let floor = Numbering::new(Scheme::Duckdb).floor(Numbers::new(&[1, 4]), 0).unwrap();
    assert_eq!(floor.text(), "v1.4.0");
}
