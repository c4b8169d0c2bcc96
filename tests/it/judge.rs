//! The judge: plans that are broken on purpose, and plans that are right.

use std::collections::BTreeSet;

use proptest::prelude::*;
use skew::record::{PlanRecord, StepRecord};

use crate::plan_strategies::{Case, Options, Question, Spot, case};
use crate::planner::{Scenario, ask_shipped, forbidden, root, stops_all};

/// A broken plan with what was done to it.
type Mutant = (String, PlanRecord);

/// Returns the plan with a change.
fn with(record: &PlanRecord, change: impl FnOnce(&mut PlanRecord)) -> PlanRecord {
    let mut changed = record.clone();
    change(&mut changed);
    changed
}

fn upgrades(record: &PlanRecord, node: Option<&String>) -> Vec<usize> {
    let all = record.steps.iter().enumerate();
    all.filter(|(_, step)| {
        step.action == "upgrade" && (node.is_none() || step.node.as_ref() == node)
    })
    .map(|(at, _)| at)
    .collect()
}

/// Steps left out, repeated, or about things that are not there.
fn crude(record: &PlanRecord) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for (at, step) in record.steps.iter().enumerate() {
        let number = at + 1;
        let named = |other: &&StepRecord| other.action == step.action && other.name == step.name;
        let works = step.action == "migrate";
        if !works || record.steps.iter().filter(named).count() == 1 {
            let dropped = with(record, |plan| {
                plan.steps.remove(at);
            });
            mutants.push((format!("step {number} dropped"), dropped));
        }
        if !works {
            let twice = with(record, |plan| plan.steps.insert(at, step.clone()));
            mutants.push((format!("step {number} done twice"), twice));
        }
        for (what, change) in EDITS {
            let changed = with(record, |plan| change(&mut plan.steps[at]));
            if changed != *record {
                mutants.push((format!("step {number}: {what}"), changed));
            }
        }
        for gate in 0..step.gates.len() {
            let without = with(record, |plan| {
                plan.steps[at].gates.remove(gate);
            });
            mutants
                .push((format!("step {number}: gate {} left out", step.gates[gate].name), without));
        }
    }
    mutants.push(("no target".to_owned(), with(record, |plan| plan.targets.clear())));
    mutants
}

/// A change of a step, with its name.
type Edit = (&'static str, fn(&mut StepRecord));

/// Changes that make any step wrong that they change.
const EDITS: [Edit; 13] = [
    ("unknown node", |step| nobody(&mut step.node)),
    ("unknown giver", |step| nobody(&mut step.from_node)),
    ("unknown taker", |step| nobody(&mut step.to_node)),
    ("unknown group", |step| nobody(&mut step.group)),
    ("unknown migration", |step| nobody(&mut step.name)),
    ("unknown package", |step| nobody(&mut step.package)),
    ("unknown action", |step| "hope".clone_into(&mut step.action)),
    ("a rule that nobody states", |step| {
        step.allowed_by.push("NO-SUCH-RULE".to_owned());
    }),
    ("another upgrade's name", |step| {
        step.allowed_by.push("upgrade:core@0.0.1->core@0.0.2".to_owned());
    }),
    ("no start", |step| step.from = None),
    ("no end", |step| step.to = None),
    ("the plugin left behind", |step| step.with.clear()),
    ("a stranger beside", |step| {
        if step.action == "upgrade" {
            step.with.push(("nobody".to_owned(), None, "1.0.0".to_owned()));
        }
    }),
];

fn nobody(name: &mut Option<String>) {
    if name.is_some() {
        *name = Some("nobody".to_owned());
    }
}

/// Roles handed over at the wrong time.
fn roles(record: &PlanRecord) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    let is_switch = |step: &StepRecord| step.action == "switch";
    for (at, step) in record.steps.iter().enumerate().filter(|(_, step)| is_switch(step)) {
        let number = at + 1;
        let of_giver = upgrades(record, step.from_node.as_ref());
        if let Some(&own) = of_giver.iter().find(|&&own| own > at) {
            mutants.push((
                format!("the old holder changed before the switch of step {number}"),
                with(record, |plan| plan.steps.swap(at, own)),
            ));
            let mut before = record.steps[..at].iter();
            let holds_at_start = before.all(|earlier| earlier.to_node != step.from_node);
            if holds_at_start {
                mutants.push((
                    format!("the holder of step {number} changed first of all"),
                    with(record, |plan| {
                        let step = plan.steps.remove(own);
                        plan.steps.insert(0, step);
                    }),
                ));
            }
        }
        let of_taker = upgrades(record, step.to_node.as_ref());
        if let Some(&own) = of_taker.iter().rfind(|&&own| own < at) {
            mutants.push((
                format!("the switch of step {number} before its taker changed"),
                with(record, |plan| {
                    let step = plan.steps.remove(at);
                    plan.steps.insert(own, step);
                }),
            ));
        }
        mutants.push((
            format!("the switch of step {number} the wrong way round"),
            with(record, |plan| {
                let step = &mut plan.steps[at];
                std::mem::swap(&mut step.from_node, &mut step.to_node);
            }),
        ));
    }
    mutants.extend(all_switches_first(record));
    mutants
}

