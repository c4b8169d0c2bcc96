//! The judge on waves: plans made by hand for fleets of Valkey, and what is done to them.
//!
//! [`Fleet::plan`] makes a right plan without the planner. [`fault`] says in rules of its own what is
//! wrong with a changed one, so that a mutant that the judge accepts is a right plan by an argument and
//! not by silence. What has rules that these fleets do not have is judged on small invented products.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};
use skew::catalog::{Catalog, Probe};
use skew::deployment::Deployment;
use skew::limits::{Limits, Share};
use skew::matrix::{Input, Inventory, load};
use skew::record::{GateRecord, PlanRecord, StepRecord};
use skew::verify::verify;

use crate::planner::root;

const OLD: &str = "8.1.1";
const NEW: &str = "9.1.2";

static VALKEY: LazyLock<Catalog> = LazyLock::new(|| {
    let text = std::fs::read_to_string(root("matrices/valkey.json")).expect("the matrix");
    load(&[Input { name: "valkey", bytes: text.as_bytes() }], &[]).catalog
});

fn deployment(catalog: &Catalog, value: &Value) -> Deployment {
    let text = value.to_string();
    let inventory = Inventory::parse(Input { name: "deployment", bytes: text.as_bytes() });
    inventory.expect("the deployment is well formed").resolve(catalog)
}

fn said(catalog: &Catalog, deployment: &Deployment, plan: &PlanRecord) -> Vec<String> {
    let findings = verify(catalog, deployment, plan).into_iter();
    findings.map(|finding| format!("{}: {}", finding.subject, finding.message)).collect()
}

/// Shards of a primary and replicas, and Sentinels beside them.
#[derive(Debug, Clone)]
struct Fleet {
    shards: usize,
    replicas: usize,
    sentinels: usize,
    limits: Limits,
}

/// Node 0 of a shard is its primary; a Sentinel is a group of its own.
type Name = String;

fn name(shard: usize, ix: usize) -> Name {
    format!("s{shard}n{ix}")
}

fn voter(ix: usize) -> Name {
    format!("v{ix}")
}

impl Fleet {
    fn deployment(&self) -> Value {
        let node = |name: Name, role: &str, group: String, zone: usize| {
            json!({ "name": name, "role": role, "group": group, "zone": format!("z{}", zone % 3),
                    "packages": { "valkey": OLD } })
        };
        let mut nodes = Vec::new();
        for shard in 0..self.shards {
            for ix in 0..=self.replicas {
                let role = if ix == 0 { "primary" } else { "replica" };
                nodes.push(node(name(shard, ix), role, format!("shard-{shard}"), shard + ix));
            }
        }
        for ix in 0..self.sentinels {
            nodes.push(node(voter(ix), "sentinel", format!("sentinel-{ix}"), ix));
        }
        json!({ "format": 1, "name": "fleet", "nodes": nodes })
    }

    /// Returns a right plan: canaries, replicas in as few waves as the limits allow, a switch per shard,
    /// the old primaries, the Sentinels.
    fn plan(&self) -> PlanRecord {
        let mut plan = PlanRecord {
            targets: vec![("valkey".to_owned(), NEW.to_owned())],
            limits: self.limits,
            preflight: gates("start-of-plan", &self.everybody()),
            // From the first switch on at the latest; what is later is wrong, what is earlier is careful.
            no_return: Some(1),
            ..PlanRecord::default()
        };
        let replicas = (1..=self.replicas)
            .flat_map(|ix| (0..self.shards).map(move |shard| (shard, ix)))
            .collect();
        let mut wave = self.roll(replicas, 0, &mut plan);
        for shard in 0..self.shards {
            let (from, to) = (name(shard, 0), name(shard, 1));
            plan.steps.push(StepRecord {
                group: Some(format!("shard-{shard}")),
                from_node: Some(from.clone()),
                to_node: Some(to.clone()),
                ..step("switch", wave, &[(from, "replica"), (to, "primary")])
            });
        }
        let primaries = (0..self.shards).map(|shard| (shard, 0)).collect();
        wave = self.roll(primaries, wave + 1, &mut plan);
        for ix in 0..self.sentinels {
            plan.steps.push(upgrade(voter(ix), wave + ix, "sentinel"));
        }
        let changes = plan.steps.iter_mut().filter(|step| step.action == "upgrade");
        if let Some(last) = changes.take(self.limits.canary).last() {
            last.gates.push(named("canary"));
        }
        plan
    }

