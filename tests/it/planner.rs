//! The planner: scenarios with whole outputs, properties over invented products, and a planner that
//! tries everything.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde::Deserialize;
use skew::answer::plan::{Action, Plan};
use skew::finding::Severity;
use skew::lifecycle::support_finding;
use skew::limits::{Limits, Share};
use skew::report::json::json;
use skew::report::text::{Style, text};
use skew::skew::{Moment, check};

use crate::plan_oracle::{cost, exhaust};
use crate::plan_strategies::{Case, Options, Question, Spot, case};

/// A file under `tests/scenarios/plan`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    ask: String,
    /// Why it is here.
    #[serde(rename = "about")]
    _about: String,
    /// A deployment, or the name of a file of one.
    deployment: serde_json::Value,
    /// A matrix of its own instead of the shipped ones.
    matrix: Option<serde_json::Value>,
    to: Vec<String>,
    #[serde(default)]
    options: Chosen,
    expect: Expect,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    #[serde(default)]
    accept_risk: Vec<String>,
    #[serde(default)]
    allow_downtime: bool,
    /// As the command line takes it.
    max_unavailable: Option<String>,
    #[serde(default)]
    per_zone: bool,
    #[serde(default)]
    canary: usize,
}

impl Chosen {
    fn limits(&self) -> Limits {
        let share = self.max_unavailable.as_ref().map(|text| Share::parse(text).expect("a share"));
        Limits {
            max_unavailable: share.unwrap_or(Limits::default().max_unavailable),
            per_zone: self.per_zone,
            canary: self.canary,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    /// Each step in a few words; `None` if there is no plan.
    steps: Option<Vec<String>>,
    /// What the first reason must contain.
    #[serde(default)]
    because: String,
    /// What the alternatives must be.
    #[serde(default)]
    instead: Vec<String>,
    /// The releases that the hops lead to.
    #[serde(default)]
    hops: Vec<String>,
}

pub(crate) fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the shipped matrices that have these packages, as name and text.
pub(crate) fn shipped<'n>(packages: impl IntoIterator<Item = &'n str>) -> Vec<(String, String)> {
    let index = read(&root("matrices/index.txt"));
    let mut names = BTreeSet::new();
    for package in packages {
        let line = index.lines().find(|line| line.split(' ').next() == Some(package));
        names.extend(line.and_then(|line| line.split(' ').nth(1)));
    }
    let text = |name: &str| read(&root(&format!("matrices/{name}.json")));
    names.into_iter().map(|name| (name.to_owned(), text(name))).collect()
}

/// Asks about a deployment with the shipped matrices.
pub(crate) fn ask_shipped(deployment: &str, to: &[&str], options: &Options) -> Question {
    let value: serde_json::Value = serde_json::from_str(deployment).expect("JSON");
    let nodes = value["nodes"].as_array().expect("nodes");
    let packages = nodes
        .iter()
        .flat_map(|node| node["packages"].as_object().expect("packages").keys())
        .map(String::as_str);
    let specs = to.iter().map(|spec| spec.split('@').next().unwrap_or_default());
    let matrices = shipped(packages.chain(specs));
    let matrices: Vec<_> =
        matrices.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Question::new(&matrices, deployment, to, options)
}

impl Scenario {
    /// Returns all scenarios by name.
    pub(crate) fn all() -> BTreeMap<String, Self> {
        let folder = std::fs::read_dir(root("tests/scenarios/plan")).expect("the folder is there");
        folder
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|end| end == "json"))
            .map(|path| {
                let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
                let scenario = serde_json::from_str(&read(&path))
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                (name, scenario)
            })
            .collect()
    }

    pub(crate) fn question(&self) -> Question {
        assert_eq!(self.ask, "plan");
        let deployment = match self.deployment.as_str() {
            Some(file) => read(&root(file)),
            None => self.deployment.to_string(),
        };
        let to: Vec<_> = self.to.iter().map(String::as_str).collect();
        let options = Options {
            accept_risk: self.options.accept_risk.clone(),
            allow_downtime: self.options.allow_downtime,
            limits: self.options.limits(),
        };
        match &self.matrix {
            Some(matrix) => {
                Question::new(&[("own", &matrix.to_string())], &deployment, &to, &options)
            }
            None => ask_shipped(&deployment, &to, &options),
        }
    }
}

