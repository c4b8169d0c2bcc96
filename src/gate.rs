//! May the next step of a plan be taken? Answers of nodes in, go or no-go out.
//!
//! Owns which gates stand before a step, what must be asked of whom, and the judgement. It asks nobody:
//! whoever can fetches the answers. Before the first step stand the checks of the plan's beginning; before
//! any other the gates of the steps done last, which are those of the same wave.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::gate::{GateCheck, GateOutcome};
use crate::catalog::{Expect, Probe};
use crate::record::{GateRecord, PlanRecord, StepRecord};
use crate::reply::{Part, Reply};

/// How many values are named before the rest is counted.
const NAMED: usize = 4;

/// How a server begins its refusal of a command that it does not have.
const UNKNOWN_COMMAND: &str = "unknown";

/// A node and a command to send to it.
pub type Question = (String, String);

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// An answer.
    Reply(Reply),
    /// The node refused the command, in its words.
    Refused(String),
    /// The node was not reached, or the command not sent, and why.
    Silent(String),
}

/// Returns the names of all nodes that a plan speaks of, in order.
pub fn nodes(plan: &PlanRecord) -> Vec<String> {
    let of_step = |step: &StepRecord| {
        let named = [&step.node, &step.from_node, &step.to_node];
        named.into_iter().flatten().cloned().collect::<Vec<_>>()
    };
    let gates = plan.preflight.iter().chain(plan.steps.iter().flat_map(|step| &step.gates));
    let mut names: BTreeSet<String> = plan.steps.iter().flat_map(of_step).collect();
    names.extend(gates.flat_map(|gate| gate.nodes.iter().cloned()));
    names.into_iter().collect()
}

/// Returns the gates before a step, counted from 1; `None` if the plan has no such step. One more than there
/// are steps stands for the end.
pub fn before(plan: &PlanRecord, step: usize) -> Option<Vec<&GateRecord>> {
    let done = step.checked_sub(1).filter(|done| *done <= plan.steps.len())?;
    let Some(last) = done.checked_sub(1) else {
        return Some(plan.preflight.iter().collect());
    };
    let wave = plan.steps[last].wave;
    let together = plan.steps[..done].iter().rev().enumerate();
    let together =
        together.take_while(|(back, one)| *back == 0 || (wave.is_some() && one.wave == wave));
    let mut steps: Vec<&StepRecord> = together.map(|(_, step)| step).collect();
    steps.reverse();
    Some(steps.into_iter().flat_map(|step| &step.gates).collect())
}

/// Judges gates on answers.
#[derive(Debug)]
pub struct Gates<'p> {
    gates: Vec<&'p GateRecord>,
    /// The nodes that gates without nodes are asked of.
    all: &'p [String],
}

impl<'p> Gates<'p> {
    /// Makes the judge of some gates. `all` are the nodes of the deployment.
    pub fn new(gates: Vec<&'p GateRecord>, all: &'p [String]) -> Self {
        Self { gates, all }
    }

    /// Returns what must be asked.
    pub fn questions(&self) -> BTreeSet<Question> {
        let mut questions = BTreeSet::new();
        for gate in &self.gates {
            let Some(probe) = gate.probe.as_ref().filter(|probe| !is_by_hand(probe)) else {
                continue;
            };
            for node in self.asked(gate, probe) {
                questions.insert((node.clone(), probe.command.clone()));
                let condition = gate.only_if.as_ref();
                questions.extend(condition.map(|only| (node.clone(), only.command.clone())));
                let other = gate.others.get(node).filter(|_| probe.expect.other_role().is_some());
                questions.extend(other.map(|other| (other.clone(), probe.command.clone())));
            }
        }
        questions
    }

