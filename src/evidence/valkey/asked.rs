//! Which answers came from the same node.
//!
//! Some answers name their node: `INFO` by its run id, `CLUSTER NODES` by the line marked `myself`. `ROLE` or
//! `MODULE LIST` do not; they belong to the node whose other answers stand in the same file, in a file of
//! the same name but for the command, or under the same prompt.

use std::collections::BTreeMap;

use super::info::{self, Info};
use super::leaves::{is_flat, leaves};
use super::lists::{self, Module, RoleOf, ShardNode};
use super::nodes::{self, Peer};
use super::text::{AnswerKind, AnswerText, cut, is_directive};
use crate::evidence::saved::TEXT_LIMIT;
use crate::input::{Input, described, text_of};
use crate::observation::{Origin, Place, Stated};
use crate::problem::{Problem, ProblemCode, Problems};
use crate::reply::Reply;

/// Most nodes that the files may be about.
const MOST_NODES: usize = 10_000;

/// Words that file names have for commands.
const COMMANDS: [&str; 20] = [
    "info",
    "all",
    "everything",
    "default",
    "server",
    "replication",
    "cluster",
    "nodes",
    "shards",
    "slots",
    "role",
    "module",
    "modules",
    "list",
    "config",
    "get",
    "acl",
    "conf",
    "sentinel",
    "ping",
];

/// A kind of server that a Sentinel lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SentinelEntry {
    Server,
    Sentinel,
}

/// A node that was asked, and what it answered.
#[derive(Debug, Clone, Default)]
pub(super) struct NodeAnswers<'a> {
    /// The common part of the names of its files, or the address at which it was asked.
    pub(super) label: String,
    /// Where it was asked, if that is known.
    pub(super) from: Option<Stated>,
    pub(super) info: Vec<(Info<'a>, &'a str)>,
    /// The cluster as it sees it, and the file.
    pub(super) view: Option<(Vec<Peer<'a>>, &'a str)>,
    pub(super) shards: Vec<(ShardNode, &'a str)>,
    pub(super) role: Option<(RoleOf, Origin)>,
    /// `None` if nobody asked.
    pub(super) modules: Option<Vec<(Module, &'a str)>>,
    /// Its answers to commands that were named, or whose kind needs no name, with the file.
    pub(super) replies: Vec<(AnswerKind, Option<&'a str>, Reply, &'a str)>,
}

impl<'a> NodeAnswers<'a> {
    /// Returns the value of a key of `INFO` and where it stands.
    pub(super) fn info(&self, key: &str) -> Option<Stated> {
        self.info.iter().find_map(|(info, file)| {
            let entry = info.get(key)?;
            Some(stated(entry.value, file, entry.line))
        })
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.info.iter().find_map(|(info, _)| info.text(key))
    }

    /// Returns whether it watches servers and holds no data.
    pub(super) fn is_sentinel(&self) -> bool {
        let mode = self.text("server_mode").or(self.text("redis_mode"));
        mode == Some("sentinel") || matches!(self.role, Some((RoleOf::Sentinel(_), _)))
    }

    /// Returns whether it is part of a cluster.
    pub(super) fn is_clustered(&self) -> bool {
        let mode = self.text("server_mode").or(self.text("redis_mode"));
        self.view.is_some() || mode == Some("cluster")
    }

    /// Returns the line about itself of `CLUSTER NODES`.
    pub(super) fn own(&self) -> Option<&Peer<'a>> {
        self.view.as_ref()?.0.iter().find(|peer| peer.is("myself"))
    }

    /// Returns the addresses that a Sentinel lists, and what is there.
    pub(super) fn listed(&self) -> Vec<(Stated, SentinelEntry)> {
        let mut found = Vec::new();
        for (info, file) in &self.info {
            for entry in info.numbered("master") {
                if let Some(address) = info::part(entry.value, "address") {
                    found.push((stated(address, file, entry.line), SentinelEntry::Server));
                }
            }
        }
        let tables = self.replies.iter().filter(|(kind, ..)| *kind == AnswerKind::Sentinel);
        for (_, command, reply, file) in tables {
            let word = command.and_then(|command| command.split_whitespace().nth(1));
            let is_sentinels = word.is_some_and(|word| word.eq_ignore_ascii_case("sentinels"));
            let kind = if is_sentinels { SentinelEntry::Sentinel } else { SentinelEntry::Server };
            for part in &reply.parts {
                let value = |name| part.values(Some(name)).next();
                if let (Some((ip, line)), Some((port, _))) = (value("ip"), value("port")) {
                    let host = if ip.contains(':') { format!("[{ip}]") } else { ip.to_owned() };
                    found.push((stated(&format!("{host}:{port}"), file, line), kind));
                }
            }
        }
        found
    }

    /// Returns whether an answer with this identity can be of the same node.
    fn fits(&self, run_id: Option<&str>, id: Option<&str>) -> bool {
        let differs = |known: Option<&str>, other: Option<&str>| {
            known.zip(other).is_some_and(|(known, other)| known != other)
        };
        !differs(self.text("run_id"), run_id) && !differs(self.own().map(|peer| peer.id), id)
    }

    /// Returns what no other node has: its run id and its node id.
    fn ids(&self) -> Vec<&'a str> {
        let own = self.own().map(|peer| peer.id);
        self.text("run_id").into_iter().chain(own).collect()
    }

    /// Takes over what another one has, which is the same node asked twice. What is known first counts.
    fn absorb(&mut self, other: Self) {
        self.from = self.from.take().or(other.from);
        self.info.extend(other.info);
        self.view = self.view.take().or(other.view);
        self.shards.extend(other.shards);
        self.role = self.role.take().or(other.role);
        self.modules = self.modules.take().or(other.modules);
        self.replies.extend(other.replies);
    }

    fn add(&mut self, text: &AnswerText<'a>) {
        let file = text.file;
        let command = text.prompt.map(|(_, command)| command);
        match text.kind {
            AnswerKind::Info => self.info.push((Info::read(&text.lines), file)),
            AnswerKind::ClusterNodes => self.view = Some((nodes::read(&text.lines), file)),
            AnswerKind::ClusterShards => {
                let nodes = lists::shards(&leaves(&text.lines));
                self.shards.extend(nodes.into_iter().map(|node| (node, file)));
            }
            AnswerKind::Role => {
                let role = lists::role(&leaves(&text.lines));
                let origin = |line| Origin { file: file.to_owned(), place: Place::Line(line) };
                self.role = role.map(|(role, line)| (role, origin(line)));
            }
            AnswerKind::ModuleList => {
                let modules = lists::modules(&leaves(&text.lines));
                let modules = modules.into_iter().map(|module| (module, file));
                self.modules.get_or_insert_default().extend(modules);
            }
            AnswerKind::ClusterInfo
            | AnswerKind::Config
            | AnswerKind::AclList
            | AnswerKind::Sentinel
            | AnswerKind::Other => {}
        }
        let reply = super::answers::of_kind(&text.kind, &text.lines, "");
        self.replies.push((text.kind.clone(), command, reply, file));
    }
}