/// Prints what the command line would print.
fn human(question: &Question) -> String {
    let made = question.plan();
    let today = "2026-11-20".parse().expect("a day");
    let ends = made.iter().flat_map(|plan| &plan.targets).filter_map(|&target| {
        support_finding(&question.catalog, target, today, 0, &question.catalog.label(target))
    });
    let ends = ends.collect();
    let style = Style { color: false, width: 80, quiet: false };
    text(&question.report(made, ends), style)
}

/// Names each step in a few words.
pub(crate) fn words(question: &Question, plan: &Plan) -> Vec<String> {
    let name = |node: usize| question.deployment.nodes[node].name.as_str();
    let label = |release| question.catalog.label(release);
    let word = |action: &Action| match action {
        Action::Upgrade { node, to, with, .. } => {
            let mut text = format!("upgrade {} to {}", name(*node), label(*to));
            text.extend(with.iter().map(|(_, plugin)| format!(" with {}", label(*plugin))));
            text
        }
        Action::Install { node, to, .. } => format!("install {} on {}", label(*to), name(*node)),
        Action::Switch { from_node, to_node, .. } => {
            format!("switch {} to {}", name(*from_node), name(*to_node))
        }
        Action::Stop { node } => format!("stop {}", name(*node)),
        Action::Start { node } => format!("start {}", name(*node)),
        Action::Migrate { name, .. } => format!("migrate {name}"),
    };
    plan.steps.iter().map(|step| word(&step.action)).collect()
}

