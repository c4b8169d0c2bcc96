//! Access to nodes, and which commands they may be sent.

use std::time::Duration;

use super::tls::Tls;

/// The settings to reach nodes with.
#[derive(Clone)]
pub struct Access {
    /// True if to speak TLS, and how.
    pub tls: Option<Tls>,
    /// Who asks; the default user if left out.
    pub user: Option<String>,
    /// The password, if one is needed.
    pub password: Option<String>,
    /// The time that a node may take to accept a connection, and for each answer.
    pub timeout: Duration,
}

/// The rights that a user needs, in the words of an access list.
pub const RIGHTS: &str = "+info +role +ping +config|get +module|list +acl|list +cluster|info +cluster|nodes \
                          +cluster|shards";

/// An answer to one command: the text, or its refusal.
pub(super) type CommandOutput = Result<String, String>;

/// The first words of commands that change nothing on a node.
const READ_ONLY: [&[&str]; 20] = [
    &["PING"],
    &["INFO"],
    &["ROLE"],
    &["DBSIZE"],
    &["LASTSAVE"],
    &["TIME"],
    &["CONFIG", "GET"],
    &["MODULE", "LIST"],
    &["ACL", "LIST"],
    &["CLUSTER", "INFO"],
    &["CLUSTER", "NODES"],
    &["CLUSTER", "SHARDS"],
    &["CLUSTER", "SLOTS"],
    &["CLUSTER", "MYID"],
    &["CLUSTER", "LINKS"],
    &["CLUSTER", "GETSLOTMIGRATIONS"],
    &["SENTINEL", "MASTERS"],
    &["SENTINEL", "REPLICAS"],
    &["SENTINEL", "SENTINELS"],
    &["SENTINEL", "CKQUORUM"],
];

/// Returns whether a command is known to change nothing.
pub fn is_read_only(command: &str) -> bool {
    let words: Vec<String> = command.split_whitespace().map(str::to_ascii_uppercase).collect();
    READ_ONLY.iter().any(|known| {
        words.len() >= known.len() && words.iter().zip(*known).all(|(word, known)| word == known)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_commands_are_sent() {
        for command in ["PING", "info everything", "CONFIG GET maxmemory", "CLUSTER NODES"] {
            assert!(is_read_only(command), "{command}");
        }
        for command in ["CONFIG SET a b", "FLUSHALL", "CLUSTER FAILOVER", "CONFIG", "", "INFOS"] {
            assert!(!is_read_only(command), "{command}");
        }
    }
}
