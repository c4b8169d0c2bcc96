//! A real cluster of six nodes, three of them replicas, and a writer that keeps writing to it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use redis::{Connection, RedisError, RedisResult};

use super::{Program, Server, free_ports};

/// How long the cluster may take to become what it should be.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a write may be tried again until it counts as failed.
const LONGEST_WRITE: Duration = Duration::from_secs(20);

const SLOTS: [(&str, &str); 3] = [("0", "5460"), ("5461", "10922"), ("10923", "16383")];

/// Settings under which restarts are quick and a full sync starts at once.
const SETTINGS: [&str; 6] = [
    "--cluster-enabled",
    "yes",
    "--cluster-node-timeout",
    "4000",
    "--repl-diskless-sync-delay",
    "0",
];

/// Six nodes; the first three begin as primaries.
pub(super) struct Cluster {
    nodes: Vec<Node>,
    /// Full syncs that nodes gave before they were restarted.
    past_syncs: i64,
}

struct Node {
    port: u16,
    folder: PathBuf,
    server: Option<Server>,
}

impl Cluster {
    /// Starts a cluster and waits until all of it is in service.
    pub(super) fn start(program: &Program, folder: &Path) -> Self {
        let ports: [u16; 6] = free_ports();
        let node = |ix: usize| {
            let (folder, port) = (folder.join(ix.to_string()), ports[ix]);
            let server = Some(Server::start_at(program, &folder, port, &SETTINGS));
            Node { port, folder, server }
        };
        let mut cluster = Self { nodes: (0..6).map(node).collect(), past_syncs: 0 };
        cluster.join();
        cluster
    }

    fn join(&mut self) {
        let first = self.nodes[0].port.to_string();
        for ix in 0..6 {
            let server = self.server(ix);
            assert!(server.answers(), "{}", server.log());
            let epoch = (ix + 1).to_string();
            server.must(&["CLUSTER", "SET-CONFIG-EPOCH", &epoch]);
            if let Some((from, to)) = SLOTS.get(ix) {
                server.must(&["CLUSTER", "ADDSLOTSRANGE", from, to]);
            }
            server.must(&["CLUSTER", "MEET", "127.0.0.1", &first]);
        }
        self.until("all know all", |cluster| {
            (0..6).all(|ix| {
                cluster.text(ix, &["CLUSTER", "INFO"]).contains("cluster_known_nodes:6\r")
            })
        });
        for ix in 3..6 {
            let id = self.text(ix - 3, &["CLUSTER", "MYID"]);
            self.server(ix).must(&["CLUSTER", "REPLICATE", &id]);
        }
        self.until("all links are up", |cluster| {
            let linked = |cluster: &mut Self, ix| {
                cluster.text(ix, &["INFO", "replication"]).contains("master_link_status:up")
            };
            (0..6).all(|ix| cluster.text(ix, &["CLUSTER", "INFO"]).contains("cluster_state:ok"))
                && (3..6).all(|ix| linked(cluster, ix))
        });
    }

