//! Single answers in the forms in which `valkey-cli` prints them.

use skew::evidence::valkey::reply;
use skew::reply::Reply;

/// Returns key and values of every part, a line each.
fn parts(reply: &Reply) -> String {
    let lines = reply.parts.iter().map(|part| {
        let values = part.values.iter().map(|(name, text, _)| format!("{name}={text}"));
        let own = if part.own { "*" } else { "" };
        format!("{own}{} {}", part.key, values.collect::<Vec<_>>().join(" "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

const BARE: &str = "slots\n0\n5460\nnodes\nid\n5824a\nport\n7001\nip\n127.0.0.1\nendpoint\n127.0.0.1\n\
    role\nmaster\nreplication-offset\n70\nhealth\nonline\navailability-zone\naz-1\nid\n803470\n\
    slots\n\nnodes\nid\n7cc68\ntls-port\n7002\nip\n127.0.0.1\nendpoint\n\nhostname\nb.example\nrole\nreplica\n\
    replication-offset\n70\nhealth\nfail\nid\n6cb58a\n";

const TERMINAL_2: &str = r#"1) 1) "slots"
   2) 1) (integer) 0
      2) (integer) 5460
   3) "nodes"
   4) 1)  1) "id"
          2) "5824a"
          3) "port"
          4) (integer) 7001
          5) "role"
          6) "master"
          7) "health"
          8) "online"
          9) "availability-zone"
         10) "az-1"
2) 1) "slots"
   2) (empty array)
   3) "nodes"
   4) 1)  1) "id"
          2) "7cc68"
          3) "tls-port"
          4) (integer) 7002
          5) "role"
          6) "replica"
          7) "health"
          8) "fail"
"#;

const TERMINAL_3: &str = r#"1) 1# "slots" => 
      1) (integer) 0
      2) (integer) 5460
   2# "nodes" => 
      1) 1# "id" => "5824a"
         2# "port" => (integer) 7001
         3# "role" => "master"
         4# "health" => "online"
         5# "availability-zone" => "az-1"
2) 1# "slots" => (empty array)
   2# "nodes" => 
      1) 1# "id" => "7cc68"
         2# "tls-port" => (integer) 7002
         3# "role" => "replica"
         4# "health" => "fail"
"#;

const JSON: &str = r#"[{"slots":[0,5460],"nodes":[{"id":"5824a","port":7001,"role":"master","health":"online",
    "availability-zone":"az-1"}],"id":"803470"},
    {"slots":[],"nodes":[{"id":"7cc68","tls-port":7002,"role":"replica","health":"fail"}]}]"#;

#[test]
fn shards_in_every_form() {
    for text in [BARE, TERMINAL_2, TERMINAL_3, JSON] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(parts(&reply("CLUSTER SHARDS", text)), @"
            5824a role=master health=online zone=az-1
            7cc68 role=replica health=fail
            ");
        }
    }
}

#[test]
fn modules_in_every_form() {
    let bare =
        "name\nlua\nver\n1\npath\nlua\nargs\n\nname\nbf\nver\n10001\npath\n/m/bf.so\nargs\n\n";
    let terminal = "1) 1) \"name\"\n   2) \"lua\"\n   3) \"ver\"\n   4) (integer) 1\n\
        2) 1# \"name\" => \"bf\"\n   2# \"ver\" => (integer) 10001\n";
    let json = r#"[{"name":"lua","ver":1,"path":"lua","args":[]},{"name":"bf","ver":10001}]"#;
    for text in [bare, terminal, json] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(parts(&reply("module list", text)), @"
            lua =lua 1 ver=1
            bf =bf 10001 ver=10001
            ");
        }
    }
    for text in ["", "\n", "(empty array)\n", "[]"] {
        assert_eq!(parts(&reply("MODULE LIST", text)), "", "{text:?}");
    }
}

#[test]
fn roles_and_settings_in_every_form() {
    for text in [
        "slave\n127.0.0.1\n7003\nconnected\n84\n",
        "[\"slave\",\"127.0.0.1\",7003,\"connected\",84]",
    ] {
        let read = reply("ROLE", text);
        assert_eq!(read.values(Some("0")).next().map(|(text, _)| text), Some("slave"), "{text}");
        assert_eq!(
            read.values(Some("3")).next().map(|(text, _)| text),
            Some("connected"),
            "{text}"
        );
    }
    for text in [
        "appendonly\nno\nsave\n3600 1\n",
        "{\"appendonly\":\"no\",\"save\":\"3600 1\"}",
        "1) \"appendonly\"\n2) \"no\"\n3) \"save\"\n4) \"3600 1\"\n",
        "1# \"appendonly\" => \"no\"\n2# \"save\" => \"3600 1\"\n",
    ] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(parts(&reply("CONFIG GET *", text)), @"* appendonly=no save=3600 1");
        }
    }
}

#[test]
fn other_answers() {
    insta::assert_snapshot!(parts(&reply("PING", "PONG")), @"* =PONG");
    insta::assert_snapshot!(parts(&reply("INFO keyspace", "# Keyspace\r\ndb0:keys=7,keys_with_volatile_items=1\r\n")), @"* db0=keys=7,keys_with_volatile_items=1 keys=7 keys_with_volatile_items=1");
    let node = "5824a15bc371179b475832af8990127530e572a6";
    let nodes = format!(
        "{node} 127.0.0.1:7001@17001 myself,master - 0 0 1 connected 0-99 [100->-{node}]\n"
    );
    insta::assert_snapshot!(parts(&reply("CLUSTER NODES", &nodes)), @"*5824a15bc371179b475832af8990127530e572a6 flags=myself flags=master slots=0-99 open_slots=[100->-5824a15bc371179b475832af8990127530e572a6] link=connected");
    let masters = "name\nm1\nip\n10.0.0.1\nport\n6379\nname\nm2\nip\n::1\nport\n6380\n";
    insta::assert_snapshot!(parts(&reply("SENTINEL MASTERS", masters)), @"
    m1 name=m1 ip=10.0.0.1 port=6379
    m2 name=m2 ip=::1 port=6380
    ");
}
