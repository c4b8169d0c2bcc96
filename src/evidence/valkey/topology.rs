//! Which nodes there are, and who replicates whom.

use std::collections::{BTreeMap, BTreeSet};

use super::asked::{NodeAnswers, SentinelEntry, stated};
use super::info;
use super::lists::RoleOf;
use super::member::{Member, PRIMARY, Primary, REPLICA, SENTINEL, role_word};
use crate::observation::Stated;

/// Returns every node with its name, role and primary.
pub(super) fn members<'n, 'a>(nodes: &'n [NodeAnswers<'a>]) -> Vec<Member<'n, 'a>> {
    let mut members = clustered(nodes);
    let from = members.len();
    let alone = nodes.iter().filter(|node| !is_in(&members, node)).collect::<Vec<_>>();
    members
        .extend(alone.into_iter().map(|asked| Member { asked: Some(asked), ..Member::default() }));
    standing_alone(&mut members, from);
    unasked_sentinels(&mut members, from);
    for member in &mut members {
        member.role = member.role.take().or_else(|| role(member));
    }
    name(&mut members);
    members
}

fn is_in(members: &[Member<'_, '_>], node: &NodeAnswers<'_>) -> bool {
    members.iter().any(|member| member.asked.is_some_and(|asked| std::ptr::eq(asked, node)))
}

/// Returns the nodes of clusters, one for each id that some node knows.
fn clustered<'n, 'a>(nodes: &'n [NodeAnswers<'a>]) -> Vec<Member<'n, 'a>> {
    let mut by_id: BTreeMap<&str, Member<'n, 'a>> = BTreeMap::new();
    for node in nodes {
        let Some((peers, file)) = &node.view else { continue };
        for peer in peers.iter().filter(|peer| !peer.is("noaddr")) {
            let member = by_id.entry(peer.id).or_default();
            if peer.is("myself") {
                member.asked = Some(node);
                member.peer = Some((peer, file));
            }
            member.peer = member.peer.or(Some((peer, file)));
            let address = peer.address().map(|address| stated(&address, file, peer.line));
            member.announced = member.announced.take().or(address);
        }
    }
    let mut members: Vec<Member<'n, 'a>> = by_id.into_values().collect();
    // A node that showed no CLUSTER NODES is known by its address, or its port if no other has it.
    for node in nodes.iter().filter(|node| node.view.is_none() && node.is_clustered()) {
        let port = node.text("tcp_port");
        let here = |member: &Member<'_, '_>| {
            let at = member.announced.as_ref().map(|address| address.text.as_str());
            at.is_some() && at == node.from.as_ref().map(|from| from.text.as_str())
        };
        let open = |member: &Member<'_, '_>| {
            member.asked.is_none() && member.peer.is_some_and(|(peer, _)| Some(peer.port) == port)
        };
        let exact = members.iter().position(here);
        let mut open = members.iter().enumerate().filter(|(_, member)| open(member));
        let only = open.next().map(|(ix, _)| ix).filter(|_| open.next().is_none());
        if let Some(member) = exact.or(only).and_then(|ix| members.get_mut(ix)) {
            member.asked = member.asked.or(Some(node));
        }
    }
    let positions: BTreeMap<&str, usize> = members
        .iter()
        .enumerate()
        .filter_map(|(ix, member)| member.peer.map(|(peer, _)| (peer.id, ix)))
        .collect();
    for member in &mut members {
        let primary = member.peer.and_then(|(peer, _)| peer.primary);
        let known = primary.and_then(|id| positions.get(id));
        member.primary = known.map(|&ix| Primary::At(ix));
    }
    members
}

/// Finds the primaries of nodes outside of clusters, and the nodes that nobody asked.
fn standing_alone(members: &mut Vec<Member<'_, '_>>, from: usize) {
    for ix in from..members.len() {
        let Some(asked) = members[ix].asked.filter(|asked| !asked.is_sentinel()) else { continue };
        let Some((host, port)) = followed(asked) else { continue };
        let address = join(&host.text, &port);
        match feeding(members, (from, ix), asked, (&address, &port)) {
            Some(at) => {
                members[ix].primary = Some(Primary::At(at));
                let announced = Stated { text: address, ..host };
                members[at].announced.get_or_insert(announced);
            }
            None => members[ix].primary = Some(Primary::Elsewhere(address)),
        }
    }
    for ix in from..members.len() {
        listed_replicas(members, ix, from);
    }
    unasked_primaries(members, from);
}

