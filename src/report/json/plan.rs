//! Views of plans: what they come to, and their steps one by one.

use serde::{Serialize, Serializer};

use super::path::{HopView, hops};
use super::shared::{CiteView, Pairs, ReleaseView, name, releases};
use super::view::{view, word};
use crate::answer::plan::{Action, GateAsk, NoPlan, Plan, PointOfNoReturn, Rollback, Step};
use crate::catalog::{Catalog, Expect, Probe, ReleaseId};
use crate::deployment::Deployment;
use crate::limits::{Limits, Share};

word! { ActionWord "What is done." "upgrade" "install" "switch" "stop" "start" "migrate" }

view! {
    /// What a plan comes to.
    SummaryView(plan: &Plan) {
        steps: usize = plan.steps.len(),
        waves: usize = plan.waves(),
        restarts: usize = plan.count("upgrade"),
        switches: usize = plan.count("switch"),
        /// True if something that must be served is not served on the way, `null` if nobody knows.
        downtime: Option<bool> = match (plan.needs_downtime(), plan.has_no_downtime()) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        },
    }
}

view! {
    /// From where on there is no way back.
    PointView<'a>(point: &'a PointOfNoReturn) {
        /// The step that passes it, counted from 1.
        step: usize = point.step + 1,
        why: &'a str = &point.why,
        moment: Option<&'a str> = point.moment.as_deref(),
        evidence: CiteView<'a> = CiteView::new(&point.cite),
    }
}

/// A number of nodes, or a share such as `25%`.
#[derive(Serialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
enum ShareView {
    /// So many nodes.
    Nodes(usize),
    /// A share of the nodes of a group.
    Percent(String),
}

view! {
    /// What may happen at the same time.
    LimitsView(limits: &Limits) {
        /// How many nodes of a group may be down at once.
        max_unavailable: ShareView = match limits.max_unavailable {
            Share::Nodes(nodes) => ShareView::Nodes(nodes),
            Share::Percent(percent) => ShareView::Percent(format!("{percent}%")),
        },
        /// True if nodes of different zones are never down at once.
        per_zone: bool = limits.per_zone,
        /// How many nodes change alone, before all others.
        canary: usize = limits.canary,
    }
}

view! {
    /// A question and the wanted answer.
    ProbeView<'a>(probe: &'a Probe) {
        /// What to run.
        command: &'a str = &probe.command,
        /// Which part of the answer to look at.
        #[serde(skip_serializing_if = "Option::is_none")]
        field: Option<&'a str> = probe.field.as_deref(),
        /// What it must be.
        expect: String = probe.expect.to_string(),
    }
}

view! {
    /// What must hold before the next step.
    GateView<'a>(deployment: &'a Deployment, gate: &'a GateAsk) {
        name: &'a str = &gate.name,
        /// The nodes to ask; left out if it is asked once.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        nodes: Vec<&'a str> = gate.nodes.iter().map(|&node| node_name(deployment, node)).collect(),
        #[serde(flatten)]
        probe: ProbeView<'a> = ProbeView::new(&gate.probe),
        /// True if people decide.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        by_hand: bool = matches!(gate.probe.expect, Expect::ByHand(_)),
        /// It is asked only of nodes that give this answer.
        #[serde(skip_serializing_if = "Option::is_none")]
        only_if: Option<ProbeView<'a>> = gate.only_if.as_ref().map(ProbeView::new),
        /// Nodes, and the node that each is compared with.
        #[serde(skip_serializing_if = "Pairs::is_empty")]
        others: Pairs<'a> = Pairs(compared(deployment, gate)),
    }
}

view! {
    /// A package that changes in the same restart.
    WithView<'a>(catalog: &'a Catalog, before: Option<ReleaseId>, after: ReleaseId) {
        package: &'a str = name(catalog, after.0),
        from: Option<&'a str> = before.map(|before| catalog.version(before)),
        to: &'a str = catalog.version(after),
    }
}

/// What a step acts on. Which keys there are depends on the action.
#[derive(Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(clippy::option_option, reason = "a key may be left out, `null` or a text")]
struct ActionView<'a> {
    /// The node it is done to.
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<&'a str>,
    /// The package that changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    package: Option<&'a str>,
    /// The package that is replaced, if it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    from_package: Option<&'a str>,
    /// The version before; `null` for what is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Option<&'a str>>,
    /// The version after.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    /// Packages that change in the same restart.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    with: Vec<WithView<'a>>,
    /// The group of a switch.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
    /// The node that gives its role up.
    #[serde(skip_serializing_if = "Option::is_none")]
    from_node: Option<&'a str>,
    /// The node that takes it over.
    #[serde(skip_serializing_if = "Option::is_none")]
    to_node: Option<&'a str>,
    /// The name of a migration.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    /// What a migration runs; `null` if nothing is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<Option<&'a str>>,
    /// What a migration does.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
}

