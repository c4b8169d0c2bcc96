//! A cluster in which one node is stopped and one is dead.

use super::super::cluster::Cluster;
use super::super::{fresh_folder, programs};
use super::{Transcript, find, url};

#[test]
fn nodes_that_do_not_answer_are_kept() {
    let programs = programs("observing a cluster with silent nodes");
    let Some(program) = find(&programs, "valkey", "9.1.2") else { return };
    let folder = fresh_folder("silent");
    let mut cluster = Cluster::start(program, &folder);
    let ports = cluster.ports();
    let mut seen = Transcript::new(&folder, &ports);
    let start = ["observe", &url(ports[0]), "--name", "silent", "--timeout", "2"];
    // What the others notice must not depend on how busy this machine is.
    let (never, soon) = ("600000", "3000");

    seen.note("node 6 is dead, and the others have not noticed");
    cluster.set("cluster-node-timeout", never);
    cluster.kill(5);
    seen.skew(&start);
    seen.note("they have noticed");
    cluster.set("cluster-node-timeout", soon);
    let (dead, nodes) = (format!("127.0.0.1:{}@", ports[5]), ["CLUSTER", "NODES"]);
    cluster.until("all know of the dead node", |cluster| {
        (0..5).all(|ix| {
            let text = cluster.text(ix, &nodes);
            let line = text.lines().find(|line| line.contains(&dead));
            line.is_some_and(|line| line.contains(" slave,fail "))
        })
    });
    cluster.set("cluster-node-timeout", never);
    seen.skew(&start);
    seen.note("node 2 is stopped too");
    cluster.server(1).signal("STOP");
    seen.skew(&[&start[..], &["--quiet", "--fail-on", "warning"]].concat());
    seen.note("of the stopped and the dead node alone");
    seen.skew(&["observe", &url(ports[1]), &url(ports[5]), "--timeout", "1"]);
    seen.is("silent");
}
