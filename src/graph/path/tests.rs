//! Paths over invented and shipped matrices, and a brute-force oracle.

use proptest::prelude::*;

use super::*;
use crate::answer::path::{Alternative, Change, Hop, Note};
use crate::catalog::{Procedure, feature_set};
use crate::graph::testing::{app, catalog, release, shipped};

const PLAIN: [&str; 7] = ["1.0.0", "1.0.1", "1.1.0", "1.2.0", "1.2.1", "2.0.0", "2.1.0"];

/// Asks for a path with these features and accepted risks, separated by spaces.
fn ask(
    catalog: &Catalog,
    from: &str,
    to: &str,
    features: &str,
    accepted: &str,
) -> Result<PathAnswer, NoPath> {
    let features =
        feature_set(features.split_whitespace().map(|name| catalog.feature(name).unwrap()));
    let accepted = accepted.split_whitespace().map(str::to_owned).collect();
    upgrade_path(catalog, release(catalog, from), release(catalog, to), features, &accepted)
}

fn versions(catalog: &Catalog, hops: &[Hop]) -> String {
    let ends = hops.iter().take(1).map(|hop| hop.from).chain(hops.iter().map(|hop| hop.to));
    ends.map(|id| catalog.version(id)).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn assert_path(catalog: &Catalog, from: &str, to: &str, expected: &str) -> PathAnswer {
    let answer = ask(catalog, from, to, "", "").unwrap();
    assert_eq!(versions(catalog, &answer.hops), expected);
    answer
}

/// Prints why there is no path and what would help.
#[track_caller]
fn refusal(catalog: &Catalog, from: &str, to: &str, features: &str) -> String {
    let no = ask(catalog, from, to, features, "").unwrap_err();
    let mut lines = Vec::new();
    for reason in &no.reasons {
        lines.push(format!("{}: {}", reason.subject, reason.message));
        lines.extend(reason.hint.iter().map(|hint| format!("  hint: {hint}")));
    }
    lines.extend(no.alternatives.iter().map(|other| alternative(catalog, other)));
    lines.join("\n")
}

fn alternative(catalog: &Catalog, other: &Alternative) -> String {
    let list =
        |ids: &[ReleaseId]| ids.iter().map(|&id| catalog.version(id)).collect::<Vec<_>>().join(" ");
    let change = match &other.change {
        Change::AcceptRisks(names) => format!("accept {}", names.join(" ")),
        Change::GoOver(ids) => format!("go over {}", list(ids)),
        Change::SettleFor(id) => format!("settle for {}", catalog.version(*id)),
    };
    format!("  or {change}: {}", list(&other.releases))
}

fn names(notes: &[Note]) -> Vec<&str> {
    notes.iter().map(|note| note.name.as_str()).collect()
}

#[test]
fn nothing_to_do_and_nothing_in_the_way() {
    let catalog = app(&PLAIN, r#""restart": "x""#);
    assert_path(&catalog, "app@1.1.0", "app@1.1.0", "");
    let answer = assert_path(&catalog, "app@1.0.0", "app@2.1.0", "1.0.0 2.1.0");
    assert!(answer.findings.is_empty());
    assert_path(&catalog, "app@2.1.0", "app@1.0.0", "2.1.0 1.0.0");
}

#[test]
fn a_required_stop_takes_the_newest_of_its_line() {
    let stop = r#""stops": [ { "name": "via-1.2", "from": "<1.2", "to": ">=2.0.0", "via": "1.2.*", "why": "w" } ]"#;
    let catalog = app(&PLAIN, stop);
    let answer = assert_path(&catalog, "app@1.0.0", "app@2.1.0", "1.0.0 1.2.1 2.1.0");
    assert_eq!(names(&answer.hops[0].stops), ["via-1.2"]);
    assert_eq!(names(&answer.hops[1].stops), ["via-1.2"]);
    assert_path(&catalog, "app@1.2.0", "app@2.1.0", "1.2.0 2.1.0");
    assert_path(&catalog, "app@1.0.0", "app@1.2.0", "1.0.0 1.2.0");
}

#[test]
fn of_equal_paths_the_stop_is_preferred() {
    // The stop's ranges leave 1.1 free, so two hops are possible over it as well as over 1.0.1.
    let stop = r#""stops": [ { "name": "s", "from": "=1.0.0", "to": ">=2.0.0", "via": "=1.0.1", "why": "w" } ]"#;
    assert_path(&app(&PLAIN, stop), "app@1.0.0", "app@2.0.0", "1.0.0 1.0.1 2.0.0");
}

#[test]
fn a_path_past_a_stop_says_so() {
    let rules = r#""stops": [ { "name": "s", "from": "=1.0.0", "to": ">=2.0.0", "via": "=1.0.1", "why": "Must." } ],
        "blocked": [ { "name": "b", "from": "=1.0.1", "to": ">=1.1", "why": "w" } ]"#;
    let answer = assert_path(&app(&PLAIN, rules), "app@1.0.0", "app@2.0.0", "1.0.0 1.2.1 2.0.0");
    assert_eq!(answer.findings[0].message, "the path does not pass through the stop `s`: Must");
}

#[test]
fn risks_must_be_accepted_by_name() {
    let risks = r#""risks": [ { "name": "slow", "from": "<2", "to": ">=2.0.0", "message": "Start takes long." },
        { "name": "slow", "from": "<2.1.0", "to": ">=2.1.0", "message": "Really long." } ]"#;
    let catalog = app(&PLAIN, risks);
    insta::assert_snapshot!(refusal(&catalog, "app@1.0.0", "app@2.1.0", ""), @r#"
    app 1.0.0 -> 2.1.0: the risk `slow` is not accepted: Start takes long
      hint: accept the risk `slow`
    app 1.0.0 -> 2.1.0: the risk `slow` is not accepted: Really long
      hint: accept the risk `slow`
      or accept slow: 1.0.0 2.1.0
      or settle for 1.2.1: 1.0.0 1.2.1
    "#);
    let answer = ask(&catalog, "app@1.0.0", "app@2.1.0", "", "slow").unwrap();
    assert_eq!(versions(&catalog, &answer.hops), "1.0.0 2.1.0");
    assert_eq!(names(&answer.hops[0].risks), ["slow", "slow"]);
    assert_eq!(answer.findings[0].code.as_str(), "edge-risk");
    insta::assert_snapshot!(refusal(&catalog, "app@1.0.0", "app@2.0.0", ""), @r#"
    app 1.0.0 -> 2.0.0: the risk `slow` is not accepted: Start takes long
      hint: accept the risk `slow`
      or accept slow: 1.0.0 2.0.0
      or settle for 1.2.1: 1.0.0 1.2.1
    "#);
}

#[test]
fn a_limit_of_one_minor_gives_one_hop_per_line() {
    let catalog = app(&PLAIN, r#""steps": [ { "unit": "minor", "count": 1 } ]"#);
    assert_path(&catalog, "app@1.0.0", "app@2.1.0", "1.0.0 1.1.0 1.2.1 2.0.0 2.1.0");
    assert_path(&catalog, "app@2.0.0", "app@1.0.0", "2.0.0 1.2.1 1.1.0 1.0.0");
    let gap =
        app(&["1.0.0", "1.1.0-rc1", "1.2.0"], r#""steps": [ { "unit": "minor", "count": 1 } ]"#);
    insta::assert_snapshot!(refusal(&gap, "app@1.0.0", "app@1.2.0", ""), @r#"
    app 1.0.0 -> 1.2.0: one hop may cross at most 1 minor line, which does not reach far enough
      or go over 1.1.0-rc1: 1.0.0 1.1.0-rc1 1.2.0
    "#);
}

#[test]
fn a_limit_for_some_roles_does_not_bind_the_path() {
    let text = r#""packages": [ { "name": "app", "kind": "core", "scheme": "semver", "source": "s",
            "releases": [ { "version": "1.0.0" }, { "version": "2.0.0" }, { "version": "3.0.0" } ] } ],
        "roles": [ { "name": "node", "runs": ["app"], "source": "s" } ],
        "upgrades": [ { "package": "app", "source": "s", "steps": [ { "unit": "major", "count": 1, "roles": ["node"] } ] } ]"#;
    assert_path(&catalog(text), "app@1.0.0", "app@3.0.0", "1.0.0 3.0.0");
}

#[test]
fn a_blocked_edge_is_gone_around() {
    let blocked = r#""blocked": [ { "name": "b", "from": "=1.0.0", "to": ">=2.0.0", "why": "It loses data." } ]"#;
    let catalog = app(&PLAIN, blocked);
    assert_path(&catalog, "app@1.0.0", "app@2.0.0", "1.0.0 1.2.1 2.0.0");
}

#[test]
fn no_path_goes_through_a_downgrade() {
    // From 1.1.0 only 1.0.1 could reach 2.0.0, and that is older.
    let blocked = r#""blocked": [ { "name": "b", "from": ">=1.1", "to": ">=2.0.0", "why": "It loses data." } ]"#;
    let catalog = app(&PLAIN, blocked);
    assert_path(&catalog, "app@1.0.1", "app@2.0.0", "1.0.1 2.0.0");
    insta::assert_snapshot!(refusal(&catalog, "app@1.1.0", "app@2.0.0", ""), @r#"
    app 1.1.0 -> 2.0.0: `b` forbids the step: It loses data
      or settle for 1.2.1: 1.1.0 1.2.1
    "#);
}

#[test]
fn the_way_down_ends_at_what_cannot_be_undone() {
    let rules = r#""irreversible": [ { "name": "format-2", "from": "<2", "to": ">=2.0.0", "why": "Files change.", "when": ["files"] } ]"#;
    let text = format!(
        r#""packages": [ {{ "name": "app", "kind": "core", "scheme": "semver", "source": "s",
            "releases": [ {{ "version": "1.0.0" }}, {{ "version": "2.0.0" }}, {{ "version": "2.1.0" }} ] }} ],
        "features": [ {{ "name": "files", "title": "Files", "since": {{ "app": "*" }}, "source": "s" }} ],
        "upgrades": [ {{ "package": "app", "source": "s", "downgrade": "allowed", {rules} }} ]"#
    );
    let catalog = catalog(&text);
    assert_path(&catalog, "app@2.1.0", "app@1.0.0", "2.1.0 1.0.0");
    insta::assert_snapshot!(refusal(&catalog, "app@2.1.0", "app@1.0.0", "files"), @r#"
    app 2.1.0 -> 1.0.0: `format-2` leaves no way back: Files change
      hint: this holds while `files` is in use
      or settle for 2.0.0: 2.1.0 2.0.0
    "#);
    let up = ask(&catalog, "app@1.0.0", "app@2.1.0", "files", "").unwrap();
    assert_eq!(names(&up.hops[0].irreversible), ["format-2"]);
}

#[test]
fn the_way_down_is_refused_where_a_product_refuses_it() {
    let catalog =
        app(&PLAIN, r#""downgrade": "refused", "downgrade_why": "The schema only grows.""#);
    insta::assert_snapshot!(refusal(&catalog, "app@1.1.0", "app@1.0.0", ""), @r#"
    app 1.1.0 -> 1.0.0: app cannot be taken back to an older release: The schema only grows
      hint: to go back all the same, restore a backup from before the upgrade
    "#);
    assert_path(&catalog, "app@1.0.0", "app@1.1.0", "1.0.0 1.1.0");
}

#[test]
fn the_way_down_is_refused_over_a_migration_without_return() {
    let catalog = app(
        &PLAIN,
        r#""migrations": [ { "name": "m", "from": "<2", "to": ">=2.0.0", "when": "before", "message": "Moves tables.", "irreversible": true } ]"#,
    );
    insta::assert_snapshot!(refusal(&catalog, "app@2.0.0", "app@1.2.1", ""), @r#"
    app 2.0.0 -> 1.2.1: the migration `m` cannot be undone: Moves tables
      hint: to go back all the same, restore a backup from before the upgrade
    "#);
}

#[test]
fn several_obstacles_at_once_are_all_named() {
    let rules = r#""blocked": [ { "name": "b", "from": "<2", "to": ">=2.0.0", "why": "x" } ],
        "risks": [ { "name": "r", "from": "<2", "to": ">=2.0.0", "message": "y" } ]"#;
    insta::assert_snapshot!(refusal(&app(&PLAIN, rules), "app@1.2.0", "app@2.1.0", ""), @r#"
    app 1.2.0 -> 2.1.0: `b` forbids the step: x
    app 1.2.0 -> 2.1.0: the risk `r` is not accepted: y
      hint: accept the risk `r`
      or settle for 1.2.1: 1.2.0 1.2.1
    "#);
}

#[test]
fn a_stop_at_a_candidate_is_offered() {
    let versions = ["1.0.0", "1.2.0-rc1", "2.0.0"];
    let stop = r#""stops": [ { "name": "s", "from": "<1.2", "to": ">=2.0.0", "via": "1.2.*", "why": "w" } ]"#;
    insta::assert_snapshot!(refusal(&app(&versions, stop), "app@1.0.0", "app@2.0.0", ""), @r#"
    app 1.0.0 -> 2.0.0: `s` asks for a stop at app 1.2.0-rc1, of which none may be chosen: w
      or go over 1.2.0-rc1: 1.0.0 1.2.0-rc1 2.0.0
    "#);
}

#[test]
fn no_hop_of_a_product_without_rules_is_known() {
    let text = r#""packages": [ { "name": "app", "kind": "core", "scheme": "semver", "source": "s",
        "releases": [ { "version": "1.0.0" }, { "version": "2.0.0", "withdrawn": "Broken." } ] },
        { "name": "other", "kind": "core", "scheme": "semver", "source": "s", "releases": [ { "version": "1.0.0" } ] } ]"#;
    let catalog = catalog(text);
    insta::assert_snapshot!(refusal(&catalog, "app@1.0.0", "app@2.0.0", ""), @r#"
    app 1.0.0 -> 2.0.0: no matrix says how app is upgraded
      hint: somebody has to establish it first; a matrix states it as an entry for app in `upgrades`
    "#);
    insta::assert_snapshot!(refusal(&catalog, "other@1.0.0", "app@1.0.0", ""), @r#"other 1.0.0 -> app 1.0.0: no fact says that app can take the place of other"#);
}

#[test]
fn another_package_is_replaced_and_come_back_to() {
    let text = r#""packages": [
        { "name": "old", "kind": "core", "scheme": "semver", "source": "s",
          "releases": [ { "version": "6.0.0" }, { "version": "7.0.0" } ] },
        { "name": "new", "kind": "core", "scheme": "semver", "source": "s",
          "releases": [ { "version": "1.0.0" }, { "version": "1.1.0" }, { "version": "2.0.0" } ] } ],
        "upgrades": [ { "package": "new", "source": "s", "from_packages": ["old"], "downgrade": "allowed",
          "steps": [ { "unit": "minor", "count": 1 } ],
          "blocked": [ { "name": "old-7", "from": { "old": "7.0.0" }, "to": { "new": ">=2.0.0" }, "why": "w" } ],
          "irreversible": [ { "name": "files", "from": { "old": "*" }, "to": { "new": ">=2.0.0" }, "why": "w" } ] } ]"#;
    let catalog = catalog(text);
    assert_path(&catalog, "old@6.0.0", "new@2.0.0", "6.0.0 2.0.0");
    assert_path(&catalog, "old@7.0.0", "new@2.0.0", "7.0.0 1.1.0 2.0.0");
    assert_path(&catalog, "new@1.0.0", "old@6.0.0", "1.0.0 6.0.0");
    assert_path(&catalog, "new@2.0.0", "old@6.0.0", "2.0.0 1.1.0 6.0.0");
}

#[test]
fn kestra_goes_to_2_over_the_newest_1_3() {
    let catalog = shipped("kestra");
    let answer = assert_path(&catalog, "kestra@1.0.0", "kestra@2.0.0", "1.0.0 1.3.39 2.0.0");
    for hop in &answer.hops {
        assert_eq!(hop.procedure, Procedure::StopAll);
        assert_eq!(names(&hop.stops), ["via-1.3"]);
        assert!(hop.procedure_why.is_some());
    }
    assert_eq!(
        names(&answer.hops[1].irreversible),
        ["basic-auth-2.0", "queue-tables-2.0", "downgrade"]
    );
    let work: Vec<_> = answer.hops[1]
        .migrations
        .iter()
        .map(|work| (work.name.as_str(), work.irreversible))
        .collect();
    assert!(work.contains(&("migrate-run-2.0", true)));
    assert_path(&catalog, "kestra@0.24.0", "kestra@2.0.0", "0.24.0 1.3.39 2.0.0");
    insta::assert_snapshot!(refusal(&catalog, "kestra@2.0.0", "kestra@1.3.39", ""), @r#"
    kestra 2.0.0 -> 1.3.39: kestra cannot be taken back to an older release: an older version comes back only with its database: stop everything, restore it, start the old version
      hint: to go back all the same, restore a backup from before the upgrade
    kestra 2.0.0 -> 1.3.39: `basic-auth-2.0` leaves no way back: BasicAuth passwords are rehashed and 1.x cannot check them
      hint: to go back all the same, restore a backup from before the upgrade
    kestra 2.0.0 -> 1.3.39: `queue-tables-2.0` leaves no way back: the queue tables of the JDBC backends are dropped; only a restored backup brings 1.x back
      hint: to go back all the same, restore a backup from before the upgrade
    kestra 2.0.0 -> 1.3.39: the migration `migrate-run-2.0` cannot be undone: Applies them under a lock. The open-source edition also does so at start, the Enterprise edition does not start while any is pending
      hint: to go back all the same, restore a backup from before the upgrade
    "#);
}

#[test]
fn valkey_goes_to_9_1_at_once_and_not_back() {
    let catalog = shipped("valkey");
    let answer = assert_path(&catalog, "valkey@8.1.1", "valkey@9.1.2", "8.1.1 9.1.2");
    assert_eq!(names(&answer.hops[0].irreversible), ["rdb-80"]);
    assert_eq!(answer.hops[0].procedure, Procedure::Rolling);
    insta::assert_snapshot!(refusal(&catalog, "valkey@9.1.2", "valkey@8.1.1", ""), @r#"
    valkey 9.1.2 -> 8.1.1: `rdb-80` leaves no way back: files become RDB 80, which older versions do not read
      hint: to go back all the same, restore a backup from before the upgrade
      or settle for 9.0.0: 9.1.2 9.0.0
    "#);
    assert_path(&catalog, "valkey@9.1.2", "valkey@9.0.0", "9.1.2 9.0.0");
}

#[test]
fn redis_becomes_valkey_up_to_7_2() {
    let catalog = shipped("valkey");
    assert_path(&catalog, "redis@7.2.4", "valkey@9.1.2", "7.2.4 9.1.2");
    insta::assert_snapshot!(refusal(&catalog, "redis@8.0.2", "valkey@9.1.2", ""), @r#"redis 8.0.2 -> valkey 9.1.2: `redis-7.4-and-later` forbids the step: Redis from 7.4 on writes RDB versions of its own that Valkey refuses by default; move the data instead of the servers"#);
    assert_path(&catalog, "valkey@8.1.1", "redis@7.2.4", "8.1.1 7.2.4");
}

#[test]
fn three_hundred_releases_are_quick() {
    let versions: Vec<_> = (0..300).map(|n| format!("1.{}.{}", n / 10, n % 10)).collect();
    let versions: Vec<_> = versions.iter().map(String::as_str).collect();
    let catalog = app(&versions, r#""steps": [ { "unit": "minor", "count": 1 } ]"#);
    let start = std::time::Instant::now();
    let answer = ask(&catalog, "app@1.0.0", "app@1.29.9", "", "").unwrap();
    assert_eq!(answer.hops.len(), 29);
    // About four milliseconds without optimisation; the bound leaves room.
    assert!(start.elapsed().as_millis() < 500, "{:?}", start.elapsed());
}

/// Blocked edges, stops as (from, to, via), the accepted risk edges and a step limit over ten releases.
#[derive(Debug, Clone)]
struct Case {
    blocked: Vec<(usize, usize)>,
    stops: Vec<(usize, usize, usize)>,
    risks: Vec<(usize, usize)>,
    limit: usize,
    from: usize,
    to: usize,
}

const COUNT: usize = 10;

fn case() -> impl Strategy<Value = Case> {
    let place = || 0..COUNT;
    let pairs = || proptest::collection::vec((place(), place()), 0..12);
    let stops = proptest::collection::vec((place(), place(), place()), 0..4);
    (pairs(), stops, pairs(), 1..COUNT, place(), place()).prop_map(
        |(blocked, stops, risks, limit, from, to)| Case { blocked, stops, risks, limit, from, to },
    )
}

impl Case {
    fn catalog(&self) -> Catalog {
        let versions: Vec<_> = (0..COUNT).map(|n| format!("1.{n}.0")).collect();
        let versions: Vec<_> = versions.iter().map(String::as_str).collect();
        let edges = |name: &str, text: &str, edges: &[(usize, usize)]| {
            let one = |(n, (a, b)): (usize, &(usize, usize))| {
                format!(
                    r#"{{ "name": "{name}{n}", "from": "=1.{a}.0", "to": "=1.{b}.0", "{text}": "w" }}"#
                )
            };
            edges.iter().enumerate().map(one).collect::<Vec<_>>().join(", ")
        };
        let stop = |(n, (a, b, via)): (usize, &(usize, usize, usize))| {
            format!(
                r#"{{ "name": "s{n}", "from": "<=1.{a}.0", "to": ">=1.{b}.0", "via": "=1.{via}.0", "why": "w" }}"#
            )
        };
        let stops = self.stops.iter().enumerate().map(stop).collect::<Vec<_>>().join(", ");
        let (blocked, risks) =
            (edges("b", "why", &self.blocked), edges("r", "message", &self.risks));
        let limit = self.limit;
        app(
            &versions,
            &format!(
                r#""blocked": [{blocked}], "risks": [{risks}], "stops": [{stops}],
                   "steps": [ {{ "unit": "minor", "count": {limit} }} ]"#
            ),
        )
    }

    /// The rule as the issue words it, on plain numbers.
    fn allows(&self, a: usize, b: usize) -> bool {
        let towards = if self.from < self.to { a < b } else { a > b };
        let passes_by =
            |&(from, to, via): &(usize, usize, usize)| a <= from && b >= to && a != via && b != via;
        towards
            && !self.blocked.contains(&(a, b))
            && !self.risks.contains(&(a, b))
            && !self.stops.iter().any(passes_by)
            && a.abs_diff(b) <= self.limit
    }

    /// Every path, by plain recursion; the best has the fewest hops, then the newest releases.
    fn best(&self) -> Option<Vec<usize>> {
        let mut paths = Vec::new();
        self.extend(vec![self.from], &mut paths);
        let fewest = paths.iter().map(Vec::len).min()?;
        paths.retain(|path| path.len() == fewest);
        let wanted = |path: &[usize]| -> Vec<(bool, usize)> {
            path.iter().map(|&place| (self.is_stop(place), place)).collect()
        };
        paths.into_iter().max_by_key(|path| wanted(path))
    }

    fn is_stop(&self, place: usize) -> bool {
        self.stops.iter().any(|&(from, to, via)| via == place && self.from <= from && self.to >= to)
    }

    fn extend(&self, path: Vec<usize>, paths: &mut Vec<Vec<usize>>) {
        let here = path[path.len() - 1];
        if here == self.to {
            paths.push(path);
            return;
        }
        let (low, high) = (self.from.min(self.to), self.from.max(self.to));
        for next in (low..=high).filter(|&next| self.allows(here, next)) {
            let mut longer = path.clone();
            longer.push(next);
            self.extend(longer, paths);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_search_agrees_with_brute_force(case in case()) {
        let catalog = case.catalog();
        let place = |n: usize| release(&catalog, &format!("app@1.{n}.0"));
        let none = BTreeSet::new();
        let found = upgrade_path(&catalog, place(case.from), place(case.to), FeatureSet::default(), &none);
        match (found, case.best()) {
            (Ok(answer), Some(best)) => {
                let mut ranks: Vec<_> = answer.hops.iter().map(|hop| hop.to.1.ix()).collect();
                ranks.insert(0, case.from);
                prop_assert_eq!(ranks, best);
            }
            (Err(no), None) => prop_assert!(!no.reasons.is_empty()),
            (found, best) => prop_assert!(false, "{:?} against {:?}", found, best),
        }
    }

    #[test]
    fn accepting_what_is_asked_for_opens_the_way(case in case()) {
        let catalog = case.catalog();
        let place = |n: usize| release(&catalog, &format!("app@1.{n}.0"));
        let ask = |accepted: &BTreeSet<String>| {
            upgrade_path(&catalog, place(case.from), place(case.to), FeatureSet::default(), accepted)
        };
        let Err(no) = ask(&BTreeSet::new()) else { return Ok(()) };
        for other in no.alternatives {
            if let Change::AcceptRisks(names) = other.change {
                let names: BTreeSet<_> = names.into_iter().collect();
                let answer = ask(&names);
                prop_assert!(answer.is_ok());
                // None of the names can be spared.
                for name in &names {
                    let fewer = names.iter().filter(|other| *other != name).cloned().collect();
                    prop_assert!(ask(&fewer).is_err());
                }
            }
        }
    }
}
