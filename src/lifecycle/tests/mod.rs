//! The shipped policies on stated days, and the rules on made-up releases.

mod sets;

use jiff::civil::Date;

use super::{is_supported, support, support_finding};
use crate::answer::support::{End, Phase, SupportRow};
use crate::catalog::{Catalog, PackageIx, ReleaseId, ReleaseSet, Until};
use crate::finding::{Evidence, Finding};

const TODAY: &str = "2026-11-20";

/// A policy like Valkey's, and one by succession with long-term support, on made-up releases.
const GADGET: &str = r#"{
  "format": 1, "name": "gadget", "as_of": "2026-11-20",
  "sources": { "policy": { "title": "Gadget policy", "evidence": "documented" } },
  "packages": [
    { "name": "gadget", "kind": "core", "scheme": "semver", "source": "policy", "releases": [
      { "version": "1.0.0", "date": "2020-01-01" }, { "version": "1.1.0", "date": "2021-02-28" },
      { "version": "2.0.0", "date": "2022-06-01" }, { "version": "2.1.0-rc1", "date": "2022-12-01" },
      { "version": "2.1.0", "date": "2023-02-01" }, { "version": "2.2.0", "date": "2027-01-15" },
      { "version": "3.0.0", "date": "2027-06-01", "withdrawn": "lost data" }, { "version": "3.0.1", "date": "2027-06-10" },
      { "version": "3.1.0", "withdrawn": "lost data" }, { "version": "4.0.0-rc1" } ] },
    { "name": "widget", "kind": "core", "scheme": "semver", "source": "policy", "releases": [
      { "version": "1.0.0", "date": "2024-02-29" }, { "version": "1.1.0", "date": "2024-06-01" },
      { "version": "1.2.0", "date": "2024-09-01" }, { "version": "1.3.0" } ] },
    { "name": "gizmo", "kind": "core", "scheme": "semver", "source": "policy", "releases": [
      { "version": "1.0.0", "date": "2024-02-29" }, { "version": "1.1.0" } ] },
    { "name": "platform", "kind": "platform", "scheme": "listed", "source": "policy", "releases": [ { "version": "any" } ] }
  ],
  "lifecycle": [
    { "package": "gadget", "line": "minor", "source": "policy", "rules": [
      { "phase": "extended-security", "applies_to": "latest-minor-of-major", "years": 5 },
      { "phase": "maintenance", "applies_to": "all", "months": 36 } ] },
    { "package": "widget", "line": "minor", "lts": ["1.0"], "source": "policy", "rules": [
      { "phase": "lts", "applies_to": "lts", "years": 1 },
      { "phase": "active", "applies_to": "all", "until": "superseded" } ],
      "windows": [ { "line": "1.2", "phase": "security", "from": "2024-10-01", "until": "2024-12" } ] }
  ] }"#;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn load(name: &str, bytes: &[u8]) -> Catalog {
    let loaded = crate::matrix::load(&[crate::matrix::Input { name, bytes }], &[]);
    assert!(loaded.problems.list.is_empty(), "{:?}", loaded.problems.list);
    loaded.catalog
}

fn shipped(name: &str) -> Catalog {
    let path = format!("{}/matrices/{name}.json", env!("CARGO_MANIFEST_DIR"));
    load(name, &std::fs::read(path).unwrap())
}

fn gadget() -> Catalog {
    load("gadget", GADGET.as_bytes())
}

#[track_caller]
fn row(catalog: &Catalog, package: &str, line: &str, on: &str) -> SupportRow {
    let rows = support(catalog, catalog.find(package).unwrap(), None, day(on));
    rows.into_iter().find(|row| row.line.to_string() == line).unwrap()
}

#[track_caller]
fn release(catalog: &Catalog, package: &str, version: &str) -> ReleaseId {
    let ix = catalog.find(package).unwrap();
    (ix, catalog.package(ix).find(version).unwrap())
}

#[track_caller]
fn finding(
    catalog: &Catalog,
    package: &str,
    version: &str,
    on: &str,
    within: i64,
) -> Option<Finding> {
    support_finding(catalog, release(catalog, package, version), day(on), within, "node a1")
}

