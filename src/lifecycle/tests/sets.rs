//! The sets of ended and long-term releases, against the support rows and on stated days.

use super::{TODAY, day, gadget, release, shipped};
use crate::answer::support::Phase;
use crate::catalog::{Catalog, PackageIx, ReleaseSet};
use crate::lifecycle::{ended, ended_reason, is_supported, lts, support};
use crate::version::Step;

/// Days before, at and after the turns of the shipped lines.
const DAYS: [&str; 7] = [
    "2019-01-01",
    "2024-06-04",
    "2026-01-13",
    "2026-01-14",
    "2026-11-17",
    "2026-11-18",
    "2031-05-20",
];

fn versions(catalog: &Catalog, package: PackageIx, set: &ReleaseSet) -> Vec<String> {
    set.iter().map(|rank| catalog.version((package, rank)).to_owned()).collect()
}

fn reason(catalog: &Catalog, package: &str, version: &str, on: &str) -> Option<String> {
    let (text, cite) = ended_reason(catalog, release(catalog, package, version), day(on))?;
    Some(format!("{text} [{}]", cite.map(|cite| cite.source).unwrap_or_default()))
}

/// Asserts that the sets of one package say what its support rows say, line by line.
fn agrees_with_rows(catalog: &Catalog, package: PackageIx, on: &str) -> (usize, usize) {
    let stated = catalog.package(package);
    let step = catalog.lifecycle(package).map_or(Step::Minor, |lifecycle| lifecycle.step);
    let gone = ended(catalog, package, day(on));
    let kept = lts(catalog, package, day(on));
    let rows = support(catalog, package, None, day(on));
    assert_eq!(kept.is_some(), rows.iter().any(|row| row.lts), "{} on {on}", stated.name);
    let mut told = 0;
    for row in &rows {
        let over = matches!(row.phase, Phase::Superseded | Phase::EndOfLife);
        for rank in stated.line_ranks(row.line, step) {
            told += 1;
            let label = catalog.label((package, rank));
            assert_eq!(gone.contains(rank), over, "{label} on {on}: {}", row.phase.name());
            let reason = ended_reason(catalog, (package, rank), day(on));
            assert_eq!(reason.is_some(), over, "{label} on {on}");
            let supported = is_supported(catalog, (package, rank), day(on));
            if over {
                assert_eq!(supported, Some(false), "{label} on {on}");
            }
            let out = stated.release(rank).date.is_none_or(|date| date <= day(on));
            let long = row.lts && out && supported == Some(true);
            assert_eq!(
                kept.as_ref().is_some_and(|set| set.contains(rank)),
                long,
                "{label} on {on}"
            );
        }
    }
    assert!(told >= gone.count(), "{} on {on}: a release without a row has ended", stated.name);
    (gone.count(), kept.map_or(0, |set| set.count()))
}

#[test]
fn sets_agree_with_the_rows_of_every_shipped_package() {
    for (name, least_gone, least_kept) in
        [("valkey", 50, 0), ("duckdb", 100, 5), ("kestra", 100, 40), ("dagster", 10, 0)]
    {
        let catalog = shipped(name);
        let (mut gone, mut kept) = (0, 0);
        for on in DAYS {
            for (package, _) in catalog.packages() {
                let found = agrees_with_rows(&catalog, package, on);
                (gone, kept) = (gone + found.0, kept + found.1);
            }
        }
        assert!(gone >= least_gone && kept >= least_kept, "{name}: {gone} ended, {kept} lts");
    }
}

#[test]
fn sets_agree_with_the_rows_of_made_up_policies() {
    let gadget = gadget();
    for on in ["2022-05-31", "2024-06-02", "2025-03-01", "2027-06-10", "2040-01-01"] {
        for (package, _) in gadget.packages() {
            agrees_with_rows(&gadget, package, on);
        }
    }
}