fn all_switches_first(record: &PlanRecord) -> Option<Mutant> {
    let is_switch = |step: &StepRecord| step.action == "switch";
    let takers: BTreeSet<_> =
        record.steps.iter().filter_map(|step| step.to_node.as_ref()).collect();
    let changes = |step: &StepRecord| step.node.as_ref().is_some_and(|node| takers.contains(node));
    let first = record.steps.iter().position(is_switch)?;
    record.steps[..first].iter().any(changes).then(|| {
        let sorted = with(record, |plan| {
            plan.steps.sort_by_key(|step| !is_switch(step));
        });
        ("all switches first".to_owned(), sorted)
    })
}

/// Versions that are wrong: `others` are releases of each package that might be written instead.
fn versions(record: &PlanRecord, others: &dyn Fn(&str) -> Vec<String>) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for (at, (package, version)) in record.targets.iter().enumerate() {
        for other in others(package).into_iter().filter(|other| other != version) {
            mutants.push((
                format!("the target changed to {package} {other}"),
                with(record, |plan| plan.targets[at].1.clone_from(&other)),
            ));
        }
    }
    for (at, step) in record.steps.iter().enumerate() {
        let Some(package) = &step.package else {
            continue;
        };
        for other in others(package) {
            if step.to.as_ref() != Some(&other) {
                mutants.push((
                    format!("step {} to {other}", at + 1),
                    with(record, |plan| {
                        plan.steps[at].to = Some(other.clone());
                        plan.steps[at].allowed_by.clear();
                    }),
                ));
            }
            let own = step.from_package.is_none();
            if own && step.from.as_ref() != Some(&other) {
                mutants.push((
                    format!("step {} from {other}", at + 1),
                    with(record, |plan| {
                        plan.steps[at].from = Some(other.clone());
                        plan.steps[at].allowed_by.clear();
                    }),
                ));
            }
        }
    }
    mutants
}

/// Hops that are made in the wrong way.
fn ways(question: &Question, record: &PlanRecord) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    if record.steps.iter().any(|step| step.action == "stop") && !question.goal.allow_downtime {
        let pauses = |step: &StepRecord| step.action == "stop" || step.action == "start";
        mutants.push((
            "nobody stopped".to_owned(),
            with(record, |plan| plan.steps.retain(|step| !pauses(step))),
        ));
    }
    let passes =
        question.plan().is_ok_and(|plan| plan.hops.iter().any(|hop| !hop.risks.is_empty()));
    if passes {
        mutants.push((
            "the risk not accepted".to_owned(),
            with(record, |plan| plan.accepted_risks.clear()),
        ));
    }
    for &at in &upgrades(record, None) {
        let plugin = &record.steps[at].with;
        if let Some((package, before, _)) = plugin.first() {
            mutants.push((
                format!("step {}: beside it the core again", at + 1),
                with(record, |plan| {
                    let step = &mut plan.steps[at];
                    let (core, old) = (step.package.clone(), step.from.clone());
                    step.with.push((
                        core.unwrap_or_default(),
                        step.to.clone(),
                        old.unwrap_or_default(),
                    ));
                }),
            ));
            if before.is_some() {
                mutants.push((
                    format!("step {}: {package} from nothing", at + 1),
                    with(record, |plan| plan.steps[at].with[0].1 = None),
                ));
            }
        }
    }
    mutants
}

