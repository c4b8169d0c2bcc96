//! `observe` and `gate` on real systems: what they find, and what they say where something keeps them from it.

mod groups;
mod login;
mod silent;
mod tls;

use std::path::Path;
use std::time::{Duration, Instant};

use super::{Program, Server};
use crate::run::{Run, golden, skew_where};

/// How long a system may take to become what it should be.
const PATIENCE: Duration = Duration::from_secs(30);

/// Commands and what they printed, for a golden: with names for what differs from run to run.
struct Transcript {
    text: String,
    /// What stands in for what.
    names: Vec<(String, String)>,
    /// Passwords, which nothing may print.
    secrets: Vec<String>,
}

impl Transcript {
    /// Begins a transcript in which ports are called `PORT1` and so on, and a folder is left out.
    fn new(folder: &Path, ports: &[u16]) -> Self {
        let mut names = vec![(format!("{}/", folder.to_str().unwrap()), String::new())];
        let numbered = ports.iter().zip(1..);
        names.extend(numbered.map(|(port, number)| (port.to_string(), format!("PORT{number}"))));
        Self { text: String::new(), names, secrets: Vec::new() }
    }

    /// Says what comes.
    fn note(&mut self, about: &str) {
        self.text.push_str(&format!("# {about}\n"));
    }

    /// Runs `skew` and writes down everything.
    #[track_caller]
    fn skew(&mut self, arguments: &[&str]) -> Run {
        self.skew_where(&[], arguments)
    }

    /// Runs `skew` with variables, whose values are not written down.
    #[track_caller]
    fn skew_where(&mut self, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
        let run = skew_where(variables, arguments);
        for secret in &self.secrets {
            let printed = [&run.stdout, &run.stderr].into_iter().any(|text| text.contains(secret));
            assert!(!printed, "a password was printed:\n{}{}", run.stdout, run.stderr);
        }
        let set: Vec<&str> = variables.iter().flat_map(|(name, _)| [*name, "=... "]).collect();
        let set = set.concat();
        let Run { status, stdout, stderr } = &run;
        let command = arguments.join(" ");
        let text = format!("$ {set}skew {command}\n{stdout}{stderr}exit status {status}\n\n");
        self.text.push_str(&self.named(&text));
        run
    }

    /// Makes a plan for a file, has it judged, writes down its steps and asks what must hold before the first.
    #[track_caller]
    fn plan(&mut self, deployment: &str, target: &str, reach: &[&str]) {
        let file = format!("{deployment}.plan");
        let arguments = ["plan", deployment, "--to", target, "--format", "json", "--output", &file];
        let made = self.skew(&arguments);
        assert_eq!(made.status, 0, "{}", made.stderr);
        let text = std::fs::read_to_string(&file).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        for step in value["steps"].as_array().unwrap() {
            let words = ["action", "node", "to", "to_node"].map(|key| step[key].as_str());
            let words: Vec<&str> = words.into_iter().flatten().collect();
            self.text.push_str(&self.named(&format!("- {}\n", words.join(" "))));
        }
        self.text.push('\n');
        self.skew(&["verify", &file, "--against", deployment]);
        self.skew(&[&["gate", &file, "--step", "1", "--live"], reach].concat());
    }

    fn named(&self, text: &str) -> String {
        let name =
            |text: String, (what, name): &(String, String)| text.replace(what.as_str(), name);
        self.names.iter().fold(text.to_owned(), name)
    }

    /// Compares with the golden file.
    #[track_caller]
    fn is(&self, name: &str) {
        golden(&format!("live/{name}.txt"), &format!("{}\n", self.text.trim_end()));
    }
}

fn url(port: u16) -> String {
    format!("valkey://127.0.0.1:{port}")
}

fn find<'p>(programs: &'p [Program], package: &str, version: &str) -> Option<&'p Program> {
    programs.iter().find(|known| known.package == package && known.version.starts_with(version))
}

/// Waits for something.
#[track_caller]
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Starts a primary and its replicas, one for each program and port.
fn group(folder: &Path, nodes: &[(&Program, u16)]) -> Vec<Server> {
    let start = |(program, port): &(&Program, u16)| {
        let settings = ["--repl-diskless-sync-delay", "0"];
        Server::start_at(program, &folder.join(port.to_string()), *port, &settings)
    };
    let mut servers: Vec<Server> = nodes.iter().map(start).collect();
    for server in &mut servers {
        assert!(server.answers(), "{}", server.log());
    }
    let primary = servers[0].port.to_string();
    for replica in &mut servers[1..] {
        replica.must(&["REPLICAOF", "127.0.0.1", &primary]);
    }
    for replica in &mut servers[1..] {
        until("a link", || replica.info("replication", "master_link_status").unwrap() == "up");
    }
    servers
}