#[test]
fn supersession_ends_kestra_lines_and_the_day_after_counts() {
    let kestra = shipped("kestra");
    let package = kestra.find("kestra").unwrap();
    let gone = |version, on| {
        ended(&kestra, package, day(on)).contains(release(&kestra, "kestra", version).1)
    };
    assert!(!gone("1.1.0", "2026-01-13"));
    assert!(gone("1.1.0", "2026-01-14"));
    // 1.0 had long-term support, so that 1.1 came out did not end it.
    assert!(!gone("1.0.0", "2026-01-14"));
    assert!(gone("1.0.0", TODAY));
    assert_eq!(
        reason(&kestra, "kestra", "1.1.0", TODAY).unwrap(),
        "1.1 was superseded by 1.2 on 2026-01-13 [Kestra docs, releases and LTS policy, end of 2025]"
    );
    assert_eq!(
        reason(&kestra, "kestra", "1.0.0", TODAY).unwrap(),
        "1.0 was supported until 2026-09-09 [Kestra docs, releases and LTS policy, end of 2025]"
    );
    assert_eq!(reason(&kestra, "kestra", "2.0.0", TODAY), None);
}

#[test]
fn stated_ends_win_over_supersession_in_duckdb() {
    let duckdb = shipped("duckdb");
    // 2.0 is out, but 1.5 is stated to be served until 2027-03.
    assert_eq!(reason(&duckdb, "duckdb", "v1.5.6", TODAY), None);
    assert_eq!(
        reason(&duckdb, "duckdb", "v1.5.6", "2027-04-01").unwrap(),
        "1.5 was supported until 2027-03 [DuckDB documentation for 2.0 (operations_manual/migration)]"
    );
    let superseded = reason(&duckdb, "duckdb", "v0.9.2", TODAY).unwrap();
    assert!(superseded.starts_with("0.9 was superseded by 0.10 on 2024-02-13 ["), "{superseded}");
}

#[test]
fn long_term_releases_are_those_of_lines_served_on_the_day() {
    let kestra = shipped("kestra");
    let package = kestra.find("kestra").unwrap();
    let lines = |on| {
        let set = lts(&kestra, package, day(on)).unwrap();
        let mut lines: Vec<_> = set
            .iter()
            .map(|rank| kestra.package(package).version(rank).line(Step::Minor).to_string())
            .collect();
        lines.dedup();
        lines
    };
    assert_eq!(lines(TODAY), ["1.3", "2.0"]);
    assert_eq!(lines("2026-09-09"), ["1.0", "1.3", "2.0"]);
    assert_eq!(lines("2026-03-02"), ["1.0"]);

    let duckdb = shipped("duckdb");
    let package = duckdb.find("duckdb").unwrap();
    let on = |on| versions(&duckdb, package, &lts(&duckdb, package, day(on)).unwrap());
    assert_eq!(on("2025-10-01"), ["v1.4.0"]);
    assert!(on("2026-11-17").contains(&"v1.4.0".to_owned()));
    // None is left, which differs from naming none.
    assert!(on("2026-11-18").is_empty());
    let valkey = shipped("valkey");
    assert_eq!(lts(&valkey, valkey.find("valkey").unwrap(), day(TODAY)), None);
}

#[test]
fn what_is_not_known_has_not_ended() {
    let valkey = shipped("valkey");
    // Whether extended security follows for 9.1 is open until the policy would end it.
    assert_eq!(reason(&valkey, "valkey", "9.1.2", "2029-05-20"), None);
    assert_eq!(
        reason(&valkey, "valkey", "9.1.2", "2031-05-20").unwrap(),
        "9.1 was supported until 2031-05-19 at the latest [Valkey releases and versioning]"
    );
    let gadget = gadget();
    let count = |name: &str, on| ended(&gadget, gadget.find(name).unwrap(), day(on)).count();
    // No lifecycle, no lines, a successor without a date.
    assert_eq!(count("gizmo", "2040-01-01"), 0);
    assert_eq!(count("platform", "2040-01-01"), 0);
    assert_eq!(reason(&gadget, "widget", "1.2.0", "2040-01-01"), None);
}