    /// Adds upgrades in as few waves as the limits allow; returns the wave after them.
    fn roll(
        &self,
        mut nodes: Vec<(usize, usize)>,
        mut wave: usize,
        plan: &mut PlanRecord,
    ) -> usize {
        while !nodes.is_empty() {
            let mut down: BTreeMap<usize, usize> = BTreeMap::new();
            let mut zone = None;
            let mut left = Vec::new();
            for (shard, ix) in nodes {
                let canary = plan.steps.len() < self.limits.canary;
                let own = (shard + ix) % 3;
                let count = down.entry(shard).or_default();
                let alone = canary && zone.is_some();
                let elsewhere = self.limits.per_zone && zone.is_some_and(|zone| zone != own);
                let began = plan.steps.last().is_some_and(|last| last.wave == Some(wave));
                let after = began && plan.steps.len() == self.limits.canary;
                if *count == self.most() || elsewhere || alone || after {
                    left.push((shard, ix));
                    continue;
                }
                *count += 1;
                zone = Some(own);
                plan.steps.push(upgrade(name(shard, ix), wave, "replica"));
            }
            nodes = left;
            wave += 1;
        }
        wave
    }

    /// Returns every node with its role at the start.
    fn everybody(&self) -> Vec<(Name, &'static str)> {
        let role = |ix| if ix == 0 { "primary" } else { "replica" };
        let nodes = (0..self.shards)
            .flat_map(|shard| (0..=self.replicas).map(move |ix| (name(shard, ix), role(ix))));
        nodes.chain((0..self.sentinels).map(|ix| (voter(ix), "sentinel"))).collect()
    }

    fn most(&self) -> usize {
        self.limits.max_unavailable.of(self.replicas + 1)
    }
}

/// A gate of which only the name counts.
fn named(name: &str) -> GateRecord {
    GateRecord { name: name.to_owned(), ..GateRecord::default() }
}

/// Returns the gates that the matrix asks for at a moment, of these nodes in their roles. The last of them is the one
/// that the step is about.
fn gates(moment: &str, nodes: &[(Name, &str)]) -> Vec<GateRecord> {
    let package = VALKEY.find("valkey").expect("the product");
    let upgrades = VALKEY.upgrades(package).expect("its policy");
    let due = upgrades.gates.iter().filter(|gate| gate.after.iter().any(|after| after == moment));
    let asked = due.filter_map(|gate| {
        let plays = |role: &str| {
            let mut roles = gate.roles.iter();
            gate.roles.is_empty() || roles.any(|known| VALKEY.role(*known).name == role)
        };
        let concerned = nodes.iter().filter(|(_, role)| plays(role));
        let nodes_asked: Vec<_> = concerned.map(|(name, _)| name.clone()).collect();
        let first = nodes_asked.first()?.clone();
        let last = &nodes.last()?.0;
        let fill = |text: &str| {
            let text = text.replace("{node}", &first).replace("{to_node}", last);
            text.replace("{to}", NEW).replace("{package}", "valkey")
        };
        let filled = |probe: &Probe| Probe {
            command: fill(&probe.command),
            field: probe.field.clone(),
            expect: probe.expect.fill(&fill),
        };
        Some(GateRecord {
            nodes: nodes_asked,
            probe: Some(filled(&gate.probe)),
            only_if: gate.only_if.as_ref().map(filled),
            ..named(&gate.name)
        })
    });
    asked.collect()
}

/// Makes a step with the gates that the matrix asks for after it.
fn step(action: &str, wave: usize, nodes: &[(Name, &str)]) -> StepRecord {
    StepRecord {
        action: action.to_owned(),
        wave: Some(wave),
        gates: gates(action, nodes),
        ..StepRecord::default()
    }
}

fn upgrade(node: Name, wave: usize, role: &str) -> StepRecord {
    StepRecord {
        node: Some(node.clone()),
        package: Some("valkey".to_owned()),
        from: Some(OLD.to_owned()),
        to: Some(NEW.to_owned()),
        allowed_by: vec![format!("upgrade:valkey@{OLD}->valkey@{NEW}")],
        ..step("upgrade", wave, &[(node, role)])
    }
}

