//! A plan as shell commands: to be run one after the other, with what each answer must say above it.
//!
//! Everything comes from the matrix: how a node is restarted, how a command is sent to
//! it, what a switch is called and what is asked between steps. Names from a deployment never become more
//! than one word of a command; what cannot be written so is refused.

mod refusal;
mod shell;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

pub use self::refusal::NoCommands;
use self::shell::{fill, sent};
use super::promise::way_back;
use super::text::clean;
use super::words::{numbered, what};
use crate::answer::plan::{Action, GateAsk, Plan, Rollback, Step};
use crate::answer::{Answer, Body};
use crate::catalog::{Catalog, PackageIx, Switch, Upgrades};
use crate::deployment::Deployment;

/// Prints a plan as shell commands. If there is no plan, the reasons are comments.
///
/// # Errors
///
/// Returns why there are no commands.
pub fn commands(answer: &Answer) -> Result<String, NoCommands> {
    let Body::Plan { deployment, plan, .. } = &answer.body else {
        return Err(NoCommands::NotAPlan);
    };
    match plan.as_ref() {
        Ok(plan) => Writer { catalog: &answer.catalog, deployment, plan }.all(),
        Err(_) => {
            let mut out = "# no plan\n".to_owned();
            for reason in &answer.findings {
                comment(&format!("{}: {}", reason.subject, reason.message), &mut out);
            }
            Ok(out)
        }
    }
}

/// Adds a comment of one line.
fn comment(text: &str, out: &mut String) {
    let _ = writeln!(out, "# {}", clean(text));
}

struct Writer<'r> {
    catalog: &'r Catalog,
    deployment: &'r Deployment,
    plan: &'r Plan,
}