/// Phases as `name from..end`, then the phase on the day and the days left of it.
fn told(row: &SupportRow) -> String {
    let spans = row.phases.iter().map(|span| {
        let from = span.from.map(|from| from.to_string()).unwrap_or_default();
        format!("{} {from}..{}", span.phase, end(&span.end))
    });
    let days = row.days_left.map_or_else(|| "-".to_owned(), |days| days.to_string());
    format!("{}; {} {days}", spans.collect::<Vec<_>>().join(", "), row.phase.name())
}

fn end(end: &End) -> String {
    match end {
        End::Stated(until) => until.text(),
        End::Computed { date, .. } => format!("={date}"),
        End::Superseded { by: Some((line, date)) } => format!("{line}@{date}"),
        End::Superseded { by: None } => "next".to_owned(),
        End::Open => "open".to_owned(),
        End::NotKnown { would_be, .. } => {
            format!("?{}", would_be.map(|date| date.to_string()).unwrap_or_default())
        }
    }
}

#[track_caller]
fn assert_told(catalog: &Catalog, package: &str, line: &str, on: &str, expected: &str) {
    assert_eq!(told(&row(catalog, package, line, on)), expected, "{package} {line} on {on}");
}

#[track_caller]
fn assert_phases(catalog: &Catalog, package: &str, line: &str, days: &[(&str, Phase)]) {
    for (on, phase) in days {
        assert_eq!(row(catalog, package, line, on).phase, *phase, "{package} {line} on {on}");
    }
}

#[test]
fn valkey_lines_follow_the_table_and_then_the_policy() {
    let valkey = shipped("valkey");
    let cases = [
        (
            "7.2",
            "maintenance 2024-04-16..2027-04-16, extended-security 2027-04-16..2029-04-16; maintenance 147",
        ),
        ("8.0", "maintenance 2024-09-15..2027-09-15; maintenance 299"),
        (
            "8.1",
            "maintenance 2025-03-31..2028-03-31, extended-security 2028-03-31..2030-03-31; maintenance 497",
        ),
        ("9.0", "maintenance 2025-10-21..2028-10-21; maintenance 701"),
        (
            "9.1",
            "maintenance 2026-05-19..=2029-05-19, extended-security 2029-05-19..?2031-05-19; maintenance 911",
        ),
        ("9.2", "; pre-release -"),
    ];
    for (line, expected) in cases {
        assert_told(&valkey, "valkey", line, TODAY, expected);
    }
}

#[test]
fn valkey_rows_name_dates_releases_and_sources() {
    let valkey = shipped("valkey");
    let package = valkey.find("valkey").unwrap();
    let old = row(&valkey, "valkey", "7.2", TODAY);
    assert_eq!(old.released, Some(day("2024-04-15")));
    assert_eq!(valkey.version((package, old.newest)), "7.2.14");
    assert_eq!(old.ends, Some(Until::Day(day("2029-04-16"))));
    assert_eq!(old.basis, "stated by Valkey releases and versioning");
    assert_eq!(old.cites[0].evidence, Evidence::Documented);

    let new = row(&valkey, "valkey", "9.1", TODAY);
    assert_eq!(new.ends, Some(Until::Day(day("2029-05-19"))));
    assert_eq!(
        new.basis,
        "maintenance: 3 years from first release; extended-security: 5 years from first release, latest minor of the major"
    );
    let End::NotKnown { reason, .. } = &new.phases[1].end else {
        panic!("9.2 or 10 may come first")
    };
    assert_eq!(
        reason,
        "decided once the next major is out; would be 2031-05-19 if 9.1 stays the latest minor of 9"
    );

    let next = row(&valkey, "valkey", "9.2", TODAY);
    assert_eq!((next.released, next.basis.as_str()), (None, "no stable release is out"));
    assert_eq!(valkey.version((package, next.newest)), "9.2.0-rc1");
}

