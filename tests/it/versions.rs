//! Versions and ranges against the libraries that define them, and the laws of orders and sets.

use std::cmp::Ordering;
use std::fs;
use std::ops::RangeInclusive;

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::json;
use skew::catalog::{Rank, ReleaseSet};
use skew::matrix::{Input, load};
use skew::range::{Bare, Range};
use skew::version::{Numbering, Scheme, Version};

use crate::source::root;

/// What Python's `packaging` says; see the note in the file.
#[derive(Deserialize)]
struct Table {
    note: String,
    order: Vec<(String, String, String)>,
    versions: Vec<String>,
    specifiers: Vec<(String, Vec<String>)>,
}

fn table() -> Table {
    let text = fs::read_to_string(root().join("tests/data/pep440.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn python_orders_as_packaging_does() {
    let table = table();
    assert!(table.note.contains("packaging 26.3"));
    assert!(table.order.len() >= 400);
    let numbering = Numbering::new(Scheme::Pep440);
    let parse = |text: &str| numbering.parse(text).unwrap();
    let mut wrong = Vec::new();
    for (a, expected, b) in &table.order {
        let expected = match expected.as_str() {
            "<" => Ordering::Less,
            "=" => Ordering::Equal,
            _ => Ordering::Greater,
        };
        if parse(a).precedence(&parse(b)) != Some(expected) {
            wrong.push(format!("{a} is {expected:?} {b}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn python_ranges_admit_what_packaging_admits() {
    let table = table();
    let numbering = Numbering::new(Scheme::Pep440);
    let mut wrong = Vec::new();
    for (text, admitted) in &table.specifiers {
        let range = match Range::parse(text, &numbering, Bare::Exact) {
            Ok(range) => range,
            Err(error) => {
                wrong.push(format!("`{text}`: {error}"));
                continue;
            }
        };
        for version in &table.versions {
            let expected = admitted.contains(version);
            if range.contains(&numbering.parse(version).unwrap()) != expected {
                wrong.push(format!("`{text}` on {version} is {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Texts of each scheme, from a space that is small enough for neighbours and equals to turn up.
fn text_of(scheme: Scheme) -> BoxedStrategy<String> {
    match scheme {
        Scheme::Semver => dotted("", 3..=3, SEMVER_TAILS),
        Scheme::Calver => (2024..2027_u64, dotted("", 2..=2, &["", "", "-rc1", "-SNAPSHOT"]))
            .prop_map(|(year, rest)| format!("{year}.{rest}"))
            .boxed(),
        Scheme::Pep440 => {
            prop_oneof![dotted("", 1..=3, PYTHON_TAILS), dotted("1!", 1..=3, PYTHON_TAILS),].boxed()
        }
        Scheme::Duckdb => {
            prop_oneof![dotted("", 3..=3, DUCKDB_TAILS), dotted("v", 3..=3, DUCKDB_TAILS)].boxed()
        }
        Scheme::Natural => dotted("", 1..=4, NATURAL_TAILS),
        Scheme::Listed => prop::sample::select(LISTED.to_vec()).prop_map(ToOwned::to_owned).boxed(),
    }
}

/// Numbers below four, with something before and after them.
fn dotted(
    mark: &'static str,
    length: RangeInclusive<usize>,
    tails: &'static [&'static str],
) -> BoxedStrategy<String> {
    let numbers = prop::collection::vec(0..4_u64, length);
    (numbers, prop::sample::select(tails))
        .prop_map(move |(numbers, tail)| {
            let numbers: Vec<_> = numbers.iter().map(ToString::to_string).collect();
            format!("{mark}{}{tail}", numbers.join("."))
        })
        .boxed()
}

const SEMVER_TAILS: &[&str] =
    &["", "", "-rc1", "-rc2", "-rc10", "-alpha.1", "-alpha.beta", "-1", "-a-b", "+build", "-rc1+b"];
const PYTHON_TAILS: &[&str] = &[
    "",
    "",
    "a1",
    "b2",
    "rc1",
    ".post1",
    ".dev2",
    "rc1.dev1",
    "rc1.post1",
    "+local",
    "+1.2",
    ".post1.dev1",
];
const DUCKDB_TAILS: &[&str] = &["", "", "-dev12", "-dev120", "-alpha3", "-rc1"];
const NATURAL_TAILS: &[&str] = &[
    "",
    "",
    "-rc9",
    "-rc12",
    "-rc0-SNAPSHOT",
    "-BETA",
    "-alpha",
    "-M1",
    "rc1",
    "-final",
    ".Final",
    "-jre8",
    "-1",
    "-x",
    "+b",
];
const LISTED: [&str; 4] = ["linux_amd64_gcc4", "linux_amd64", "osx_arm64", "windows_amd64"];

fn numbering(scheme: Scheme) -> Numbering {
    match scheme {
        Scheme::Listed => Numbering::listed(LISTED.map(Box::from)),
        Scheme::Semver | Scheme::Calver | Scheme::Pep440 | Scheme::Duckdb | Scheme::Natural => {
            Numbering::new(scheme)
        }
    }
}

/// Three versions of one scheme, often close to each other.
fn three() -> impl Strategy<Value = (Scheme, [Version; 3])> {
    three_of(Scheme::ALL.to_vec())
}

fn three_of(schemes: Vec<Scheme>) -> impl Strategy<Value = (Scheme, [Version; 3])> {
    prop::sample::select(schemes).prop_flat_map(|scheme| {
        let text = || text_of(scheme);
        (text(), text(), text()).prop_map(move |(a, b, c)| {
            let numbering = numbering(scheme);
            let parse = |text: &str| {
                numbering.parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
            };
            (scheme, [parse(&a), parse(&b), parse(&c)])
        })
    })
}

fn order(a: &Version, b: &Version) -> Ordering {
    a.precedence(b).expect("versions of one scheme compare")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn orders_are_total((scheme, [a, b, c]) in three()) {
        prop_assert_eq!(order(&a, &a), Ordering::Equal);
        prop_assert_eq!(order(&a, &b), order(&b, &a).reverse(), "{:?} {} {}", scheme, a, b);
        if order(&a, &b) != Ordering::Greater && order(&b, &c) != Ordering::Greater {
            prop_assert_ne!(order(&a, &c), Ordering::Greater, "{:?} {} {} {}", scheme, a, b, c);
        }
        if order(&a, &b) == Ordering::Equal {
            prop_assert_eq!(order(&a, &c), order(&b, &c), "{:?} {} {} {}", scheme, a, b, c);
        }
    }

    #[test]
    fn parsing_what_was_printed_changes_nothing((scheme, [a, _, _]) in three()) {
        let again = numbering(scheme).parse(&a.to_string()).unwrap();
        prop_assert_eq!(again.text(), a.text());
        prop_assert_eq!(order(&again, &a), Ordering::Equal);
    }

    /// A version is in its own line, and lines follow the order of versions.
    #[test]
    fn lines_are_in_order((scheme, [a, b, _]) in three()) {
        use skew::version::Step;
        for step in [Step::Major, Step::Minor] {
            if order(&a, &b) == Ordering::Less {
                prop_assert!(a.line(step) <= b.line(step), "{:?} {} {}", scheme, a, b);
            }
        }
        prop_assert_eq!(a.step_to(&b).is_none(), order(&a, &b) == Ordering::Equal);
        prop_assert_eq!(a.step_to(&b), b.step_to(&a));
    }

    /// `=`, `<=`, `>=` on a complete version are what the order says.
    #[test]
    fn ranges_follow_the_order((scheme, [bound, version, _]) in three_of(vec![Scheme::Semver, Scheme::Calver, Scheme::Duckdb, Scheme::Listed])) {
        let numbering = numbering(scheme);
        for (op, expected) in [("=", order(&version, &bound).is_eq()), ("<=", order(&version, &bound).is_le()), (">=", order(&version, &bound).is_ge())] {
            let range = Range::parse(&format!("{op}{bound}"), &numbering, Bare::Exact).unwrap();
            prop_assert_eq!(range.contains(&version), expected, "{}{} on {}", op, bound, version);
        }
    }

    #[test]
    fn semver_orders_as_the_crate_does(a in text_of(Scheme::Semver), b in text_of(Scheme::Semver)) {
        let numbering = Numbering::new(Scheme::Semver);
        let theirs = semver::Version::parse(&a).unwrap().cmp(&semver::Version::parse(&b).unwrap());
        prop_assert_eq!(order(&numbering.parse(&a).unwrap(), &numbering.parse(&b).unwrap()), theirs);
    }

    /// On final releases, `^`, `~` and comparisons mean what Cargo means by them.
    #[test]
    fn semver_ranges_mean_what_the_crate_says(
        op in prop::sample::select(vec!["^", "~", "=", ">", ">=", "<", "<="]),
        bound in (0..3_u64, 0..3_u64, 0..3_u64), version in (0..3_u64, 0..3_u64, 0..3_u64),
        length in 1..=3_usize,
    ) {
        let numbers = [bound.0, bound.1, bound.2].map(|number| number.to_string());
        let text = format!("{op}{}", numbers[..length].join("."));
        let version = format!("{}.{}.{}", version.0, version.1, version.2);
        let theirs = semver::VersionReq::parse(&text).unwrap().matches(&semver::Version::parse(&version).unwrap());
        let numbering = Numbering::new(Scheme::Semver);
        let ours = Range::parse(&text, &numbering, Bare::Exact).unwrap().contains(&numbering.parse(&version).unwrap());
        // Cargo reads `^0.0.3` as that release alone and `~1` and `^0` as the whole line.
        let differs = match op {
            "^" => bound.0 == 0,
            "~" => length == 1,
            _ => false,
        };
        prop_assume!(!differs);
        prop_assert_eq!(ours, theirs, "{} on {}", text, version);
    }
}

/// Two sets of ranks below a common size.
fn two_sets() -> impl Strategy<Value = (usize, Vec<bool>, Vec<bool>)> {
    (0..140_usize).prop_flat_map(|size| {
        let bits = || prop::collection::vec(any::<bool>(), size);
        (Just(size), bits(), bits())
    })
}

fn set(bits: &[bool]) -> ReleaseSet {
    ReleaseSet::filled(bits.len(), |rank: Rank| bits[rank.ix()])
}

proptest! {
    #[test]
    fn release_sets_are_sets((size, a, b) in two_sets()) {
        let (x, y) = (set(&a), set(&b));
        let both = |op: fn(bool, bool) -> bool| -> Vec<bool> { a.iter().zip(&b).map(|(&a, &b)| op(a, b)).collect() };
        let apply = |op: fn(&mut ReleaseSet, &ReleaseSet)| {
            let mut made = x.clone();
            op(&mut made, &y);
            made
        };
        prop_assert_eq!(&apply(ReleaseSet::union_with), &set(&both(|a, b| a || b)));
        prop_assert_eq!(&apply(ReleaseSet::intersect_with), &set(&both(|a, b| a && b)));
        prop_assert_eq!(&apply(ReleaseSet::subtract), &set(&both(|a, b| a && !b)));
        prop_assert_eq!(x.is_subset(&y), both(|a, b| a && !b).iter().all(|bit| !bit));
        prop_assert_eq!(x.count(), a.iter().filter(|bit| **bit).count());
        prop_assert_eq!(x.is_empty(), x.count() == 0);
        prop_assert_eq!(x.newest(), x.iter().next_back());
        prop_assert_eq!(x.oldest(), x.iter().next());
        prop_assert_eq!(x.iter().count(), x.count());
        prop_assert!(x.iter().all(|rank| x.contains(rank)));
        prop_assert!(x.is_subset(&ReleaseSet::full(size)) && ReleaseSet::empty(size).is_subset(&x));
        // De Morgan: what is in neither is outside the union.
        let mut outside = ReleaseSet::full(size);
        outside.subtract(&apply(ReleaseSet::union_with));
        prop_assert_eq!(outside, set(&both(|a, b| !(a || b))));
    }
}

/// Texts of ranges in every form that the scheme has.
fn range_of(scheme: Scheme) -> impl Strategy<Value = String> {
    const OPERATORS: &[&str] = &["", "=", "!=", "<", "<=", ">", ">=", "^", "~", "~="];
    let operand = prop_oneof![text_of(scheme), dotted("", 1..=2, &["", ".*"])];
    let piece =
        (prop::sample::select(OPERATORS), operand).prop_map(|(op, text)| format!("{op}{text}"));
    let all = prop::collection::vec(piece, 1..4).prop_map(|pieces| pieces.join(","));
    let interval =
        (text_of(scheme), text_of(scheme), prop::bool::ANY).prop_map(|(low, high, open)| {
            if open { format!("({low},{high}]") } else { format!("[{low},{high})") }
        });
    prop::collection::vec(prop_oneof![3 => all, 1 => interval], 1..3)
        .prop_map(|any| any.join(" || "))
}

proptest! {
    /// Selecting halves the list of releases; asking each of them must give the same.
    #[test]
    fn selecting_is_asking_each(
        (scheme, texts, range) in prop::sample::select(vec![
            Scheme::Semver, Scheme::Calver, Scheme::Pep440, Scheme::Duckdb, Scheme::Natural,
        ]).prop_flat_map(|scheme| {
            (Just(scheme), prop::collection::vec(text_of(scheme), 1..24), range_of(scheme))
        })
    ) {
        let numbering = numbering(scheme);
        let Ok(range) = Range::parse(&range, &numbering, Bare::Exact) else {
            return Ok(());
        };
        let mut versions: Vec<Version> = Vec::new();
        for text in &texts {
            let version = numbering.parse(text).unwrap();
            if versions.iter().all(|known| known.precedence(&version) != Some(Ordering::Equal)) {
                versions.push(version);
            }
        }
        let releases: Vec<_> =
            versions.iter().map(|version| json!({ "version": version.text() })).collect();
        let matrix = json!({
            "format": 1, "name": "m",
            "sources": { "s": { "title": "t", "evidence": "inferred" } },
            "packages": [{
                "name": "p", "kind": "core", "scheme": scheme.name(), "source": "s", "releases": releases,
            }],
        });
        let bytes = matrix.to_string().into_bytes();
        let loaded = load(&[Input { name: "m", bytes: &bytes }], &[]);
        prop_assert!(!loaded.problems.has_errors(), "{:?}", loaded.problems.list);
        let package = loaded.catalog.package(loaded.catalog.find("p").unwrap());
        let asked: Vec<Rank> =
            package.ranks().filter(|&rank| range.contains(package.version(rank))).collect();
        prop_assert_eq!(package.select(&range).iter().collect::<Vec<_>>(), asked, "{}", range.text());
    }
}