#[test]
fn scenarios() {
    let update = std::env::var_os("SKEW_UPDATE").is_some();
    let mut wrong = Vec::new();
    let scenarios = Scenario::all();
    assert!(scenarios.len() > 20, "{} scenarios", scenarios.len());
    for (name, scenario) in &scenarios {
        let question = scenario.question();
        let mut differ = |what: &str, found: &dyn std::fmt::Debug, wanted: &dyn std::fmt::Debug| {
            let (found, wanted) = (format!("{found:#?}"), format!("{wanted:#?}"));
            if found != wanted {
                wrong.push(format!("{name}: {what}: expected {wanted}\nfound {found}"));
            }
        };
        match question.plan() {
            Ok(plan) => {
                differ("steps", &Some(words(&question, &plan)), &scenario.expect.steps);
                let hops: Vec<_> =
                    plan.hops.iter().map(|hop| question.catalog.version(hop.to)).collect();
                differ("hops", &hops, &scenario.expect.hops);
                differ("judge", &question.judge(&question.record(plan)), &Vec::<String>::new());
            }
            Err(none) => {
                differ("steps", &None::<Vec<String>>, &scenario.expect.steps);
                let first = &none.reasons.first().expect("a reason").message;
                if !first.contains(&scenario.expect.because) || scenario.expect.because.is_empty() {
                    differ("reason", first, &scenario.expect.because);
                }
                differ("instead", &none.alternatives, &scenario.expect.instead);
            }
        }
        let golden = root(&format!("tests/goldens/plan/{name}.txt"));
        let found = human(&question);
        if update {
            std::fs::write(&golden, &found).expect("the golden is written");
        } else if std::fs::read_to_string(&golden).ok().as_deref() != Some(&found) {
            wrong.push(format!("{name}: the output changed, now:\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn goldens_fit_a_terminal() {
    let folder = std::fs::read_dir(root("tests/goldens/plan")).expect("the folder is there");
    let known = Scenario::all();
    for path in folder.map(|entry| entry.expect("an entry").path()) {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        assert!(known.contains_key(&name), "{name} has no scenario");
        for line in read(&path).lines() {
            let is_link = line.trim_start().starts_with("http");
            assert!(is_link || line.chars().count() <= 80, "{name}: {line}");
        }
    }
}

// Properties.

/// Replays a plan over an invented deployment and returns the state after each step, with what runs.
fn states(case: &Case, plan: &Plan) -> Vec<(Vec<Spot>, Vec<bool>)> {
    let mut nodes = case.nodes.clone();
    let mut on = vec![true; nodes.len()];
    let mut states = Vec::new();
    for step in &plan.steps {
        match &step.action {
            Action::Upgrade { node, to, with, .. } => {
                nodes[*node].core = to.1.ix();
                for (_, (plugin, release)) in with {
                    nodes[*node].plugins[plugin.ix() - 1] = Some(release.ix());
                }
            }
            Action::Install { node, to, .. } => {
                nodes[*node].plugins[to.0.ix() - 1] = Some(to.1.ix());
            }
            Action::Switch { from_node, to_node, .. } => {
                let (a, b) = (nodes[*from_node].back, nodes[*to_node].back);
                (nodes[*from_node].back, nodes[*to_node].back) = (b, a);
            }
            Action::Stop { node } => on[*node] = false,
            Action::Start { node } => on[*node] = true,
            Action::Migrate { .. } => {}
        }
        states.push((nodes.clone(), on.clone()));
    }
    states
}

/// Whether nodes must be stopped for a step between two releases of an invented product.
pub(crate) fn stops_all(case: &Case, from: usize, to: usize) -> bool {
    let over = |at: usize| from < at && at <= to;
    let work = case.product.migration.filter(|(_, when, _)| *when == 1);
    case.product.stop_all.is_some_and(over) || work.is_some_and(|(at, ..)| over(at))
}

/// The edges that an invented product forbids, in words of its own.
pub(crate) fn forbidden(case: &Case, from: usize, to: usize) -> Option<&'static str> {
    let product = &case.product;
    let (low, high) = (from.min(to), from.max(to));
    let over = |at: Option<usize>| at.is_some_and(|at| low < at && at <= high);
    let lines = product.line(1, high) - product.line(1, low);
    let forever = product.migration.filter(|(.., forever)| *forever);
    if to < from && product.down != Some(true) {
        return Some("no fact says that it goes down");
    }
    if to < from && (over(product.irreversible) || over(forever.map(|(at, ..)| at))) {
        return Some("irreversible");
    }
    if product.blocked == Some((from, to)) {
        return Some("blocked");
    }
    if product.limit && lines > 1 {
        return Some("too far");
    }
    if from < to && product.stop.is_some_and(|via| from < via && via < to) {
        return Some("passes a stop");
    }
    (from < to && over(product.risk) && !case.options.0).then_some("risk")
}

/// At least 400 cases; more by `PROPTEST_CASES`.
fn many() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases.max(400), ..default }
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn the_judge_accepts_every_plan(case in case()) {
        let question = case.question();
        if let Ok(plan) = question.plan() {
            let record = question.record(plan);
            prop_assert_eq!(question.judge(&record), Vec::<String>::new());
        }
    }

    #[test]
    fn every_prefix_is_a_valid_state(case in case()) {
        let question = case.question();
        let Ok(plan) = question.plan() else { return Ok(()) };
        let tolerated = case.broken(&case.nodes, &vec![true; case.nodes.len()]);
        for (step, (nodes, on)) in states(&case, &plan).iter().enumerate() {
            let new: Vec<_> = case.broken(nodes, on).difference(&tolerated).copied().collect();
            prop_assert!(new.is_empty(), "after step {}: {:?}", step + 1, new);
            for (spot, before) in nodes.iter().zip(&case.nodes) {
                prop_assert!(case.fits(spot) || !case.fits(before), "after step {}: {:?}", step + 1, spot);
            }
        }
    }

    #[test]
    fn every_prefix_passes_the_check_of_deployments(case in case()) {
        let question = case.question();
        let Ok(plan) = question.plan() else { return Ok(()) };
        let mut spots = case.clone();
        let errors = |case: &Case| -> BTreeSet<String> {
            let question = case.question();
            check(&question.catalog, &question.deployment, Moment::Rolling)
                .into_iter()
                .filter(|finding| finding.severity == Severity::Error)
                .map(|finding| finding.message)
                .collect()
        };
        let tolerated = errors(&case);
        for (step, (nodes, on)) in states(&case, &plan).into_iter().enumerate() {
            // Nodes that are stopped are taken out: nobody talks to them.
            spots.nodes = nodes.into_iter().zip(on).filter(|(_, on)| *on).map(|(node, _)| node).collect();
            let new: Vec<_> = errors(&spots).difference(&tolerated).cloned().collect();
            prop_assert!(new.is_empty(), "after step {}: {:?}", step + 1, new);
        }
    }

    #[test]
    fn every_edge_is_allowed(case in case()) {
        let question = case.question();
        let Ok(plan) = question.plan() else { return Ok(()) };
        let mut stopped = BTreeSet::new();
        for step in &plan.steps {
            match &step.action {
                Action::Stop { node } => { stopped.insert(*node); }
                Action::Start { node } => { stopped.remove(node); }
                Action::Upgrade { node, from, to, .. } => {
                    let (from, to) = (from.1.ix(), to.1.ix());
                    prop_assert_eq!(forbidden(&case, from, to), None, "{} -> {}", from, to);
                    if stops_all(&case, from, to) {
                        prop_assert_eq!(stopped.len(), case.nodes.len(), "{} is stopped alone", node);
                    }
                }
                Action::Install { .. } | Action::Switch { .. } | Action::Migrate { .. } => {}
            }
        }
    }

    #[test]
    fn the_end_is_the_target(case in case()) {
        let question = case.question();
        let Ok(plan) = question.plan() else { return Ok(()) };
        let (nodes, on) = states(&case, &plan).pop().unwrap_or((case.nodes.clone(), vec![true; case.nodes.len()]));
        prop_assert!(on.iter().all(|on| *on));
        for (before, after) in case.nodes.iter().zip(&nodes) {
            prop_assert_eq!(after.core, case.target);
            for (ix, plugin) in after.plugins.iter().enumerate() {
                prop_assert_eq!(plugin.is_some(), before.plugins[ix].is_some());
            }
            if let Some(asked) = case.plugin {
                let newest = case.product.plugins[asked].len() - 1;
                prop_assert!(after.plugins[asked].is_none_or(|release| release == newest));
            }
        }
        // A plugin that could stay stays.
        for (before, after) in case.nodes.iter().zip(&nodes) {
            let stays = Spot { core: case.target, ..before.clone() };
            if case.plugin.is_none() && plan.hops.len() < 2 && case.fits(&stays) {
                prop_assert_eq!(&after.plugins, &before.plugins);
            }
        }
    }

    #[test]
    fn from_a_to_a_there_is_nothing_to_do(case in case()) {
        let mut case = case;
        case.plugin = None;
        for node in &mut case.nodes {
            node.core = case.target;
        }
        let plan = case.question().plan();
        prop_assert!(plan.is_ok_and(|plan| plan.steps.is_empty()));
    }

    #[test]
    fn the_same_question_gets_the_same_bytes(case in case()) {
        let once = { let question = case.question(); json(&question.report(question.plan(), Vec::new())) };
        let twice = { let question = case.question(); json(&question.report(question.plan(), Vec::new())) };
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn findings_do_not_depend_on_the_order_of_nodes(case in case()) {
        let found = |case: &Case| -> BTreeSet<String> {
            let question = case.question();
            check(&question.catalog, &question.deployment, Moment::Rolling)
                .into_iter()
                // That one names nodes, in the order of the inventory.
                .filter(|finding| finding.code.as_str() != "group-plugins")
                .map(|finding| format!("{} {}", finding.code.as_str(), finding.message))
                .collect()
        };
        let mut turned = case.clone();
        turned.nodes.reverse();
        prop_assert_eq!(found(&case), found(&turned));
    }

    #[test]
    fn no_plan_is_missed_and_none_is_better(case in case()) {
        let case = plain(case);
        let question = case.question();
        let best = exhaust(&case);
        match question.plan() {
            Ok(plan) => prop_assert_eq!(Some(cost(&plan)), best, "{:#?}", words(&question, &plan)),
            Err(none) => prop_assert_eq!(best, None, "{:?}", none.reasons),
        }
    }

    #[test]
    fn like_groups_cost_as_one(case in case()) {
        // Nodes of one group, three times: too many to be searched one by one.
        let mut case = plain(case);
        (case.product.bus, case.plugin) = (None, None);
        let first = case.nodes[0].group;
        case.nodes.retain(|node| node.group == first);
        let one = exhaust(&case);
        let group = case.nodes.clone();
        for copy in 1..7 {
            case.nodes.extend(group.iter().map(|node| Spot { group: copy + 1, ..node.clone() }));
        }
        // An order of roles that never change places reaches over groups, but binds like groups alike.
        let question = case.question();
        match question.plan() {
            Ok(plan) => {
                let seven = one.map(|(hops, last, switches, restarts)| (hops, 7 * last, 7 * switches, 7 * restarts));
                prop_assert_eq!(Some(cost(&plan)), seven, "{:#?}", words(&question, &plan));
                let record = question.record(plan);
                prop_assert_eq!(question.judge(&record), Vec::<String>::new());
            }
            Err(none) => prop_assert_eq!(one, None, "{:?}", none.reasons),
        }
    }
}

/// Takes away what is done once around a hop, where every node must take part.
fn plain(mut case: Case) -> Case {
    if case.nodes.iter().any(|node| node.core == case.target) {
        // Plugins that move alone have steps of their own.
        case.plugin = None;
    }
    case.product.stop = None;
    case.product.stop_all = None;
    case.product.migration = None;
    case.options.1 = false;
    case
}
