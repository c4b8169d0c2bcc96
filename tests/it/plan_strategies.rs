//! Invented products with deployments, for the planner and the judge; and asking the planner the way
//! the command line does.
//!
//! A [`Case`] is a value that prints itself as matrix and deployment JSON. It also judges states by
//! itself ([`Case::broken`], [`Case::fits`]), in a few lines that share nothing with the library.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};
use skew::answer::plan::{NoPlan, Plan};
use skew::answer::{Answer, Body};
use skew::catalog::Catalog;
use skew::deployment::Deployment;
use skew::finding::{Finding, Verdict};
use skew::limits::Limits;
use skew::matrix::{Input, Inventory, load, read_plan};
use skew::plan::{Goal, plan};
use skew::range::{Bare, Range};
use skew::record::PlanRecord;
use skew::report::json;
use skew::resolve::Requirement;

/// A question to the planner, ready to ask.
pub(crate) struct Question {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) deployment: Arc<Deployment>,
    pub(crate) goal: Goal,
}

/// What the user may decide.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    pub(crate) accept_risk: Vec<String>,
    pub(crate) allow_downtime: bool,
    pub(crate) limits: Limits,
}

impl Question {
    /// Reads everything and fails the test if something of it is wrong.
    pub(crate) fn new(
        matrices: &[(&str, &str)],
        deployment: &str,
        to: &[&str],
        options: &Options,
    ) -> Self {
        let inventory =
            Inventory::parse(Input { name: "deployment", bytes: deployment.as_bytes() })
                .expect("the deployment is well formed");
        let own = |(name, version): (&str, &str)| (name.to_owned(), version.to_owned());
        let mut extras: Vec<_> = inventory.versions().into_iter().map(own).collect();
        extras.extend(to.iter().filter_map(|spec| spec.split_once('@').map(own)));
        let inputs: Vec<_> =
            matrices.iter().map(|&(name, text)| Input { name, bytes: text.as_bytes() }).collect();
        let loaded = load(&inputs, &extras);
        assert!(!loaded.problems.has_errors(), "{:?}", loaded.problems.list);
        let catalog = loaded.catalog;
        let deployment = inventory.resolve(&catalog);
        let goal = Goal {
            targets: to.iter().map(|spec| requirement(&catalog, spec)).collect(),
            accepted_risks: options.accept_risk.iter().cloned().collect(),
            allow_downtime: options.allow_downtime,
            limits: options.limits,
        };
        Self { catalog: catalog.into(), deployment: deployment.into(), goal }
    }

    pub(crate) fn plan(&self) -> Result<Plan, NoPlan> {
        plan(&self.catalog, &self.deployment, &self.goal)
    }

    /// Makes the report that the command line would print.
    pub(crate) fn report(&self, made: Result<Plan, NoPlan>, more: Vec<Finding>) -> Answer {
        let (verdict, mut findings) = match &made {
            Ok(plan) => (Verdict::Compatible, plan.findings.clone()),
            Err(none) => (Verdict::Incompatible, none.reasons.clone()),
        };
        findings.extend(more);
        let body = Body::Plan {
            deployment: Arc::clone(&self.deployment),
            accepted_risks: self.goal.accepted_risks.iter().cloned().collect(),
            plan: Box::new(made),
        };
        Answer::new(Arc::clone(&self.catalog), "plan", Some(verdict), findings, body)
    }

    /// Writes a plan down and reads it back.
    pub(crate) fn record(&self, plan: Plan) -> PlanRecord {
        let text = json::json(&self.report(Ok(plan), Vec::new()));
        read_plan(Input { name: "plan", bytes: text.as_bytes() })
            .expect("the planner's own file reads back")
    }

    /// Returns what the judge has to say, as `verify` would print it.
    pub(crate) fn judge(&self, record: &PlanRecord) -> Vec<String> {
        skew::verify::verify(&self.catalog, &self.deployment, record)
            .into_iter()
            .map(|finding| format!("{}: {}", finding.subject, finding.message))
            .collect()
    }
}

/// Reads a SPEC as the command line does.
fn requirement(catalog: &Catalog, spec: &str) -> Requirement {
    let (name, version) = spec.split_once('@').map_or((spec, None), |(a, b)| (a, Some(b)));
    let package = catalog.find(name).expect("the package is known");
    let Some(version) = version else {
        return Requirement::any(catalog, package);
    };
    let stated = catalog.package(package);
    match stated.find(version) {
        Some(rank) if stated.version(rank).text() == version => {
            Requirement::exactly(catalog, package, rank)
        }
        _ => {
            let range = Range::parse(version, &stated.numbering, Bare::Exact)
                .expect("the version or range is well formed");
            Requirement::within(catalog, package, &range)
        }
    }
}

