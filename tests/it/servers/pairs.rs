//! Every ordered pair of real servers against `skew pair`: replication, files, moved keys.
//!
//! A pair is tried with plain data and with everything that the matrix says makes a difference and that a
//! server can be made to use. The prediction is the verdict on the same features.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Program, Server, fresh_folder, programs};
use crate::run::skew;

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trial {
    /// A full sync from the first server to the second.
    Replicates,
    /// A command that passes through the stream while the link is up.
    Streams(&'static [&'static str]),
    /// The second server starts on the RDB file of the first.
    ReadsSnapshot,
    /// The second server starts on the append-only file of the first.
    ReadsLog,
    /// MIGRATE of each key from the first to the second.
    Migrates,
}

impl Trial {
    fn relation(self) -> &'static str {
        match self {
            Self::Replicates | Self::Streams(_) => "replicates",
            Self::ReadsSnapshot | Self::ReadsLog => "reads-files",
            Self::Migrates => "migrates-keys",
        }
    }
}

/// One question to two programs.
struct Case<'a> {
    trial: Trial,
    from: &'a Program,
    to: &'a Program,
    /// In the words of the matrix.
    features: Vec<&'static str>,
}

/// Commands that are newer than the oldest servers: the feature, since which Valkey, and the words.
const NEWER: [(&str, (u32, u32), &[&str]); 4] = [
    ("set-ifeq", (8, 1), &["SET", "plain", "other", "IFEQ", "text"]),
    ("hsetex", (9, 0), &["HSETEX", "hash", "FIELDS", "1", "field", "other"]),
    ("msetex", (9, 1), &["MSETEX", "2", "one", "1", "two", "2"]),
    ("hgetdel", (9, 1), &["HGETDEL", "hash", "FIELDS", "1", "field"]),
];