/// Returns the releases that a package lists.
fn listed(question: &Question) -> impl Fn(&str) -> Vec<String> {
    |name| {
        let found = question.catalog.find(name);
        let package = found.map(|ix| question.catalog.package(ix));
        let releases = package.into_iter().flat_map(skew::catalog::Package::releases);
        releases.map(|release| release.version.text().to_owned()).collect()
    }
}

/// The mutants that the judge lets pass.
fn survivors(question: &Question, mutants: Vec<Mutant>) -> Vec<String> {
    let passes = |(_, record): &Mutant| question.judge(record).is_empty();
    mutants.into_iter().filter(passes).map(|(name, _)| name).collect()
}

fn all_mutants(question: &Question, record: &PlanRecord) -> Vec<Mutant> {
    let some = |name: &str| -> Vec<String> {
        let all = listed(question)(name);
        // A few of many: the oldest, the newest, and those around the middle.
        let step = all.len().div_ceil(6).max(1);
        all.iter().step_by(step).chain(all.last()).cloned().collect()
    };
    let mut mutants = crude(record);
    mutants.extend(roles(record));
    mutants.extend(versions(record, &some));
    mutants.extend(ways(question, record));
    mutants
}

/// Parts of the names of mutants, one for each kind that the scenarios must give rise to.
const KINDS: [&str; 22] = [
    "dropped",
    "done twice",
    "unknown node",
    "unknown giver",
    "unknown taker",
    "unknown group",
    "unknown migration",
    "unknown package",
    "a rule that nobody states",
    "another upgrade's name",
    "the plugin left behind",
    "a stranger beside",
    "gate",
    "no target",
    "the target changed",
    " to 9.",
    " from 8.",
    "changed before the switch",
    "changed first of all",
    "before its taker changed",
    "the wrong way round",
    "nobody stopped",
];

#[test]
fn broken_plans_of_scenarios_are_refused() {
    let mut made: Vec<String> = Vec::new();
    for (name, scenario) in Scenario::all() {
        let question = scenario.question();
        let Ok(plan) = question.plan() else { continue };
        if plan.steps.is_empty() {
            continue;
        }
        let mutants = all_mutants(&question, &question.record(plan));
        made.extend(mutants.iter().map(|(name, _)| name.clone()));
        assert_eq!(survivors(&question, mutants), Vec::<String>::new(), "{name}");
    }
    assert!(made.len() > 1000, "{} mutants", made.len());
    for kind in KINDS {
        let count = made.iter().filter(|name| name.contains(kind)).count();
        assert!(count > 0, "no mutant is of the kind: {kind}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(300), ..ProptestConfig::default() })]

    #[test]
    fn broken_plans_are_refused(case in case()) {
        let question = case.question();
        let Ok(plan) = question.plan() else { return Ok(()) };
        if plan.steps.is_empty() {
            return Ok(());
        }
        let mutants = all_mutants(&question, &question.record(plan));
        prop_assert_eq!(survivors(&question, mutants), Vec::<String>::new());
    }

    #[test]
    fn what_is_wrong_by_hand_is_refused(case in case(), swaps in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..3_usize), 1..=3)) {
        let question = case.question();
        let Ok(plan) = question.plan() else { return Ok(()) };
        let mut record = question.record(plan);
        // What a step says of itself changes when it moves; only what it does is of interest here.
        record.steps.iter_mut().for_each(|step| step.allowed_by.clear());
        for (a, b, what) in swaps {
            if record.steps.is_empty() {
                break;
            }
            let (a, b) = (a.index(record.steps.len()), b.index(record.steps.len()));
            match what {
                0 => record.steps.swap(a, b),
                1 => { let step = record.steps.remove(a); record.steps.insert(b, step); }
                _ => { record.steps.remove(a); }
            }
        }
        if let Err(why) = by_hand(&case, &record) {
            prop_assert!(!question.judge(&record).is_empty(), "{}", why);
        }
    }
}

