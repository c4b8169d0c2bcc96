//! One node: connecting, logging in, and answers as text.

use redis::{
    Client, ClientTlsConfig, Cmd, Connection, ConnectionAddr, ConnectionInfo,
    IntoConnectionInfo as _, RedisConnectionInfo, RedisError, RedisResult, TlsCertificates, Value,
};

use super::access::{Access, CommandOutput, is_read_only};
use super::address::Address;
use super::reason::reason;

/// Deepest nesting of an answer that is read.
const DEEPEST: usize = 32;

/// Sends commands to a node, one after the other, and returns what it said to each.
///
/// Commands that are not known to change nothing are refused here.
///
/// # Errors
///
/// Returns why the node could not be reached, or stopped answering.
pub(super) fn ask(
    access: &Access,
    at: &Address,
    commands: &[String],
) -> Result<Vec<CommandOutput>, String> {
    let mut session = Session::open(access, at)?;
    commands.iter().map(|command| session.ask(command)).collect()
}

/// A connection to a node.
pub(super) struct Session {
    connection: Connection,
    /// True if TLS is spoken.
    tls: bool,
    /// True if the node has answered.
    heard: bool,
}

impl Session {
    /// Connects and logs in.
    pub(super) fn open(access: &Access, at: &Address) -> Result<Self, String> {
        let tls = access.tls.is_some();
        let connection = connect(access, at).map_err(|error| reason(&error, tls, true))?;
        let mut session = Self { connection, tls, heard: false };
        if let Some(password) = &access.password {
            let mut command = redis::cmd("AUTH");
            command.arg(access.user.as_deref()).arg(password);
            match session.say(&command)? {
                Err(refusal) if !needs_no_password(&refusal) => {
                    return Err(format!("login refused: {refusal}"));
                }
                Ok(_) | Err(_) => {}
            }
        }
        Ok(session)
    }

    /// Sends a command.
    pub(super) fn ask(&mut self, command: &str) -> Result<CommandOutput, String> {
        if !is_read_only(command) {
            return Ok(Err("not sent: the command is not known to change nothing".to_owned()));
        }
        let mut words = command.split_whitespace();
        let mut sent = redis::cmd(words.next().unwrap_or_default());
        words.for_each(|word| {
            sent.arg(word);
        });
        self.say(&sent)
    }

    fn say(&mut self, command: &Cmd) -> Result<CommandOutput, String> {
        let said = command.query::<Value>(&mut self.connection);
        let heard = self.heard;
        self.heard |= said.as_ref().map_or_else(is_refusal, |_| true);
        match said {
            Ok(value) => {
                let mut lines = Vec::new();
                flatten(&value, DEEPEST, &mut lines);
                Ok(Ok(lines.join("\n")))
            }
            Err(error) if is_refusal(&error) => Ok(Err(reason(&error, self.tls, true))),
            Err(error) => Err(reason(&error, self.tls, heard)),
        }
    }
}

/// The time limits hold from the first byte on: logging in is a command like any other, not a part of
/// connecting, which the client library would wait for without end.
fn connect(access: &Access, at: &Address) -> RedisResult<Connection> {
    let (host, port) = (at.host.clone(), at.port);
    let client = match &access.tls {
        None => Client::open(quietly(ConnectionAddr::Tcp(host, port))?)?,
        Some(tls) => {
            // Refused only if one is chosen already, which is as good.
            rustls::crypto::ring::default_provider().install_default().ok();
            let insecure = tls.insecure;
            let address = ConnectionAddr::TcpTls { host, port, insecure, tls_params: None };
            let identity = tls.identity.clone();
            let client_tls = identity
                .map(|(client_cert, client_key)| ClientTlsConfig { client_cert, client_key });
            let root_cert = tls.authorities.clone();
            Client::build_with_tls(quietly(address)?, TlsCertificates { client_tls, root_cert })?
        }
    };
    let connection = client.get_connection_with_timeout(access.timeout)?;
    connection.set_read_timeout(Some(access.timeout))?;
    connection.set_write_timeout(Some(access.timeout))?;
    Ok(connection)
}

/// Keeps the client library from telling the server its name, before any time limit holds.
fn quietly(address: ConnectionAddr) -> RedisResult<ConnectionInfo> {
    let settings = RedisConnectionInfo::default().set_skip_set_lib_name();
    Ok(address.into_connection_info()?.set_redis_settings(settings))
}

/// Returns whether a server refused a password because it asks nobody for one, as Sentinels often do while the servers that
/// they watch have one. The two words are those of servers since 6.0 and of older ones.
fn needs_no_password(refusal: &str) -> bool {
    refusal.contains("without any password configured") || refusal.contains("no password is set")
}

/// Returns whether the server answered with an error, so that the connection is sound.
fn is_refusal(error: &RedisError) -> bool {
    matches!(error.kind(), redis::ErrorKind::Server(_) | redis::ErrorKind::Extension)
}

/// Writes an answer as bare lines, the way `valkey-cli` prints it to a file: nested lists one after the other, an
/// empty list as an empty line.
fn flatten(value: &Value, depth: usize, lines: &mut Vec<String>) {
    let Some(deeper) = depth.checked_sub(1) else { return };
    match value {
        Value::Array(items) | Value::Set(items) | Value::Push { data: items, .. } => {
            if items.is_empty() {
                lines.push(String::new());
            }
            for item in items {
                flatten(item, deeper, lines);
            }
        }
        Value::Map(pairs) => {
            for (key, value) in pairs {
                flatten(key, deeper, lines);
                flatten(value, deeper, lines);
            }
        }
        Value::Attribute { data, .. } => flatten(data, deeper, lines),
        Value::Nil => lines.push(String::new()),
        Value::Int(number) => lines.push(number.to_string()),
        Value::Double(number) => lines.push(number.to_string()),
        Value::Boolean(truth) => lines.push(truth.to_string()),
        Value::BulkString(bytes) | Value::BigNumber(bytes) => {
            lines.push(String::from_utf8_lossy(bytes).into_owned());
        }
        Value::SimpleString(text) | Value::VerbatimString { text, .. } => lines.push(text.clone()),
        Value::Okay => lines.push("OK".to_owned()),
        Value::ServerError(error) => lines.push(error.to_string()),
        // A kind of value that this version of the client library does not have.
        _ => {}
    }
}