fn cases(programs: &[Program]) -> Vec<Case<'_>> {
    let mut cases = Vec::new();
    let pairs = programs.iter().flat_map(|from| programs.iter().map(move |to| (from, to)));
    for (from, to) in pairs.filter(|(from, to)| from != to) {
        let mut add = |trial, features: &[&'static str]| {
            cases.push(Case { trial, from, to, features: features.to_vec() });
        };
        let fields = from.is_valkey_from(9, 0);
        let plain: [&[&'static str]; 2] = [&[], &["hash-field-ttl"]];
        for features in &plain[..=usize::from(fields)] {
            add(Trial::Replicates, features);
            add(Trial::ReadsSnapshot, features);
            add(Trial::Migrates, features);
            add(Trial::ReadsLog, &[features, &["append-only-file"][..]].concat());
            if from.is_valkey_from(8, 0) && to.is_valkey_from(8, 0) {
                add(Trial::Replicates, &[features, &["dual-channel-replication"][..]].concat());
            }
        }
        for (feature, since, words) in &NEWER {
            if from.is_valkey_from(since.0, since.1) {
                add(Trial::Streams(words), &[feature]);
            }
        }
    }
    cases
}

/// What a server is told so that nothing but the trial happens.
const QUIET: [&str; 6] = ["--save", "", "--repl-diskless-sync-delay", "0", "--repl-timeout", "20"];

impl Case<'_> {
    fn name(&self) -> String {
        let features = self.features.join("+");
        format!("{:?} {} {} {features}", self.trial, self.from.spec(), self.to.spec())
    }

    fn uses(&self, feature: &str) -> bool {
        self.features.contains(&feature)
    }

    /// Starts a server with the settings of the trial and waits for it.
    fn start(&self, program: &Program, folder: &str, settings: &[&str]) -> Server {
        let mut all = QUIET.to_vec();
        if self.uses("dual-channel-replication") {
            all.extend(["--dual-channel-replication-enabled", "yes"]);
        }
        all.extend(settings);
        let mut server = Server::start(program, &fresh_folder(folder), &all);
        assert!(server.answers(), "{} does not start:\n{}", program.spec(), server.log());
        server
    }

    /// Returns the first server, with data in it.
    fn source(&self, folder: &str, settings: &[&str]) -> Server {
        let mut server = self.start(self.from, &format!("{folder}-from"), settings);
        server.must(&["SET", "plain", "text"]);
        server.must(&["HSET", "hash", "field", "value", "kept", "value"]);
        if self.uses("hash-field-ttl") {
            server.must(&["HEXPIRE", "hash", "10000", "FIELDS", "1", "field"]);
        }
        server
    }

    /// Whether it works in reality.
    fn works(&self, folder: &str) -> bool {
        match self.trial {
            Trial::Replicates => self.link(folder).is_some(),
            Trial::Streams(words) => self.streams(folder, words),
            Trial::ReadsSnapshot => self.reads(folder, &[]),
            Trial::ReadsLog => self.reads(folder, &["--appendonly", "yes"]),
            Trial::Migrates => self.migrates(folder),
        }
    }

    /// Attaches a replica. Returns both servers if the data arrive.
    fn link(&self, folder: &str) -> Option<(Server, Server)> {
        let mut from = self.source(folder, &[]);
        let primary = format!("127.0.0.1 {}", from.port);
        let mut to = self.start(self.to, &format!("{folder}-to"), &["--replicaof", &primary]);
        let start = Instant::now();
        loop {
            let up = to.info("replication", "master_link_status").as_deref() == Some("up");
            if up && to.keys() == from.keys() {
                return Some((from, to));
            }
            // It is tried again and again: a sync that failed three times does not succeed.
            if from.number("stats", "sync_full").is_some_and(|count| count > 3) {
                return None;
            }
            assert!(start.elapsed() < Duration::from_secs(40), "{}: {}", self.name(), to.log());
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Whether a command reaches a linked replica without an error there. Where the link does not come up
    /// there is no stream; that is another trial.
    fn streams(&self, folder: &str, words: &[&str]) -> bool {
        let Some((mut from, mut to)) = self.link(folder) else { return false };
        from.must(words);
        let offset = from.number("replication", "master_repl_offset").unwrap();
        let start = Instant::now();
        while to.number("replication", "slave_repl_offset") < Some(offset) {
            assert!(start.elapsed() < Duration::from_secs(20), "{}: {}", self.name(), to.log());
            std::thread::sleep(Duration::from_millis(10));
        }
        // Redis 7.0 counts them too.
        to.number("stats", "unexpected_error_replies") == Some(0)
    }

    /// Whether the second server starts on what the first left.
    fn reads(&self, folder: &str, settings: &[&str]) -> bool {
        let mut from = self.source(folder, settings);
        if settings.is_empty() {
            from.must(&["SAVE"]);
        } else {
            // A base in the format of the version, and commands after it.
            from.must(&["BGREWRITEAOF"]);
            while from.number("persistence", "aof_rewrite_in_progress") != Some(0)
                || from.number("persistence", "aof_rewrite_scheduled") != Some(0)
            {
                std::thread::sleep(Duration::from_millis(10));
            }
            from.must(&["SET", "later", "text"]);
        }
        let (keys, place) = (from.keys(), from.folder.clone());
        from.shut_down();
        let all = [&QUIET[..], settings].concat();
        let mut to = Server::start(self.to, &place, &all);
        let started = to.answers();
        assert!(!started || to.keys() == keys, "{}: keys are lost", self.name());
        started
    }

    fn migrates(&self, folder: &str) -> bool {
        let mut from = self.source(folder, &[]);
        let mut to = self.start(self.to, &format!("{folder}-to"), &[]);
        let port = to.port.to_string();
        let mut moved = Vec::new();
        for key in ["plain", "hash"] {
            moved.push(from.call(&["MIGRATE", "127.0.0.1", &port, key, "0", "5000"]).is_ok());
        }
        assert_eq!(to.keys(), moved.iter().map(|moved| i64::from(*moved)).sum::<i64>());
        moved.iter().all(|moved| *moved)
    }

    /// What we say.
    fn predicted(&self) -> Value {
        let (from, to) = (self.from.spec(), self.to.spec());
        let mut words = vec!["pair", self.trial.relation(), &from, &to, "--format", "json"];
        words.extend(self.features.iter().flat_map(|feature| ["--feature", *feature]));
        let run = skew(&words);
        let answer: Value = serde_json::from_str(&run.stdout).expect(&run.stderr);
        answer["verdict"].clone()
    }
}

/// How many pairs of servers run at the same time. They mostly wait.
const AT_ONCE: usize = 6;

#[test]
fn servers_agree_on_every_pair() {
    let programs = programs("mixed versions against real servers");
    let cases = cases(&programs);
    let next = AtomicUsize::new(0);
    let working = AtomicUsize::new(0);
    let work = || {
        let mut wrong = Vec::new();
        while let Some((number, case)) = {
            let number = next.fetch_add(1, Ordering::Relaxed);
            cases.get(number).map(|case| (number, case))
        } {
            let said = case.predicted();
            let works = case.works(&format!("pairs/{number}"));
            working.fetch_add(usize::from(works), Ordering::Relaxed);
            let truth = if works { "compatible" } else { "incompatible" };
            if said != truth {
                wrong.push(format!("{}: {truth} in reality, we say {said}", case.name()));
            }
        }
        wrong
    };
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no trial panics")).collect()
    });
    std::fs::remove_dir_all(fresh_folder("pairs")).ok();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    // With the Valkeys of the package index alone; none where there are no oracles.
    let working = working.into_inner();
    let both = working >= 20 && cases.len() >= working + 20;
    assert!(programs.is_empty() || both, "{} cases, {working} work", cases.len());
}