    /// Waits for something.
    #[track_caller]
    pub(super) fn until(&mut self, what: &str, mut holds: impl FnMut(&mut Self) -> bool) {
        let start = Instant::now();
        while !holds(self) {
            assert!(start.elapsed() < PATIENCE, "in vain: {what}\n{}", self.server(0).log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    pub(super) fn server(&mut self, ix: usize) -> &mut Server {
        self.nodes[ix].server.as_mut().expect("the node is up")
    }

    pub(super) fn text(&mut self, ix: usize, words: &[&str]) -> String {
        redis::from_redis_value(self.server(ix).must(words)).unwrap()
    }

    /// Returns where a node answers.
    pub(super) fn address(&self, ix: usize) -> String {
        format!("127.0.0.1:{}", self.nodes[ix].port)
    }

    pub(super) fn ports(&self) -> Vec<u16> {
        self.nodes.iter().map(|node| node.port).collect()
    }

    fn position(&self, address: &str) -> usize {
        (0..6).find(|&ix| self.address(ix) == address).expect("a node of the cluster")
    }

    /// Restarts a node with another program, on the files that it left.
    pub(super) fn restart(&mut self, address: &str, program: &Program) {
        let ix = self.position(address);
        self.past_syncs += self.server(ix).number("stats", "sync_full").expect("a counter");
        let server = self.nodes[ix].server.take().expect("the node is up");
        server.shut_down();
        let (folder, port) = (self.nodes[ix].folder.clone(), self.nodes[ix].port);
        let mut server = Server::start_at(program, &folder, port, &SETTINGS);
        assert!(server.answers(), "it did not come back:\n{}", server.log());
        self.nodes[ix].server = Some(server);
    }

    /// Changes a setting of every node that is up.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        for server in self.nodes.iter_mut().filter_map(|node| node.server.as_mut()) {
            server.must(&["CONFIG", "SET", name, value]);
        }
    }

    /// Ends a node without notice.
    pub(super) fn kill(&mut self, ix: usize) {
        drop(self.nodes[ix].server.take());
    }

    /// Makes a replica the primary of its shard.
    pub(super) fn fail_over(&mut self, to: &str) {
        let ix = self.position(to);
        self.server(ix).must(&["CLUSTER", "FAILOVER"]);
    }

    /// Returns how many full syncs there were since the start.
    pub(super) fn full_syncs(&mut self) -> i64 {
        let now: i64 =
            (0..6).map(|ix| self.server(ix).number("stats", "sync_full").expect("a counter")).sum();
        self.past_syncs + now
    }

    /// Returns how many keys the primaries hold.
    pub(super) fn keys(&mut self) -> i64 {
        let primary = |cluster: &mut Self, ix| {
            cluster.text(ix, &["INFO", "replication"]).contains("role:master")
        };
        (0..6).map(|ix| if primary(self, ix) { self.server(ix).keys() } else { 0 }).sum()
    }

    /// Returns the version of each node.
    pub(super) fn versions(&mut self) -> Vec<Option<String>> {
        (0..6).map(|ix| self.server(ix).info("server", "valkey_version")).collect()
    }
}

/// A client of a cluster: follows redirections, and tries again what was not acknowledged.
pub(super) struct Client {
    ports: Vec<u16>,
    connections: BTreeMap<u16, Connection>,
    /// Where the last command went.
    port: u16,
}

impl Client {
    pub(super) fn new(ports: Vec<u16>) -> Self {
        let port = ports[0];
        Self { ports, connections: BTreeMap::new(), port }
    }

    /// Asks until there is an answer; `None` if there was none for long.
    pub(super) fn ask<T: redis::FromRedisValue>(&mut self, words: &[&str]) -> Option<T> {
        let start = Instant::now();
        while start.elapsed() < LONGEST_WRITE {
            match self.try_once(words) {
                Ok(value) => return Some(value),
                Err(error) => self.go_elsewhere(&error),
            }
        }
        None
    }

    fn try_once<T: redis::FromRedisValue>(&mut self, words: &[&str]) -> RedisResult<T> {
        if !self.connections.contains_key(&self.port) {
            let client = redis::Client::open(format!("redis://127.0.0.1:{}", self.port))?;
            let connection = client.get_connection_with_timeout(Duration::from_millis(500))?;
            connection.set_read_timeout(Some(Duration::from_secs(2)))?;
            self.connections.insert(self.port, connection);
        }
        let connection = self.connections.get_mut(&self.port).expect("it was just made");
        redis::cmd(words[0]).arg(&words[1..]).query(connection)
    }

    fn go_elsewhere(&mut self, error: &RedisError) {
        if let Some((address, _)) = error.redirect_node() {
            let port = address.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
            self.port = port.expect("a redirection has a port");
            return;
        }
        self.connections.remove(&self.port);
        let at = self.ports.iter().position(|port| *port == self.port).unwrap_or(0);
        self.port = self.ports[(at + 1) % self.ports.len()];
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What a writer did.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// How many writes were acknowledged; write `n` put `n` under `key:n`.
    pub(super) acknowledged: u64,
    /// How many were given up.
    pub(super) failed: u64,
    /// The longest time that one took.
    pub(super) slowest: Duration,
}

/// Writes until it is told to stop.
pub(super) struct Writer {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<Written>>,
}

impl Writer {
    pub(super) fn start(ports: Vec<u16>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let write = move || {
            let mut client = Client::new(ports);
            let mut written = Written::default();
            while !stopped.load(Ordering::Relaxed) {
                let start = Instant::now();
                let number = written.acknowledged.to_string();
                let key = format!("key:{number}");
                match client.ask::<String>(&["SET", &key, &number]) {
                    Some(_) => written.acknowledged += 1,
                    None => written.failed += 1,
                }
                written.slowest = written.slowest.max(start.elapsed());
                std::thread::sleep(Duration::from_millis(1));
            }
            written
        };
        Self { stop, thread: Some(std::thread::spawn(write)) }
    }

    pub(super) fn stop(mut self) -> Written {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().expect("it runs").join().expect("it does not panic")
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}
