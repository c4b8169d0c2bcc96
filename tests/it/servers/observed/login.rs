//! Servers that ask for a password, and users that may not do everything.

use skew::live::RIGHTS;

use super::super::{Server, free_ports, fresh_folder, programs};
use super::{Transcript, find, group, url};
use crate::run::root;

const USER: &str = "SKEW_VALKEY_USER";
const PASSWORD: &str = "SKEW_VALKEY_PASSWORD";
const ROOT: &str = "correct-horse-battery-staple";
const GUEST: &str = "tr0ub4dor-and-3";

#[test]
fn passwords_and_users() {
    let programs = programs("logging in to Valkey 9.1.2");
    let Some(program) = find(&programs, "valkey", "9.1.2") else { return };
    let folder = fresh_folder("login");
    let mut server = Server::start(program, &folder.join("server"), &[]);
    assert!(server.answers());
    let url = url(server.port);
    let (observe, quiet) = (["observe", &url], ["observe", &url, "--quiet"]);
    let mut seen = Transcript::new(&folder, &[server.port]);
    seen.secrets = [ROOT, GUEST, "wrong-one"].map(str::to_owned).to_vec();

    // The connection of the test stays logged in.
    server.must(&["CONFIG", "SET", "requirepass", ROOT]);
    seen.note("a password is asked for");
    let whole = seen.skew_where(&[(PASSWORD, ROOT)], &observe);
    seen.skew(&observe);
    seen.skew_where(&[(PASSWORD, "wrong-one")], &observe);
    let file = folder.join("password");
    std::fs::write(&file, format!("{ROOT}\nsecond line\n")).unwrap();
    let by_file = [&observe[..], &["--password-file", file.to_str().unwrap()]].concat();
    assert_eq!(seen.skew(&by_file).stdout, whole.stdout);
    seen.skew_where(&[(USER, "guest")], &observe);
    std::fs::write(&file, "\n").unwrap();
    seen.skew(&by_file);

    seen.note("a user with enough rights");
    let rights = |rights: &str| format!("ACL SETUSER guest reset on >{GUEST} {rights}");
    let guest = [(USER, "guest"), (PASSWORD, GUEST)];
    server.must(&rights(RIGHTS).split_whitespace().collect::<Vec<_>>());
    assert_eq!(seen.skew_where(&guest, &quiet).stdout, whole.stdout);
    seen.skew_where(&[(USER, "guest"), (PASSWORD, "wrong-one")], &observe);

    seen.note("a user that may see INFO only");
    server.must(&rights("+info").split_whitespace().collect::<Vec<_>>());
    seen.skew_where(&guest, &observe);
    seen.note("a user that may see all but INFO");
    server.must(&rights(&RIGHTS.replace("+info", "")).split_whitespace().collect::<Vec<_>>());
    seen.skew_where(&guest, &quiet);
    seen.is("login");
}

/// A replica asks for a password and its primary does not; what `gate` says of both.
#[test]
fn one_node_asks_for_a_password() {
    let programs = programs("observing a replica with a password");
    let Some(program) = find(&programs, "valkey", "9.1.2") else { return };
    let folder = fresh_folder("one-password");
    let ports: [u16; 2] = free_ports();
    let mut servers = group(&folder, &[(program, ports[0]), (program, ports[1])]);
    servers[1].must(&["CONFIG", "SET", "requirepass", ROOT]);

    let mut seen = Transcript::new(&folder, &ports);
    seen.secrets = vec![ROOT.to_owned(), "wrong-one".to_owned()];
    seen.skew(&["observe", &url(ports[0]), "--name", "one"]);
    seen.note("the primary asks nobody for one, so that it does not matter there");
    seen.skew_where(&[(PASSWORD, ROOT)], &["observe", &url(ports[0]), "--name", "one", "--quiet"]);

    let plan = folder.join("plan.json");
    let nodes = ports.map(|port| format!("\"127.0.0.1:{port}\"")).join(", ");
    let gate = format!(r#""name": "up", "nodes": [{nodes}], "command": "PING", "expect": "PONG""#);
    let text = format!(
        r#"{{ "format_version": "1.0", "command": "plan", "steps": [], "preflight": [{{ {gate} }}] }}"#
    );
    std::fs::write(&plan, text).unwrap();
    let gate = ["gate", plan.to_str().unwrap(), "--step", "1", "--live"];
    seen.skew(&gate);
    seen.skew_where(&[(PASSWORD, "wrong-one")], &gate);
    seen.is("one-password");
}

#[test]
fn the_documentation_names_the_rights() {
    let text = std::fs::read_to_string(root().join("docs/live.md")).unwrap();
    assert!(text.contains(&format!("`{RIGHTS}`")), "{RIGHTS}");
}
