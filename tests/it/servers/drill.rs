//! An upgrade as an operator would do it: observe, plan, then step by step, with the gates before each.
//!
//! A client writes all the while. In the end every acknowledged write is there, and no replica had to copy
//! everything again. The counter-proof takes an order that `skew` refuses, and sees what it said.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::cluster::{Client, Cluster, Writer};
use super::{Program, Server, fresh_folder, programs};
use crate::run::skew;

/// How long gates may take to open, in seconds.
const WAIT: &str = "60";

fn program<'p>(programs: &'p [Program], package: &str, version: &str) -> Option<&'p Program> {
    programs.iter().find(|known| known.package == package && known.version.starts_with(version))
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().expect("the path is text").to_owned()
}

/// Observes a system into a file.
fn observe(address: &str, file: &str, more: &[&str]) {
    let url = format!("valkey://{address}");
    let seen = skew(&[&["observe", &url, "--output", file], more].concat());
    assert_eq!(seen.status, 0, "{}", seen.stderr);
}

/// Asks the gates before a step.
#[track_caller]
fn go(plan: &str, step: usize) {
    let step = step.to_string();
    let gate = skew(&["gate", plan, "--step", &step, "--live", "--wait", WAIT]);
    assert_eq!(gate.status, 0, "step {step}\n{}{}", gate.stdout, gate.stderr);
}

/// Upgrades a cluster under writes. `seen` is what to say beside what is observed; `make` makes the plan: from the deployment file, for a target, into a file.
fn drill(from: &Program, to: &Program, seen: &[&str], make: impl Fn(&str, &str, &str)) {
    let folder = fresh_folder(&format!("drill-{}-{}", from.package, from.version));
    let mut cluster = Cluster::start(from, &folder);
    let syncs = cluster.full_syncs();
    let writer = Writer::start(cluster.ports());

    let (deployment, plan) = (path(&folder, "deployment.json"), path(&folder, "plan.json"));
    observe(&cluster.address(0), &deployment, seen);
    make(&deployment, &to.spec(), &plan);
    let steps = follow(&plan, &mut cluster, to);
    assert!(steps >= 9, "six restarts and three failovers");

    let written = writer.stop();
    assert_eq!(written.failed, 0, "{written:?}");
    assert!(written.acknowledged > 1000, "{written:?}");
    assert_eq!(cluster.versions(), vec![Some(to.version.clone()); 6]);
    assert_eq!(cluster.full_syncs(), syncs, "a replica had to copy everything again");
    assert_eq!(cluster.keys(), i64::try_from(written.acknowledged).unwrap());
    let mut reader = Client::new(cluster.ports());
    for number in 0..written.acknowledged {
        let value = reader.ask::<Option<u64>>(&["GET", &format!("key:{number}")]).flatten();
        assert_eq!(value, Some(number), "an acknowledged write is lost");
    }
    // A switch takes a moment; waiting for a timeout of the cluster would take four seconds.
    assert!(written.slowest < Duration::from_secs(4), "{written:?}, in {steps} steps");
}

/// Takes the steps of a plan, each after its gates, and asks the last gates. Returns how many steps there were.
fn follow(plan: &str, cluster: &mut Cluster, to: &Program) -> usize {
    let text = std::fs::read_to_string(plan).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let steps = value["steps"].as_array().unwrap();
    for (ix, step) in steps.iter().enumerate() {
        go(plan, ix + 1);
        match step["action"].as_str().unwrap() {
            "upgrade" => {
                assert_eq!(step["to"], to.version.as_str());
                cluster.restart(step["node"].as_str().unwrap(), to);
            }
            "switch" => cluster.fail_over(step["to_node"].as_str().unwrap()),
            other => panic!("an unforeseen step: {other}"),
        }
    }
    go(plan, steps.len() + 1);
    steps.len()
}