    /// Returns the nodes that a gate is asked of.
    fn asked(&self, gate: &'p GateRecord, probe: &'p Probe) -> Vec<&'p String> {
        let everywhere = matches!(probe.expect, Expect::SeenOnEveryNode { .. });
        let mut nodes: Vec<&String> = if gate.nodes.is_empty() || everywhere {
            self.all.iter().collect()
        } else {
            Vec::new()
        };
        for node in &gate.nodes {
            if !nodes.contains(&node) {
                nodes.push(node);
            }
        }
        nodes
    }

    /// Judges every gate. Gates that were asked twice are judged once.
    pub fn judge(&self, answers: &BTreeMap<Question, Answer>) -> Vec<GateCheck> {
        let mut checks: Vec<GateCheck> = Vec::new();
        for gate in &self.gates {
            for check in self.check(gate, answers) {
                if !checks.contains(&check) {
                    checks.push(check);
                }
            }
        }
        checks
    }

    fn check(&self, gate: &'p GateRecord, answers: &BTreeMap<Question, Answer>) -> Vec<GateCheck> {
        let made = |node: Option<&String>, outcome| GateCheck {
            gate: gate.name.clone(),
            node: node.cloned(),
            probe: gate.probe.clone(),
            outcome,
        };
        let Some(probe) = gate.probe.as_ref().filter(|probe| !is_by_hand(probe)) else {
            return vec![made(None, GateOutcome::ByHand)];
        };
        let judging = Judging { probe, answers };
        let mut concerned = Vec::new();
        let mut checks = Vec::new();
        for node in self.asked(gate, probe) {
            match gate.only_if.as_ref().map_or(Ok(true), |only| judging.is_met(node, only)) {
                Ok(true) => concerned.push(node),
                Ok(false) => checks.push(made(Some(node), GateOutcome::NotConcerned)),
                Err(why) => checks.push(made(Some(node), GateOutcome::Unanswered(why))),
            }
        }
        match &probe.expect {
            Expect::SameOnEveryNode(except) => {
                checks.push(made(None, judging.same(&concerned, except)));
            }
            Expect::SeenOnEveryNode { node, value } if !concerned.is_empty() => {
                let subject = judging.own_key(node);
                checks.extend(concerned.into_iter().map(|witness| {
                    let seen = subject.clone().and_then(|key| judging.seen(witness, &key, value));
                    made(Some(witness), seen.unwrap_or_else(|outcome| outcome))
                }));
            }
            Expect::SeenOnEveryNode { .. } => {}
            _ => checks.extend(concerned.into_iter().map(|node| {
                let other = gate.others.get(node);
                made(Some(node), judging.one(node, other))
            })),
        }
        checks
    }
}

fn is_by_hand(probe: &Probe) -> bool {
    matches!(probe.expect, Expect::ByHand(_))
}

/// Judges one question.
struct Judging<'p> {
    probe: &'p Probe,
    answers: &'p BTreeMap<Question, Answer>,
}