/// The release lists of invented cores.
const CORES: [&[&str]; 5] = [
    &["1.0.0", "1.1.0", "1.2.0", "1.3.0"],
    &["1.0.0", "1.0.1", "1.1.0"],
    &["1.0.0", "1.1.0", "1.2.0", "2.0.0"],
    &["1.0.0", "2.0.0", "2.1.0"],
    &["1.0.0", "1.1.0", "2.0.0"],
];

/// Skew rules of the relation `feeds`: text, unit (0 is major), most lines that `front` may be behind, and
/// whether it may be ahead.
const RULES: [(&str, usize, usize, bool); 3] = [
    ("from <= to by major", 0, 0, true),
    ("from = to by minor", 1, 0, false),
    ("from - to <= 1 minor", 1, 1, true),
];

/// What a release writes and reads on an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Levels {
    pub(crate) writes: u32,
    /// Writes the level below too, unless the feature is in use.
    pub(crate) older: bool,
    pub(crate) reads: u32,
}

/// A skew rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    pub(crate) which: usize,
    pub(crate) error: bool,
    pub(crate) steady: bool,
}

/// A plugin: for each release the first and the last core release that it runs on.
pub(crate) type Plugin = Vec<(usize, usize)>;

/// An invented product.
#[derive(Debug, Clone)]
pub(crate) struct Product {
    pub(crate) core: &'static [&'static str],
    /// Between nodes of a group.
    pub(crate) wire: Vec<Levels>,
    /// Between all nodes, if there is such a relation.
    pub(crate) bus: Option<Vec<Levels>>,
    /// Between a node and its own earlier release, if there is such a relation.
    pub(crate) files: Option<Vec<Levels>>,
    /// Whether `front` also speaks to `back`.
    pub(crate) answers: bool,
    pub(crate) rule: Option<Rule>,
    /// 0 none, 1 front first, 2 back first.
    pub(crate) order: usize,
    pub(crate) switch: bool,
    pub(crate) plugins: Vec<Plugin>,
    pub(crate) stop: Option<usize>,
    pub(crate) limit: bool,
    pub(crate) stop_all: Option<usize>,
    pub(crate) irreversible: Option<usize>,
    /// Whether the core may be taken back to an older release, if anybody says.
    pub(crate) down: Option<bool>,
    pub(crate) blocked: Option<(usize, usize)>,
    pub(crate) risk: Option<usize>,
    /// Where, when, and whether there is no way back over it.
    pub(crate) migration: Option<(usize, usize, bool)>,
}

/// A node of an invented deployment: what it runs and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    pub(crate) group: usize,
    pub(crate) back: bool,
    pub(crate) core: usize,
    pub(crate) plugins: Vec<Option<usize>>,
}

/// A product, a deployment of it, and where it is to go.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) product: Product,
    pub(crate) nodes: Vec<Spot>,
    pub(crate) feature: bool,
    pub(crate) target: usize,
    /// A plugin that is asked for by its newest release too.
    pub(crate) plugin: Option<usize>,
    pub(crate) options: (bool, bool),
}

const ROLES: [&str; 2] = ["front", "back"];

impl Case {
    /// Returns the question to the planner.
    pub(crate) fn question(&self) -> Question {
        let to = self.to();
        let to: Vec<_> = to.iter().map(String::as_str).collect();
        let matrix = self.product.matrix().to_string();
        let options = Options {
            accept_risk: self.options.0.then(|| "known".to_owned()).into_iter().collect(),
            allow_downtime: self.options.1,
            limits: Limits::default(),
        };
        Question::new(&[("invented", &matrix)], &self.deployment().to_string(), &to, &options)
    }

    fn to(&self) -> Vec<String> {
        let mut to = vec![format!("core@{}", self.product.core[self.target])];
        to.extend(self.plugin.map(|plugin| {
            let newest = self.product.plugins[plugin].len() - 1;
            format!("plugin-{plugin}@1.{newest}.0")
        }));
        to
    }