/// Makes a plan and has it judged.
fn plan(deployment: &str, target: &str, plan: &str) {
    let made = skew(&["plan", deployment, "--to", target, "--format", "json", "--output", plan]);
    assert_eq!(made.status, 0, "{}{}", made.stdout, made.stderr);
    let judged = skew(&["verify", plan, "--against", deployment]);
    assert_eq!(judged.status, 0, "{}{}", judged.stdout, judged.stderr);
}

#[test]
fn a_cluster_goes_from_valkey_9_0_to_9_1() {
    let programs = programs("the upgrade drill from Valkey 9.0.0 to 9.1.2");
    let Some(from) = program(&programs, "valkey", "9.0.0") else { return };
    let to = program(&programs, "valkey", "9.1.2").expect("it was fetched");
    drill(from, to, &[], plan);
}

/// Redis 7.0 cannot take a snapshot from Valkey, so that a failover to Valkey is refused, unless somebody vouches
/// for the backlog, so that the old primary needs no snapshot.
#[test]
fn a_cluster_goes_from_redis_to_valkey() {
    let check = "the upgrade drill from Redis to Valkey 9.1.2";
    let programs = programs(check);
    let Some(from) = program(&programs, "redis", "7.0") else { return };
    let to = program(&programs, "valkey", "9.1.2").expect("it was fetched");
    let feature = "lasting-backlog";
    drill(from, to, &["--feature", feature], |deployment, target, file| {
        let text = std::fs::read_to_string(deployment).unwrap();
        let plain = format!("{deployment}.plain");
        std::fs::write(&plain, text.replace(&format!("  \"features\": [\"{feature}\"],\n"), ""))
            .unwrap();
        let refused = skew(&["plan", &plain, "--to", target]);
        assert_eq!(refused.status, 1, "{}", refused.stdout);
        assert!(refused.stdout.contains("every full sync fails"), "{}", refused.stdout);
        assert!(refused.stdout.contains(feature), "{}", refused.stdout);
        plan(deployment, target, file);
    });
}

/// The primary first, to a version whose snapshots the replica cannot read: `check` says what comes, and it comes.
#[test]
fn the_wrong_order_fails_as_predicted() {
    let programs = programs("the wrong order of an upgrade to Valkey 9.0.0");
    let old = programs.iter().find(|program| !program.is_valkey_from(9, 0));
    let (Some(old), Some(new)) = (old, program(&programs, "valkey", "9.0.0")) else { return };
    let folder = fresh_folder("wrong-order");
    let settings = ["--repl-diskless-sync-delay", "0"];
    let mut primary = Server::start(old, &folder.join("primary"), &settings);
    assert!(primary.answers());
    primary.must(&["SET", "key", "value"]);
    let port = primary.port;
    primary.shut_down();
    let mut primary = Server::start_at(new, &folder.join("primary"), port, &settings);
    assert!(primary.answers(), "the newer server reads the older files");
    let mut replica = Server::start(old, &folder.join("replica"), &settings);
    assert!(replica.answers());
    replica.must(&["REPLICAOF", "127.0.0.1", &port.to_string()]);
    let start = Instant::now();
    while primary.number("stats", "sync_full") < Some(2) {
        assert!(start.elapsed() < Duration::from_secs(20), "no second try:\n{}", replica.log());
        std::thread::sleep(Duration::from_millis(50));
    }

    let pair = skew(&["pair", "replicates", &new.spec(), &old.spec()]);
    assert_eq!(pair.status, 1, "{}", pair.stdout);
    let deployment = path(&folder, "deployment.json");
    let seen = format!("valkey://127.0.0.1:{port}");
    let seen = skew(&["observe", &seen, "--output", &deployment]);
    assert!(seen.stderr.contains("replica-unlinked"), "{}", seen.stderr);
    let checked = skew(&["check", &deployment]);
    assert_eq!(checked.status, 1, "{}", checked.stdout);
    assert!(checked.stdout.contains("every full sync fails"), "{}", checked.stdout);

    assert_eq!(replica.info("replication", "master_link_status").as_deref(), Some("down"));
    assert_eq!(replica.keys(), 0, "the replica is left empty");
    assert_eq!(primary.keys(), 1);
}
