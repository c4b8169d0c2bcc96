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

/// Number of values that are named before the rest is counted.
const NAMED: usize = 4;

/// A word that is in every refusal of a command that the server does not have.
const UNKNOWN_COMMAND: &str = "unknown";

/// A node and a command to send to it.
pub type GateQuestion = (String, String);

/// The outcome of a question to a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeReply {
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
    pub fn questions(&self) -> BTreeSet<GateQuestion> {
        let mut questions = BTreeSet::new();
        for gate in &self.gates {
            let Some(probe) = gate.probe.as_ref().filter(|probe| !is_by_hand(probe)) else {
                continue;
            };
            for node in self.asked(gate, probe) {
                questions.insert((node.clone(), probe.command.clone()));
                let condition = gate.only_if.as_ref();
                questions.extend(condition.map(|only| (node.clone(), only.command.clone())));
                let other = gate.others.get(node).filter(|_| probe.expect.other().is_some());
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
    pub fn judge(&self, answers: &BTreeMap<GateQuestion, NodeReply>) -> Vec<GateCheck> {
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

    fn check(
        &self,
        gate: &'p GateRecord,
        answers: &BTreeMap<GateQuestion, NodeReply>,
    ) -> Vec<GateCheck> {
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
        if let Expect::SameOnEveryNode(except) = &probe.expect {
            checks.push(made(None, told(judging.same(&concerned, except))));
            return checks;
        }
        let outcome = |node: &String| match &probe.expect {
            Expect::SeenOnEveryNode { node: subject, value } => judging.seen(node, subject, value),
            Expect::Is(_)
            | Expect::IsNot(_)
            | Expect::Number(..)
            | Expect::NoneOf(_)
            | Expect::Contains(_)
            | Expect::Present
            | Expect::Absent
            | Expect::SameOnEveryNode(_)
            | Expect::Not(_)
            | Expect::ByHand(_) => judging.one(node, gate.others.get(node)),
        };
        checks.extend(concerned.into_iter().map(|node| made(Some(node), told(outcome(node)))));
        checks
    }
}

/// Returns what came of a question, be it that there is no answer.
fn told(outcome: Result<GateOutcome, String>) -> GateOutcome {
    outcome.unwrap_or_else(GateOutcome::Unanswered)
}

fn is_by_hand(probe: &Probe) -> bool {
    matches!(probe.expect, Expect::ByHand(_))
}

/// Judges one question. Errors say why there is no answer.
struct Judging<'p> {
    probe: &'p Probe,
    answers: &'p BTreeMap<GateQuestion, NodeReply>,
}

impl<'p> Judging<'p> {
    fn answer(&self, node: &str, command: &str) -> Result<&'p Reply, String> {
        match self.answers.get(&(node.to_owned(), command.to_owned())) {
            Some(NodeReply::Reply(reply)) => Ok(reply),
            Some(NodeReply::Refused(words)) => Err(format!("refused: {words}")),
            Some(NodeReply::Silent(why)) => Err(why.clone()),
            None => Err("it was not asked".to_owned()),
        }
    }

    /// Returns whether a node gives the answer that makes a gate concern it.
    fn is_met(&self, node: &str, only: &Probe) -> Result<bool, String> {
        let reply = self.answer(node, &only.command)?;
        Ok(only.expect.met_by(&texts(reply, only), None) == Some(true))
    }

    /// Judges the answer of one node, beside that of another one where the gate compares.
    fn one(&self, node: &str, other: Option<&String>) -> Result<GateOutcome, String> {
        if self.cannot_have(node) {
            return Ok(GateOutcome::Holds);
        }
        let reply = self.answer(node, &self.probe.command)?;
        let number = other.map(|other| self.number(other)).transpose()?;
        match self.probe.expect.met_by(&texts(reply, self.probe), number) {
            Some(true) => Ok(GateOutcome::Holds),
            Some(false) => Ok(GateOutcome::Fails(self.found(reply, number))),
            None => Err("nobody to compare it with".to_owned()),
        }
    }

    /// Returns whether something must not be there, and the server does not even know the command that tells of it.
    fn cannot_have(&self, node: &str) -> bool {
        let question = (node.to_owned(), self.probe.command.clone());
        let Some(NodeReply::Refused(words)) = self.answers.get(&question) else { return false };
        let expect = &self.probe.expect;
        let is_negative = matches!(expect, Expect::Not(_) | Expect::Absent);
        words.contains(UNKNOWN_COMMAND) && is_negative && expect.met_by(&[], None) == Some(true)
    }

    /// Returns the number of the node that another one is compared with.
    fn number(&self, node: &str) -> Result<i64, String> {
        let reply =
            self.answer(node, &self.probe.command).map_err(|why| format!("{node}: {why}"))?;
        let field = self.probe.expect.other().map(|(_, field)| field);
        let value = reply.values(field).next().and_then(|(text, _)| text.parse().ok());
        value.ok_or_else(|| format!("{node}: no number {}", field.unwrap_or_default()))
    }

    /// Says what was found instead. Values that are as they should be are left out.
    fn found(&self, reply: &Reply, number: Option<i64>) -> String {
        let mut found = Vec::new();
        for part in &reply.parts {
            let is_own = part.own || part.key.is_empty();
            let about =
                if is_own { String::new() } else { format!(" ({})", self.node_of(&part.key)) };
            let values = part.values(self.probe.field.as_deref()).map(|(text, _)| text);
            let offending = values.filter(|text| self.probe.expect.is_offended_by(text));
            found.extend(offending.map(|text| format!("{text}{about}")));
        }
        let beside = number.map(|number| format!(", to be compared with {number}"));
        format!("{}{}", shown(&found), beside.unwrap_or_default())
    }

    /// Returns the name of the node whose own part has a key, else the key.
    fn node_of(&self, key: &str) -> String {
        let is_own = |answer: &NodeReply| match answer {
            NodeReply::Reply(reply) => reply.own().is_some_and(|own| own.key == key),
            NodeReply::Refused(_) | NodeReply::Silent(_) => false,
        };
        let mut answers = self.answers.iter();
        let named =
            answers.find(|((_, command), answer)| *command == self.probe.command && is_own(answer));
        named.map_or_else(|| key.to_owned(), |((node, _), _)| node.clone())
    }

    /// Judges what one node says of another, which is known by the key that it gives itself.
    fn seen(&self, witness: &str, subject: &str, value: &str) -> Result<GateOutcome, String> {
        let own =
            self.answer(subject, &self.probe.command).map_err(|why| format!("{subject}: {why}"))?;
        let own = own.own().ok_or_else(|| format!("{subject} does not say who it is"))?;
        let reply = self.answer(witness, &self.probe.command)?;
        let values = reply.about(&own.key).into_iter();
        let values = values.flat_map(|part| part.values(self.probe.field.as_deref()));
        let said: Vec<String> = values.map(|(text, _)| text.to_owned()).collect();
        let is_said = said.iter().any(|text| text == value);
        Ok(if is_said { GateOutcome::Holds } else { GateOutcome::Fails(shown(&said)) })
    }

    /// Compares the answers of nodes.
    fn same(&self, nodes: &[&String], except: &[String]) -> Result<GateOutcome, String> {
        let mut by_values: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
        for node in nodes {
            let reply =
                self.answer(node, &self.probe.command).map_err(|why| format!("{node}: {why}"))?;
            let counts = |part: &&Part| !except.contains(&part.key);
            let parts = reply.parts.iter().filter(counts);
            let values = parts.flat_map(|part| part.values(self.probe.field.as_deref()));
            let values: BTreeSet<&str> = values.map(|(text, _)| text).collect();
            let values = values.into_iter().map(ToOwned::to_owned).collect();
            by_values.entry(values).or_default().push((*node).clone());
        }
        if by_values.len() < 2 {
            return Ok(GateOutcome::Holds);
        }
        let kinds = by_values.iter();
        let kinds = kinds.map(|(values, nodes)| format!("{} on {}", shown(values), shown(nodes)));
        Ok(GateOutcome::Fails(kinds.collect::<Vec<_>>().join("; ")))
    }
}

/// Returns the values that a probe looks at.
fn texts<'r>(reply: &'r Reply, probe: &'r Probe) -> Vec<&'r str> {
    reply.values(probe.field.as_deref()).map(|(text, _)| text).collect()
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