/// What a state of a fleet is to [`fault`].
struct State {
    primary: Vec<Name>,
    changed: BTreeSet<Name>,
}

fn shard_of(node: &str) -> Option<usize> {
    node.strip_prefix('s')
        .and_then(|rest| rest.split('n').next())
        .and_then(|text| text.parse().ok())
}

/// Says what is wrong with a plan for a fleet, in the plainest words.
fn fault(fleet: &Fleet, plan: &PlanRecord) -> Option<&'static str> {
    let mut state = State {
        primary: (0..fleet.shards).map(|shard| name(shard, 0)).collect(),
        changed: BTreeSet::new(),
    };
    let mut waves: BTreeMap<usize, Vec<&StepRecord>> = BTreeMap::new();
    for pair in plan.steps.windows(2) {
        if pair[0].wave > pair[1].wave {
            return Some("waves fall");
        }
    }
    for step in &plan.steps {
        waves.entry(step.wave?).or_default().push(step);
    }
    for steps in waves.values() {
        let wrong = at_once(fleet, steps).or_else(|| follow(fleet, steps, &mut state));
        if wrong.is_some() {
            return wrong;
        }
    }
    let count = fleet.shards * (fleet.replicas + 1) + fleet.sentinels;
    if state.changed.len() < count { Some("somebody is left") } else { canaries(fleet, plan) }
}

/// What must not happen side by side.
fn at_once(fleet: &Fleet, steps: &[&StepRecord]) -> Option<&'static str> {
    let mut down: BTreeMap<Option<usize>, usize> = BTreeMap::new();
    let (mut nodes, mut zones) = (BTreeSet::new(), BTreeSet::new());
    let mut switching = BTreeSet::new();
    for step in steps {
        for node in [&step.node, &step.from_node, &step.to_node].into_iter().flatten() {
            if !nodes.insert(node) {
                return Some("a node twice");
            }
        }
        if let Some(node) = &step.node {
            *down.entry(shard_of(node)).or_default() += 1;
            let (head, tail) = node.split_at(1);
            let place: usize = if head == "v" {
                tail.parse().ok()?
            } else {
                tail.split('n').filter_map(|part| part.parse::<usize>().ok()).sum()
            };
            zones.insert(place % 3);
        } else if let Some(taker) = &step.to_node {
            switching.insert(shard_of(taker));
        }
    }
    if down.keys().any(|shard| switching.contains(shard)) {
        return Some("a switch beside another step");
    }
    if down.get(&None).is_some_and(|&count| count > 1) {
        return Some("voters together");
    }
    if down.values().any(|&count| count > fleet.most()) {
        return Some("too many down");
    }
    (fleet.limits.per_zone && zones.len() > 1).then_some("two zones down")
}

/// What a wave must find, in whatever order its steps are done; it is done then.
fn follow(fleet: &Fleet, steps: &[&StepRecord], state: &mut State) -> Option<&'static str> {
    for step in steps {
        if let Some(node) = &step.node {
            if state.changed.contains(node) {
                return Some("changed already");
            }
            if state.primary.contains(node) {
                return Some("a primary restarted");
            }
            let data = fleet.shards * (fleet.replicas + 1);
            if node.starts_with('v') && state.changed.len() < data {
                return Some("a Sentinel too early");
            }
        } else if let (Some(from), Some(to)) = (&step.from_node, &step.to_node) {
            let shard = shard_of(to)?;
            if state.primary[shard] != *from || state.primary[shard] == *to {
                return Some("the wrong roles");
            }
        }
    }
    for step in steps {
        state.changed.extend(step.node.clone());
        if let Some(to) = &step.to_node {
            state.primary[shard_of(to)?].clone_from(to);
        }
    }
    None
}

fn canaries(fleet: &Fleet, plan: &PlanRecord) -> Option<&'static str> {
    let count = fleet.limits.canary;
    let changes: Vec<usize> =
        (0..plan.steps.len()).filter(|&step| plan.steps[step].node.is_some()).collect();
    if count == 0 || changes.len() <= count {
        return None;
    }
    let (last, next) = (changes[count - 1], changes[count]);
    if plan.steps[last].wave == plan.steps[next].wave {
        return Some("canaries beside others");
    }
    let watched = |step: &StepRecord| step.gates.iter().any(|gate| gate.name == "canary");
    (!plan.steps[last..next].iter().any(watched)).then_some("canaries not watched")
}