#[test]
fn valkey_phases_change_after_their_last_day() {
    let valkey = shipped("valkey");
    let days = [
        ("2024-04-14", Phase::PreRelease),
        ("2024-04-15", Phase::Maintenance),
        ("2027-04-16", Phase::Maintenance),
        ("2027-04-17", Phase::ExtendedSecurity),
        ("2029-04-16", Phase::ExtendedSecurity),
        ("2029-04-17", Phase::EndOfLife),
    ];
    assert_phases(&valkey, "valkey", "7.2", &days);
    // Whether 9.1 has extended security is open until 10 is out.
    let days = [
        ("2029-05-20", Phase::Unknown),
        ("2031-05-19", Phase::Unknown),
        ("2031-05-20", Phase::EndOfLife),
    ];
    assert_phases(&valkey, "valkey", "9.1", &days);
}

#[test]
fn newest_is_the_newest_usable_release_on_the_day() {
    let valkey = shipped("valkey");
    let newest = |line, on| {
        valkey.version((valkey.find("valkey").unwrap(), row(&valkey, "valkey", line, on).newest))
    };
    assert_eq!(newest("9.1", TODAY), "9.1.2");
    assert_eq!(newest("9.1", "2026-08-30"), "9.1.1");
    assert_eq!(newest("9.1", "2026-05-01"), "9.1.0-rc2");
    assert_eq!(newest("8.0", "2026-04-30"), "8.0.7");
}

#[test]
fn redis_without_an_announced_end_is_open() {
    let valkey = shipped("valkey");
    assert_told(
        &valkey,
        "redis",
        "8.4",
        TODAY,
        "active 2025-11-18..2026-02-11, maintenance 2026-02-11..open; maintenance -",
    );
    assert_eq!(row(&valkey, "redis", "8.4", TODAY).ends, None);
    assert_eq!(finding(&valkey, "redis", "8.4.0", "2040-01-01", 90), None);
}

#[test]
fn duckdb_windows_win_over_supersession() {
    let duckdb = shipped("duckdb");
    assert_told(&duckdb, "duckdb", "1.5", TODAY, "active 2026-03-09..2027-03; active 131");
    let days = [("2027-03-31", Phase::Active), ("2027-04-01", Phase::EndOfLife)];
    assert_phases(&duckdb, "duckdb", "1.5", &days);
    let days =
        [("2026-11-17", Phase::Lts), ("2026-11-18", Phase::EndOfLife), (TODAY, Phase::EndOfLife)];
    assert_phases(&duckdb, "duckdb", "1.4", &days);
    assert!(row(&duckdb, "duckdb", "1.4", TODAY).lts);
    assert_told(
        &duckdb,
        "duckdb",
        "0.9",
        TODAY,
        "active 2023-09-26..0.10@2024-02-13; superseded -",
    );
    assert_told(&duckdb, "duckdb", "2.0", TODAY, "active 2026-10-21..next; active -");
}

#[test]
fn kestra_has_lts_lines_and_superseded_ones() {
    let kestra = shipped("kestra");
    assert_told(&kestra, "kestra", "1.0", TODAY, "lts 2025-09-09..2026-09-09; end-of-life -");
    assert_told(&kestra, "kestra", "1.1", TODAY, "active 2025-11-04..1.2@2026-01-13; superseded -");
    assert_told(&kestra, "kestra", "1.3", TODAY, "lts 2026-03-03..2027-03-03; lts 103");
    assert_told(&kestra, "kestra", "2.0", TODAY, "lts 2026-09-08..=2027-09-08; lts 292");
    assert_eq!(row(&kestra, "kestra", "2.0", TODAY).basis, "1 year from first release");
    let days = [("2026-01-13", Phase::Active), ("2026-01-14", Phase::Superseded)];
    assert_phases(&kestra, "kestra", "1.1", &days);
}

#[test]
fn runtimes_have_published_cycles() {
    let dagster = shipped("dagster");
    let days = [
        ("2023-04-05", Phase::Active),
        ("2026-10-31", Phase::Maintenance),
        ("2026-11-01", Phase::EndOfLife),
    ];
    assert_phases(&dagster, "python", "3.10", &days);
    let kestra = shipped("kestra");
    assert_told(&kestra, "java", "21", TODAY, "lts 2023-10-10..2029-12-31; lts 1137");
    assert_phases(&kestra, "java", "26", &[(TODAY, Phase::EndOfLife)]);
}

