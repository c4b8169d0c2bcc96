//! `gate`: may the next step of a plan be taken?

use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::args::Common;
use super::args::live::GateArgs;
use super::{files, reach};
use crate::answer::gate::GateAnswer;
use crate::answer::{Answer, Body};
use crate::failure::Failure;
use crate::finding::Verdict;
use crate::gate::{self, GateQuestion, Gates, NodeReply};
use crate::live::{Address, answers};
use crate::matrix::{DEPLOYMENT_LIMIT, Inventory, PLAN_LIMIT, read_plan};
use crate::record::PlanRecord;
use crate::report::text::clean;

/// How long to wait before asking again.
const PAUSE: Duration = Duration::from_secs(1);

/// How many nodes a message names.
const NAMED: usize = 3;

pub(super) fn answer(common: &Common, asked: &GateArgs) -> Result<Answer, Failure> {
    let plan = read_plan(files::file(&asked.plan, PLAN_LIMIT)?.input())?;
    let step = usize::try_from(asked.step).unwrap_or(usize::MAX);
    let gates = gate::before(&plan, step).ok_or_else(|| no_step(&plan, step))?;
    let nodes = Nodes::read(asked, &plan)?;
    let gates = Gates::new(gates, &nodes.all);
    let questions = gates.questions();
    nodes.check(&questions)?;
    let access = reach::access(&asked.reach, asked.tls)?;
    let judge = |said: &BTreeMap<GateQuestion, NodeReply>| GateAnswer {
        step,
        steps: plan.steps.len(),
        checks: gates.judge(said),
    };
    let (answer, said) = wait(common, asked.wait, || {
        let said = answers(&access, &nodes.addresses, &questions);
        (judge(&said), said)
    });
    if let Some(why) = unanswered(&said) {
        return Err(Failure::new(format!("no node answered: {why}")));
    }
    let verdict = if answer.is_go() { Verdict::Compatible } else { Verdict::Incompatible };
    let body = Body::Gate(answer);
    Ok(Answer::new(Arc::default(), "gate", Some(verdict), Vec::new(), body))
}

fn no_step(plan: &PlanRecord, step: usize) -> Failure {
    let steps = plan.steps.len();
    Failure::new(format!("the plan has {steps} steps, and no step {step}"))
        .hint(format!("--step {} asks for the gates after the last one", steps + 1))
}

/// The nodes of a plan and where they answer.
struct Nodes {
    all: Vec<String>,
    addresses: BTreeMap<String, Address>,
}

impl Nodes {
    fn read(asked: &GateArgs, plan: &PlanRecord) -> Result<Self, Failure> {
        let mut all = gate::nodes(plan);
        let mut addresses = BTreeMap::new();
        let file =
            asked.against.as_deref().map(|path| files::file(path, DEPLOYMENT_LIMIT)).transpose()?;
        if let Some(file) = &file {
            let inventory = Inventory::parse(file.input())?;
            for (node, address) in inventory.addresses() {
                if let Some(text) = address {
                    addresses.insert(node.to_owned(), reach::address(text)?.0);
                }
                all.push(node.to_owned());
            }
            all.sort();
            all.dedup();
        }
        for text in &asked.at {
            let (node, address) = text.rsplit_once('=').ok_or_else(|| {
                Failure::new(format!("expected NAME=HOST:PORT, found `{text}`"))
                    .hint("--at says where a node answers, such as `--at a1=10.0.0.1:6379`")
            })?;
            addresses.insert(node.to_owned(), reach::address(address)?.0);
        }
        for node in &all {
            if !addresses.contains_key(node)
                && node.contains(':')
                && let Ok((address, _)) = Address::parse(node)
            {
                addresses.insert(node.clone(), address);
            }
        }
        Ok(Self { all, addresses })
    }

    /// Refuses questions to nodes that nobody can reach.
    fn check(&self, questions: &BTreeSet<GateQuestion>) -> Result<(), Failure> {
        let lost = questions.iter().map(|(node, _)| node);
        let lost: BTreeSet<&String> =
            lost.filter(|node| !self.addresses.contains_key(*node)).collect();
        let Some(first) = lost.first() else { return Ok(()) };
        let named =
            lost.iter().take(NAMED).map(|node| node.as_str()).collect::<Vec<_>>().join(", ");
        let more = match lost.len().checked_sub(NAMED) {
            Some(more @ 1..) => format!(" and {more} more"),
            Some(0) | None => String::new(),
        };
        Err(Failure::new(format!("nobody says where {named}{more} can be asked")).hint(format!(
            "--against DEPLOYMENT with `address` in its nodes, or --at {first}=HOST:PORT"
        )))
    }
}

/// Returns why nobody answered, if nobody did.
fn unanswered(said: &BTreeMap<GateQuestion, NodeReply>) -> Option<String> {
    let silent: BTreeSet<&String> = said
        .values()
        .filter_map(|answer| match answer {
            NodeReply::Silent(why) => Some(why),
            NodeReply::Reply(_) | NodeReply::Refused(_) => None,
        })
        .collect();
    let all = !said.is_empty() && said.values().all(|one| matches!(one, NodeReply::Silent(_)));
    all.then(|| silent.into_iter().take(NAMED).cloned().collect::<Vec<_>>().join("; "))
}

type Round = (GateAnswer, BTreeMap<GateQuestion, NodeReply>);

/// Asks again and again until everything holds or the time is over. Says on standard error what is missing:
/// in a terminal in one line, else in a line whenever that changes.
fn wait(common: &Common, seconds: u64, ask: impl Fn() -> Round) -> Round {
    let start = Instant::now();
    let limit = Duration::from_secs(seconds);
    let terminal = std::io::stderr().is_terminal();
    let mut last = String::new();
    loop {
        let (answer, said) = ask();
        let passed = start.elapsed();
        if answer.is_go() || passed >= limit {
            if terminal && !last.is_empty() {
                std::io::stderr().write_all(b"\r\x1b[K").ok();
            }
            return (answer, said);
        }
        if !common.quiet {
            let missing = missing(&answer);
            if terminal {
                let line = format!("\r\x1b[K{}s: waiting for {missing}", passed.as_secs());
                std::io::stderr().write_all(line.as_bytes()).ok();
            } else if missing != last {
                let line = format!("{}s: waiting for {missing}\n", passed.as_secs());
                std::io::stderr().write_all(line.as_bytes()).ok();
            }
            last = missing;
        }
        std::thread::sleep(PAUSE.min(limit.saturating_sub(passed)));
    }
}

/// Names the first checks that do not hold.
fn missing(answer: &GateAnswer) -> String {
    let name = |check: &crate::answer::gate::GateCheck| match &check.node {
        Some(node) => format!("{} on {node}", check.gate),
        None => check.gate.clone(),
    };
    let all: Vec<String> = answer.failing().map(name).collect();
    let mut text = all.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if let Some(more @ 1..) = all.len().checked_sub(NAMED) {
        text.push_str(&format!(" and {more} more"));
    }
    clean(&text).into_owned()
}