fn fleet() -> impl Strategy<Value = Fleet> {
    let share = prop_oneof![
        3 => Just(Share::Nodes(1)), 1 => Just(Share::Nodes(2)), 1 => Just(Share::Nodes(9)), 1 => Just(Share::Percent(50)),
    ];
    let limits = (share, proptest::bool::weighted(0.3), 0..3_usize);
    (1..4_usize, 1..4_usize, prop_oneof![Just(0_usize), Just(3)], limits).prop_map(
        |(shards, replicas, sentinels, (max_unavailable, per_zone, canary))| Fleet {
            shards,
            replicas,
            sentinels,
            limits: Limits { max_unavailable, per_zone, canary },
        },
    )
}

/// A change of a plan: what kind, and at which two steps.
type Edit = (usize, prop::sample::Index, prop::sample::Index);

/// What may be wrong with a changed plan of a fleet.
const FAULTS: [&str; 13] = [
    "waves fall",
    "a node twice",
    "a switch beside another step",
    "too many down",
    "voters together",
    "two zones down",
    "a primary restarted",
    "a Sentinel too early",
    "changed already",
    "the wrong roles",
    "somebody is left",
    "canaries beside others",
    "canaries not watched",
];

const EDITS: [&str; 9] = [
    "swapped",
    "moved",
    "waves joined",
    "into another wave",
    "dropped",
    "doubled",
    "turned round",
    "waves turned",
    "split",
];

fn edit(plan: &mut PlanRecord, (kind, a, b): &Edit) {
    let count = plan.steps.len();
    if count > 0 {
        edit_at(plan, EDITS[*kind], a.index(count), b.index(count));
    }
}

fn edit_at(plan: &mut PlanRecord, kind: &str, a: usize, b: usize) {
    let steps = &mut plan.steps;
    let waves: Vec<Option<usize>> = steps.iter().map(|step| step.wave).collect();
    match kind {
        // The waves stay where they are.
        "swapped" => {
            steps.swap(a, b);
            steps.iter_mut().zip(waves).for_each(|(step, wave)| step.wave = wave);
        }
        "moved" => {
            let step = steps.remove(a);
            steps.insert(b, step);
            steps.iter_mut().zip(waves).for_each(|(step, wave)| step.wave = wave);
        }
        "waves joined" => {
            let (from, to) = (waves[a].max(waves[b]), waves[a].min(waves[b]));
            let near = from.zip(to).is_some_and(|(from, to)| from == to + 1);
            let joined = steps.iter_mut().filter(|step| near && step.wave == from);
            joined.for_each(|step| step.wave = to);
        }
        "into another wave" => {
            let mut step = steps.remove(a);
            step.wave = waves[b];
            let at = steps.iter().take_while(|other| other.wave <= step.wave).count();
            steps.insert(at, step);
        }
        "dropped" => drop(steps.remove(a)),
        "doubled" => {
            for step in steps.iter_mut() {
                step.wave = step.wave.map(|wave| 2 * wave);
            }
            let mut step = steps[a].clone();
            step.wave = step.wave.map(|wave| wave + 1);
            let at = steps.iter().take_while(|other| other.wave < step.wave).count();
            steps.insert(at, step);
        }
        "turned round" => {
            let step = &mut steps[a];
            std::mem::swap(&mut step.from_node, &mut step.to_node);
        }
        "waves turned" => {
            let (first, second) = (waves[a], waves[b]);
            for step in steps {
                let wave = step.wave;
                if wave == first {
                    step.wave = second;
                } else if wave == second {
                    step.wave = first;
                }
            }
        }
        _ => {
            for step in steps {
                step.wave = step.wave.map(|wave| 2 * wave);
            }
            plan.steps[a].wave = plan.steps[a].wave.map(|wave| wave + 1);
        }
    }
}

