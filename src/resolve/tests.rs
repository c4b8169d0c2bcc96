//! Explanations looked at from inside: what was kept is enough, and nothing of it can be missed.

use proptest::prelude::*;

use super::conflict::{minimal, statements};
use super::engine::{LazySolver, Solver, solve, solve_otherwise};
use super::problem::{Prefer, Request, Requirement};
use super::search::{StatementVerdict, judge};
use super::statement::{Statement, StatementScope};
use super::{Resolution, resolve};
use crate::catalog::{Catalog, PackageIx};
use crate::matrix::{Input, load};
use crate::range::{Bare, Range};

#[path = "../../tests/it/strategies.rs"]
mod strategies;

pub(super) use strategies::{Scenario, config, scenario};

pub(super) fn catalog(text: &str) -> Catalog {
    let input = Input { name: "random.json", bytes: text.as_bytes() };
    load(&[input], &[]).catalog
}

pub(super) fn requirement(catalog: &Catalog, spec: &str) -> Requirement {
    let (name, range) =
        spec.split_once('@').map_or((spec, None), |(name, range)| (name, Some(range)));
    let package = catalog.find(name).unwrap();
    let Some(range) = range else {
        return Requirement::any(catalog, package);
    };
    let range = Range::parse(range, &catalog.package(package).numbering, Bare::Exact).unwrap();
    Requirement::within(catalog, package, &range)
}

pub(super) fn read(scenario: &Scenario) -> (Catalog, Request) {
    let catalog = catalog(&scenario.matrix.to_string());
    let requirements = scenario.want.iter().map(|spec| requirement(&catalog, spec)).collect();
    let mut request = Request::newest(requirements);
    for (name, version) in &scenario.installed {
        let package = catalog.find(name).unwrap();
        let rank = catalog.package(package).find(version).unwrap();
        request.installed.insert(package, rank);
    }
    (catalog, request)
}

fn is_impossible(catalog: &Catalog, request: &Request, holding: &[Statement]) -> bool {
    let scope = StatementScope::Only(holding.iter().copied().collect());
    match judge(catalog, request, scope, &mut Request::BUDGET.clone()) {
        StatementVerdict::Possible(_) => false,
        StatementVerdict::Contradiction(core) => {
            assert!(core.iter().all(|one| holding.contains(one)), "{core:?} of {holding:?}");
            true
        }
        StatementVerdict::OutOfBudget => panic!("out of budget"),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn explanations_are_enough_and_minimal(scenario in scenario()) {
        let (catalog, request) = read(&scenario);
        if !is_impossible(&catalog, &request, &statements(&catalog, &request)) {
            return Ok(());
        }
        let kept = minimal(&catalog, &request, &mut Request::BUDGET.clone());
        prop_assert!(is_impossible(&catalog, &request, &kept), "not enough: {kept:?}");
        for statement in &kept {
            let rest: Vec<_> = kept.iter().copied().filter(|other| other != statement).collect();
            prop_assert!(!is_impossible(&catalog, &request, &rest), "not needed: {statement:?}");
        }
    }

    #[test]
    fn what_refutes_is_enough(scenario in scenario()) {
        let (catalog, request) = read(&scenario);
        match judge(&catalog, &request, StatementScope::Traced, &mut Request::BUDGET.clone()) {
            StatementVerdict::Contradiction(core) => prop_assert!(is_impossible(&catalog, &request, &core)),
            StatementVerdict::Possible(_) => prop_assert!(matches!(resolve(&catalog, &request), Resolution::Found(_))),
            StatementVerdict::OutOfBudget => prop_assert!(false, "out of budget"),
        }
    }

    #[test]
    fn every_way_to_search_finds_the_same(scenario in scenario(), hand_over: bool, traced: bool) {
        let (catalog, request) = read(&scenario);
        let solver = |scope| Solver::new(&catalog, &request, scope, Request::BUDGET);
        let mut plain = solver(StatementScope::All);
        let found = solve(&mut plain);
        prop_assert!(found.is_ok());
        let mut lazy = LazySolver::new(&catalog, &request, Request::BUDGET);
        prop_assert_eq!(lazy.solve(), found);
        if found == Ok(true) {
            prop_assert_eq!(lazy.chosen(), plain.chosen());
        }
        let mut other = solver(if traced { StatementScope::Traced } else { StatementScope::All });
        prop_assert_eq!(solve_otherwise(&mut other, hand_over), found);
        if found == Ok(true) {
            prop_assert_eq!(other.chosen(), plain.chosen());
        } else if traced && hand_over {
            prop_assert!(is_impossible(&catalog, &request, &other.contradiction()));
        }
    }

    #[test]
    fn stating_less_never_takes_a_solution_away(scenario in scenario(), mask: u64) {
        let (catalog, request) = read(&scenario);
        let all = statements(&catalog, &request);
        let some: Vec<_> = (0..).zip(&all).filter(|(bit, _)| mask >> (bit % 64) & 1 == 1).map(|(_, one)| *one).collect();
        for end in 0..some.len() {
            if is_impossible(&catalog, &request, &some[..end]) {
                prop_assert!(is_impossible(&catalog, &request, &some[..=end]));
            }
        }
    }
}

const TWO: &str = r#"{ "format": 1, "name": "two", "as_of": "2026-01-01",
  "sources": { "s": { "title": "notes", "evidence": "documented" } },
  "packages": [
    { "name": "core", "kind": "core", "scheme": "semver", "source": "s",
      "releases": [ { "version": "1.0.0" }, { "version": "2.0.0" }, { "version": "3.0.0-rc1" } ] } ] }"#;