/// Replays a plan over an invented deployment by rules of its own.
fn by_hand(case: &Case, record: &PlanRecord) -> Result<(), String> {
    let mut nodes = case.nodes.clone();
    let mut on = vec![true; nodes.len()];
    let tolerated = case.broken(&nodes, &on);
    for (at, step) in record.steps.iter().enumerate() {
        let valid = do_step(case, &mut nodes, &mut on, step).and_then(|()| {
            let broken = case.broken(&nodes, &on);
            fine(broken.is_subset(&tolerated), "the state is broken")
        });
        valid.map_err(|what| format!("step {}: {what}", at + 1))?;
    }
    let reached = nodes.iter().all(|node| node.core == case.target) && on.iter().all(|on| *on);
    fine(reached, "the target is not reached")
}

fn fine(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}

fn do_step(
    case: &Case,
    nodes: &mut [Spot],
    on: &mut [bool],
    step: &StepRecord,
) -> Result<(), String> {
    let position = |name: &Option<String>| -> usize {
        let name = name.as_deref().unwrap_or_default();
        name.trim_start_matches('n').parse().unwrap_or_default()
    };
    let node = position(&step.node);
    match step.action.as_str() {
        "upgrade" => change(case, nodes, on, node, step),
        "install" => {
            let (plugin, release) = plugin(step.package.as_deref(), step.to.as_deref());
            nodes[node].plugins[plugin] = Some(release);
            fine(case.fits(&nodes[node]), "the plugin does not fit")
        }
        "switch" => {
            let (from, to) = (position(&step.from_node), position(&step.to_node));
            let right = nodes[from].back && !nodes[to].back;
            (nodes[from].back, nodes[to].back) = (false, true);
            fine(right, "the wrong roles")
        }
        "stop" | "start" => {
            let starts = step.action == "start";
            let before = std::mem::replace(&mut on[node], starts);
            fine(before != starts, "it is so already")
        }
        _ => Ok(()),
    }
}

/// Reads `plugin-0` and `1.2.0`.
fn plugin(package: Option<&str>, version: Option<&str>) -> (usize, usize) {
    let number = |text: Option<&str>, at: char, nth: usize| -> usize {
        text.and_then(|text| text.split(at).nth(nth))
            .and_then(|part| part.parse().ok())
            .unwrap_or_default()
    };
    (number(package, '-', 1), number(version, '.', 1))
}

fn change(
    case: &Case,
    nodes: &mut [Spot],
    on: &[bool],
    node: usize,
    step: &StepRecord,
) -> Result<(), String> {
    let release = |text: &Option<String>| {
        case.product
            .core
            .iter()
            .position(|known| Some(*known) == text.as_deref())
            .unwrap_or_default()
    };
    let (from, to) = (release(&step.from), release(&step.to));
    if nodes[node].core != from {
        return Err("it starts from something else".to_owned());
    }
    if let Some(why) = forbidden(case, from, to) {
        return Err(why.to_owned());
    }
    let nothing_runs = on.iter().all(|on| !on);
    if stops_all(case, from, to) && !nothing_runs {
        return Err("somebody runs".to_owned());
    }
    if case.product.switch && nodes[node].back && !nothing_runs {
        return Err("restarted in its role".to_owned());
    }
    nodes[node].core = to;
    for (package, _, after) in &step.with {
        let (plugin, release) = plugin(Some(package), Some(after));
        nodes[node].plugins[plugin] = Some(release);
    }
    fine(case.fits(&nodes[node]), "a plugin does not fit")
}