/// At least 1,500 cases: plans made by hand cost little.
fn many() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases.max(1500), ..default }
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn a_changed_plan_is_refused_if_and_only_if_something_is_wrong_with_it(
        fleet in fleet(),
        edits in proptest::collection::vec((0..EDITS.len(), any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..3),
    ) {
        let deployment = deployment(&VALKEY, &fleet.deployment());
        let mut plan = fleet.plan();
        for change in &edits {
            edit(&mut plan, change);
        }
        let wrong = fault(&fleet, &plan);
        prop_assert!(wrong.is_none() || !edits.is_empty(), "{:?}", wrong);
        let said = said(&VALKEY, &deployment, &plan);
        prop_assert_eq!(said.is_empty(), wrong.is_none(), "{:?}: {:?}", wrong, said);
    }

    #[test]
    fn steps_of_a_wave_may_stand_in_any_order(fleet in fleet()) {
        let deployment = deployment(&VALKEY, &fleet.deployment());
        let mut plan = fleet.plan();
        // The canaries' gate stands on the last of them.
        plan.steps.iter_mut().for_each(|step| step.gates.retain(|gate| gate.name != "canary"));
        plan.limits.canary = 0;
        plan.steps.reverse();
        plan.steps.sort_by_key(|step| step.wave);
        prop_assert_eq!(said(&VALKEY, &deployment, &plan), Vec::<String>::new());
    }
}

/// Every change of two steps of every small fleet.
#[test]
fn each_fault_is_made_and_refused() {
    let mut made: BTreeMap<&str, usize> = BTreeMap::new();
    let shares = [Share::Nodes(1), Share::Nodes(2), Share::Percent(50)];
    for (number, share) in shares.into_iter().cycle().take(24).enumerate() {
        let bit = |bit: usize| number >> bit & 1;
        let limits = Limits { max_unavailable: share, per_zone: bit(0) == 1, canary: number % 3 };
        let (shards, replicas) = (1 + bit(1), 1 + bit(2) + bit(3));
        let fleet = Fleet { shards, replicas, sentinels: 3 * bit(0).max(bit(3)), limits };
        let deployment = deployment(&VALKEY, &fleet.deployment());
        let right = fleet.plan();
        assert_eq!(fault(&fleet, &right), None, "{fleet:?}");
        let count = right.steps.len();
        for kind in EDITS {
            for (a, b) in (0..count).flat_map(|a| (0..count).map(move |b| (a, b))) {
                let mut plan = right.clone();
                edit_at(&mut plan, kind, a, b);
                if plan == right {
                    continue;
                }
                let wrong = fault(&fleet, &plan);
                let said = said(&VALKEY, &deployment, &plan);
                assert_eq!(
                    said.is_empty(),
                    wrong.is_none(),
                    "{fleet:?} {kind} {a} {b}: {wrong:?} {said:?}"
                );
                *made.entry(wrong.unwrap_or("nothing wrong")).or_default() += 1;
            }
        }
    }
    let rare: Vec<_> =
        FAULTS.iter().filter(|fault| made.get(*fault).is_none_or(|made| *made < 10)).collect();
    assert!(rare.is_empty(), "{rare:?} of {made:?}");
    assert!(made["nothing wrong"] > 100, "{made:?}");
}

