//! Running systems, asked over the network. The only rooms that open a connection.
//!
//! Owns reaching Valkey and Redis nodes: addresses, TLS, logging in, time limits, and asking many at once.
//! Nothing here knows what an answer means: texts go to the same readers as saved ones. Only commands that
//! change nothing are sent, whatever a matrix or a plan says: see [`is_read_only`].

mod address;
mod gates;
mod observe;
mod reason;
mod tls;
mod wire;

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

pub use address::{Address, AddressError};
pub use gates::answers;
pub use observe::{NothingAnswered, Observed, advice, observe};
pub use tls::{Tls, TlsError};

/// How many nodes are asked at the same time.
const AT_ONCE: usize = 32;

/// How nodes are reached.
#[derive(Clone)]
pub struct Access {
    /// Whether to speak TLS, and how.
    pub tls: Option<Tls>,
    /// Who asks; the default user if left out.
    pub user: Option<String>,
    /// The password, if one is needed.
    pub password: Option<String>,
    /// How long a node may take to accept a connection, and for each answer.
    pub timeout: Duration,
}

/// The rights that a user needs, in the words of an access list.
pub const RIGHTS: &str = "+info +role +ping +config|get +module|list +acl|list +cluster|info +cluster|nodes \
                          +cluster|shards";

/// What a node said to one command: the text, or its refusal.
type Said = Result<String, String>;

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

/// Whether a command is known to change nothing.
pub fn is_read_only(command: &str) -> bool {
    let words: Vec<String> = command.split_whitespace().map(str::to_ascii_uppercase).collect();
    READ_ONLY.iter().any(|known| {
        words.len() >= known.len() && words.iter().zip(*known).all(|(word, known)| word == known)
    })
}

/// Does the same for many things, some at a time; results come in the order of the things.
fn for_each<T: Send, R: Send>(things: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let count = things.len();
    let queue: Mutex<VecDeque<(usize, T)>> = Mutex::new(things.into_iter().enumerate().collect());
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(count));
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(count) {
            scope.spawn(|| {
                while let Some((ix, thing)) = next() {
                    let result = work(thing);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((ix, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(ix, _)| *ix);
    done.into_iter().map(|(_, result)| result).collect()
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

    #[test]
    fn results_come_in_order() {
        let things: Vec<u64> = (0..100).collect();
        let squares = for_each(things.clone(), |number| number * number);
        assert_eq!(squares, things.iter().map(|number| number * number).collect::<Vec<_>>());
        assert!(for_each(Vec::<u64>::new(), |number| number).is_empty());
    }
}
