//! The arguments of the verbs that ask running systems.

use std::path::PathBuf;

use clap::Args;

pub(in crate::cli) const OBSERVE_HELP: &str = "\
Examples:
  skew observe valkey://10.0.0.1:6379 > prod.json
  SKEW_VALKEY_PASSWORD=... skew observe valkeys://a1.example:6379 --ca ca.pem > prod.json
  skew observe valkey://10.0.0.1:26379 valkey://10.0.0.2:26379 --name sentinels

One node is enough: the others are found from it. Only commands that change
nothing are sent. User and password are read from SKEW_VALKEY_USER and
SKEW_VALKEY_PASSWORD.

Exit status: 0 written; 1 a remark reaches --fail-on; 2 no node answered.";

pub(in crate::cli) const GATE_HELP: &str = "\
Examples:
  skew gate plan.json --step 1 --live
  skew gate plan.json --step 4 --live --wait 120
  skew gate plan.json --step 4 --live --against prod.json --at a1=10.0.0.1:6379

A node is asked at its `address` in the deployment file, or else at its name if
that is HOST:PORT. The step after the last one stands for the end of the plan.

Exit status: 0 go; 1 no-go; 2 it could not be asked.";

/// How nodes are reached.
#[derive(Debug, Args)]
pub(in crate::cli) struct Reach {
    /// A file with the password, in its first line; if left out, an environment variable has it
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) password_file: Option<PathBuf>,
    /// Certificates of the authorities to trust, as PEM; those of the system if left out
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) ca: Option<PathBuf>,
    /// Our own certificate, as PEM, for servers that ask for one
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(in crate::cli) cert: Option<PathBuf>,
    /// The key of our certificate, as PEM
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(in crate::cli) key: Option<PathBuf>,
    /// Speaks TLS with servers whose certificate proves nothing
    #[arg(long)]
    pub(in crate::cli) insecure: bool,
    /// How many seconds a node may take to connect, and for each answer
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(in crate::cli) timeout: u64,
}

/// What to observe.
#[derive(Debug, Args)]
pub(in crate::cli) struct ObserveArgs {
    /// Where some nodes answer: valkey://HOST:PORT, or valkeys:// with TLS; redis:// and rediss:// mean the
    /// same
    #[arg(required = true, value_name = "URL")]
    pub(in crate::cli) urls: Vec<String>,
    /// What to call the deployment; if left out, the first address
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) name: Option<String>,
    /// A feature in use that no answer shows; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) feature: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) reach: Reach,
}

/// Which gates to ask.
#[derive(Debug, Args)]
pub(in crate::cli) struct GateArgs {
    /// The plan that `plan --format json` printed
    pub(in crate::cli) plan: PathBuf,
    /// The step that is next, counted from 1 as `plan` prints them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(in crate::cli) step: u32,
    /// Asks the running system, which must be said on purpose
    #[arg(long, required = true)]
    pub(in crate::cli) live: bool,
    /// Where a node answers, if nothing else says so; may be repeated
    #[arg(long, value_name = "NAME=HOST:PORT")]
    pub(in crate::cli) at: Vec<String>,
    /// The deployment file that the plan was made for, with the addresses of its nodes
    #[arg(long, value_name = "DEPLOYMENT")]
    pub(in crate::cli) against: Option<PathBuf>,
    /// Asks again until everything holds, for so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(in crate::cli) wait: u64,
    /// Speaks TLS
    #[arg(long)]
    pub(in crate::cli) tls: bool,
    #[command(flatten)]
    pub(in crate::cli) reach: Reach,
}