/// A lie in a plan, at one of its steps, and what the judge says to it.
type Forgery = (fn(&mut PlanRecord, usize), &'static str);

/// Everything by which a fleet's step or plan can lie about itself.
const FORGERIES: [Forgery; 9] = [
    (|plan, at| claim(plan, at, "NO-RULE"), "is no rule of the matrices"),
    (|plan, at| claim(plan, at, "upgrade:valkey@8.1.1->valkey@9.9.9"), "is not the upgrade"),
    (|plan, at| claim(plan, at, "migrates-slots"), "says nothing about the nodes"),
    (|plan, at| claim(plan, at, "VALKEY-MINOR"), "does not hold"),
    (|plan, _| plan.targets.clear(), "names no target"),
    (|plan, _| "9.1.1".clone_into(&mut plan.targets[0].1), "is not reached"),
    (|plan, at| plan.steps[at].to = Some("9.1.1".to_owned()), "is not reached"),
    (|plan, at| plan.steps[at].from = Some("8.1.2".to_owned()), "it starts from"),
    (|plan, at| plan.steps[at].wave = None, "some steps state their wave"),
];

fn claim(plan: &mut PlanRecord, at: usize, rule: &str) {
    plan.steps[at].allowed_by.push(rule.to_owned());
}

#[test]
fn forged_plans_are_refused() {
    let limits = Limits { canary: 1, ..Limits::default() };
    let fleet = Fleet { shards: 2, replicas: 2, sentinels: 3, limits };
    let deployment = deployment(&VALKEY, &fleet.deployment());
    let right = fleet.plan();
    assert_eq!(said(&VALKEY, &deployment, &right), Vec::<String>::new());
    for (forge, wanted) in FORGERIES {
        let mut made = 0;
        for at in 0..right.steps.len() {
            let mut plan = right.clone();
            forge(&mut plan, at);
            let said = said(&VALKEY, &deployment, &plan);
            made += usize::from(said.iter().any(|said| said.contains(wanted)));
            // A rule that a matrix states is no lie where it holds: when all run the same again, say. A
            // switch has no release that could be wrong.
            let may_hold = ["does not hold", "says nothing about the nodes"].contains(&wanted)
                || right.steps[at].action == "switch";
            assert!(!said.is_empty() || may_hold, "{wanted} at {at}");
        }
        assert!(made > 0, "{wanted} was never made");
    }
}

/// A product with a role `lead` before a role `work`, four minor releases, and more as it is told.
fn product(upgrades: &Value, relations: &Value) -> Value {
    let releases = ["1.0.0", "1.1.0", "1.2.0", "1.3.0"];
    let stated: Vec<Value> = releases.iter().map(|version| json!({ "version": version })).collect();
    let offers: Vec<Value> = releases
        .iter()
        .enumerate()
        .map(|(ix, version)| {
            json!({ "package": "core", "releases": format!("={version}"), "interface": "wire", "source": "s",
                    "writes": [(ix + 1).to_string()], "reads": [format!("..={}", ix + 1)] })
        })
        .collect();
    let mut policy = json!({ "package": "core", "source": "s", "order": [["lead"], ["work"]],
                             "downgrade": "allowed" });
    for (key, value) in upgrades.as_object().expect("an object") {
        policy[key] = value.clone();
    }
    json!({
        "format": 1, "name": "invented", "title": "Invented", "as_of": "2026-01-01",
        "sources": { "s": { "title": "S", "evidence": "documented" } },
        "packages": [ { "name": "core", "title": "Core", "kind": "core", "scheme": "semver", "source": "s", "releases": stated } ],
        "interfaces": [ { "name": "wire", "title": "Wire", "levels": "number", "stability": "stable", "source": "s" } ],
        "offers": offers,
        "roles": [ { "name": "lead", "title": "Lead", "runs": ["core"], "source": "s" },
                   { "name": "work", "title": "Work", "runs": ["core"], "source": "s" } ],
        "relations": relations, "upgrades": [policy],
    })
}

/// Judges a plan in which nodes (l0 leads; w0 and w1 work) do things, written as `w0 1.1.0`, `stop w0`,
/// `start w0` or `migrate NAME`, wave by wave.
fn judged(matrix: &Value, target: &str, waves: &[&[&str]]) -> Vec<String> {
    let text = matrix.to_string();
    let loaded = load(&[Input { name: "invented", bytes: text.as_bytes() }], &[]);
    assert!(!loaded.problems.has_errors(), "{:?}", loaded.problems.list);
    let node = |name: &str, role: &str| json!({ "name": name, "role": role, "group": name, "packages": { "core": "1.0.0" } });
    let nodes = [node("l0", "lead"), node("w0", "work"), node("w1", "work")];
    let deployment =
        deployment(&loaded.catalog, &json!({ "format": 1, "name": "d", "nodes": nodes }));
    let mut runs: BTreeMap<&str, &str> = BTreeMap::new();
    let mut plan = PlanRecord {
        targets: vec![("core".to_owned(), target.to_owned())],
        ..PlanRecord::default()
    };
    for (wave, steps) in waves.iter().enumerate() {
        for text in *steps {
            let (what, which) = text.split_once(' ').expect("two words");
            let mut step = StepRecord { wave: Some(wave + 1), ..StepRecord::default() };
            match what {
                "stop" | "start" => {
                    (step.action, step.node) = (what.to_owned(), Some(which.to_owned()));
                }
                "migrate" => (step.action, step.name) = (what.to_owned(), Some(which.to_owned())),
                node => {
                    let from = runs.insert(node, which).unwrap_or("1.0.0").to_owned();
                    (step.action, step.node) = ("upgrade".to_owned(), Some(node.to_owned()));
                    (step.package, step.from) = (Some("core".to_owned()), Some(from));
                    step.to = Some(which.to_owned());
                }
            }
            plan.steps.push(step);
        }
    }
    said(&loaded.catalog, &deployment, &plan)
}

#[track_caller]
fn right(said: &[String]) {
    assert_eq!(said, Vec::<String>::new());
}

#[track_caller]
fn wrong(said: &[String], because: &str) {
    assert!(said.iter().any(|said| said.contains(because)), "{because}: {said:?}");
}

#[test]
fn a_limit_binds_the_roles_that_it_names() {
    let product = product(
        &json!({ "steps": [ { "unit": "minor", "count": 1, "roles": ["lead"] } ] }),
        &json!([]),
    );
    let by_one: &[&[&str]] =
        &[&["l0 1.1.0"], &["l0 1.2.0"], &["l0 1.3.0"], &["w0 1.3.0", "w1 1.3.0"]];
    right(&judged(&product, "1.3.0", by_one));
    let leap: &[&[&str]] = &[&["l0 1.1.0"], &["l0 1.3.0"], &["w0 1.3.0", "w1 1.3.0"]];
    wrong(&judged(&product, "1.3.0", leap), "crosses 2 minor lines, 1 are allowed");
}

#[test]
fn a_later_role_does_not_go_first_up_or_down() {
    let product = product(&json!({}), &json!([]));
    right(&judged(&product, "1.1.0", &[&["l0 1.1.0"], &["w0 1.1.0", "w1 1.1.0"]]));
    let first: &[&[&str]] = &[&["w0 1.1.0"], &["l0 1.1.0"], &["w1 1.1.0"]];
    wrong(
        &judged(&product, "1.1.0", first),
        "w0 goes to core 1.1.0 before l0, whose role comes first",
    );
    // In one wave any of them may come first.
    wrong(
        &judged(&product, "1.1.0", &[&["l0 1.1.0", "w0 1.1.0"], &["w1 1.1.0"]]),
        "w0 goes to core 1.1.0 before l0",
    );
    let ahead: &[&[&str]] = &[&["l0 1.1.0"], &["w0 1.2.0"], &["l0 1.2.0"], &["w1 1.2.0"]];
    wrong(&judged(&product, "1.2.0", ahead), "w0 goes to core 1.2.0 before l0");
    let up = ["l0 1.2.0", "w0 1.2.0", "w1 1.2.0"];
    let down: &[&[&str]] = &[&up[..1], &up[1..], &["l0 1.1.0"], &["w0 1.1.0", "w1 1.1.0"]];
    right(&judged(&product, "1.1.0", down));
    let down: &[&[&str]] = &[&up[..1], &up[1..], &["w0 1.1.0"], &["l0 1.1.0"], &["w1 1.1.0"]];
    wrong(&judged(&product, "1.1.0", down), "w0 goes to core 1.1.0 before l0");
}

#[test]
fn nodes_gather_at_a_required_stop() {
    let stop = json!([ { "name": "half-way", "from": "<1.1", "to": ">1.1.0", "via": "1.1.*", "why": "tables are rewritten" } ]);
    let product = product(&json!({ "stops": stop, "order": [] }), &json!([]));
    let together: &[&[&str]] = &[
        &["l0 1.1.0", "w0 1.1.0", "w1 1.1.0"],
        &["w0 1.2.0"],
        &["w0 1.3.0", "l0 1.3.0"],
        &["w1 1.3.0"],
    ];
    right(&judged(&product, "1.3.0", together));
    let early: &[&[&str]] =
        &[&["l0 1.1.0", "w0 1.1.0"], &["l0 1.3.0"], &["w0 1.3.0"], &["w1 1.1.0"], &["w1 1.3.0"]];
    wrong(
        &judged(&product, "1.3.0", early),
        "it goes on before w1 has come to the required stop half-way",
    );
    let past: &[&[&str]] = &[&["l0 1.1.0", "w0 1.1.0", "w1 1.2.0"], &["l0 1.2.0", "w0 1.2.0"]];
    wrong(&judged(&product, "1.2.0", past), "skips a required stop");
}

#[test]
fn work_on_data_is_done_before_anybody_goes_on() {
    let work = json!([ { "name": "work", "from": "<1.1", "to": ">=1.1", "when": "after", "message": "it works" } ]);
    let product = product(&json!({ "migrations": work, "order": [] }), &json!([]));
    let all: &[&[&str]] = &[
        &["l0 1.1.0", "w0 1.1.0", "w1 1.1.0"],
        &["migrate work"],
        &["l0 1.2.0", "w0 1.2.0", "w1 1.2.0"],
    ];
    right(&judged(&product, "1.2.0", all));
    let late: &[&[&str]] = &[
        &["l0 1.1.0", "w0 1.1.0", "w1 1.1.0"],
        &["l0 1.2.0"],
        &["migrate work"],
        &["w0 1.2.0", "w1 1.2.0"],
    ];
    wrong(&judged(&product, "1.2.0", late), "l0 goes on before the migration work is done");
    let beside: &[&[&str]] = &[
        &["l0 1.1.0", "w0 1.1.0", "w1 1.1.0", "migrate work"],
        &["l0 1.2.0", "w0 1.2.0", "w1 1.2.0"],
    ];
    wrong(&judged(&product, "1.2.0", beside), "work on data is not done beside other steps");
    let early: &[&[&str]] = &[&["l0 1.1.0"], &["migrate work"], &["w0 1.1.0", "w1 1.1.0"]];
    wrong(&judged(&product, "1.1.0", early), "the migration work is missing after it");
}

#[test]
fn what_is_stopped_for_a_step_does_not_start_on_both_sides_of_it() {
    let how =
        json!([ { "from": "<1.1", "to": ">=1.1", "procedure": "stop-all", "why": "tables move" } ]);
    let product = product(&json!({ "procedures": how, "order": [] }), &json!([]));
    let (stop, start) = (["stop l0", "stop w0", "stop w1"], ["start l0", "start w0", "start w1"]);
    right(&judged(&product, "1.1.0", &[&stop, &["l0 1.1.0", "w0 1.1.0", "w1 1.1.0"], &start]));
    let twice: &[&[&str]] =
        &[&stop, &["l0 1.1.0", "w0 1.1.0"], &start, &stop, &["w1 1.1.0"], &start];
    wrong(&judged(&product, "1.1.0", twice), "w1 starts beside l0 with core 1.1.0");
    wrong(
        &judged(&product, "1.1.0", &[&["stop l0"], &["l0 1.1.0"], &["start l0"]]),
        "is made while nothing runs",
    );
}

#[test]
fn a_blocked_step_and_a_wrong_target_are_refused() {
    let no = json!([ { "name": "no", "from": "=1.0.0", "to": "=1.2.0", "why": "it fails" } ]);
    let product = product(&json!({ "blocked": no }), &json!([]));
    let around: &[&[&str]] =
        &[&["l0 1.1.0"], &["l0 1.2.0"], &["w0 1.1.0", "w1 1.1.0"], &["w0 1.2.0", "w1 1.2.0"]];
    right(&judged(&product, "1.2.0", around));
    wrong(&judged(&product, "1.3.0", around), "the target core 1.3.0 is not reached");
    let direct: &[&[&str]] = &[&["l0 1.2.0"], &["w0 1.2.0", "w1 1.2.0"]];
    wrong(&judged(&product, "1.2.0", direct), "is blocked: it fails");
}

#[test]
fn a_wave_holds_in_whatever_order_its_steps_come() {
    // The giving side must not be ahead: `work` first, which the list does and the wave does not say.
    let gives = json!([ { "name": "gives", "title": "gives", "from": ["lead"], "to": ["work"], "within": "deployment",
        "source": "s", "interfaces": [ { "interface": "wire", "breaks": "it breaks", "bites": "now" } ] } ]);
    let product = product(&json!({ "order": [] }), &gives);
    right(&judged(&product, "1.1.0", &[&["w0 1.1.0", "w1 1.1.0"], &["l0 1.1.0"]]));
    let mixed: &[&[&str]] = &[&["w0 1.1.0"], &["w1 1.1.0", "l0 1.1.0"]];
    wrong(
        &judged(&product, "1.1.0", mixed),
        "gives is broken from l0 to w1 if it is done before step 2 of the same wave",
    );
}
