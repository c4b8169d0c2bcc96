//! Which features of the matrix are in use: its own probes, judged on what the nodes answered.

use std::collections::BTreeSet;

use super::asked::{NodeAnswers, stated};
use super::modules;
use super::text::AnswerKind;
use crate::catalog::{Catalog, Feature, Probe};
use crate::finding::{Check, Finding, Severity};
use crate::observation::Stated;

/// From so many directives on, `CONFIG GET` is taken to have listed all of them.
const WHOLE_CONFIG: usize = 50;

/// Returns the features in use, and says which could not be looked for.
pub(super) fn in_use(
    catalog: &Catalog,
    nodes: &[NodeAnswers<'_>],
    remarks: &mut Vec<Finding>,
) -> Vec<Stated> {
    let mut used = Vec::new();
    let mut unseen: BTreeSet<&str> = BTreeSet::new();
    let mut names: Vec<&str> = Vec::new();
    for feature in catalog.features().iter().filter(|feature| concerns(catalog, feature)) {
        let Some(probe) = &feature.detect else { continue };
        let servers = nodes.iter().filter(|node| !node.is_sentinel());
        let able = servers.filter(|node| may_have(catalog, feature, node));
        let looks: Vec<Look> = able.map(|node| look(probe, node)).collect();
        let found = looks.iter().find_map(|look| match look {
            Look::Used(stated) => Some(stated),
            Look::Unused | Look::Unasked => None,
        });
        if let Some(found) = found {
            used.push(Stated { text: feature.name.clone(), origin: found.origin.clone() });
        } else if looks.contains(&Look::Unasked) {
            names.push(&feature.name);
            unseen.insert(&probe.command);
        }
    }
    if !names.is_empty() {
        let verb = if names.len() == 1 { "is" } else { "are" };
        let names = names.join(", ");
        let message = format!("whether {names} {verb} in use was not looked for on every node");
        let commands: Vec<_> = unseen.into_iter().collect();
        let finding = Finding::new(Check::FeatureUnseen, Severity::Info, "features", message);
        remarks.push(finding.hinting(format!("ask for {}", commands.join("; "))));
    }
    used
}

/// Returns whether a feature is one of the products that these readers know.
fn concerns(catalog: &Catalog, feature: &Feature) -> bool {
    feature.since.iter().any(|(package, _)| {
        let name = &catalog.package(*package).name;
        name == "valkey" || name == "redis"
    })
}

/// Returns whether the release that a node runs has a feature, as far as it is known.
fn may_have(catalog: &Catalog, feature: &Feature, node: &NodeAnswers<'_>) -> bool {
    let Some((name, version)) = modules::server(node) else { return true };
    let Some(package) = catalog.find(&name) else { return true };
    let Some(rank) = catalog.package(package).find(&version.text) else { return true };
    feature.since.iter().any(|(known, releases)| *known == package && releases.contains(rank))
}

#[derive(Debug, PartialEq, Eq)]
enum Look {
    Used(Stated),
    Unused,
    Unasked,
}

/// Judges the probe of a feature on the answers of a node.
fn look(probe: &Probe, node: &NodeAnswers<'_>) -> Look {
    let field = probe.field.as_deref();
    let mut asked = false;
    for (kind, command, reply, file) in &node.replies {
        if *kind != AnswerKind::of(&probe.command) {
            continue;
        }
        let values: Vec<_> = reply.values(field).collect();
        let texts: Vec<&str> = values.iter().map(|(text, _)| *text).collect();
        if probe.expect.met_by(&texts, None) == Some(true) {
            let line = values.first().map_or(1, |(_, line)| *line);
            return Look::Used(stated("", file, line));
        }
        let whole = reply.parts.iter().any(|part| part.values.len() >= WHOLE_CONFIG)
            && *kind == AnswerKind::Config;
        let named = command.is_some_and(|command| command.eq_ignore_ascii_case(&probe.command));
        asked |= named || whole || !values.is_empty() || *kind == AnswerKind::AclList;
    }
    if let Some(section) = probe.command.strip_prefix("INFO ") {
        asked |= node.info.iter().any(|(info, _)| info.has(section));
    }
    if asked { Look::Unused } else { Look::Unasked }
}
