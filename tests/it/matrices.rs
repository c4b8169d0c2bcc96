//! The matrices that we ship: they load without a problem, alone and together, and hold what they
//! should.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use skew::catalog::{Catalog, Channel, PackageKind};
use skew::matrix::{self, Input, Loaded};

use crate::source::root;

const SHIPPED: [&str; 4] = ["valkey", "duckdb", "kestra", "dagster"];

fn bytes(path: &str) -> Vec<u8> {
    fs::read(root().join(path)).unwrap()
}

fn shipped(name: &str) -> Vec<u8> {
    bytes(&format!("matrices/{name}.json"))
}

fn load_bytes(name: &str, bytes: &[u8]) -> Loaded {
    matrix::load(&[Input { name, bytes }], &[])
}

/// Loads one shipped matrix, without a problem.
#[track_caller]
fn load(name: &str) -> Catalog {
    let loaded = load_bytes(name, &shipped(name));
    assert_eq!(loaded.problems.list, [], "{name}");
    loaded.catalog
}

/// Loads all shipped matrices together, in the given order.
fn load_all(names: &[&str]) -> Loaded {
    let texts: Vec<_> = names.iter().map(|name| (*name, shipped(name))).collect();
    let inputs: Vec<_> = texts.iter().map(|(name, bytes)| Input { name, bytes }).collect();
    matrix::load(&inputs, &[])
}

/// Returns how many releases the packages of each kind have.
fn counts(catalog: &Catalog) -> BTreeMap<PackageKind, usize> {
    let mut counts = BTreeMap::new();
    for (_, package) in catalog.packages() {
        *counts.entry(package.kind).or_default() += package.len();
    }
    counts
}

fn releases(catalog: &Catalog, package: &str) -> usize {
    catalog.package(catalog.find(package).unwrap()).len()
}

#[test]
fn each_loads_without_a_problem() {
    for name in SHIPPED {
        let catalog = load(name);
        assert_eq!(catalog.matrices()[0].name, name);
        assert!(!catalog.matrices()[0].as_of.is_empty(), "{name} has a date");
    }
}

#[test]
fn they_hold_all_releases() {
    let valkey = load("valkey");
    assert!(releases(&valkey, "valkey") >= 54);
    assert!(releases(&valkey, "redis") >= 26);
    assert_eq!(releases(&load("duckdb"), "duckdb"), 66);
    let kestra = load("kestra");
    assert_eq!(releases(&kestra, "kestra"), 240);
    assert_eq!(counts(&kestra)[&PackageKind::Plugin], 2939);
    let dagster = load("dagster");
    assert_eq!(releases(&dagster, "dagster"), 257);
    assert_eq!(counts(&dagster)[&PackageKind::Plugin], 3953);
}

/// No release is lost on the way from the file: not as a duplicate, not as unparsable.
#[test]
fn every_row_of_the_files_is_a_release() {
    for name in SHIPPED {
        let value: Value = serde_json::from_slice(&shipped(name)).unwrap();
        let catalog = load(name);
        for raw in value["packages"].as_array().unwrap() {
            let package = raw["name"].as_str().unwrap();
            let rows = raw["releases"].as_array().map_or(0, Vec::len);
            assert_eq!(releases(&catalog, package), rows, "{package}");
        }
    }
}

#[test]
fn every_fact_has_a_source() {
    let catalog = load_all(&SHIPPED).catalog;
    for source in catalog.sources() {
        assert!(!source.title.is_empty(), "{source:?}");
        let address = source.url.as_deref().unwrap_or("https://");
        assert!(address.starts_with("https://"), "{source:?}");
    }
    for (ix, package) in catalog.packages() {
        assert!(!catalog.cite(package.fact).source.is_empty(), "{}", package.name);
        for rank in package.ranks() {
            let label = catalog.label((ix, rank));
            let fact = package.release(rank).fact.unwrap_or_else(|| panic!("{label}"));
            let cite = catalog.cite_for(fact, Some((ix, rank)));
            assert!(!cite.source.is_empty(), "{label}");
            let open = cite.url.as_deref().is_some_and(|url| url.contains('{'));
            assert!(!open, "{label}: {cite:?}");
            for need in package.needs(rank) {
                assert!(!catalog.cite(need.fact).source.is_empty(), "{label}");
            }
        }
    }
}

/// A source that no fact names is a leftover.
#[test]
fn every_source_is_used() {
    for name in SHIPPED {
        let text = String::from_utf8(shipped(name)).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        for id in value["sources"].as_object().unwrap().keys() {
            assert!(text.contains(&format!("\"source\": \"{id}\"")), "{name}: {id}");
        }
    }
}

#[test]
fn all_load_together_in_any_order() {
    let loaded = load_all(&SHIPPED);
    assert_eq!(loaded.problems.list, []);
    let backwards = load_all(&["dagster", "kestra", "duckdb", "valkey"]);
    assert_eq!(backwards.problems.list, []);
    assert_eq!(counts(&loaded.catalog), counts(&backwards.catalog));
    let alone: usize = SHIPPED.iter().map(|name| load(name).packages().count()).sum();
    assert_eq!(loaded.catalog.packages().count(), alone);
}

