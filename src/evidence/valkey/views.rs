//! Contradictions: nodes that see their cluster differently, and replicas that drifted.

use std::collections::{BTreeMap, BTreeSet};

use super::asked::NodeAnswers;
use super::member::{Member, PRIMARY};
use crate::finding::{Check, Finding, Severity};

/// Number of nodes that a remark names before it counts the rest.
const NAMED: usize = 5;

/// Adds a remark for each contradiction.
pub(super) fn compare(
    members: &[Member<'_, '_>],
    nodes: &[NodeAnswers<'_>],
    remarks: &mut Vec<Finding>,
) {
    let names: NamesById<'_> = members
        .iter()
        .filter_map(|member| member.peer.map(|(peer, _)| (peer.id, member.name.as_str())))
        .collect();
    let opinions = opinions(nodes, &names);
    for member in members {
        drifted(member, remarks);
        unlinked(member, remarks);
        if let Some(said) = member.peer.and_then(|(peer, _)| opinions.get(peer.id)) {
            seen_differently(&member.name, said, remarks);
        }
    }
    two_owners(members, nodes, &names, remarks);
}

/// Name by node id.
type NamesById<'m> = BTreeMap<&'m str, &'m str>;

/// The opinions on a node, and who has each.
type Opinions<'m> = BTreeMap<String, Vec<&'m str>>;

/// Returns by node id what each node that showed its cluster says of it. A node that another one knows and that
/// does not know it back is an opinion too; nodes of different clusters know nothing of each other.
fn opinions<'m>(
    nodes: &'m [NodeAnswers<'_>],
    names: &NamesById<'m>,
) -> BTreeMap<&'m str, Opinions<'m>> {
    let mut opinions: BTreeMap<&str, Opinions<'m>> = BTreeMap::new();
    let views = nodes.iter().filter_map(|node| Some((node.own()?.id, &node.view.as_ref()?.0)));
    let views: Vec<_> = views.collect();
    for (witness, peers) in &views {
        let by = names.get(witness).copied().unwrap_or(witness);
        for peer in *peers {
            let flags = peer.flags.iter().filter(|flag| !matches!(**flag, "myself" | "nofailover"));
            let flags: Vec<&str> = flags.copied().collect();
            let of = peer.primary.map(|id| format!(" of {}", names.get(id).unwrap_or(&id)));
            let opinion = format!("{}{}", flags.join(","), of.unwrap_or_default());
            opinions.entry(peer.id).or_default().entry(opinion).or_default().push(by);
        }
    }
    let known: BTreeMap<&str, BTreeSet<&str>> = views
        .iter()
        .map(|(witness, peers)| (*witness, peers.iter().map(|peer| peer.id).collect()))
        .collect();
    for (witness, peers) in &known {
        for peer in peers {
            // Asked, and without a line for the one who knows it.
            if known.get(peer).is_some_and(|back| !back.contains(witness)) {
                let by = names.get(peer).copied().unwrap_or(peer);
                let said = opinions.entry(witness).or_default();
                said.entry("unknown".to_owned()).or_default().push(by);
            }
        }
    }
    opinions
}

/// Says that a replica refused commands of its primary.
fn drifted(member: &Member<'_, '_>, remarks: &mut Vec<Finding>) {
    let Some(refused) = member.asked.and_then(|asked| asked.info("unexpected_error_replies"))
    else {
        return;
    };
    if refused.text.parse::<u64>().is_ok_and(|count| count > 0) {
        let commands = if refused.text == "1" { "command" } else { "commands" };
        let message = format!(
            "it answered {} {commands} of its primary with an error, so their data may differ \
             (unexpected_error_replies)",
            refused.text
        );
        let finding = Finding::new(Check::ReplicaDrifted, Severity::Warning, &member.name, message);
        remarks.push(finding.hinting(
            "compare their data; a full sync from a primary that it can read repairs the replica",
        ));
    }
}

/// Says that a replica has lost its primary.
fn unlinked(member: &Member<'_, '_>, remarks: &mut Vec<Finding>) {
    let link = member.asked.and_then(|asked| asked.text("master_link_status"));
    if link == Some("down") {
        let message = "its link to the primary is down (master_link_status)";
        let finding =
            Finding::new(Check::ReplicaUnlinked, Severity::Warning, &member.name, message);
        remarks.push(finding.hinting("its log says why; plan no upgrade before it is up again"));
    }
}

/// Says that nodes disagree on what a node is, or on whether it is there.
fn seen_differently(name: &str, opinions: &Opinions<'_>, remarks: &mut Vec<Finding>) {
    let failing = opinions.keys().any(|opinion| opinion.contains("fail"));
    if opinions.len() < 2 && !failing {
        return;
    }
    let said: Vec<String> = opinions
        .iter()
        .take(NAMED)
        .map(|(opinion, names)| format!("{opinion} by {}", listed(names)))
        .collect();
    let message = format!("it is seen as {}", said.join("; as "));
    let finding = Finding::new(Check::ViewsDiffer, Severity::Warning, name, message);
    remarks.push(finding.hinting(if opinions.len() < 2 {
        "start it again, or remove it from its cluster with CLUSTER FORGET on every node"
    } else {
        "wait until all nodes agree, then look again"
    }));
}

/// Says that two nodes both take writes for a slot.
fn two_owners(
    members: &[Member<'_, '_>],
    nodes: &[NodeAnswers<'_>],
    names: &NamesById<'_>,
    remarks: &mut Vec<Finding>,
) {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for node in nodes {
        let Some(own) = node.own() else { continue };
        let name = names.get(own.id).copied().unwrap_or(own.id);
        for &slots in &own.slots {
            if let Some(other) = owners.insert(slots, name) {
                let message = format!("it and {other} both say that they own the slots {slots}");
                remarks.push(Finding::new(Check::ViewsDiffer, Severity::Warning, name, message));
            }
        }
    }
    for member in members {
        let plays = member.role.as_ref().is_some_and(|role| role.text == PRIMARY);
        let Some(own) = member.asked.and_then(|asked| asked.own()) else { continue };
        if plays && own.is("slave") {
            let message = "INFO calls it a primary, its own CLUSTER NODES a replica";
            let finding =
                Finding::new(Check::ViewsDiffer, Severity::Warning, &member.name, message);
            remarks.push(finding.hinting("the two were asked at different times; ask again"));
        }
    }
}

/// Joins names, counting those beyond the first few.
fn listed(names: &[&str]) -> String {
    let shown = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(NAMED) {
        Some(more @ 1..) => format!("{shown} and {more} more"),
        Some(0) | None => shown,
    }
}