    /// Prints the deployment.
    pub(crate) fn deployment(&self) -> Value {
        let nodes: Vec<Value> = self
            .nodes
            .iter()
            .enumerate()
            .map(|(ix, spot)| {
                let mut packages = serde_json::Map::new();
                packages.insert("core".to_owned(), json!(self.product.core[spot.core]));
                for (plugin, release) in spot.plugins.iter().enumerate() {
                    if let Some(release) = release {
                        packages
                            .insert(format!("plugin-{plugin}"), json!(format!("1.{release}.0")));
                    }
                }
                json!({ "name": format!("n{ix}"), "role": ROLES[usize::from(spot.back)],
                        "group": format!("g{}", spot.group), "packages": packages })
            })
            .collect();
        let features: &[&str] = if self.feature { &["f"] } else { &[] };
        json!({ "format": 1, "name": "invented", "features": features, "nodes": nodes })
    }

    /// Returns the relations that do not work in a state, by what matters about them: the relation, and role
    /// and core release of both sides. `on` are the nodes that run.
    pub(crate) fn broken(
        &self,
        nodes: &[Spot],
        on: &[bool],
    ) -> BTreeSet<(&'static str, bool, usize, bool, usize)> {
        let mut broken = BTreeSet::new();
        for (a, from) in nodes.iter().enumerate() {
            for (b, to) in nodes.iter().enumerate() {
                if a == b || !on[a] || !on[b] {
                    continue;
                }
                let mut add = |name, works: bool| {
                    if !works {
                        broken.insert((name, from.back, from.core, to.back, to.core));
                    }
                };
                let product = &self.product;
                if from.group == to.group && from.back && !to.back {
                    let read = self.reads(&product.wire, from.core, to.core);
                    add("feeds", read && product.keeps(from.core, to.core));
                }
                if from.group == to.group && product.answers && !from.back && to.back {
                    add("answers", self.reads(&product.wire, from.core, to.core));
                }
                if let Some(bus) = &product.bus {
                    add("peers", self.reads(bus, from.core, to.core));
                }
            }
        }
        broken
    }

    /// Whether what one release writes is read by another.
    pub(crate) fn reads(&self, levels: &[Levels], from: usize, to: usize) -> bool {
        let lowest = levels[from].writes - u32::from(levels[from].older && !self.feature);
        lowest <= levels[to].reads
    }

    /// Whether the plugins of a node run on its core.
    pub(crate) fn fits(&self, spot: &Spot) -> bool {
        let runs = |(plugin, release): (usize, &Option<usize>)| {
            release.is_none_or(|release| {
                let (first, last) = self.product.plugins[plugin][release];
                (first..=last).contains(&spot.core)
            })
        };
        spot.plugins.iter().enumerate().all(runs)
    }
}

impl Product {
    /// Whether the skew rule, if it counts while rolling, is kept.
    pub(crate) fn keeps(&self, from: usize, to: usize) -> bool {
        let Some(rule) = self.rule.filter(|rule| rule.error && !rule.steady) else {
            return true;
        };
        let (_, unit, most, ahead) = RULES[rule.which];
        let (from, to) = (self.line(unit, from), self.line(unit, to));
        from <= to + most && (ahead || to <= from)
    }

    /// Returns the number of a release's line.
    pub(crate) fn line(&self, unit: usize, release: usize) -> usize {
        let name = |release: usize| {
            let parts: Vec<_> = self.core[release].split('.').collect();
            parts[..=unit].join(".")
        };
        let lines: BTreeSet<_> = (0..=release).map(name).collect();
        lines.len() - 1
    }

