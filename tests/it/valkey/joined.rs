//! Whole sets of answers: `skew import valkey` on real output, and what joins answers that were made here.

use super::{lines, real, remarks, sighted};
use crate::run::{golden, skew};

#[track_caller]
fn imported(start: &str) {
    let files = real(start);
    let arguments = ["import", "valkey", "--name", start];
    let arguments: Vec<&str> =
        arguments.into_iter().chain(files.iter().map(String::as_str)).collect();
    let run = skew(&arguments);
    let text = format!("{}\n{}\nexit status {}\n", run.stdout, run.stderr, run.status);
    golden(&format!("import/valkey-{start}.txt"), &text);
}

#[test]
fn a_cluster_of_four_versions() {
    imported("mixedcluster");
}

#[test]
fn three_servers_under_sentinel() {
    imported("sentineltopo");
}

#[test]
fn a_replica_that_drifted() {
    imported("diverged");
}

#[test]
fn a_replica_that_cannot_read_the_snapshot() {
    imported("brokenhfe");
}

#[test]
fn a_replica_that_is_too_old() {
    imported("brokenolder");
}

#[test]
fn the_format_is_guessed() {
    let files = real("diverged");
    let arguments = ["import", "auto", &files[0], &files[1]];
    let run = skew(&arguments);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains("read as valkey"), "{}", run.stderr);
}

/// The first line of INFO of a node, and further lines.
fn info(port: u16, run_id: &str, more: &str) -> String {
    format!(
        "# Server\r\nredis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:9.1.2\r\n\
         server_mode:standalone\r\nrun_id:{run_id}\r\ntcp_port:{port}\r\n# Replication\r\n{more}"
    )
}

