//! Nodes joined into one deployment: names, roles and groups.
//!
//! In a cluster nodes know each other by id. Without one, a replica names its primary by address and shares
//! its replication id, and a primary lists its replicas; the same server can go by several addresses, so
//! the replication id counts first.

use super::asked::{NodeAnswers, stated};
use super::member::{Member, Neighbor, PRIMARY, Primary, SENTINEL, role_word};
use super::topology::members;
use super::{features, modules, views};
use crate::catalog::Catalog;
use crate::finding::{Check, Finding, Severity};
use crate::observation::{Observation, ObservedNode, Origin, Place, Stated, UNKNOWN_VERSION};
use crate::problem::shown;

/// The group of Sentinels, which may watch many groups.
const SENTINELS: &str = "sentinels";
/// Most primaries that a chain of replicas is followed up.
const LONGEST_CHAIN: usize = 8;

/// Makes a deployment of the nodes.
pub(super) fn observation(catalog: &Catalog, nodes: &[NodeAnswers<'_>]) -> Observation {
    let mut remarks = Vec::new();
    let members = members(nodes);
    let mut seen: Vec<ObservedNode> =
        (0..members.len()).map(|ix| seen(catalog, &members, ix, &mut remarks)).collect();
    views::compare(&members, nodes, &mut remarks);
    let features = features::in_use(catalog, nodes, &mut remarks);
    let rank = |node: &ObservedNode| {
        let role = node.role.as_ref().map(|role| role.text.as_str());
        (node.group.as_ref().map(|group| group.text.clone()), role != Some(PRIMARY))
    };
    seen.sort_by(|one, two| (rank(one), &one.name).cmp(&(rank(two), &two.name)));
    Observation { name: String::new(), features, nodes: seen, remarks }
}

/// Returns the addresses that the nodes speak of.
pub(super) fn neighbors(nodes: &[NodeAnswers<'_>]) -> Vec<Neighbor> {
    let members = members(nodes);
    let neighbor = |member: &Member<'_, '_>| {
        let from = member.asked.and_then(|asked| asked.from.as_ref());
        let address = from.or(member.announced.as_ref())?.text.clone();
        let id = member.peer.map(|(peer, _)| peer.id.to_owned());
        Some(Neighbor { address, id })
    };
    let mut found: Vec<Neighbor> = members.iter().filter_map(neighbor).collect();
    let listed = nodes.iter().filter(|node| node.is_sentinel()).flat_map(NodeAnswers::listed);
    found.extend(listed.map(|(address, _)| Neighbor { address: address.text, id: None }));
    found.sort();
    found.dedup();
    found
}

/// Makes a node of the deployment.
fn seen(
    catalog: &Catalog,
    members: &[Member<'_, '_>],
    ix: usize,
    remarks: &mut Vec<Finding>,
) -> ObservedNode {
    let member = &members[ix];
    let from = member.asked.and_then(|asked| asked.from.clone());
    let mut node = ObservedNode {
        name: member.name.clone(),
        address: from.or_else(|| member.announced.clone()),
        role: member.role.clone(),
        group: group(members, ix),
        zone: zone(members, member),
        ..ObservedNode::default()
    };
    if let Some(asked) = member.asked {
        modules::packages(catalog, asked, &mut node, remarks);
        remarks.extend(roleless(member, asked));
    }
    if member.asked.and_then(modules::server).is_none() {
        let origin =
            node.role.as_ref().or(node.address.as_ref()).map(|stated| stated.origin.clone());
        let file = member.asked.and_then(|asked| asked.replies.first()).map(|(.., file)| *file);
        let whole = |file: &str| Origin { file: file.to_owned(), place: Place::Whole };
        let origin = origin.or_else(|| file.map(whole));
        if let Some(origin) = origin {
            let text = UNKNOWN_VERSION.to_owned();
            node.packages.insert("valkey".to_owned(), Stated { text, origin });
        }
        remarks.push(unasked(member));
    }
    node
}

/// Says that the version of a node is not known.
fn unasked(member: &Member<'_, '_>) -> Finding {
    let message = match member.asked {
        Some(asked) if asked.info.is_empty() => {
            "its INFO was not given, so its version is not known"
        }
        Some(_) => "its INFO has no section Server, so its version is not known",
        None => "other nodes speak of it, but it was not asked or did not answer",
    };
    Finding::new(Check::VersionUnknown, Severity::Warning, &member.name, message)
        .hinting("add its INFO, or write its version into the deployment file")
}

/// Says that a node was asked and its role is not known.
fn roleless(member: &Member<'_, '_>, asked: &NodeAnswers<'_>) -> Option<Finding> {
    let stated = asked.text("role");
    if member.role.is_some() && stated.is_none_or(|word| role_word(word).is_some()) {
        return None;
    }
    let message = match stated {
        Some(word) => format!("its INFO states the role `{}`, which is not known", shown(word)),
        None if asked.info.is_empty() => "no answer tells its role".to_owned(),
        None => "its INFO has no section Replication, so its role is not known".to_owned(),
    };
    let finding = Finding::new(Check::RoleMissing, Severity::Warning, &member.name, message);
    Some(finding.hinting("ask it for INFO again, or write its role into the deployment file"))
}

/// Returns the group: named after the primary.
fn group(members: &[Member<'_, '_>], ix: usize) -> Option<Stated> {
    let member = &members[ix];
    if member.role.as_ref().is_some_and(|role| role.text == SENTINEL) {
        let role = member.role.clone()?;
        return Some(Stated { text: SENTINELS.to_owned(), ..role });
    }
    let mut top = ix;
    for _ in 0..LONGEST_CHAIN {
        match members[top].primary {
            Some(Primary::At(next)) if next != top => top = next,
            Some(Primary::At(_) | Primary::Elsewhere(_)) | None => break,
        }
    }
    let origin = member.role.as_ref().or(member.announced.as_ref())?.origin.clone();
    Some(Stated { text: members[top].name.clone(), origin })
}

/// Returns the zone that a node states, or that its cluster states of it.
fn zone(members: &[Member<'_, '_>], member: &Member<'_, '_>) -> Option<Stated> {
    if let Some(zone) = member.asked.and_then(|asked| asked.info("availability_zone")) {
        return Some(zone);
    }
    let (peer, file) = member.peer?;
    if let Some(zone) = peer.zone {
        return Some(stated(zone, file, peer.line));
    }
    let asked = members.iter().filter_map(|member| member.asked);
    let mut shards = asked.flat_map(|asked| &asked.shards).filter(|(node, _)| node.id == peer.id);
    shards.find_map(|(node, file)| Some(stated(node.zone.as_deref()?, file, node.line)))
}
