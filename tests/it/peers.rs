//! The resolver against solvers of other makes, on instances from seeds.
//!
//! All agree on whether there is a set. pubgrub and batsat are told the whole order and must find the
//! same set; resolvo the requirements alone, so that part of its set must be the same. A case that fails is
//! made smaller and printed in the form of `tests/scenarios`.

use serde_json::{Value, json};
use skew::answer::selection::{Pick, Resolution};
use skew::catalog::Catalog;
use skew::resolve::{Request, every_core, find, resolve};

use crate::instances::{self, Binds, Dice, Instance, Regime, Size, holds};
use crate::support;

#[allow(dead_code, reason = "the benchmarks use the rest")]
#[path = "peers/adapters.rs"]
mod adapters;

use adapters::{Batsat, Pubgrub, Resolvo, Set, Verdict, required};

/// How many times as many seeds as usual; an environment may ask for more.
fn times() -> u64 {
    std::env::var("PEERS_TIMES").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// Makes releases silent: few, some or half of them.
fn silenced(instance: Instance, seed: u64) -> Instance {
    let mut dice = Dice::new(seed);
    let percent = [8, 25, 50][dice.below(3)];
    instance.silenced(percent, &mut dice)
}

/// A size that is small enough for a debug build, and different for each seed.
fn size(regime: Regime, seed: u64) -> Size {
    let mut dice = Dice::new(!seed);
    let (plugins, releases) = match regime {
        Regime::Lazy => (100 + dice.below(100), dice.between(3, 8)),
        Regime::Threshold => (4 + dice.below(2), 5),
        Regime::Deep => (5 + dice.below(5), 5),
        Regime::TwoPlugins | Regime::Cycle => (2 + dice.below(6), dice.between(3, 6)),
        Regime::Easy | Regime::Contended | Regime::Tangled => {
            (3 + dice.below(if seed.is_multiple_of(2) { 6 } else { 20 }), dice.between(3, 12))
        }
    };
    let required = match regime {
        Regime::Lazy => 1 + dice.below(3),
        Regime::Threshold => plugins,
        Regime::Deep => 1 + dice.below(2),
        Regime::TwoPlugins | Regime::Cycle => 2 + dice.below((plugins - 1).min(4)),
        Regime::Easy | Regime::Contended | Regime::Tangled => 1 + dice.below(4.min(plugins)),
    };
    let random = matches!(regime, Regime::Threshold | Regime::Deep);
    let needs = if random { 4 } else { dice.between(2, 4) };
    let share = if regime == Regime::Deep { 500 } else { 420 };
    Size { cores: dice.between(4, 30), plugins, releases, required, needs, share }
}

fn load(text: &str) -> Catalog {
    support::catalog(&[("random", text)], &[])
}

fn request(catalog: &Catalog, instance: &Instance) -> Request {
    let want = instance.wanted();
    support::request(catalog, want.iter().map(String::as_str), [])
}

fn ours(instance: &Instance) -> Verdict {
    let catalog = load(&instance.matrix());
    adapters::read(&catalog, instance, &find(&catalog, &request(&catalog, instance)))
}

/// Whether a set has what was required and all that its releases need.
fn is_valid(instance: &Instance, set: &Set) -> bool {
    let number = |package| set.iter().find(|(other, _)| *other == package).map(|(_, n)| *n);
    let within = |package, spans: &[_]| number(package).map(|number| holds(spans, number));
    let met = |dep: &instances::Dep| match within(dep.target, &dep.allowed) {
        None => dep.binds == Binds::IfPresent,
        Some(fits) => fits,
    };
    let granted = |requirement: instances::Requirement| {
        within(requirement.package, &requirement.allowed) == Some(true)
    };
    instance.roots().into_iter().all(granted)
        && set
            .iter()
            .all(|&(package, number)| instance.packages[package].needs(number).iter().all(met))
}

/// Asks a solver that knows no silence: first of what is certain, then of what is possible.
fn answer(instance: &Instance, solve: impl Fn(&Instance) -> Verdict) -> Verdict {
    let certain = solve(&instance.certain());
    if certain != Verdict::Impossible || instance.certain() == *instance {
        return certain;
    }
    match solve(instance) {
        Verdict::Found(set) => Verdict::Open(set),
        other @ (Verdict::Open(_) | Verdict::Impossible | Verdict::Stopped) => other,
    }
}

/// Returns who disagrees, and what the others say.
fn disagreement(instance: &Instance) -> Option<(String, Verdict)> {
    let go_on = || false;
    let best = answer(instance, |one| Pubgrub::new(one).solve(&go_on));
    let is_wrong = |verdict: &Verdict| match verdict {
        Verdict::Found(set) => !is_valid(&instance.certain(), set),
        Verdict::Open(set) => !is_valid(instance, set),
        Verdict::Impossible | Verdict::Stopped => false,
    };
    let checks = [
        ("skew", ours(instance) == best),
        ("batsat", answer(instance, |one| Batsat::new(one).solve(&go_on)) == best),
        ("resolvo", {
            let verdict = answer(instance, |one| Resolvo::new(one).solve(&go_on));
            !is_wrong(&verdict) && required(instance, &verdict) == required(instance, &best)
        }),
        ("pubgrub", !is_wrong(&best)),
    ];
    let odd: Vec<_> = checks.iter().filter(|(_, agrees)| !agrees).map(|(name, _)| *name).collect();
    (!odd.is_empty()).then(|| (odd.join(" and "), best))
}

/// Leaves out requirements, packages and needs as long as the solvers go on disagreeing.
fn smallest(instance: &Instance) -> Instance {
    let mut smallest = instance.clone();
    let mut keep = |smaller: &dyn Fn(&mut Instance)| {
        let mut tried = smallest.clone();
        smaller(&mut tried);
        if tried.is_clear() && disagreement(&tried).is_some() {
            smallest = tried;
        }
    };
    for at in (0..instance.requirements.len()).rev() {
        keep(&|tried| drop(tried.requirements.remove(at)));
    }
    for (at, package) in instance.packages.iter().enumerate() {
        for (release, needs) in package.releases.iter().enumerate() {
            for target in needs.iter().map(|need| need.target).rev() {
                keep(&|tried| {
                    tried.packages[at].releases[release].retain(|need| need.target != target);
                });
            }
        }
    }
    keep(&|tried| *tried = tried.without_the_unreached());
    smallest
}

fn expected(instance: &Instance, verdict: &Verdict) -> Value {
    match verdict {
        Verdict::Found(set) => {
            let versions = set.iter().map(|&(package, number)| {
                let package = &instance.packages[package];
                (package.name.clone(), json!(package.versions[number as usize - 1]))
            });
            json!({ "set": versions.collect::<serde_json::Map<_, _>>() })
        }
        Verdict::Open(set) => {
            let silent =
                set.iter().filter(|&&(package, n)| instance.packages[package].silent.contains(&n));
            let name = |(package, number): &(usize, u32)| {
                let package = &instance.packages[*package];
                format!("{} {}", package.name, package.versions[*number as usize - 1])
            };
            json!({ "missing": silent.map(name).collect::<Vec<_>>() })
        }
        Verdict::Impossible | Verdict::Stopped => json!({ "clashes": [] }),
    }
}

#[track_caller]
fn assert_agreement(what: &str, instance: &Instance) {
    if disagreement(instance).is_some() {
        let smallest = smallest(instance);
        let (odd, best) = disagreement(&smallest).expect("what is kept disagrees");
        let scenario = smallest.scenario(&expected(&smallest, &best));
        panic!("{what}: {odd} disagrees with pubgrub in\n{scenario}");
    }
}

fn check(regime: Regime, seeds: u64) {
    for seed in 0..seeds * times() {
        let instance = instances::instance(regime, size(regime, seed), seed);
        let silenced = silenced(instance.clone(), seed);
        assert_agreement(&format!("{}, seed {seed}", regime.name()), &instance);
        assert_agreement(&format!("{}, seed {seed}, silenced", regime.name()), &silenced);
    }
}

#[test]
fn easy_instances() {
    check(Regime::Easy, 200);
}

#[test]
fn contended_instances() {
    check(Regime::Contended, 400);
}

#[test]
fn tangled_instances() {
    check(Regime::Tangled, 400);
}

#[test]
fn two_plugins_apart() {
    check(Regime::TwoPlugins, 300);
}

#[test]
fn circles() {
    check(Regime::Cycle, 300);
}

#[test]
fn instances_at_the_threshold() {
    check(Regime::Threshold, 40);
}

#[test]
fn deep_instances() {
    check(Regime::Deep, 600);
}

#[test]
fn lazy_instances() {
    check(Regime::Lazy, 100);
}

/// Instances with so many decisions that contradictions take back one at a time and lead to packages
/// being lowered: with and without that the answers are the same.
#[test]
fn larger_instances_with_nothing_lowered_and_with_everything() {
    for regime in [Regime::Contended, Regime::Tangled, Regime::Cycle, Regime::Deep] {
        for seed in 0..12 * times() {
            let required = if seed.is_multiple_of(2) { 40 } else { 8 };
            let size =
                Size { cores: 40, plugins: 40, releases: 12, required, needs: 4, share: 500 };
            let mut instance = instances::instance(regime, size, seed);
            if seed % 3 == 2 {
                instance = silenced(instance, seed);
            }
            let catalog = load(&instance.matrix());
            let quick = request(&catalog, &instance);
            let slow = Request { shortcut: false, ..quick.clone() };
            let found = find(&catalog, &quick);
            assert_eq!(found, find(&catalog, &slow), "{regime:?}, seed {seed}");
            let verdict = adapters::read(&catalog, &instance, &found);
            let theirs = answer(&instance, |one| Batsat::new(one).solve(&|| false));
            assert!(verdict == theirs, "{regime:?}, seed {seed}");
            let core = catalog.find("core").expect("the core is there");
            let (quick, slow) =
                (every_core(&catalog, &quick, core), every_core(&catalog, &slow, core));
            assert_eq!(quick, slow, "{regime:?}, seed {seed}");
        }
    }
}

#[test]
fn shapes_of_backtracking_and_sudoku() {
    assert_agreement("singletons", &instances::singletons(12, 12));
    assert_agreement("disjoint", &instances::disjoint(12, 12));
    assert_agreement("ranges", &instances::ranges(5, 12));
    for board in instances::SUDOKUS {
        assert_agreement("sudoku", &instances::sudoku(board));
    }
}
/// Returns all that is said about an instance, with packages and releases by name.
fn said(text: &str, instance: &Instance) -> Vec<String> {
    let catalog = load(text);
    let picks = |picks: &[Pick]| {
        let set: Vec<_> = picks.iter().map(|pick| pick.release).collect();
        support::labels(&catalog, &set).join(", ")
    };
    match resolve(&catalog, &request(&catalog, instance)) {
        Resolution::Found(selection) => vec![picks(&selection.picks)],
        Resolution::Impossible(conflict) => {
            let clashes = conflict.clashes.into_iter().map(|clash| clash.text);
            let repairs = conflict.repairs.into_iter();
            let repairs =
                repairs.map(|repair| format!("{}: {}", repair.text, picks(&repair.picks)));
            clashes.chain(repairs).collect()
        }
        Resolution::Undecided(open) => {
            open.missing.into_iter().map(|missing| missing.text).collect()
        }
        Resolution::Unknown { steps } => vec![format!("unknown after {steps} steps")],
    }
}

#[test]
fn the_order_of_the_file_does_not_matter() {
    for regime in Regime::ALL {
        for seed in 0..30 * times() {
            let instance = instances::instance(regime, size(regime, seed), seed);
            let shuffled = instance.shuffled(&mut Dice::new(seed));
            let (one, other) = (instance.matrix(), shuffled);
            assert_eq!(said(&one, &instance), said(&other, &instance), "{regime:?}, seed {seed}");
        }
    }
}

#[test]
fn a_seed_means_the_same_everywhere() {
    let size = Size { cores: 9, plugins: 3, releases: 2, required: 2, needs: 3, share: 500 };
    let instance = instances::instance(Regime::Tangled, size, 1);
    let lines: Vec<_> = instance.matrix().lines().skip(11).map(str::to_owned).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"name":"p0001","kind":"plugin","core":"core","scheme":"semver","source":"s","releases":[
    {"version":"1.0.0","needs":{"core":">=3.0.0,<=4.0.0","p0003":"=2.0.0"}},
    {"version":"2.0.0","needs":{"core":">=6.0.0,<=8.0.0"}}]},
    {"name":"p0002","kind":"plugin","core":"core","scheme":"semver","source":"s","releases":[
    {"version":"1.0.0","needs":{"core":">=4.0.0,<=8.0.0"}},
    {"version":"2.0.0","needs":{"core":">=7.0.0,<=8.0.0","p0003":"=2.0.0"}}]},
    {"name":"p0003","kind":"plugin","core":"core","scheme":"semver","source":"s","releases":[
    {"version":"1.0.0","needs":{"core":">=4.0.0,<=8.0.0","p0001":"=2.0.0"}},
    {"version":"2.0.0","needs":{}}]}
    ]}
    "#);
    insta::assert_snapshot!(instance.wanted().join(" "), @"p0003 p0001");
}

