//! A primary with replicas of several versions, and the same under Sentinels.

use super::super::{Program, Server, free_ports, fresh_folder, programs};
use super::{Transcript, find, group, until, url};

/// A primary of an older version with an older and a newer replica; the older one was written to by hand.
#[test]
fn replicas_of_several_versions() {
    let programs = programs("observing a primary with replicas of two versions");
    let Some(old) = find(&programs, "valkey", "9.0.0") else { return };
    let new = find(&programs, "valkey", "9.1.2").expect("it was fetched");
    let folder = fresh_folder("replicas");
    let ports: [u16; 3] = free_ports();
    let mut servers = group(&folder, &[(old, ports[0]), (old, ports[1]), (new, ports[2])]);

    servers[0].must(&["HSETEX", "hash", "EX", "10000", "FIELDS", "1", "field", "value"]);
    servers[1].must(&["CONFIG", "SET", "replica-read-only", "no"]);
    servers[1].must(&["SET", "list", "no list"]);
    servers[0].must(&["RPUSH", "list", "item"]);
    let drifted = &mut servers[1];
    until("drift", || drifted.number("stats", "unexpected_error_replies") == Some(1));

    let file = folder.join("replicas.json");
    let file = file.to_str().unwrap();
    let mut seen = Transcript::new(&folder, &ports);
    // From a replica: the primary and the other replica are found from it.
    let whole = seen.skew(&["observe", &url(ports[2]), "--name", "replicas"]);
    std::fs::write(file, &whole.stdout).unwrap();
    let again = seen.skew(&["observe", &url(ports[0]), "--quiet", "--name", "replicas"]);
    assert_eq!(again.stdout, whole.stdout, "wherever one begins");
    seen.skew(&["check", file]);
    seen.plan(file, "valkey@9.1.2", &[]);
    seen.is("replicas");
}

/// Lets a Sentinel watch a primary.
fn watching(program: &Program, folder: &std::path::Path, port: u16, primary: u16) -> Server {
    let mut sentinel = Server::start_sentinel(program, &folder.join(port.to_string()), port);
    assert!(sentinel.answers(), "{}", sentinel.log());
    sentinel.must(&["SENTINEL", "MONITOR", "main", "127.0.0.1", &primary.to_string(), "2"]);
    sentinel
}

#[test]
fn sentinels_and_whom_they_watch() {
    let programs = programs("observing Sentinels");
    let Some(old) = find(&programs, "valkey", "9.0.0") else { return };
    let new = find(&programs, "valkey", "9.1.2").expect("it was fetched");
    let folder = fresh_folder("sentinels");
    let ports: [u16; 5] = free_ports();
    let _servers = group(&folder, &[(old, ports[0]), (old, ports[1])]);
    let watch = |port| watching(new, &folder, port, ports[0]);
    let mut sentinels: Vec<Server> = ports[2..].iter().copied().map(watch).collect();
    let all_known = |sentinel: &mut Server| {
        let known = sentinel.info("sentinel", "master0").unwrap();
        known.contains("slaves=1") && known.contains("sentinels=3")
    };
    until("all are known", || sentinels.iter_mut().all(all_known));

    let file = folder.join("sentinels.json");
    let file = file.to_str().unwrap();
    let mut seen = Transcript::new(&folder, &ports);
    seen.note("from a Sentinel");
    let whole = seen.skew(&["observe", &url(ports[3]), "--name", "sentinels"]);
    std::fs::write(file, &whole.stdout).unwrap();
    seen.skew(&["check", file]);
    seen.plan(file, "valkey@9.1.2", &[]);
    seen.note("from a replica, which knows no Sentinels");
    seen.skew(&["observe", &url(ports[1]), "--quiet", "--name", "sentinels"]);
    seen.note("one Sentinel is dead");
    drop(sentinels.pop());
    let two = seen.skew(&["observe", &url(ports[3]), "--name", "sentinels"]);
    std::fs::write(file, &two.stdout).unwrap();
    seen.skew(&["check", file]);
    seen.is("sentinels");
}