    /// Prints the matrix.
    pub(crate) fn matrix(&self) -> Value {
        let releases: Vec<Value> =
            self.core.iter().map(|version| json!({ "version": version })).collect();
        let mut packages =
            vec![json!({ "name": "core", "title": "Core", "kind": "core", "scheme": "semver",
                                        "source": "s", "releases": releases })];
        packages
            .extend(self.plugins.iter().enumerate().map(|(ix, plugin)| self.plugin(ix, plugin)));
        let mut interfaces = vec!["wire"];
        let mut offers = self.offers("wire", &self.wire);
        let mut relations = vec![relation("feeds", &["back"], &["front"], "group", "wire")];
        if self.answers {
            relations.push(relation("answers", &["front"], &["back"], "group", "wire"));
        }
        if let Some(bus) = &self.bus {
            interfaces.push("bus");
            offers.extend(self.offers("bus", bus));
            relations.push(relation("peers", &ROLES, &ROLES, "deployment", "bus"));
        }
        if let Some(files) = &self.files {
            interfaces.push("files");
            offers.extend(self.offers("files", files));
            relations.push(relation("keeps", &ROLES, &ROLES, "node", "files"));
        }
        let interfaces: Vec<Value> = interfaces
            .iter()
            .map(|name| json!({ "name": name, "title": name, "levels": "number", "stability": "stable", "source": "s" }))
            .collect();
        json!({
            "format": 1, "name": "invented", "title": "Invented", "as_of": "2026-01-01",
            "sources": { "s": { "title": "S", "evidence": "documented" } },
            "packages": packages,
            "features": [ { "name": "f", "title": "F", "since": { "core": "*" }, "source": "s" } ],
            "interfaces": interfaces, "offers": offers,
            "roles": [ { "name": "front", "title": "Front", "runs": ["core"], "source": "s" },
                       { "name": "back", "title": "Back", "runs": ["core"], "source": "s" } ],
            "relations": relations, "skew": self.skew(), "upgrades": [self.upgrades()],
        })
    }

    fn skew(&self) -> Vec<Value> {
        self.rule
            .iter()
            .map(|rule| {
                json!({ "code": "RULE", "relation": "feeds", "rule": RULES[rule.which].0,
                        "severity": if rule.error { "error" } else { "warning" },
                        "applies": if rule.steady { "steady" } else { "always" },
                        "message": "too far apart", "source": "s" })
            })
            .collect()
    }

    fn plugin(&self, ix: usize, plugin: &Plugin) -> Value {
        let releases: Vec<Value> = plugin
            .iter()
            .enumerate()
            .map(|(release, &(first, last))| {
                json!({ "version": format!("1.{release}.0"),
                        "needs": { "core": format!(">={},<={}", self.core[first], self.core[last]) } })
            })
            .collect();
        json!({ "name": format!("plugin-{ix}"), "title": "Plugin", "kind": "plugin", "core": "core",
                "scheme": "semver", "source": "s", "releases": releases })
    }

    fn offers(&self, interface: &str, levels: &[Levels]) -> Vec<Value> {
        let offer = |(ix, levels): (usize, &Levels)| {
            let mut writes = vec![json!(levels.writes.to_string())];
            if levels.older {
                writes.push(json!({ "level": (levels.writes - 1).to_string(), "unless": ["f"] }));
            }
            json!({ "package": "core", "releases": format!("={}", self.core[ix]), "interface": interface,
                    "writes": writes, "reads": [format!("..={}", levels.reads)], "source": "s" })
        };
        levels.iter().enumerate().map(offer).collect()
    }

    fn upgrades(&self) -> Value {
        let at = |ix: usize| self.core[ix];
        let mut upgrades = json!({
            "package": "core", "source": "s", "plugins": "allowed", "plugins_downgrade": "allowed",
            "gates": [ { "name": "up", "after": ["upgrade", "start"], "command": "ask", "expect": "{to}", "why": "it runs" },
                       { "name": "leads", "after": ["switch"], "roles": ["back"], "command": "ask", "expect": "{to_node}",
                         "why": "it leads" } ],
        });
        let mut put = |key: &str, value: Value| upgrades[key] = value;
        match self.order {
            1 => put("order", json!([["front"], ["back"]])),
            2 => put("order", json!([["back"], ["front"]])),
            _ => {}
        }
        if self.switch {
            put("switch", json!({ "name": "handover", "from": "back", "to": "front" }));
        }
        if let Some(via) = self.stop {
            put(
                "stops",
                json!([{ "name": "stop", "from": format!("<{}", at(via)), "to": format!(">{}", at(via)),
                         "via": format!("={}", at(via)), "why": "it must be passed" }]),
            );
        }
        match self.down {
            Some(true) => put("downgrade", json!("allowed")),
            Some(false) => put("downgrade", json!("refused")),
            None => {}
        }
        if self.limit {
            put("steps", json!([{ "unit": "minor", "count": 1 }]));
        }
        self.edges(&mut put);
        upgrades
    }

