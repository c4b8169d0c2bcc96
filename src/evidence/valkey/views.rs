//! What does not go together: nodes that see their cluster differently, and replicas that drifted.

use std::collections::BTreeMap;

use super::asked::Asked;
use super::fleet::{Member, PRIMARY};
use crate::finding::{Check, Finding, Severity};

/// How many nodes a remark names before it counts the rest.
const NAMED: usize = 5;

/// Adds a remark for each contradiction.
pub(super) fn compare(members: &[Member<'_, '_>], nodes: &[Asked<'_>], remarks: &mut Vec<Finding>) {
    for member in members {
        drifted(member, remarks);
        unlinked(member, remarks);
        if let Some((peer, _)) = member.peer {
            seen_differently(members, member, peer.id, remarks);
        }
    }
    two_owners(members, nodes, remarks);
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
fn seen_differently(
    members: &[Member<'_, '_>],
    member: &Member<'_, '_>,
    id: &str,
    remarks: &mut Vec<Finding>,
) {
    let mut opinions: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for other in members {
        let Some((peers, _)) = other.asked.and_then(|asked| asked.view.as_ref()) else { continue };
        let peer = peers.iter().find(|peer| peer.id == id);
        let opinion = match peer {
            None => "unknown".to_owned(),
            Some(peer) => {
                let ignored = |flag: &&&str| !matches!(**flag, "myself" | "nofailover");
                let flags: Vec<&str> = peer.flags.iter().filter(ignored).copied().collect();
                let of = peer.primary.map(|id| format!(" of {}", named(members, id)));
                format!("{}{}", flags.join(","), of.unwrap_or_default())
            }
        };
        opinions.entry(opinion).or_default().push(&other.name);
    }
    let failing = opinions.keys().any(|opinion| opinion.contains("fail"));
    if opinions.len() < 2 && !failing {
        return;
    }
    let said: Vec<String> =
        opinions.iter().map(|(opinion, names)| format!("{opinion} by {}", listed(names))).collect();
    let message = format!("it is seen as {}", said.join("; as "));
    let finding = Finding::new(Check::ViewsDiffer, Severity::Warning, &member.name, message);
    remarks.push(finding.hinting("wait until all nodes agree, then look again"));
}

/// Says that two nodes both take writes for a slot.
fn two_owners(members: &[Member<'_, '_>], nodes: &[Asked<'_>], remarks: &mut Vec<Finding>) {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for node in nodes {
        let Some(own) = node.own() else { continue };
        let name = named(members, own.id);
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

fn named<'m>(members: &'m [Member<'_, '_>], id: &'m str) -> &'m str {
    let known = members.iter().find(|member| member.peer.is_some_and(|(peer, _)| peer.id == id));
    known.map_or(id, |member| &member.name)
}

/// Joins names, counting those beyond the first few.
fn listed(names: &[&str]) -> String {
    let shown = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(NAMED) {
        Some(more @ 1..) => format!("{shown} and {more} more"),
        Some(0) | None => shown,
    }
}
