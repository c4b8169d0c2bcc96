//! Servers that ask for a password, and users that may not do everything.

use super::super::{Server, fresh_folder, programs};
use super::{Transcript, find, url};

const USER: &str = "SKEW_VALKEY_USER";
const PASSWORD: &str = "SKEW_VALKEY_PASSWORD";
const ROOT: &str = "correct-horse-battery-staple";
const GUEST: &str = "tr0ub4dor-and-3";

/// What an ACL user needs, as the documentation says.
const ENOUGH: &str = "+info +role +ping +config|get +module|list +acl|list +cluster|info +cluster|nodes \
                      +cluster|shards";

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
    server.must(&rights(ENOUGH).split_whitespace().collect::<Vec<_>>());
    assert_eq!(seen.skew_where(&guest, &quiet).stdout, whole.stdout);
    seen.skew_where(&[(USER, "guest"), (PASSWORD, "wrong-one")], &observe);

    seen.note("a user that may see INFO only");
    server.must(&rights("+info").split_whitespace().collect::<Vec<_>>());
    seen.skew_where(&guest, &quiet);
    seen.note("a user that may see all but INFO");
    server.must(&rights(&ENOUGH.replace("+info", "")).split_whitespace().collect::<Vec<_>>());
    seen.skew_where(&guest, &quiet);
    seen.is("login");
}