    /// Prints what is said about single steps.
    fn edges(&self, put: &mut dyn FnMut(&str, Value)) {
        let at = |ix: usize| self.core[ix];
        let across = |ix: usize| (format!("<{}", at(ix)), format!(">={}", at(ix)));
        if let Some((from, to)) = self.stop_all.map(across) {
            put(
                "procedures",
                json!([{ "from": from, "to": to, "procedure": "stop-all", "why": "all at once" }]),
            );
        }
        if let Some((from, to)) = self.irreversible.map(across) {
            put(
                "irreversible",
                json!([{ "name": "one-way", "from": from, "to": to, "why": "it is rewritten" }]),
            );
        }
        if let Some((from, to)) = self.blocked {
            put(
                "blocked",
                json!([{ "name": "no", "from": format!("={}", at(from)), "to": format!("={}", at(to)), "why": "it fails" }]),
            );
        }
        if let Some((from, to)) = self.risk.map(across) {
            put(
                "risks",
                json!([{ "name": "known", "from": from, "to": to, "message": "it may fail" }]),
            );
        }
        if let Some((ix, when, forever)) = self.migration {
            let (from, to) = across(ix);
            let time = ["before", "stopped", "after"][when];
            put(
                "migrations",
                json!([{ "name": "work", "from": from, "to": to, "when": time,
                         "message": "it works", "irreversible": forever }]),
            );
        }
    }
}

fn relation(name: &str, from: &[&str], to: &[&str], within: &str, interface: &str) -> Value {
    json!({ "name": name, "title": name, "from": from, "to": to, "within": within, "source": "s",
            "interfaces": [ { "interface": interface, "breaks": "it breaks", "bites": "now" } ] })
}

/// Levels that mostly grow, each release mostly reading what came before.
fn levels(len: usize) -> impl Strategy<Value = Vec<Levels>> {
    let one = (0..=1_u32, any::<bool>(), prop_oneof![6 => Just(0_u32), 3 => Just(1)]);
    proptest::collection::vec(one, len).prop_map(|steps| {
        let mut level = 1;
        steps
            .into_iter()
            .map(|(up, older, ahead)| {
                level += up;
                Levels { writes: level, older, reads: level + ahead }
            })
            .collect()
    })
}

fn sometimes<T: std::fmt::Debug + Clone + 'static>(
    percent: u32,
    strategy: impl Strategy<Value = T> + 'static,
) -> impl Strategy<Value = Option<T>> {
    proptest::option::weighted(f64::from(percent) / 100.0, strategy)
}

/// A plugin of a core with so many releases.
fn plugin(len: usize) -> impl Strategy<Value = Plugin> {
    let some = (0..len, 0..len).prop_map(|(a, b)| (a.min(b), a.max(b)));
    let range = prop_oneof![1 => Just((0, len - 1)), 2 => some];
    proptest::collection::vec(range, 1..=2)
}

fn rule() -> impl Strategy<Value = Rule> {
    (0..RULES.len(), any::<bool>(), any::<bool>()).prop_map(|(which, error, steady)| Rule {
        which,
        error,
        steady,
    })
}

fn product() -> impl Strategy<Value = Product> {
    proptest::sample::select(CORES.to_vec()).prop_flat_map(|core| {
        let len = core.len();
        let later = 1..len;
        let talk = (
            levels(len),
            sometimes(30, levels(len)),
            sometimes(30, levels(len)),
            proptest::bool::weighted(0.25),
            sometimes(40, rule()),
            proptest::sample::select(vec![0_usize, 1, 1, 1, 2]),
            any::<bool>(),
        );
        let ways = (
            sometimes(25, later.clone()),
            proptest::bool::weighted(0.25),
            sometimes(20, later.clone()),
            sometimes(20, later.clone()),
            sometimes(15, (0..len, later.clone())),
            sometimes(15, later.clone()),
            sometimes(20, (later, 0..3_usize, any::<bool>())),
            prop_oneof![6 => Just(Some(true)), 1 => Just(None), 1 => Just(Some(false))],
        );
        let plugins = proptest::collection::vec(plugin(len), 0..=2);
        (talk, ways, plugins).prop_map(move |(talk, ways, plugins)| {
            let (wire, bus, files, answers, rule, order, switch) = talk;
            let (stop, limit, stop_all, irreversible, blocked, risk, migration, down) = ways;
            Product {
                core,
                wire,
                bus,
                files,
                answers,
                rule,
                order,
                switch,
                plugins,
                stop,
                limit,
                stop_all,
                irreversible,
                down,
                blocked: blocked.filter(|(from, to)| from < to),
                risk,
                migration,
            }
        })
    })
}