impl<'a> ActionView<'a> {
    fn new(catalog: &'a Catalog, deployment: &'a Deployment, action: &'a Action) -> Self {
        let on = |node: usize| Some(node_name(deployment, node));
        let of = |release: ReleaseId| Some(name(catalog, release.0));
        let version = |release: ReleaseId| Some(catalog.version(release));
        match action {
            Action::Upgrade { node, from, to, with } => Self {
                node: on(*node),
                package: of(*to),
                from_package: of(*from).filter(|_| from.0 != to.0),
                from: Some(version(*from)),
                to: version(*to),
                with: with.iter().map(|&(from, to)| WithView::new(catalog, from, to)).collect(),
                ..Self::default()
            },
            Action::Install { node, from, to } => Self {
                node: on(*node),
                package: of(*to),
                from: Some(from.and_then(version)),
                to: version(*to),
                ..Self::default()
            },
            Action::Switch { group, from_node, to_node } => Self {
                group: Some(&deployment.groups[*group]),
                from_node: on(*from_node),
                to_node: on(*to_node),
                ..Self::default()
            },
            Action::Stop { node } | Action::Start { node } => {
                Self { node: on(*node), ..Self::default() }
            }
            Action::Migrate { name, command, message } => Self {
                name: Some(name),
                command: Some(command.as_deref()),
                message: Some(message),
                ..Self::default()
            },
        }
    }
}

view! {
    /// How a step is undone, or why it cannot be.
    RollbackView<'a>(rollback: &'a Rollback) {
        /// `null` if nobody knows.
        possible: Option<bool> = match rollback {
            Rollback::Possible(_) => Some(true),
            Rollback::Impossible(_) => Some(false),
            Rollback::Unknown(_) => None,
        },
        #[serde(skip_serializing_if = "Option::is_none")]
        how: Option<&'a str> = match rollback {
            Rollback::Possible(how) => Some(how),
            Rollback::Impossible(_) | Rollback::Unknown(_) => None,
        },
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<&'a str> = match rollback {
            Rollback::Possible(_) => None,
            Rollback::Impossible(why) | Rollback::Unknown(why) => Some(why),
        },
    }
}

view! {
    /// One step of a plan.
    StepView<'a>(catalog: &'a Catalog, deployment: &'a Deployment, ix: usize, step: &'a Step) {
        /// Its number, from 1.
        step: usize = ix + 1,
        action: ActionWord = ActionWord(step.action.name()),
        #[serde(flatten)]
        on: ActionView<'a> = ActionView::new(catalog, deployment, &step.action),
        /// The hop that it is part of, counted from 1.
        hop: usize = step.hop + 1,
        /// Steps with the same number may be done at the same time.
        wave: usize = step.wave + 1,
        /// Relations and rules that hold afterwards.
        allowed_by: Vec<&'a str> = step.allowed_by.iter().map(String::as_str).collect(),
        /// What must hold before the next step.
        gates: Vec<GateView<'a>> = gates(deployment, &step.gates),
        rollback: RollbackView<'a> = RollbackView::new(&step.rollback),
    }
}

/// The steps of a plan. Their views are made while they are written: there may be a hundred thousand.
struct StepsView<'a> {
    catalog: &'a Catalog,
    deployment: &'a Deployment,
    steps: &'a [Step],
}

impl Serialize for StepsView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let view = |(ix, step)| StepView::new(self.catalog, self.deployment, ix, step);
        serializer.collect_seq(self.steps.iter().enumerate().map(view))
    }
}

view! {
    /// A plan for a deployment; without one only its name, what was accepted and what could be asked instead.
    PlanView<'a>(
        catalog: &'a Catalog,
        deployment: &'a Deployment,
        accepted: &'a [String],
        plan: &'a Result<Plan, NoPlan>
    ) with { let found = plan.as_ref().ok(); } {
        /// The name of the deployment.
        deployment: &'a str = &deployment.name,
        /// Names of risks that were accepted.
        accepted_risks: &'a [String] = accepted,
        /// What must run in the end.
        #[serde(skip_serializing_if = "Option::is_none")]
        targets: Option<Vec<ReleaseView<'a>>> = found.map(|plan| releases(catalog, &plan.targets)),
        #[serde(skip_serializing_if = "Option::is_none")]
        summary: Option<SummaryView> = found.map(SummaryView::new),
        #[serde(skip_serializing_if = "Option::is_none")]
        point_of_no_return: Option<PointView<'a>> =
            found.and_then(|plan| plan.point_of_no_return.as_ref()).map(PointView::new),
        #[serde(skip_serializing_if = "Option::is_none")]
        limits: Option<LimitsView> = found.map(|plan| LimitsView::new(&plan.limits)),
        /// The hops of each package.
        #[serde(skip_serializing_if = "Option::is_none")]
        hops: Option<Vec<HopView<'a>>> = found.map(|plan| hops(catalog, &plan.hops)),
        /// What must hold before the first step.
        #[serde(skip_serializing_if = "Option::is_none")]
        preflight: Option<Vec<GateView<'a>>> = found.map(|plan| gates(deployment, &plan.preflight)),
        /// The steps in order.
        #[cfg_attr(test, schemars(with = "Vec<StepView<'a>>"))]
        steps: StepsView<'a> =
            StepsView { catalog, deployment, steps: found.map_or(&[], |plan| &plan.steps) },
        /// What could be asked instead, if there is no plan.
        #[serde(skip_serializing_if = "Option::is_none")]
        alternatives: Option<&'a [String]> =
            plan.as_ref().err().map(|none| none.alternatives.as_slice()),
    }
}

fn node_name(deployment: &Deployment, node: usize) -> &str {
    &deployment.nodes[node].name
}

fn gates<'a>(deployment: &'a Deployment, gates: &'a [GateAsk]) -> Vec<GateView<'a>> {
    gates.iter().map(|gate| GateView::new(deployment, gate)).collect()
}

fn compared<'a>(deployment: &'a Deployment, gate: &GateAsk) -> Vec<(&'a str, &'a str)> {
    let name = |node: usize| node_name(deployment, node);
    gate.others.iter().map(|&(node, other)| (name(node), name(other))).collect()
}
