//! TLS: whom we trust, whom the server trusts, and what is said if one of them does not.

use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

use super::super::{Program, Server, free_ports, fresh_folder, programs};
use super::{Transcript, find, until, url};

/// An authority and the files of what it signs.
struct Authority {
    folder: PathBuf,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(folder: &Path, name: &str) -> Self {
        let mut params = named(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let folder = folder.to_owned();
        std::fs::write(file(&folder, name), params.self_signed(&key).unwrap().pem()).unwrap();
        Self { folder, issuer: Issuer::new(params, key) }
    }

    /// Writes a certificate for 127.0.0.1 and its key; one whose end is past, if wanted.
    fn signs(&self, name: &str, ended: bool) {
        let mut params = named(name);
        if ended {
            params.not_after = date_time_ymd(2001, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        let signed = params.signed_by(&key, &self.issuer).unwrap();
        std::fs::write(file(&self.folder, name), signed.pem()).unwrap();
        std::fs::write(key_file(&self.folder, name), key.serialize_pem()).unwrap();
    }
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn file(folder: &Path, name: &str) -> String {
    folder.join(format!("{name}.pem")).to_str().unwrap().to_owned()
}

fn key_file(folder: &Path, name: &str) -> String {
    file(folder, &format!("{name}-key"))
}

/// Makes two authorities, a server certificate by the first, another one that has ended, and clients of both.
fn certificates(folder: &Path) {
    let (ours, strange) = (Authority::new(folder, "ca"), Authority::new(folder, "stranger"));
    ours.signs("server", false);
    ours.signs("ended", true);
    ours.signs("client", false);
    strange.signs("strange-client", false);
}

/// Starts a server that speaks TLS on one port and, if it is not 0, without TLS on another.
fn start(program: &Program, folder: &Path, (tls, plain): (u16, u16), more: &[&str]) -> Server {
    let (port, authority) = (tls.to_string(), file(folder, "ca"));
    let (certificate, key) = (file(folder, "server"), key_file(folder, "server"));
    let settings = [
        ("--tls-port", port.as_str()),
        ("--tls-ca-cert-file", &authority),
        ("--tls-cert-file", &certificate),
        ("--tls-key-file", &key),
        ("--tls-replication", "yes"),
        ("--repl-diskless-sync-delay", "0"),
    ];
    let settings = settings.iter().flat_map(|(name, value)| [*name, *value]);
    let settings: Vec<&str> = settings.chain(more.iter().copied()).collect();
    Server::start_at(program, &folder.join(&port), plain, &settings)
}

fn tls_url(port: u16) -> String {
    url(port).replace("valkey:", "valkeys:")
}

#[test]
fn servers_prove_who_they_are() {
    let programs = programs("TLS to Redis");
    let Some(program) = find(&programs, "redis", "") else { return };
    let folder = fresh_folder("tls");
    certificates(&folder);
    let ports: [u16; 2] = free_ports();
    let [port, plain] = ports;
    let mut server = start(program, &folder, (port, plain), &["--tls-auth-clients", "no"]);
    assert!(server.answers(), "{}", server.log());
    let mut seen = Transcript::new(&folder, &ports);
    let (ca, stranger) = (file(&folder, "ca"), file(&folder, "stranger"));
    let tls = tls_url(port);

    let trusted = seen.skew(&["observe", &tls, "--ca", &ca]);
    let insecure = seen.skew(&["observe", &tls, "--insecure", "--quiet"]);
    assert_eq!(insecure.stdout, trusted.stdout);
    seen.note(
        "nobody vouches for it: neither an authority of the system nor the one that is named",
    );
    // What the system trusts is set, so that the outcome is the same on a system that trusts nobody.
    seen.skew_where(&[("SSL_CERT_FILE", &stranger)], &["observe", &tls]);
    seen.skew(&["observe", &tls, "--ca", &stranger]);
    seen.note("its certificate is for 127.0.0.1 only");
    seen.skew(&["observe", &tls.replace("127.0.0.1", "localhost"), "--ca", &ca]);
    seen.note("with TLS where there is none, and the other way round");
    let wrong_port = tls_url(plain);
    seen.skew(&["observe", &wrong_port, "--ca", &ca, "--timeout", "1"]);
    seen.skew(&["observe", &url(port)]);
    seen.note("files that hold something else, or that do not belong together");
    let (ended, key) = (file(&folder, "ended"), key_file(&folder, "ended"));
    let ours = ["observe", &tls, "--ca", &ca, "--cert"];
    seen.skew(&["observe", &tls, "--ca", &key]);
    seen.skew(&[&ours[..], &[&key, "--key", &ended]].concat());
    seen.skew(&[&ours[..], &[&ended, "--key", &ended]].concat());
    seen.skew(&[&ours[..], &[&file(&folder, "client"), "--key", &key]].concat());
    seen.note("its certificate has ended");
    server.must(&["CONFIG", "SET", "tls-cert-file", &ended, "tls-key-file", &key]);
    seen.skew(&["observe", &tls, "--ca", &ca]);
    seen.is("tls");
}

#[test]
fn clients_prove_who_they_are() {
    let programs = programs("TLS with certificates of clients to Redis");
    let Some(program) = find(&programs, "redis", "") else { return };
    let folder = fresh_folder("mutual-tls");
    certificates(&folder);
    let ports: [u16; 3] = free_ports();
    let [port, replica, plain] = ports;
    let mut server = start(program, &folder, (port, plain), &[]);
    assert!(server.answers(), "{}", server.log());
    let follow = format!("127.0.0.1 {port}");
    let _replica = start(program, &folder, (replica, 0), &["--replicaof", &follow]);
    until("a replica", || {
        server.info("replication", "slave0").is_some_and(|line| line.contains("state=online"))
    });

    let ca = file(&folder, "ca");
    let us = |name: &str| [file(&folder, name), key_file(&folder, name)];
    let [certificate, key] = us("client");
    let known = ["--ca", &ca, "--cert", &certificate, "--key", &key];
    let tls = tls_url(port);
    let mut seen = Transcript::new(&folder, &ports);
    let whole = seen.skew(
        &[&["observe", &tls, "--name", "mutual", "--feature", "lasting-backlog"], &known[..]]
            .concat(),
    );
    seen.note("without a certificate, and with one of an authority that the server does not trust");
    seen.skew(&["observe", &tls, "--ca", &ca]);
    let [certificate, key] = us("strange-client");
    seen.skew(&["observe", &tls, "--ca", &ca, "--cert", &certificate, "--key", &key]);

    let deployment = folder.join("mutual.json");
    let deployment = deployment.to_str().unwrap();
    std::fs::write(deployment, whole.stdout).unwrap();
    seen.plan(deployment, "valkey@9.1.2", &[&["--tls"], &known[..]].concat());
    seen.note("the gate without TLS, and with TLS but without our certificate");
    let gate = ["gate", &format!("{deployment}.plan"), "--step", "1", "--live"];
    seen.skew(&gate);
    seen.skew(&[&gate[..], &["--tls", "--ca", &ca]].concat());
    seen.is("mutual-tls");
}