/// Makes a text with its place.
pub(super) fn stated(text: &str, file: &str, line: usize) -> Stated {
    let origin = Origin { file: file.to_owned(), place: Place::Line(line) };
    Stated { text: text.to_owned(), origin }
}

/// Reads the files and joins the answers of each node.
pub(super) fn read<'a>(inputs: &[Input<'a>]) -> Result<Vec<NodeAnswers<'a>>, Problems> {
    let mut problems = Vec::new();
    let mut nodes: Vec<NodeAnswers<'a>> = Vec::new();
    let mut last: BTreeMap<String, usize> = BTreeMap::new();
    for (ix, input) in inputs.iter().enumerate() {
        match texts(input) {
            Ok(texts) => texts.iter().for_each(|text| place(text, &mut nodes, &mut last)),
            Err(problem) => problems.push(Problem { file: ix, ..problem }),
        }
    }
    if problems.is_empty() && nodes.is_empty() && !inputs.is_empty() {
        problems.push(no_answer("nothing"));
    }
    if !problems.is_empty() {
        return Err(described(inputs, problems));
    }
    if nodes.len() > MOST_NODES {
        let message = format!("the files hold the answers of more than {MOST_NODES} nodes");
        return Err(described(inputs, vec![Problem::of_file(ProblemCode::TooLarge, message)]));
    }
    let mut joined: Vec<NodeAnswers<'a>> = Vec::new();
    let mut known: BTreeMap<&'a str, usize> = BTreeMap::new();
    for node in nodes {
        let ids = node.ids();
        let same = ids.iter().find_map(|id| known.get(id)).copied();
        let ix = same.unwrap_or(joined.len());
        known.extend(ids.into_iter().map(|id| (id, ix)));
        match joined.get_mut(ix) {
            Some(other) => other.absorb(node),
            None => joined.push(node),
        }
    }
    Ok(joined)
}

/// Cuts a file into answers. A blank file is the answer to a command that may have an empty one, if its name
/// says so.
fn texts<'a>(input: &Input<'a>) -> Result<Vec<AnswerText<'a>>, Problem> {
    let text = text_of(input.bytes, TEXT_LIMIT)?;
    let mut texts = cut(input.name, text);
    texts.retain(is_answer);
    let blank = text.trim().is_empty();
    if blank && command_of(input.name).ends_with("module list") {
        let lines = Vec::new();
        texts.push(AnswerText {
            kind: AnswerKind::ModuleList,
            file: input.name,
            prompt: None,
            lines,
        });
    } else if texts.is_empty() && !(blank && may_be_blank(input.name)) {
        let found = if blank { "an empty file" } else { "none of them" };
        return Err(no_answer(found));
    }
    Ok(texts)
}

fn no_answer(found: &str) -> Problem {
    let message = format!(
        "expected the output of INFO, CLUSTER NODES, CLUSTER SHARDS, ROLE, MODULE LIST, CONFIG GET \
         or ACL LIST, found {found}"
    );
    let hint = "`valkey-cli -h HOST -p PORT info everything > FILE` writes such a file";
    let problem = Problem::of_file(ProblemCode::Shape, message);
    Problem { span: Some(0..0), hint: Some(hint.to_owned()), ..problem }
}