#[test]
fn nothing_is_known_without_dates() {
    let dagster = shipped("dagster");
    let row = row(&dagster, "dagster", "1", TODAY);
    assert_eq!((row.phase, row.ends, row.days_left), (Phase::Unknown, None, None));
    assert_eq!(
        row.basis,
        "No support windows are published. The promise is that public stable APIs last for a major."
    );
    assert!(row.cites[0].note.as_ref().is_some_and(|note| note.starts_with("No support windows")));
    assert_eq!(is_supported(&dagster, release(&dagster, "dagster", "1.13.27"), day(TODAY)), None);
    assert_eq!(finding(&dagster, "dagster", "1.13.27", TODAY, 90), None);

    let gadget = gadget();
    assert_told(&gadget, "gizmo", "1.0", TODAY, "; unknown -");
    assert!(support(&gadget, gadget.find("platform").unwrap(), None, day(TODAY)).is_empty());
}

#[test]
fn latest_minor_is_decided_when_the_next_major_is_out() {
    let gadget = gadget();
    // 1.1 was the latest minor of 1 when 2.0 came out; 1.0 was not.
    assert_told(
        &gadget,
        "gadget",
        "1.0",
        "2022-06-01",
        "maintenance 2020-01-01..=2023-01-01; maintenance 214",
    );
    let undecided = "maintenance 2021-02-28..=2024-02-28, extended-security 2024-02-28..?2026-02-28; maintenance 638";
    assert_told(&gadget, "gadget", "1.1", "2022-05-31", undecided);
    let decided = "maintenance 2021-02-28..=2024-02-28, extended-security 2024-02-28..=2026-02-28; maintenance 637";
    assert_told(&gadget, "gadget", "1.1", "2022-06-01", decided);
    let days = [("2024-02-29", Phase::ExtendedSecurity), ("2026-03-01", Phase::EndOfLife)];
    assert_phases(&gadget, "gadget", "1.1", &days);
}

#[test]
fn announced_minor_takes_the_place_on_its_day() {
    let gadget = gadget();
    let candidate =
        "maintenance 2023-02-01..=2026-02-01, extended-security 2026-02-01..?2028-02-01; unknown -";
    assert_told(&gadget, "gadget", "2.1", "2027-01-14", candidate);
    assert_told(
        &gadget,
        "gadget",
        "2.1",
        "2027-01-15",
        "maintenance 2023-02-01..=2026-02-01; end-of-life -",
    );
    assert_phases(
        &gadget,
        "gadget",
        "2.2",
        &[("2027-01-14", Phase::NotReleased), ("2027-01-15", Phase::Maintenance)],
    );
    // A withdrawn 3.0.0 does not make the major; 3.0.1 does.
    let end = |on| row(&gadget, "gadget", "2.2", on).phases[1].end.clone();
    assert!(matches!(end("2027-06-09"), End::NotKnown { .. }));
    assert!(matches!(end("2027-06-10"), End::Computed { date, .. } if date == day("2032-01-15")));
}

#[test]
fn lines_without_stable_releases_are_told_apart() {
    let gadget = gadget();
    assert_phases(&gadget, "gadget", "3.1", &[(TODAY, Phase::Withdrawn)]);
    assert_phases(&gadget, "gadget", "4.0", &[(TODAY, Phase::PreRelease)]);
    assert_eq!(row(&gadget, "gadget", "3.1", TODAY).basis, "every release was withdrawn");
    assert_eq!(row(&gadget, "gadget", "3.0", TODAY).released, Some(day("2027-06-10")));
}

#[test]
fn long_term_support_outlives_supersession() {
    let gadget = gadget();
    assert_told(
        &gadget,
        "widget",
        "1.0",
        "2024-06-02",
        "active 2024-02-29..1.1@2024-06-01, lts 2024-06-01..=2025-02-28; lts 271",
    );
    let days = [
        ("2024-06-01", Phase::Active),
        ("2025-02-28", Phase::Lts),
        ("2025-03-01", Phase::EndOfLife),
    ];
    assert_phases(&gadget, "widget", "1.0", &days);
    assert_phases(
        &gadget,
        "widget",
        "1.1",
        &[("2024-09-01", Phase::Active), ("2024-09-02", Phase::Superseded)],
    );
    // The day of 1.3 is not listed, so that of 1.2's supersession is not known.
    let named = "active 2024-09-01..next, security 2024-10-01..2024-12; active -";
    assert_told(&gadget, "widget", "1.2", "2024-12-31", named);
}

