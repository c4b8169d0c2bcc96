//! `CLUSTER NODES`, and `nodes.conf`, which is the same with more in it: one node a line, as one of them
//! sees all.

use super::text::{AnswerLine, is_node_line};

/// A node as another one sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Peer<'a> {
    /// Its id, 40 hexadecimal digits.
    pub(super) id: &'a str,
    /// Its address; empty if the one who answered does not know it.
    pub(super) ip: &'a str,
    pub(super) port: &'a str,
    /// The name that it announces.
    pub(super) hostname: Option<&'a str>,
    /// `availability-zone` of nodes.conf.
    pub(super) zone: Option<&'a str>,
    pub(super) flags: Vec<&'a str>,
    /// Id of its primary.
    pub(super) primary: Option<&'a str>,
    /// True if the link to it is up.
    pub(super) link: &'a str,
    /// Slot ranges that it serves.
    pub(super) slots: Vec<&'a str>,
    /// Slots on the way in or out.
    pub(super) open_slots: Vec<&'a str>,
    pub(super) line: usize,
}

impl Peer<'_> {
    pub(super) fn is(&self, flag: &str) -> bool {
        self.flags.contains(&flag)
    }

    /// Returns where clients reach it: the announced name or the address, and the port.
    pub(super) fn address(&self) -> Option<String> {
        let host = self.hostname.or(Some(self.ip).filter(|ip| !ip.is_empty()))?;
        let port = Some(self.port).filter(|port| port.parse::<u16>().is_ok_and(|port| port > 0))?;
        // An address with colons is put into brackets, so that the port can be told apart.
        Some(if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") })
    }
}

/// Reads the lines that are nodes.
pub(super) fn read<'a>(lines: &[AnswerLine<'a>]) -> Vec<Peer<'a>> {
    let is_node = |line: &&AnswerLine<'a>| is_node_line(line.text.trim());
    lines.iter().filter(is_node).filter_map(|line| peer(line)).collect()
}

fn peer<'a>(line: &AnswerLine<'a>) -> Option<Peer<'a>> {
    let mut words = line.text.split_whitespace();
    let (id, place, flags, primary) = (words.next()?, words.next()?, words.next()?, words.next()?);
    // Ping and pong times and the epoch.
    let link = words.nth(3)?;
    let mut peer = Peer {
        id,
        flags: flags.split(',').collect(),
        primary: Some(primary).filter(|id| *id != "-"),
        link,
        line: line.number,
        ..Peer::default()
    };
    place_of(place, &mut peer);
    for slots in words {
        if slots.starts_with('[') {
            peer.open_slots.push(slots);
        } else {
            peer.slots.push(slots);
        }
    }
    Some(peer)
}

/// Reads `ip:port@bus-port,hostname,name=value`. An IPv6 address has colons of its own, so the last one
/// before the bus port counts.
fn place_of<'a>(text: &'a str, peer: &mut Peer<'a>) {
    let mut parts = text.split(',');
    let address = parts.next().unwrap_or_default();
    let address = address.split('@').next().unwrap_or(address);
    let (ip, port) = address.rsplit_once(':').unwrap_or((address, ""));
    peer.ip = ip.strip_prefix('[').and_then(|ip| ip.strip_suffix(']')).unwrap_or(ip);
    peer.port = port;
    for part in parts {
        match part.split_once('=') {
            Some(("availability-zone", zone)) if !zone.is_empty() => peer.zone = Some(zone),
            None if !part.is_empty() => peer.hostname = Some(part),
            Some(_) | None => {}
        }
    }
}
