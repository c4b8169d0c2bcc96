//! Saved output cut into the answers of single commands.
//!
//! A file may hold the output of several commands, as `valkey-cli` prints it to a file, to a terminal or with
//! `--json`. A pasted prompt (`10.0.0.1:6379> ROLE`) says which command follows and who answered; without
//! one, each answer is known by how it begins.

/// A line and its number, counted from 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnswerLine<'a> {
    pub(super) number: usize,
    pub(super) text: &'a str,
}

/// Which command an answer belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum AnswerKind {
    Info,
    ClusterInfo,
    ClusterNodes,
    ClusterShards,
    Role,
    ModuleList,
    Config,
    AclList,
    /// A table of `SENTINEL MASTERS`, `REPLICAS` or `SENTINELS`.
    Sentinel,
    /// A command that nothing is read from.
    Other,
}

impl AnswerKind {
    /// Returns the kind of a command's answer.
    pub(super) fn of(command: &str) -> Self {
        let mut words = command.split_whitespace().map(str::to_ascii_uppercase);
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        match (first.as_str(), second.as_str()) {
            ("INFO", _) => Self::Info,
            ("CLUSTER", "INFO") => Self::ClusterInfo,
            ("CLUSTER", "NODES") => Self::ClusterNodes,
            ("CLUSTER", "SHARDS") => Self::ClusterShards,
            ("ROLE", _) => Self::Role,
            ("MODULE", "LIST") => Self::ModuleList,
            ("CONFIG", "GET") => Self::Config,
            ("ACL", "LIST") => Self::AclList,
            ("SENTINEL", "MASTERS" | "REPLICAS" | "SLAVES" | "SENTINELS") => Self::Sentinel,
            _ => Self::Other,
        }
    }
}

/// Sections of `INFO`, by which one begins. Modules add others.
const SECTIONS: [&str; 16] = [
    "Server",
    "Clients",
    "Memory",
    "Persistence",
    "Threads",
    "Stats",
    "Replication",
    "CPU",
    "Modules",
    "Commandstats",
    "Errorstats",
    "Latencystats",
    "Cluster",
    "Cluster Info",
    "Sentinel",
    "Keyspace",
];

/// Sections of `INFO` that may have no line.
const OFTEN_EMPTY: [&str; 5] =
    ["Modules", "Commandstats", "Errorstats", "Latencystats", "Keyspace"];

/// The answer to one command.
#[derive(Debug, Clone)]
pub(super) struct AnswerText<'a> {
    pub(super) kind: AnswerKind,
    /// Name of the file.
    pub(super) file: &'a str,
    /// Where the node answered and what was asked, if a prompt says so.
    pub(super) prompt: Option<(&'a str, &'a str)>,
    pub(super) lines: Vec<AnswerLine<'a>>,
}

/// Numbers the lines of a text. A carriage return before the line feed belongs to neither.
pub(super) fn lines(text: &str) -> Vec<AnswerLine<'_>> {
    let numbered = text.split('\n').enumerate();
    numbered
        .map(|(ix, text)| AnswerLine {
            number: ix + 1,
            text: text.strip_suffix('\r').unwrap_or(text),
        })
        .collect()
}

/// Cuts a file into answers. What stands before the first of them is left out.
pub(super) fn cut<'a>(file: &'a str, text: &'a str) -> Vec<AnswerText<'a>> {
    let lines = lines(text);
    let mut texts: Vec<AnswerText<'a>> = Vec::new();
    for (ix, line) in lines.iter().enumerate() {
        if let Some((address, command)) = prompt(line.text) {
            let kind = AnswerKind::of(command);
            texts.push(AnswerText {
                kind,
                file,
                prompt: Some((address, command)),
                lines: Vec::new(),
            });
            continue;
        }
        let current = texts.last();
        // After a prompt everything belongs to its command, up to the next prompt.
        let told = current.is_some_and(|text| text.prompt.is_some());
        let begins = if told { None } else { beginning(&lines, ix, current) };
        if let Some(kind) = begins {
            texts.push(AnswerText { kind, file, prompt: None, lines: vec![*line] });
        } else if let Some(text) = texts.last_mut() {
            text.lines.push(*line);
        }
    }
    texts
}