/// Gives the replicas that a primary lists their addresses; those that nobody asked are added.
fn listed_replicas(members: &mut Vec<Member<'_, '_>>, ix: usize, from: usize) {
    let Some(asked) = members[ix].asked.filter(|asked| !asked.is_sentinel()) else { return };
    let listed: Vec<Stated> = asked
        .info
        .iter()
        .flat_map(|(info, file)| info.numbered("slave").map(move |entry| (entry, *file)))
        .filter_map(|(entry, file)| {
            let (host, port) = (info::part(entry.value, "ip")?, info::part(entry.value, "port")?);
            Some(stated(&join(host, port), file, entry.line))
        })
        .collect();
    let mut waiting: Vec<usize> = (from..members.len())
        .filter(|&other| members[other].primary == Some(Primary::At(ix)))
        .collect();
    let mut unknown = Vec::new();
    for address in listed {
        let at = waiting.iter().position(|&other| is_at(&members[other], &address.text));
        let port = address.text.rsplit_once(':').map(|(_, port)| port.to_owned());
        let has_port = |other: &usize| {
            members[*other].asked.and_then(|asked| asked.text("tcp_port")) == port.as_deref()
        };
        let mut alike = waiting.iter().enumerate().filter(|(_, other)| has_port(other));
        let only = alike.next().map(|(at, _)| at).filter(|_| alike.next().is_none());
        match at.or(only) {
            Some(at) => {
                members[waiting.remove(at)].announced = Some(address);
            }
            None => unknown.push(address),
        }
    }
    // As long as some replica has no address, a listed one may be it.
    if waiting.is_empty() {
        members.extend(unknown.into_iter().map(|address| Member {
            announced: Some(address),
            primary: Some(Primary::At(ix)),
            ..Member::default()
        }));
    }
}

fn is_at(member: &Member<'_, '_>, address: &str) -> bool {
    let places = member.asked.map(places).unwrap_or_default();
    places.iter().chain(&member.announced).any(|at| at.text == address)
}

/// Adds the primaries that replicas follow and nobody asked.
fn unasked_primaries(members: &mut Vec<Member<'_, '_>>, from: usize) {
    for ix in from..members.len() {
        let Some(Primary::Elsewhere(address)) = members[ix].primary.clone() else { continue };
        let known = (from..members.len()).find(|&other| is_at(&members[other], &address));
        let at = known.unwrap_or_else(|| {
            let host = members[ix].asked.and_then(followed).map(|(host, _)| host);
            let announced = host.map(|host| Stated { text: address.clone(), ..host });
            members.push(Member { announced, ..Member::default() });
            members.len() - 1
        });
        members[ix].primary = Some(Primary::At(at));
    }
}

/// Adds the Sentinels that others name and nobody asked.
fn unasked_sentinels(members: &mut Vec<Member<'_, '_>>, from: usize) {
    let mut named: Vec<Stated> = members[from..]
        .iter()
        .filter_map(|member| member.asked)
        .flat_map(NodeAnswers::listed)
        .filter(|(_, kind)| *kind == SentinelEntry::Sentinel)
        .map(|(address, _)| address)
        .collect();
    named.sort();
    named.dedup_by(|one, two| one.text == two.text);
    for address in named {
        if !members.iter().any(|member| is_at(member, &address.text)) {
            let role = Stated { text: SENTINEL.to_owned(), ..address.clone() };
            let (announced, role) = (Some(address), Some(role));
            members.push(Member { announced, role, ..Member::default() });
        }
    }
}