impl Writer<'_> {
    fn all(&self) -> Result<String, NoCommands> {
        let products: BTreeSet<PackageIx> =
            self.plan.steps.iter().map(|step| self.product(step)).collect();
        let stated = |product: &PackageIx| {
            let upgrades = self.catalog.upgrades(*product);
            upgrades.is_some_and(|it| it.restart.is_some() || it.client.is_some())
        };
        if !products.is_empty() && !products.iter().any(stated) {
            let name = |product: &PackageIx| self.catalog.package(*product).name.clone();
            return Err(NoCommands::NoneStated(products.iter().map(name).collect()));
        }
        let mut out = String::new();
        self.head(&products, &mut out);
        if !self.plan.preflight.is_empty() {
            out.push_str("\n# before you start\n");
            let product = products.first().copied();
            self.gates(product, &self.plan.preflight, &mut out)?;
        }
        for (ix, step) in self.plan.steps.iter().enumerate() {
            self.step(ix, step, &mut out)?;
        }
        Ok(out)
    }

    fn head(&self, products: &BTreeSet<PackageIx>, out: &mut String) {
        let targets: Vec<_> =
            self.plan.targets.iter().map(|&target| self.catalog.label(target)).collect();
        let (steps, waves) = (self.plan.steps.len(), self.plan.waves());
        let head = format!("{} to {}", self.deployment.name, targets.join(" and "));
        let counts = format!("{} in {}", numbered(steps, "step"), numbered(waves, "wave"));
        comment(&format!("{head}: {counts}"), out);
        if steps == 0 {
            return comment("nothing to do", out);
        }
        comment(
            "Run it line by line: go on only if an answer is what the lines above it say.",
            out,
        );
        if self.deployment.nodes.iter().any(|node| node.host_and_port().is_none()) {
            comment("The name of a node stands for its host.", out);
        }
        for &product in products {
            let Some(upgrades) = self.catalog.upgrades(product) else { continue };
            let name = &self.catalog.package(product).name;
            if let Some(restart) = &upgrades.restart {
                comment(&format!("A node of {name} is restarted by: {restart}"), out);
            }
            self.ways_to_switch(upgrades, out);
        }
        let back = way_back(self.plan);
        comment(&format!("Way back: {back}"), out);
    }

    /// Says how a switch is made elsewhere than by the one command, if the plan has one.
    fn ways_to_switch(&self, upgrades: &Upgrades, out: &mut String) {
        let Some(switch) = upgrades.switch.as_ref().filter(|_| self.plan.count("switch") > 0)
        else {
            return;
        };
        if let Some(note) = &self.catalog.fact(switch.fact).note {
            let command = switch.command.as_deref().unwrap_or("no command is stated");
            comment(&format!("{}: {command}: {note}", switch.name), out);
        }
    }

    /// Returns the package whose policy a step follows.
    fn product(&self, step: &Step) -> PackageIx {
        let hop = self.plan.hops.get(step.hop).map(|hop| hop.to.0);
        let own = match &step.action {
            Action::Upgrade { to, .. } | Action::Install { to, .. } => Some(to.0),
            Action::Switch { .. }
            | Action::Stop { .. }
            | Action::Start { .. }
            | Action::Migrate { .. } => None,
        };
        let package = hop.or(own).or(self.plan.targets.first().map(|target| target.0));
        let package = package.unwrap_or(PackageIx::new(0));
        match self.catalog.upgrades(package) {
            Some(_) => package,
            None => self.catalog.package(package).core.unwrap_or(package),
        }
    }

    fn step(&self, ix: usize, step: &Step, out: &mut String) -> Result<(), NoCommands> {
        let what = what(self.catalog, self.deployment, &[&step.action]);
        out.push('\n');
        comment(&format!("step {}, wave {}: {what}", ix + 1, step.wave + 1), out);
        if self.plan.point_of_no_return.as_ref().is_some_and(|point| point.step == ix) {
            comment("From here on there is no way back.", out);
        }
        let product = self.product(step);
        self.action(product, &step.action, out)?;
        self.gates(Some(product), &step.gates, out)?;
        match &step.rollback {
            Rollback::Possible(how) => comment(&format!("back: {how}"), out),
            Rollback::Impossible(why) => comment(&format!("no way back: {why}"), out),
            Rollback::Unknown(why) => comment(&format!("way back not known: {why}"), out),
        }
        Ok(())
    }

    fn action(
        &self,
        product: PackageIx,
        action: &Action,
        out: &mut String,
    ) -> Result<(), NoCommands> {
        let upgrades = self.catalog.upgrades(product);
        match action {
            Action::Upgrade { node, to, with, .. } => {
                let mut parts = vec![self.catalog.label(*to)];
                parts.extend(with.iter().map(|(_, after)| self.catalog.label(*after)));
                self.restart(upgrades, *node, &parts.join(" and "), self.catalog.version(*to), out)
            }
            Action::Install { node, to, .. } => {
                let label = self.catalog.label(*to);
                self.restart(upgrades, *node, &label, self.catalog.version(*to), out)
            }
            Action::Switch { to_node, .. } => {
                let switch = upgrades.and_then(|upgrades| upgrades.switch.as_ref());
                self.switch(upgrades, switch, *to_node, out)
            }
            Action::Stop { node } => {
                comment(&format!("by hand: stop {}", self.name(*node)), out);
                Ok(())
            }
            Action::Start { node } => {
                comment(&format!("by hand: start {}", self.name(*node)), out);
                Ok(())
            }
            Action::Migrate { command, message, .. } => {
                comment(message, out);
                if let Some(command) = command {
                    let _ = writeln!(out, "{}", clean(command));
                }
                Ok(())
            }
        }
    }

    fn name(&self, node: usize) -> &str {
        &self.deployment.nodes[node].name
    }

    fn restart(
        &self,
        upgrades: Option<&Upgrades>,
        node: usize,
        parts: &str,
        to: &str,
        out: &mut String,
    ) -> Result<(), NoCommands> {
        let name = self.name(node);
        comment(&format!("put {parts} on {name}, then restart it"), out);
        if let Some(restart) = upgrades.and_then(|upgrades| upgrades.restart.as_ref()) {
            let _ = writeln!(out, "{}", fill(restart, &[("{node}", name), ("{to}", to)])?);
        }
        Ok(())
    }

    fn switch(
        &self,
        upgrades: Option<&Upgrades>,
        switch: Option<&Switch>,
        taker: usize,
        out: &mut String,
    ) -> Result<(), NoCommands> {
        let command = switch.and_then(|switch| switch.command.as_ref());
        let other_way = switch.filter(|switch| switch.by_hand_with.meets(self.deployment.features));
        if let Some(switch) = other_way {
            let command = command.map_or("the command", String::as_str);
            comment(&format!("by hand: {}; {command} is not for this system", switch.name), out);
            return Ok(());
        }
        let name = self.name(taker);
        let command =
            command.map(|command| self.send(upgrades, taker, command, &[("{to_node}", name)]));
        match command.transpose()?.flatten() {
            Some(line) => {
                let _ = writeln!(out, "{line}");
            }
            None => comment("by hand: no command is stated for it", out),
        }
        Ok(())
    }

    /// Returns the line that sends a command to a node, if the matrix says how.
    fn send(
        &self,
        upgrades: Option<&Upgrades>,
        node: usize,
        command: &str,
        more: &[(&str, &str)],
    ) -> Result<Option<String>, NoCommands> {
        let Some(upgrades) = upgrades else { return Ok(None) };
        let mut values = vec![("{node}", self.name(node))];
        values.extend(more);
        let at = self.deployment.nodes[node].host_and_port();
        let client = match (&upgrades.client_at, at) {
            (Some(client), Some((host, port))) => {
                values.extend([("{host}", host), ("{port}", port)]);
                Some(client)
            }
            (Some(_), None) | (None, _) => upgrades.client.as_ref(),
        };
        client.map(|client| sent(client, command, &values)).transpose()
    }

    /// Prints what to ask: each question once per node, above it what its answers must say.
    fn gates(
        &self,
        product: Option<PackageIx>,
        gates: &[GateAsk],
        out: &mut String,
    ) -> Result<(), NoCommands> {
        let upgrades = product.and_then(|product| self.catalog.upgrades(product));
        let mut asked: Vec<(String, Vec<String>)> = Vec::new();
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for gate in gates {
            let field = gate.probe.field.as_ref().map(|it| format!("{it}: ")).unwrap_or_default();
            let wanted = format!("{field}{} ({})", gate.probe.expect, gate.why);
            for command in self.questions(upgrades, gate)? {
                let at = *known.entry(command.clone()).or_insert(asked.len());
                match asked.get_mut(at) {
                    Some((_, wants)) => wants.push(wanted.clone()),
                    None => asked.push((command, vec![wanted.clone()])),
                }
            }
        }
        let mut wants: &[String] = &[];
        for (command, wanted) in &asked {
            if *wanted != wants {
                for text in wanted {
                    comment(text, out);
                }
                wants = wanted;
            }
            let _ = writeln!(out, "{command}");
        }
        Ok(())
    }

    /// Returns the commands that ask a gate; comments where no matrix says how.
    fn questions(
        &self,
        upgrades: Option<&Upgrades>,
        gate: &GateAsk,
    ) -> Result<Vec<String>, NoCommands> {
        let of_matrix =
            upgrades.and_then(|it| it.gates.iter().find(|stated| stated.name == gate.name));
        let probes = self.catalog.features().iter().filter_map(|feature| feature.detect.as_ref());
        let detects = || probes.clone().any(|probe| probe.command == gate.probe.command);
        let command = match of_matrix {
            Some(stated) => Some(&stated.probe.command),
            None => detects().then_some(&gate.probe.command),
        };
        let client = upgrades.and_then(|upgrades| upgrades.client.as_ref());
        let Some((client, command)) = client.zip(command) else {
            return Ok(vec![format!("# by hand: {}", clean(&gate.probe.command))]);
        };
        if gate.nodes.is_empty() {
            let any = sent(client, command, &[("{node}", "NODE")])?;
            return Ok(vec![format!("{any}  # on any node")]);
        }
        let name = |&node: &usize| self.name(node);
        let last = gate.nodes.last().map_or("", name);
        let to = self.plan.targets.first().map_or("", |&target| self.catalog.version(target));
        let more = [("{to_node}", last), ("{to}", to)];
        let ask = |&node: &usize| self.send(upgrades, node, command, &more).transpose();
        gate.nodes.iter().filter_map(ask).collect()
    }
}
