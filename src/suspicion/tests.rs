//! The data behind suspicions: coherent cores, pins, strays. What is said is in `tests/scenarios`.

use super::{coherent_cores, suspicions};
use crate::catalog::{Catalog, PackageIx, Rank, ReleaseId, ReleaseSet};
use crate::finding::{Check, Code};

fn load(name: &str, bytes: &[u8]) -> Catalog {
    let loaded = crate::matrix::load(&[crate::matrix::Input { name, bytes }], &[]);
    assert!(loaded.problems.list.is_empty(), "{:?}", loaded.problems.list);
    loaded.catalog
}

fn dagster() -> Catalog {
    let path = format!("{}/matrices/dagster.json", env!("CARGO_MANIFEST_DIR"));
    load("dagster", &std::fs::read(path).unwrap())
}

/// A core of four releases, one of them off every map, and members that state any core.
fn small() -> Catalog {
    let matrix = br#"{ "format": 1, "name": "small", "as_of": "2026-01-01",
      "sources": { "s": { "title": "the notes", "evidence": "documented" } },
      "packages": [
        { "name": "core", "kind": "core", "scheme": "semver", "source": "s", "releases": [
          { "version": "0.9.0" }, { "version": "1.0.0" }, { "version": "1.1.0" }, { "version": "1.2.0-rc1" } ] },
        { "name": "free", "kind": "plugin", "core": "core", "scheme": "semver", "source": "s", "releases": [
          { "version": "0.0.0", "needs": { "core": ">=1" } }, { "version": "0.1.0", "needs": { "core": "*" } },
          { "version": "7.0.0", "needs": { "core": ">=1" } }, { "version": "8.0.0", "needs": { "core": ">=1.1" } } ] },
        { "name": "pinned", "kind": "plugin", "core": "core", "scheme": "semver", "source": "s", "releases": [
          { "version": "0.0.0", "needs": { "core": "=1.0.0" } }, { "version": "0.2.0-rc1", "needs": { "core": "=1.2.0-rc1" } } ] } ],
      "families": [ { "name": "both", "core": "core", "members": ["free", "pinned"], "source": "s",
        "maps": [ { "core": "1.x.y", "member": "0.x.y" } ],
        "exceptions": [ { "member": "free", "releases": ">=8", "why": "numbered on its own" } ] } ] }"#;
    load("small", matrix)
}

fn release(catalog: &Catalog, package: &str, version: &str) -> ReleaseId {
    let ix = catalog.find(package).unwrap();
    (ix, catalog.package(ix).find(version).unwrap())
}

fn versions(catalog: &Catalog, package: PackageIx, set: &ReleaseSet) -> Vec<String> {
    set.iter().map(|rank| catalog.version((package, rank)).to_owned()).collect()
}

fn coherent(catalog: &Catalog, family: usize, members: &[&str]) -> Vec<String> {
    let family = &catalog.families()[family];
    let members: Vec<_> = members.iter().map(|name| catalog.find(name).unwrap()).collect();
    versions(catalog, family.core, &coherent_cores(catalog, family, &members))
}

#[test]
fn a_core_is_coherent_if_each_member_is_out_for_it() {
    let small = small();
    assert_eq!(coherent(&small, 0, &[]), ["0.9.0", "1.0.0", "1.1.0"]);
    // 0.1.0 goes with 1.1.0 by number, 8.0.0 on its own terms; nothing is known for 0.9.0.
    assert_eq!(coherent(&small, 0, &["free"]), ["1.0.0", "1.1.0"]);
    assert_eq!(coherent(&small, 0, &["free", "pinned"]), ["1.0.0"]);
    // The core is no member of its family.
    assert_eq!(coherent(&small, 0, &["core"]).len(), 3);
}

#[test]
fn dagster_is_coherent_up_to_the_core_before_the_newest() {
    let dagster = dagster();
    let newest = |family, members: &[&str]| coherent(&dagster, family, members).pop().unwrap();
    assert_eq!(newest(0, &["dagster-aws"]), "1.13.27");
    assert_eq!(newest(1, &["dagster-webserver"]), "1.13.27");
    assert_eq!(newest(1, &["dagster-graphql", "dagster-pipes"]), "1.13.28");
    let both = coherent(&dagster, 0, &["dagster-aws", "dagster-dlt"]);
    assert_eq!(both[0], "1.9.9");
    // Yanked cores have no libraries, and 1.1.16 never came out.
    let aws = coherent(&dagster, 0, &["dagster-aws"]);
    for version in ["1.0.5", "1.1.0", "1.1.16", "1.13.28"] {
        assert!(!aws.contains(&version.to_owned()), "{version}");
    }
    assert!(aws.len() > 235, "{}", aws.len());
}