fn join(host: &str, port: &str) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// Returns the part that a node plays: as it says itself, else as others see it.
fn role(member: &Member<'_, '_>) -> Option<Stated> {
    if let Some(asked) = member.asked {
        if asked.is_sentinel() {
            let mode = asked.info("server_mode").or_else(|| asked.info("redis_mode"));
            let own = mode.map(|mode| mode.origin);
            let own = own.or_else(|| asked.role.as_ref().map(|(_, origin)| origin.clone()));
            return own.map(|origin| Stated { text: SENTINEL.to_owned(), origin });
        }
        if let Some(stated) = asked.info("role")
            && let Some(role) = role_word(&stated.text)
        {
            return Some(Stated { text: role.to_owned(), ..stated });
        }
        if let Some((role, origin)) = &asked.role {
            let text = if matches!(role, RoleOf::Replica(..)) { REPLICA } else { PRIMARY };
            return Some(Stated { text: text.to_owned(), origin: origin.clone() });
        }
    }
    if let Some((peer, file)) = member.peer {
        let role = peer.flags.iter().find_map(|flag| role_word(flag))?;
        return Some(stated(role, file, peer.line));
    }
    let text = if member.primary.is_some() { REPLICA } else { PRIMARY };
    let announced = member.announced.as_ref()?;
    Some(Stated { text: text.to_owned(), origin: announced.origin.clone() })
}

/// Names the nodes: as others reach them, as they were asked, or as their files are named.
fn name(members: &mut [Member<'_, '_>]) {
    let mut taken = BTreeSet::new();
    for member in members {
        let bound = member.asked.and_then(bound);
        let from = member.asked.and_then(|asked| asked.from.as_ref());
        let named = member.announced.as_ref().or(from).or(bound.as_ref());
        let base = match (named, member.asked, member.peer) {
            (Some(named), ..) => named.text.clone(),
            (None, Some(asked), _) => asked.label.clone(),
            (None, None, Some((peer, _))) => peer.id.to_owned(),
            (None, None, None) => "node".to_owned(),
        };
        let mut name = base.clone();
        let mut count = 1;
        while !taken.insert(name.clone()) {
            count += 1;
            name = format!("{base}#{count}");
        }
        member.name = name;
        if member.announced.is_none() {
            member.announced = bound;
        }
    }
}

/// Returns the address that a node listens on, if it is a single one that others could use.
fn bound(asked: &NodeAnswers<'_>) -> Option<Stated> {
    let listener = asked.info("listener0")?;
    let mut hosts = info::parts(&listener.text).filter(|(name, _)| *name == "bind");
    let host = hosts.next().map(|(_, host)| host).filter(|_| hosts.next().is_none())?;
    let port = info::part(&listener.text, "port")?;
    let is_one =
        !host.is_empty() && !host.contains(['*', '-']) && host != "0.0.0.0" && host != "::";
    let text = join(host, port);
    is_one.then_some(Stated { text, ..listener })
}

/// Returns host and port of the primary that a node follows.
fn followed(asked: &NodeAnswers<'_>) -> Option<(Stated, String)> {
    if let (Some(host), Some(port)) = (asked.info("master_host"), asked.text("master_port")) {
        return Some((host, port.to_owned()));
    }
    match &asked.role {
        Some((RoleOf::Replica(host, port), origin)) => {
            Some((Stated { text: host.clone(), origin: origin.clone() }, port.clone()))
        }
        Some((RoleOf::Primary(_) | RoleOf::Sentinel(_), _)) | None => None,
    }
}

/// Returns the node that feeds a replica: the one at the address that it names, else one with its replication
/// id, else the only one on that port whose address nobody knows.
fn feeding(
    members: &[Member<'_, '_>],
    (from, replica): (usize, usize),
    asked: &NodeAnswers<'_>,
    (address, port): (&str, &str),
) -> Option<usize> {
    let others = || {
        (from..members.len()).filter(move |&other| other != replica).filter_map(|other| {
            members[other].asked.filter(|asked| !asked.is_sentinel()).map(|asked| (other, asked))
        })
    };
    let has_port =
        |other: &NodeAnswers<'_>| other.text("tcp_port").is_none_or(|known| known == port);
    let same_id = |other: &NodeAnswers<'_>| {
        let id = other.text("master_replid");
        id.is_some() && id == asked.text("master_replid") && has_port(other)
    };
    let at = others().find(|(_, other)| places(other).iter().any(|place| place.text == address));
    let by_id = || others().find(|(_, other)| same_id(other));
    let by_port = || {
        let mut open = others().filter(|(_, other)| places(other).is_empty() && has_port(other));
        open.next().filter(|_| open.next().is_none())
    };
    at.or_else(by_id).or_else(by_port).map(|(other, _)| other)
}

/// Returns where a node was asked and where it listens.
fn places(asked: &NodeAnswers<'_>) -> Vec<Stated> {
    asked.from.iter().cloned().chain(bound(asked)).collect()
}