/// Directives of one word, of which an answer may have no other.
const WORDS: [&str; 9] =
    ["port", "bind", "dir", "save", "maxmemory", "appendonly", "databases", "timeout", "loglevel"];

/// Returns whether a text that was taken for names and values of the configuration is that: any JSON object begins
/// like it.
fn is_answer(text: &AnswerText<'_>) -> bool {
    if text.kind != AnswerKind::Config || text.prompt.is_some() {
        return true;
    }
    let pairs = lists::config(&leaves(&text.lines));
    is_flat(&text.lines)
        && pairs.iter().any(|(name, ..)| is_directive(name) || WORDS.contains(&name.as_str()))
}

/// Returns whether a file's name is of a command to which nothing may be the answer.
fn may_be_blank(file: &str) -> bool {
    let command = command_of(file);
    command.split(' ').any(|word| matches!(word, "module" | "modules" | "config" | "sentinel"))
}

/// Returns the words for commands at the end of a file's name.
fn command_of(file: &str) -> String {
    let name = without_ending(file);
    let words = name[label(file).len().min(name.len())..].split(['_', '-', '.', ' ', '/']);
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ").to_ascii_lowercase()
}

/// Adds an answer to its node, or to a new one.
fn place<'a>(
    text: &AnswerText<'a>,
    nodes: &mut Vec<NodeAnswers<'a>>,
    last: &mut BTreeMap<String, usize>,
) {
    let label = match text.prompt {
        Some((address, _)) => address.to_owned(),
        None => label(text.file),
    };
    let (mut run_id, mut id) = (None, None);
    match text.kind {
        AnswerKind::Info => run_id = Info::read(&text.lines).text("run_id"),
        AnswerKind::ClusterNodes => {
            let peers = nodes::read(&text.lines);
            id = peers.iter().find(|peer| peer.is("myself")).map(|peer| peer.id);
        }
        AnswerKind::ClusterInfo
        | AnswerKind::ClusterShards
        | AnswerKind::Role
        | AnswerKind::ModuleList
        | AnswerKind::Config
        | AnswerKind::AclList
        | AnswerKind::Sentinel
        | AnswerKind::Other => {}
    }
    let known = last.get(&label).copied().filter(|&ix| nodes[ix].fits(run_id, id));
    let ix = known.unwrap_or_else(|| {
        let line = text.lines.first().map_or(1, |line| line.number);
        let from = Some(&label).filter(|label| is_address(label));
        let from = from.map(|from| stated(from, text.file, line));
        nodes.push(NodeAnswers { label: label.clone(), from, ..NodeAnswers::default() });
        nodes.len() - 1
    });
    last.insert(label, ix);
    nodes[ix].add(text);
}

/// Returns whether a text is `HOST:PORT`.
pub(super) fn is_address(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(host, port)| {
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let is_host = bare.is_some() || !host.contains([':', '/', '\\']);
        !host.is_empty() && is_host && port.parse::<u16>().is_ok_and(|port| port > 0)
    })
}

/// Returns a file's name without the words for commands at its end; if nothing else is left, its folder's.
fn label(file: &str) -> String {
    let mut name = without_ending(file);
    loop {
        let start = name.rfind(['_', '-', '.', ' ', '/']).map_or(0, |at| at + 1);
        let word = name[start..].to_ascii_lowercase();
        if !COMMANDS.contains(&word.as_str()) {
            return name.to_owned();
        }
        let rest = name[..start].trim_end_matches(['_', '-', '.', ' ']);
        if rest.is_empty() || rest.ends_with('/') {
            let folder = rest.trim_end_matches('/');
            return if folder.is_empty() { file.to_owned() } else { folder.to_owned() };
        }
        name = rest;
    }
}

fn without_ending(file: &str) -> &str {
    let endings = [".txt", ".json", ".log", ".out"];
    endings.iter().fold(file, |name, ending| name.strip_suffix(ending).unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_one_node_have_one_label() {
        let same = ["a1_info_all.txt", "a1_cluster_nodes.txt", "a1-role.txt", "a1.json", "a1"];
        for name in same {
            assert_eq!(label(name), "a1", "{name}");
        }
        assert_eq!(label("run/a1/info.txt"), label("run/a1/cluster-nodes.txt"));
        assert_eq!(label("c_7001_v7.2.7_info_all.txt"), "c_7001_v7.2.7");
        assert_eq!(label("info.txt"), "info.txt");
    }

    #[test]
    fn addresses_are_told_from_names() {
        for text in ["10.0.0.1:6379", "a1.local:6379", "[::1]:6379"] {
            assert!(is_address(text), "{text}");
        }
        for text in ["a1", "a1:", ":6379", "a1:0", "::1:6379", "C:\\a:1", "dir/a:1"] {
            assert!(!is_address(text), "{text}");
        }
    }
}