/// Resolves requirements over [`TWO`] and prints the set, or the clashes.
fn answer(specs: &[&str]) -> String {
    let catalog = catalog(TWO);
    let request = Request::newest(specs.iter().map(|spec| requirement(&catalog, spec)).collect());
    match resolve(&catalog, &request) {
        Resolution::Found(selection) => {
            let labels = selection.picks.iter().map(|pick| catalog.label(pick.release));
            labels.collect::<Vec<_>>().join(", ")
        }
        Resolution::Impossible(conflict) => {
            let texts = conflict.clashes.into_iter().map(|clash| clash.text);
            texts.collect::<Vec<_>>().join("; ")
        }
        Resolution::Undecided(open) => {
            let texts = open.missing.into_iter().map(|missing| missing.text);
            texts.collect::<Vec<_>>().join("; ")
        }
        Resolution::Unknown { steps } => format!("unknown after {steps} steps"),
    }
}

#[test]
fn two_requirements_for_one_package_both_count() {
    assert_eq!(answer(&["core@<2", "core@>=1"]), "core 1.0.0");
    assert_eq!(answer(&["core@>=1", "core@<2"]), "core 1.0.0");
    assert_eq!(answer(&["core@3.0.0-rc1", "core"]), "core 3.0.0-rc1");
    assert_eq!(
        answer(&["core@1.0.0", "core@2.0.0"]),
        "you asked for core@1.0.0; you asked for core@2.0.0"
    );
}

#[test]
fn nothing_required_is_nothing_found() {
    assert_eq!(answer(&[]), "");
}

/// Plugins of which each excludes the others' choices: `n` packages of `n - 1` releases, where no two
/// packages may have the same one. There is no set, and propagation does not see it.
fn pigeons(n: usize) -> Catalog {
    let releases = |package: usize| {
        let release = |at: usize| {
            let others = (0..n).filter(|&other| other != package);
            let needs: Vec<_> = others
                .map(|other| {
                    format!(r#""p{other}": {{ "range": "={}.0.0", "kind": "conflicts" }}"#, at + 1)
                })
                .collect();
            format!(r#"{{ "version": "{}.0.0", "needs": {{ {} }} }}"#, at + 1, needs.join(", "))
        };
        (0..n - 1).map(release).collect::<Vec<_>>().join(", ")
    };
    let packages: Vec<_> = (0..n)
        .map(|package| {
            format!(
                r#"{{ "name": "p{package}", "kind": "plugin", "scheme": "semver", "source": "s", "releases": [ {} ] }}"#,
                releases(package)
            )
        })
        .collect();
    catalog(&format!(
        r#"{{ "format": 1, "name": "pigeons", "as_of": "2026-01-01",
             "sources": {{ "s": {{ "title": "notes", "evidence": "documented" }} }},
             "packages": [ {} ] }}"#,
        packages.join(", ")
    ))
}

#[test]
fn a_hard_request_ends_in_its_budget() {
    let catalog = pigeons(14);
    let requirements = (0..14).map(|ix| Requirement::any(&catalog, PackageIx::new(ix))).collect();
    let request = Request { budget: 100_000, ..Request::newest(requirements) };
    let resolution = resolve(&catalog, &request);
    assert_eq!(resolution, Resolution::Unknown { steps: 100_000 });
    let small = pigeons(5);
    let requirements = (0..5).map(|ix| Requirement::any(&small, PackageIx::new(ix))).collect();
    let request = Request { prefer: Prefer::Oldest, ..Request::newest(requirements) };
    let Resolution::Impossible(conflict) = resolve(&small, &request) else {
        panic!("four holes do not hold five pigeons");
    };
    // Each pair of packages has its say once, in one direction, and each requirement.
    assert_eq!(conflict.clashes.len(), 5 + 10);
}