/// Relations are asked for with a package and may share a name; these may not.
#[test]
fn names_are_unique_over_all() {
    let catalog = load_all(&SHIPPED).catalog;
    let mut seen: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    let packages = catalog.packages().map(|(_, package)| ("package", package.name.as_str()));
    let features = catalog.features().iter().map(|feature| ("feature", feature.name.as_str()));
    let rules = catalog.skew_rules().iter().map(|rule| ("rule", rule.code.as_str()));
    for (kind, name) in packages.chain(features).chain(rules) {
        assert_eq!(seen.insert((kind, name), name), None, "{kind} {name}");
    }
}

/// Names of edge items are what users accept risks by, so each stands once per product.
#[test]
fn edge_names_are_unique_per_product() {
    let catalog = load_all(&SHIPPED).catalog;
    for (ix, package) in catalog.packages() {
        let Some(upgrades) = catalog.upgrades(ix) else {
            continue;
        };
        let lists = [&upgrades.blocked, &upgrades.risks, &upgrades.advice, &upgrades.irreversible];
        for list in lists {
            let mut names: Vec<_> = list.iter().map(|note| note.name.as_str()).collect();
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count, "{}: {names:?}", package.name);
        }
    }
}

/// What a publisher declared is kept word by word beside the range that it was read as.
#[test]
fn declared_forms_of_kestra_parse_and_are_kept() {
    let value: Value = serde_json::from_slice(&shipped("kestra")).unwrap();
    let catalog = load("kestra");
    let mut forms: BTreeMap<String, usize> = BTreeMap::new();
    for raw in value["packages"].as_array().unwrap() {
        let package = catalog.find(raw["name"].as_str().unwrap()).unwrap();
        let package = catalog.package(package);
        for release in raw["releases"].as_array().into_iter().flatten() {
            let rank = package.find(release["version"].as_str().unwrap()).unwrap();
            for (target, need) in release["needs"].as_object().into_iter().flatten() {
                let written = need.as_str().or_else(|| need["declared"].as_str());
                let Some(written) = written.or_else(|| need["range"].as_str()) else {
                    panic!("{}: {need}", package.name)
                };
                let kept = package.needs(rank).iter().any(|need| {
                    let constraint = catalog.constraint(need.constraint);
                    let words = constraint.declared.as_deref().unwrap_or(&constraint.text);
                    catalog.package(constraint.target).name == *target && words == written
                });
                assert!(kept, "{} {}: {written}", package.name, release["version"]);
                *forms.entry(form(written)).or_default() += 1;
            }
        }
    }
    let forms: Vec<_> = forms.iter().map(|(form, count)| format!("{count} {form}")).collect();
    insta::assert_snapshot!(forms.join("\n"), @"
    418 9.9.+
    925 9.9.9
    2 9.9.9-rc9
    2924 >=9
    1272 [9.9,)
    254 [9.9,9.9)
    4 [9.9,9.9.9)
    ");
}

/// Returns the shape of a declared text: digits become `9`, letters stay.
fn form(text: &str) -> String {
    let mut form = String::new();
    for c in text.chars() {
        let c = if c.is_ascii_digit() { '9' } else { c };
        if !(c == '9' && form.ends_with('9')) {
            form.push(c);
        }
    }
    form
}

#[test]
fn calendar_versions_follow_plain_ones() {
    let loaded = load_bytes("kestra-calver", &bytes("tests/matrices/kestra-calver.json"));
    assert_eq!(loaded.problems.list, []);
    let catalog = loaded.catalog;
    let kestra = catalog.package(catalog.find("kestra").unwrap());
    let rank = |version: &str| kestra.find(version).unwrap_or_else(|| panic!("{version}"));
    assert!(rank("0.22.0") < rank("1.0.0"));
    assert!(rank("1.0.0") < rank("2025.1.0"));
    assert!(rank("2025.2.1") < rank("2025.3.0"));
    assert!(rank("2025.3.0") < rank("2026.1.0"));
}

#[test]
fn releases_ascend() {
    let catalog = load_all(&SHIPPED).catalog;
    for (_, package) in catalog.packages() {
        for pair in package.releases().windows(2) {
            let order = pair[0].version.precedence(&pair[1].version);
            assert_eq!(
                order,
                Some(std::cmp::Ordering::Less),
                "{}: {}",
                package.name,
                pair[1].version
            );
        }
    }
}

/// Within a stable line a later number does not come out earlier; a day that breaks this is a typo
/// or must be explained by a note.
#[test]
fn days_ascend_within_a_line() {
    let mut odd = Vec::new();
    for name in SHIPPED {
        let catalog = load(name);
        for (_, package) in catalog.packages() {
            let stable =
                package.releases().iter().filter(|release| release.channel == Channel::Stable);
            let stable: Vec<_> = stable.collect();
            for pair in stable.windows(2) {
                let same = pair[0].version.line(skew::version::Step::Minor)
                    == pair[1].version.line(skew::version::Step::Minor);
                if let (true, Some(a), Some(b)) = (same, pair[0].date, pair[1].date)
                    && b < a
                {
                    odd.push(format!(
                        "{} {} {a} > {} {b}",
                        package.name, pair[0].version, pair[1].version
                    ));
                }
            }
        }
    }
    insta::assert_snapshot!(odd.join("\n"), @"");
}