#[test]
fn rows_can_be_chosen_by_release() {
    let valkey = shipped("valkey");
    let (package, rank) = release(&valkey, "valkey", "8.1.3");
    let mut set = ReleaseSet::empty(valkey.package(package).len());
    set.insert(rank);
    let lines = |package: PackageIx, set| {
        let rows = support(&valkey, package, set, day(TODAY));
        rows.iter().map(|row| row.line.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(lines(package, Some(&set)), ["8.1"]);
    assert_eq!(lines(package, None)[..5], ["7.2", "8.0", "8.1", "9.0", "9.1"]);
}

#[test]
fn ended_support_is_a_warning() {
    let duckdb = shipped("duckdb");
    let found = finding(&duckdb, "duckdb", "v1.4.3", TODAY, 0).unwrap();
    insta::assert_snapshot!(show(&found), @r"
    warning support-ended node a1: support of duckdb 1.4 ended on 2026-11-17
    hint: newer lines of duckdb supported on 2026-11-20: 1.5, 2.0
    cites: DuckDB documentation for 2.0 (operations_manual/migration)
    ");
    let kestra = shipped("kestra");
    let found = finding(&kestra, "kestra", "1.1.0", TODAY, 0).unwrap();
    insta::assert_snapshot!(show(&found), @r"
    warning support-ended node a1: support of kestra 1.1 ended on 2026-01-13, when 1.2 superseded it
    hint: newer lines of kestra supported on 2026-11-20: 1.3, 2.0
    cites: Kestra docs, releases and LTS policy, end of 2025
    ");
}

#[test]
fn ending_support_is_told_within_the_days_asked_for() {
    let duckdb = shipped("duckdb");
    assert_eq!(finding(&duckdb, "duckdb", "v1.5.6", TODAY, 130), None);
    let found = finding(&duckdb, "duckdb", "v1.5.6", TODAY, 131).unwrap();
    insta::assert_snapshot!(show(&found), @r"
    info support-ending node a1: support of duckdb 1.5 ends in 2027-03 (131 days left)
    hint: newer lines of duckdb supported on 2026-11-20: 2.0
    cites: DuckDB documentation for 2.0 (operations_manual/migration)
    ");
    // Maintenance of 7.2 ends in 147 days, but extended security follows.
    let valkey = shipped("valkey");
    assert_eq!(finding(&valkey, "valkey", "7.2.5", TODAY, 365), None);
    let found = finding(&valkey, "valkey", "9.1.2", "2029-05-20", 0).unwrap();
    insta::assert_snapshot!(show(&found), @r"
    warning support-ending node a1: support of valkey 9.1 ended on 2029-05-19 unless extended-security follows, which is not known: decided once the next major is out; would be 2031-05-19 if 9.1 stays the latest minor of 9
    hint: -
    cites: Valkey releases and versioning
    ");
}

fn show(finding: &Finding) -> String {
    let cites: Vec<_> = finding.cites.iter().map(|cite| cite.source.as_str()).collect();
    let hint = finding.hint.as_deref().unwrap_or("-");
    format!(
        "{} {} {}: {}\nhint: {hint}\ncites: {}",
        finding.severity.name(),
        finding.code.as_str(),
        finding.subject,
        finding.message,
        cites.join(", ")
    )
}

#[test]
fn support_of_a_release_is_three_valued() {
    let valkey = shipped("valkey");
    let supported =
        |version, on| is_supported(&valkey, release(&valkey, "valkey", version), day(on));
    assert_eq!(supported("7.2.5", TODAY), Some(true));
    assert_eq!(supported("7.2.5", "2029-04-17"), Some(false));
    assert_eq!(supported("8.0.8", TODAY), Some(false));
    assert_eq!(supported("8.0.0-rc1", TODAY), None);
    assert_eq!(supported("9.2.0-rc1", TODAY), None);
    assert_eq!(supported("9.1.2", "2029-05-20"), None);
}