#[test]
fn bonds_hold_what_releases_leave_open() {
    let small = small();
    let told: Vec<_> = small
        .pins()
        .iter()
        .map(|pin| {
            let cores = versions(&small, pin.core, &pin.cores).join(" ");
            format!("{}: {cores}", small.label(pin.release))
        })
        .collect();
    // No map speaks of core 0.9.0, so nothing is expected beside it.
    assert_eq!(told, ["free 0.0.0: 0.9.0 1.0.0", "free 0.1.0: 0.9.0 1.1.0", "free 7.0.0: 0.9.0"]);
}

#[test]
fn strays_go_with_no_core_and_are_not_chosen_unasked() {
    let small = small();
    let choosable = |version| {
        let (package, rank) = release(&small, "free", version);
        small.package(package).release(rank).is_choosable()
    };
    assert_eq!(["0.0.0", "0.1.0", "7.0.0", "8.0.0"].map(choosable), [true, true, false, true]);

    let dagster = dagster();
    let strays = |name| {
        let package = dagster.find(name).unwrap();
        let stated = dagster.package(package);
        stated.releases().iter().filter(|release| release.stray.is_some()).count()
    };
    assert_eq!(strays("dagster-aws"), 1);
    assert_eq!(strays("dagster-airbyte"), 0);
    assert_eq!(strays("dagster-polars"), 0);
    assert_eq!(strays("dagster-graphql"), 106);
}

#[test]
fn off_family_is_what_bonds_refuse() {
    let small = small();
    let off = |version| {
        let sets = small.off_family(release(&small, "core", version));
        let told = sets.iter().map(|(package, set)| {
            format!(
                "{} {}",
                small.package(*package).name,
                versions(&small, *package, set).join(" ")
            )
        });
        told.collect::<Vec<_>>()
    };
    assert_eq!(off("1.0.0"), ["free 0.1.0 7.0.0"]);
    assert_eq!(off("1.1.0"), ["free 0.0.0 7.0.0"]);
    assert!(off("0.9.0").is_empty());
}

/// A member's release is suspicious beside a core, or neither pins nor requirements forbid the two.
#[test]
fn what_is_off_is_what_is_said() {
    let dagster = dagster();
    let core = dagster.find("dagster").unwrap();
    let members = ["dagster-pipes", "dagster-shared", "dagster-aws", "dagster-polars"];
    let mut off_count = 0;
    for rank in (200..257).map(Rank::new) {
        let off = dagster.off_family((core, rank));
        for member in members.map(|name| dagster.find(name).unwrap()) {
            for release in dagster.package(member).ranks().map(|rank| (member, rank)) {
                if !dagster.accepted(release, core).contains(rank) {
                    continue;
                }
                let is_off = crate::catalog::holds(&off, release);
                let found = suspicions(&dagster, &[(core, rank), release], &[]);
                let said = found.iter().any(|finding| {
                    finding.subject == dagster.label(release)
                        && ["family-mismatch", "family-unpublished"]
                            .contains(&finding.code.as_str())
                });
                assert_eq!(is_off, said, "{} beside {rank:?}", dagster.label(release));
                off_count += usize::from(is_off);
            }
        }
    }
    assert!(off_count > 1000, "{off_count}");
}

#[test]
fn only_what_was_asked_for_is_let_through() {
    let small = small();
    let set = [release(&small, "core", "1.0.0"), release(&small, "free", "0.1.0")];
    let told = |asked: &[PackageIx]| {
        let findings = suspicions(&small, &set, asked);
        let first = &findings[0];
        let hint = first.hint.as_deref().unwrap_or("-");
        format!("{} {}: {} ({hint})", first.severity.name(), first.code.as_str(), first.message)
    };
    let off = "free 0.1.0 is off its family: core 1.0.0 goes with free 0.0.0";
    assert_eq!(
        told(&[]),
        format!(
            "error family-mismatch: {off} (ask for free@0.0.0, or for free@0.1.0 to have it all the same)"
        )
    );
    // That the core was asked for does not make its member so.
    assert!(told(&[set[0].0]).starts_with("error"));
    assert_eq!(told(&[set[1].0]), format!("warning family-mismatch: {off} (ask for free@0.0.0)"));
}

#[test]
fn a_set_without_the_core_is_not_judged() {
    let small = small();
    let alone = [release(&small, "free", "7.0.0")];
    assert!(suspicions(&small, &alone, &[]).is_empty());
    // Nothing is expected beside a core of which no map speaks.
    let before = [release(&small, "core", "0.9.0"), release(&small, "free", "0.1.0")];
    let codes: Vec<_> =
        suspicions(&small, &before, &[]).iter().map(|finding| finding.code.clone()).collect();
    assert_eq!(codes, [Code::Check(Check::FamilyUnpinned)]);
}