/// Reads a prompt of `valkey-cli`: address and command.
fn prompt(line: &str) -> Option<(&str, &str)> {
    let (address, command) = line.split_once("> ")?;
    let (host, port) = address.rsplit_once(':')?;
    let port_of = port.split('[').next().unwrap_or(port);
    let is_address = !host.is_empty()
        && !address.contains(char::is_whitespace)
        && port_of.parse::<u16>().is_ok();
    let is_command = command.starts_with(|first: char| first.is_ascii_alphabetic());
    (is_address && is_command).then_some((address, command.trim()))
}

/// Returns the kind of the answer that begins at a line, if one does.
fn beginning(
    lines: &[AnswerLine<'_>],
    at: usize,
    current: Option<&AnswerText<'_>>,
) -> Option<AnswerKind> {
    let line = lines[at].text.trim();
    let next = |steps: usize| lines.get(at + steps).map_or("", |line| line.text.trim());
    let before = at.checked_sub(1).map_or("", |before| lines[before].text.trim());
    let kind = current.map(|text| &text.kind);
    let is = |known: AnswerKind| kind == Some(&known);
    if let Some(found) = decorated(line) {
        return Some(found);
    }
    if let Some(section) = line.strip_prefix("# ") {
        let starts = section == "Server" || (SECTIONS.contains(&section) && !is(AnswerKind::Info));
        let heads = OFTEN_EMPTY.contains(&section) || is_entry(next(1));
        return (starts && heads).then_some(AnswerKind::Info);
    }
    if is_node_line(line) {
        let again = line.contains("myself")
            && current
                .is_some_and(|text| text.lines.iter().any(|line| line.text.contains("myself")));
        return (again || !is(AnswerKind::ClusterNodes)).then_some(AnswerKind::ClusterNodes);
    }
    if line.starts_with("cluster_state:") && !is(AnswerKind::Info) {
        return Some(AnswerKind::ClusterInfo);
    }
    if line.starts_with("user ") && (line.contains(" on ") || line.contains(" off ")) {
        return (!is(AnswerKind::AclList)).then_some(AnswerKind::AclList);
    }
    let is_number = |text: &str| text.parse::<u64>().is_ok();
    match line {
        "slots" => (!is(AnswerKind::ClusterShards) || before == "health")
            .then_some(AnswerKind::ClusterShards),
        "name" if next(2) == "ver" && is_number(next(3)) => {
            (!is(AnswerKind::ModuleList)).then_some(AnswerKind::ModuleList)
        }
        "master" if before != "role" && is_number(next(1)) => Some(AnswerKind::Role),
        "slave" if before != "role" && is_number(next(2)) => Some(AnswerKind::Role),
        "sentinel" if kind.is_none() => Some(AnswerKind::Role),
        _ => (kind.is_none() && is_directive(line)).then_some(AnswerKind::Config),
    }
    .filter(|found| *found != AnswerKind::Role || !is(AnswerKind::Config))
}

/// Returns whether a line is a key and a value of `INFO`.
fn is_entry(line: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_|-".contains(c);
    line.split_once(':').is_some_and(|(key, _)| !key.is_empty() && key.chars().all(fits))
}

/// Recognises answers in the form for terminals and in JSON by their first line.
fn decorated(line: &str) -> Option<AnswerKind> {
    let compact: String = line.chars().filter(|c| !c.is_whitespace()).take(24).collect::<String>();
    let starts = |texts: &[&str]| texts.iter().any(|text| compact.starts_with(text));
    if starts(&["[{\"slots\"", "1)1)\"slots\"", "1)1#\"slots\""]) {
        Some(AnswerKind::ClusterShards)
    } else if starts(&["[{\"name\"", "1)1)\"name\"", "1)1#\"name\""]) {
        Some(AnswerKind::ModuleList)
    } else if starts(&["[\"master\"", "[\"slave\"", "[\"sentinel\""])
        || starts(&["1)\"master\"", "1)\"slave\"", "1)\"sentinel\""])
    {
        Some(AnswerKind::Role)
    } else if starts(&["{\"", "1)\"", "1#\""]) {
        Some(AnswerKind::Config)
    } else {
        None
    }
}

/// Returns whether a line may be one of `CLUSTER NODES`.
pub(super) fn is_node_line(line: &str) -> bool {
    let (id, rest) = line.split_once(' ').unwrap_or((line, ""));
    id.len() == 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) && rest.contains(':')
}

/// Returns whether a text may be the name of a configuration directive of several words.
pub(super) fn is_directive(line: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    line.starts_with(|c: char| c.is_ascii_lowercase())
        && line.contains('-')
        && line.chars().all(fits)
}