impl<'p> Judging<'p> {
    fn answer(&self, node: &str, command: &str) -> Result<&'p Reply, GateOutcome> {
        match self.answers.get(&(node.to_owned(), command.to_owned())) {
            Some(Answer::Reply(reply)) => Ok(reply),
            Some(Answer::Refused(words)) => {
                Err(GateOutcome::Unanswered(format!("refused: {words}")))
            }
            Some(Answer::Silent(why)) => Err(GateOutcome::Unanswered(why.clone())),
            None => Err(GateOutcome::Unanswered("it was not asked".to_owned())),
        }
    }

    /// Whether a node gives the answer that makes a gate concern it. What it does not even know does not.
    fn is_met(&self, node: &str, only: &Probe) -> Result<bool, String> {
        match self.answer(node, &only.command) {
            Ok(reply) => {
                let values: Vec<&str> =
                    reply.values(only.field.as_deref()).map(|(text, _)| text).collect();
                Ok(only.expect.met_by(&values, None) == Some(true))
            }
            Err(GateOutcome::Unanswered(why)) => Err(why),
            Err(_) => Ok(false),
        }
    }

    /// Judges the answer of one node.
    fn one(&self, node: &str, other: Option<&String>) -> GateOutcome {
        let probe = self.probe;
        if let Some(Answer::Refused(words)) =
            self.answers.get(&(node.to_owned(), probe.command.clone()))
            && words.contains(UNKNOWN_COMMAND)
            && probe.expect.met_by(&[], None) == Some(true)
            && matches!(probe.expect, Expect::Not(_) | Expect::Absent)
        {
            // It does not know the command, so it has not what the command tells of.
            return GateOutcome::Holds;
        }
        let reply = match self.answer(node, &probe.command) {
            Ok(reply) => reply,
            Err(outcome) => return outcome,
        };
        let texts: Vec<&str> = reply.values(probe.field.as_deref()).map(|(text, _)| text).collect();
        let number = match other.map(|other| self.number(other)).transpose() {
            Ok(number) => number,
            Err(outcome) => return outcome,
        };
        match probe.expect.met_by(&texts, number) {
            Some(true) => GateOutcome::Holds,
            Some(false) => GateOutcome::Fails(self.found(reply, number)),
            None => GateOutcome::Unanswered("nobody to compare it with".to_owned()),
        }
    }

    /// Returns the number of the node that another one is compared with.
    fn number(&self, node: &str) -> Result<i64, GateOutcome> {
        let fails = |what: String| GateOutcome::Unanswered(format!("{node}: {what}"));
        let reply = self.answer(node, &self.probe.command).map_err(|outcome| match outcome {
            GateOutcome::Unanswered(why) => fails(why),
            other => other,
        })?;
        let field = match &self.probe.expect {
            Expect::Number(_, crate::catalog::expect::Bound::OfRole { field, .. }) => Some(field),
            _ => None,
        };
        let value = reply.values(field.map(String::as_str)).next();
        value
            .and_then(|(text, _)| text.parse().ok())
            .ok_or_else(|| fails(format!("no number {}", field.map_or("", String::as_str))))
    }

    /// Says what was found instead. Parts that are as they should be are left out.
    fn found(&self, reply: &Reply, number: Option<i64>) -> String {
        let field = self.probe.field.as_deref();
        let mut found = Vec::new();
        for part in &reply.parts {
            let about = match (part.own, part.key.as_str()) {
                (true, _) | (_, "") => String::new(),
                (false, key) => format!(" ({})", self.node_of(key)),
            };
            for (text, _) in part.values(field) {
                let offends = match &self.probe.expect {
                    Expect::NoneOf(names) => names.iter().any(|name| name == text),
                    _ => true,
                };
                if offends {
                    found.push(format!("{text}{about}"));
                }
            }
        }
        let mut text = shown(&found);
        if let Some(number) = number {
            text.push_str(&format!(", to be compared with {number}"));
        }
        text
    }

    /// Returns the name of the node whose own part has a key, else the key.
    fn node_of(&self, key: &str) -> String {
        let named = self.answers.iter().find(|((_, command), answer)| {
            *command == self.probe.command
                && matches!(answer, Answer::Reply(reply)
                    if reply.own().is_some_and(|own| own.key == key))
        });
        named.map_or_else(|| key.to_owned(), |((node, _), _)| node.clone())
    }

    /// Returns the key under which a node appears in the answers of others.
    fn own_key(&self, node: &str) -> Result<String, GateOutcome> {
        let reply = self.answer(node, &self.probe.command)?;
        let own = reply.own().map(|own| own.key.clone());
        own.ok_or_else(|| GateOutcome::Unanswered(format!("{node} does not say who it is")))
    }

    /// Judges what one node says of another.
    fn seen(&self, witness: &str, key: &str, value: &str) -> Result<GateOutcome, GateOutcome> {
        let reply = self.answer(witness, &self.probe.command)?;
        let field = self.probe.field.as_deref();
        let said: Vec<&str> = reply
            .about(key)
            .map(|part| part.values(field).map(|(text, _)| text).collect())
            .unwrap_or_default();
        if said.contains(&value) {
            return Ok(GateOutcome::Holds);
        }
        let said: Vec<String> = said.into_iter().map(ToOwned::to_owned).collect();
        Ok(GateOutcome::Fails(shown(&said)))
    }

    /// Compares the answers of nodes.
    fn same(&self, nodes: &[&String], except: &[String]) -> GateOutcome {
        let mut by_values: BTreeMap<BTreeSet<&str>, Vec<&str>> = BTreeMap::new();
        for node in nodes {
            let reply = match self.answer(node, &self.probe.command) {
                Ok(reply) => reply,
                Err(GateOutcome::Unanswered(why)) => {
                    return GateOutcome::Unanswered(format!("{node}: {why}"));
                }
                Err(other) => return other,
            };
            let counts = |part: &&Part| !except.contains(&part.key);
            let parts = reply.parts.iter().filter(counts);
            let values = parts.flat_map(|part| part.values(self.probe.field.as_deref()));
            by_values.entry(values.map(|(text, _)| text).collect()).or_default().push(node);
        }
        if by_values.len() < 2 {
            return GateOutcome::Holds;
        }
        let kinds = by_values.iter().map(|(values, nodes)| {
            let values: Vec<String> = values.iter().map(|text| (*text).to_owned()).collect();
            let nodes: Vec<String> = nodes.iter().map(|node| (*node).to_owned()).collect();
            format!("{} on {}", shown(&values), shown(&nodes))
        });
        GateOutcome::Fails(kinds.collect::<Vec<_>>().join("; "))
    }
}

/// Joins values, counting those beyond the first few.
fn shown(values: &[String]) -> String {
    if values.is_empty() {
        return "nothing".to_owned();
    }
    let more = values.len().saturating_sub(NAMED);
    let mut text = values.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

#[cfg(test)]
mod tests;