/// Whether a set is known, open or impossible: each comes about often enough among silenced instances.
#[test]
fn silenced_instances_are_of_all_kinds() {
    let mut all = [0; 3];
    for regime in Regime::ALL {
        for seed in 0..100 {
            let instance = instances::instance(regime, size(regime, seed), seed);
            let instance = silenced(instance, seed);
            let verdict = answer(&instance, |one| Batsat::new(one).solve(&|| false));
            all[match verdict {
                Verdict::Found(_) => 0,
                Verdict::Open(_) => 1,
                Verdict::Impossible => 2,
                Verdict::Stopped => panic!("nobody stops it"),
            }] += 1;
        }
    }
    let [known, open, impossible] = all;
    assert!(known >= 200 && open >= 50 && impossible >= 150, "{all:?}");
}

/// What the instances of a regime turn out to be.
#[derive(Debug, Default, PartialEq, Eq)]
struct Spread {
    found: u32,
    impossible: u32,
    /// Sets with packages that nobody required.
    led: u32,
    /// Sets in which two packages or more are not at their newest.
    back: u32,
    /// Sets that another order of the packages behind the requirements would change.
    ordered: u32,
}

fn spread(regime: Regime, count: u64) -> Spread {
    let mut spread = Spread::default();
    for seed in 0..count {
        let instance = instances::instance(regime, size(regime, seed), seed);
        let verdict = Batsat::new(&instance).solve(&|| false);
        let Verdict::Found(set) = &verdict else {
            spread.impossible += 1;
            continue;
        };
        let roots = instance.roots().len();
        let mut order = instance.order();
        order[roots..].reverse();
        let old =
            |(package, number): &&(usize, u32)| instance.packages[*package].count() != *number;
        spread.found += 1;
        spread.led += u32::from(set.len() > roots);
        spread.back += u32::from(set.iter().filter(old).count() >= 2);
        spread.ordered += u32::from(Batsat::deciding(&instance, order).solve(&|| false) != verdict);
    }
    spread
}

/// The instances must not all be of one kind, or the comparison says little.
#[test]
fn the_instances_are_of_all_kinds() {
    let of = |regime| spread(regime, 200);
    let easy = of(Regime::Easy);
    assert!(easy.found == 200 && easy.back == 0 && easy.led >= 100, "{easy:?}");
    let contended = of(Regime::Contended);
    assert!(contended.found == 200 && contended.back >= 80, "{contended:?}");
    let tangled = of(Regime::Tangled);
    assert!(tangled.found == 200 && tangled.back >= 120 && tangled.led >= 80, "{tangled:?}");
    assert_eq!(of(Regime::TwoPlugins).impossible, 200);
    assert_eq!(of(Regime::Cycle).impossible, 200);
    let threshold = of(Regime::Threshold);
    assert!(threshold.found >= 40 && threshold.impossible >= 40, "{threshold:?}");
    let deep = of(Regime::Deep);
    assert!(deep.led >= 100 && deep.ordered >= 15, "{deep:?}");
    assert!(of(Regime::Lazy).led >= 100);
}