/// The version of Redis that every Valkey states is not taken for its own, and candidates keep their stage.
#[test]
fn versions_are_read_where_they_stand() {
    let redis = "# Server\nredis_version:7.2.4\nredis_mode:standalone\nrun_id:a\n# Replication\nrole:master\n";
    let named =
        "# Server\nserver_name:redis\nredis_version:8.0.2\nrun_id:b\n# Replication\nrole:master\n";
    let candidate = "# Server\nredis_version:7.2.4\nserver_name:valkey\nvalkey_version:9.2.0\n\
        valkey_release_stage:rc1\nrun_id:c\n# Replication\nrole:master\n";
    let other =
        "# Server\nserver_name:other\nredis_version:7.4.0\nrun_id:d\n# Replication\nrole:master\n";
    let files = [("a.txt", redis), ("b.txt", named), ("c.txt", candidate), ("d.txt", other)];
    insta::assert_snapshot!(lines(&sighted(&files)), @"
    a primary of a in -: redis 7.2.4
    b primary of b in -: redis 8.0.2
    c primary of c in -: valkey 9.2.0-rc1
    d primary of d in -: other unknown
    ");
}

/// A primary and its replica know each other by several addresses; the replication id joins them.
#[test]
fn a_replica_finds_its_primary_by_the_replication_id() {
    let primary = info(
        6379,
        "p",
        "role:master\nslave0:ip=10.0.0.2,port=6379,state=online,offset=5,lag=0\nmaster_replid:abc\n",
    );
    let replica = info(
        6379,
        "r",
        "role:slave\nmaster_host:10.0.0.1\nmaster_port:6379\nmaster_link_status:up\nmaster_replid:abc\n",
    );
    let seen = sighted(&[("one.txt", &primary), ("two.txt", &replica)]);
    insta::assert_snapshot!(lines(&seen), @"
    10.0.0.1:6379 primary of 10.0.0.1:6379 in -: valkey 9.1.2
    10.0.0.2:6379 replica of 10.0.0.1:6379 in -: valkey 9.1.2
    ");
    insta::assert_snapshot!(remarks(&seen), @"feature-unseen features: whether hash-field-ttl, dual-channel-replication, rdb-version-check-relaxed, acl-db-rule, no-cluster, append-only-file, announce-client-ip, announce-client-port, hsetex, msetex, hgetdel are in use was not looked for on every node");
}

/// Nodes that nobody asked are kept, with a version that nobody knows.
#[test]
fn unasked_nodes_are_kept() {
    let replica = info(
        7002,
        "r",
        "role:slave\nmaster_host:10.0.0.1\nmaster_port:7001\nmaster_link_status:down\nmaster_replid:x\n",
    );
    let seen = sighted(&[("two.txt", &replica)]);
    insta::assert_snapshot!(lines(&seen), @"
    10.0.0.1:7001 primary of 10.0.0.1:7001 in -: valkey unknown
    two replica of 10.0.0.1:7001 in -: valkey 9.1.2
    ");
    insta::assert_snapshot!(remarks(&seen), @"
    version-unknown 10.0.0.1:7001: other nodes speak of it, but it was not asked or did not answer
    replica-unlinked two: its link to the primary is down (master_link_status)
    feature-unseen features: whether hash-field-ttl, dual-channel-replication, rdb-version-check-relaxed, acl-db-rule, no-cluster, append-only-file, announce-client-ip, announce-client-port, hsetex, msetex, hgetdel are in use was not looked for on every node
    ");
    let primary = info(
        7001,
        "p",
        "role:master\nslave0:ip=10.0.0.2,port=7002,state=online,offset=5,lag=0,type=replica\n",
    );
    insta::assert_snapshot!(lines(&sighted(&[("one.txt", &primary)])), @"
    one primary of one in -: valkey 9.1.2
    10.0.0.2:7002 replica of one in -: valkey unknown
    ");
}

const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

/// IPv6 addresses, announced names, zones of nodes.conf, a node without address, and its `vars` line.
#[test]
fn places_of_cluster_nodes() {
    let view = format!(
        "{A} fe80::1:7001@17001,a.example,availability-zone=az-1 myself,master - 0 0 1 connected 0-16383\n\
         {B} ::1:7002@17002,,shard-id=x slave {A} 0 0 1 connected\n\
         cccccccccccccccccccccccccccccccccccccccc :0@0 master,noaddr - 0 0 1 disconnected\n\
         dddddddddddddddddddddddddddddddddddddddd 10.0.0.4:7004@17004 handshake - 0 0 0 connected\n\
         vars currentEpoch 6 lastVoteEpoch 0\n"
    );
    insta::assert_snapshot!(lines(&sighted(&[("nodes.conf", &view)])), @"
    10.0.0.4:7004 - of 10.0.0.4:7004 in -: valkey unknown
    a.example:7001 primary of a.example:7001 in az-1: valkey unknown
    [::1]:7002 replica of a.example:7001 in -: valkey unknown
    ");
}

/// Two nodes that both say that they are the primary of the slots, and disagree on each other.
#[test]
fn contradictions_are_remarked() {
    let one = format!(
        "{A} 10.0.0.1:1@2 myself,master - 0 0 1 connected 0-16383\n\
         {B} 10.0.0.2:1@2 slave,fail? {A} 0 0 1 connected\n"
    );
    let two = format!(
        "{A} 10.0.0.1:1@2 master,fail - 0 0 1 connected\n\
         {B} 10.0.0.2:1@2 myself,master - 0 0 2 connected 0-16383\n"
    );
    let seen = sighted(&[("a_cluster_nodes.txt", &one), ("b_cluster_nodes.txt", &two)]);
    insta::assert_snapshot!(lines(&seen), @"
    10.0.0.1:1 primary of 10.0.0.1:1 in -: valkey unknown
    10.0.0.2:1 primary of 10.0.0.2:1 in -: valkey unknown
    ");
    insta::assert_snapshot!(remarks(&seen), @"
    version-unknown 10.0.0.1:1: its INFO was not given, so its version is not known
    version-unknown 10.0.0.2:1: its INFO was not given, so its version is not known
    views-differ 10.0.0.1:1: it is seen as master by 10.0.0.1:1; as master,fail by 10.0.0.2:1
    views-differ 10.0.0.2:1: it is seen as master by 10.0.0.2:1; as slave,fail? of 10.0.0.1:1 by 10.0.0.1:1
    views-differ 10.0.0.2:1: it and 10.0.0.1:1 both say that they own the slots 0-16383
    feature-unseen features: whether hash-field-ttl, dual-channel-replication, rdb-version-check-relaxed, availability-zone, acl-db-rule, no-cluster, append-only-file, announce-client-ip, announce-client-port, hsetex, msetex, hgetdel, increx, xackdel, xdelex are in use was not looked for on every node
    ");
}

/// Integers of modules: by the table, by the rule of the releases around, and where neither decides.
#[test]
fn module_versions() {
    let modules = |list: &str| {
        let text = format!("{}{list}", info(1, "r", "role:master\n# Modules\n"));
        let seen = sighted(&[("a.txt", &text)]);
        format!("{}\n{}", lines(&seen), remarks(&seen))
    };
    let known = "module:name=search,ver=66049,api=1\nmodule:name=json,ver=10010,api=1\n\
        module:name=bf,ver=10001,api=1\nmodule:name=ldap,ver=16777471,api=1\nmodule:name=lua,ver=1,api=1\n";
    insta::assert_snapshot!(modules(known), @"
    a primary of a in -: valkey 9.1.2, valkey-bloom 1.0.1, valkey-json 1.0.1, valkey-ldap 1.0.0, valkey-search 1.2.1
    feature-unseen features: whether hash-field-ttl, dual-channel-replication, rdb-version-check-relaxed, acl-db-rule, no-cluster, append-only-file, announce-client-ip, announce-client-port, hsetex, msetex, hgetdel are in use was not looked for on every node
    ");
    let later = "module:name=search,ver=66053,api=1\nmodule:name=bf,ver=10107,api=1\n";
    insta::assert_snapshot!(modules(later), @"
    a primary of a in -: valkey 9.1.2, valkey-bloom 1.1.7, valkey-search 1.2.5
    feature-unseen features: whether hash-field-ttl, dual-channel-replication, rdb-version-check-relaxed, acl-db-rule, no-cluster, append-only-file, announce-client-ip, announce-client-port, hsetex, msetex, hgetdel are in use was not looked for on every node
    ");
    let unclear = "module:name=search,ver=10000,api=1\nmodule:name=json,ver=999999,api=1\n\
        module:name=own,ver=3,api=1\n";
    insta::assert_snapshot!(modules(unclear), @"
    a primary of a in -: own 3, valkey 9.1.2, valkey-json unknown, valkey-search unknown
    version-unknown a: the module search reports 10000, as do valkey-search 1.0.0, 1.0.1, 1.0.2
    version-unknown a: the module json reports 999999, which is the number of no known release of valkey-json
    package-unknown a: the module own is in no matrix; nothing is known of it
    feature-unseen features: whether hash-field-ttl, dual-channel-replication, rdb-version-check-relaxed, acl-db-rule, no-cluster, append-only-file, announce-client-ip, announce-client-port, hsetex, msetex, hgetdel are in use was not looked for on every node
    ");
}

/// Features follow from the probes of the matrix.
#[test]
fn features_in_use() {
    let base = info(1, "r", "role:master\n");
    let more = "# Persistence\naof_enabled:1\n# Commandstats\ncmdstat_msetex:calls=3,usec=1\n\
        # Keyspace\ndb0:keys=7,expires=1,avg_ttl=9,keys_with_volatile_items=1\n\
        10.0.0.1:1> CONFIG GET rdb-version-check\nrdb-version-check\nrelaxed\n\
        10.0.0.1:1> CONFIG GET availability-zone\navailability-zone\n\n\
        10.0.0.1:1> CONFIG GET dual-channel-replication-enabled\n1) \"dual-channel-replication-enabled\"\n2) \"yes\"\n\
        10.0.0.1:1> ACL LIST\nuser default on nopass ~* &* +@all\nuser a on db=1 +@all\n";
    let text = format!("10.0.0.1:1> INFO everything\n{base}{more}");
    let seen = sighted(&[("session.txt", &text)]);
    let features: Vec<&str> = seen.features.iter().map(|one| one.text.as_str()).collect();
    insta::assert_snapshot!(features.join(" "), @"hash-field-ttl dual-channel-replication rdb-version-check-relaxed acl-db-rule append-only-file msetex");
    insta::assert_snapshot!(remarks(&seen), @"feature-unseen features: whether no-cluster, announce-client-ip, announce-client-port are in use was not looked for on every node");
}

#[test]
fn files_without_answers_are_problems() {
    let folder = crate::run::root().join("tests/data/valkey");
    let page = folder.join("../valkey_observed.json");
    let run = skew(&["import", "valkey", page.to_str().unwrap(), "tests/data/no-such-file"]);
    assert_eq!(run.status, 2);
    let run = skew(&["import", "valkey", "LICENSE-MIT", "README.md"]);
    golden("import/valkey-nothing.txt", &format!("{}exit status {}\n", run.stderr, run.status));
}