#[test]
fn a_version_that_is_no_release_is_refused() {
    let deployment =
        std::fs::read_to_string(root("examples/valkey-3x3.json")).expect("the example");
    let question = ask_shipped(&deployment, &["valkey@9.1.2"], &Options::default());
    let plan = question.plan().expect("there is a plan");
    let record = question.record(plan);
    let forge = |text: &mut String| *text = text.replace("9.1.2", "8.2.5");
    let forged = with(&record, |plan| {
        plan.targets.iter_mut().for_each(|(_, version)| forge(version));
        for step in &mut plan.steps {
            step.to.iter_mut().for_each(forge);
            step.allowed_by.iter_mut().for_each(forge);
        }
    });
    let said = question.judge(&forged).join("\n");
    assert!(said.contains("`valkey 8.2.5` is no known release"), "{said}");
}

#[test]
fn a_core_is_not_installed_like_a_plugin() {
    let deployment =
        std::fs::read_to_string(root("examples/valkey-3x3.json")).expect("the example");
    let question = ask_shipped(&deployment, &["valkey@9.1.2"], &Options::default());
    let record = question.record(question.plan().expect("there is a plan"));
    let disguised = with(&record, |plan| {
        plan.steps.retain(|step| step.action == "upgrade");
        for step in &mut plan.steps {
            "install".clone_into(&mut step.action);
            step.allowed_by.clear();
        }
    });
    let said = question.judge(&disguised).join("\n");
    assert!(said.contains("before its role was handed over"), "{said}");
}

#[test]
fn stopping_one_node_is_no_way_around_a_switch() {
    let deployment =
        std::fs::read_to_string(root("examples/valkey-3x3.json")).expect("the example");
    let question = ask_shipped(&deployment, &["valkey@9.1.2"], &Options::default());
    let record = question.record(question.plan().expect("there is a plan"));
    let pause = |action: &str, node: &str| StepRecord {
        action: action.to_owned(),
        node: Some(node.to_owned()),
        ..StepRecord::default()
    };
    let sneaky = with(&record, |plan| {
        plan.steps.retain(|step| step.action == "upgrade" && step.node.as_deref() == Some("a1"));
        plan.steps.insert(0, pause("stop", "a1"));
        plan.steps.push(pause("start", "a1"));
    });
    let said = question.judge(&sneaky).join("\n");
    assert!(said.contains("before its role was handed over"), "{said}");
}

#[test]
fn the_judge_accepts_plans_for_the_examples() {
    let asks: [(&str, &[&str]); 12] = [
        ("valkey-3x3", &["valkey@9.1.2"]),
        ("valkey-3x3", &["valkey@8.1.10"]),
        ("valkey-3x3", &["valkey@9.1"]),
        ("valkey-3x3", &["valkey@8.1.0"]),
        ("valkey-3x3", &["valkey"]),
        ("kestra", &["kestra@2.0.0"]),
        ("kestra", &["kestra@1.3"]),
        ("kestra", &["kestra@1.0.4"]),
        ("dagster", &["dagster@1.13"]),
        ("dagster", &["dagster@1.12"]),
        ("duckdb", &["duckdb@v1.5.5"]),
        ("duckdb", &["duckdb@v1.4.5"]),
    ];
    for (name, to) in asks {
        let deployment =
            std::fs::read_to_string(root(&format!("examples/{name}.json"))).expect("the example");
        let question = ask_shipped(&deployment, to, &Options::default());
        let plan = question.plan().unwrap_or_else(|none| panic!("{name} to {to:?}: {none:?}"));
        let record = question.record(plan);
        assert_eq!(question.judge(&record), Vec::<String>::new(), "{name} to {to:?}");
    }
}