/// Numbers from which a node is made: whether it is in the last group, whether it runs something else
/// than most, what, and whether its plugins are old.
type Draw = (bool, bool, usize, bool);

/// Makes a node. The first of a group has the role `back`.
fn spot(product: &Product, draw: Draw, start: usize, groups: usize, seen: &mut [bool; 2]) -> Spot {
    let (last, mixed, other, old) = draw;
    let group = if last { groups - 1 } else { 0 };
    let core = if mixed { other % product.core.len() } else { start };
    let fitting = |plugin: &Plugin| {
        let fits = |release: &usize| (plugin[*release].0..=plugin[*release].1).contains(&core);
        let fitting: Vec<_> = (0..plugin.len()).filter(fits).collect();
        if old { fitting.first().copied() } else { fitting.last().copied() }
    };
    Spot {
        group,
        back: !std::mem::replace(&mut seen[group], true),
        core,
        plugins: product.plugins.iter().map(fitting).collect(),
    }
}

/// Returns a case: mostly upwards, mostly from one release, at most five nodes in at most two groups.
pub(crate) fn case() -> impl Strategy<Value = Case> {
    let some = proptest::bool::weighted;
    let draws = (any::<bool>(), some(0.15), 0..4_usize, some(0.4));
    let journey = (0..4_usize, 0..4_usize, some(0.15), some(0.12));
    let say = (any::<bool>(), some(0.1), some(0.3));
    let shape = (proptest::collection::vec(draws, 1..=5), 1..=2_usize);
    (product(), shape, journey, say, sometimes(35, 0..2_usize)).prop_map(
        |(product, (draws, groups), (start, gap, back, there), say, plugin)| {
            let len = product.core.len();
            let low = start % (len - 1);
            let high = low + 1 + gap % (len - 1 - low);
            let (start, target) = if back { (high, low) } else { (low, high) };
            let target = if there { start } else { target };
            let mut seen = [false; 2];
            let mut nodes: Vec<Spot> = Vec::new();
            for draw in draws {
                nodes.push(spot(&product, draw, start, groups, &mut seen));
            }
            let runs = |plugin: usize| {
                let mut nodes = nodes.iter();
                nodes.any(|node| node.plugins.get(plugin).is_some_and(Option::is_some))
            };
            let plugin = plugin.or(there.then_some(0));
            Case {
                plugin: plugin.filter(|&plugin| runs(plugin)),
                product,
                nodes,
                feature: say.2,
                target,
                options: (say.0, say.1),
            }
        },
    )
}

/// What became of the cases of one run.
#[derive(Debug, Default)]
struct Spread(BTreeMap<&'static str, usize>);

impl Spread {
    fn count(&mut self, name: &'static str, counts: bool) {
        *self.0.entry(name).or_default() += usize::from(counts);
    }
}

#[test]
fn cases_are_of_all_kinds() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut spread = Spread::default();
    for _ in 0..400 {
        let case = case().new_tree(&mut runner).expect("a case is drawn").current();
        let question = case.question();
        let made = question.plan();
        let Ok(plan) = made else {
            spread.count("refused", true);
            continue;
        };
        let moves = |name| plan.steps.iter().any(|step| step.action.name() == name);
        let with = plan.steps.iter().any(|step| {
            matches!(&step.action, skew::answer::plan::Action::Upgrade { with, .. } if !with.is_empty())
        });
        spread.count("planned", !plan.steps.is_empty());
        spread.count("rolling", moves("upgrade") && !plan.needs_downtime());
        spread.count("stop-all", moves("stop"));
        spread.count("switch", moves("switch"));
        spread.count("plugin moves with the core", with);
        spread.count("plugin moves alone", moves("install"));
        spread.count("several hops", plan.hops.len() > 1);
        spread.count("migrations", moves("migrate"));
        spread.count("no way back", plan.point_of_no_return.is_some());
        spread.count("already there", plan.steps.is_empty());
        let cores: BTreeSet<_> = case.nodes.iter().map(|node| node.core).collect();
        spread.count("mixed start", cores.len() > 1 && !plan.steps.is_empty());
    }
    let rare: Vec<_> = spread.0.iter().filter(|(_, count)| **count < 4).collect();
    assert!(rare.is_empty(), "{rare:?} of {:?}", spread.0);
    assert!(spread.0["planned"] > 100 && spread.0["refused"] > 40, "{:?}", spread.0);
}
