//! `skew` checks that versions fit together: plugin sets, mixed-version clusters, upgrade plans.
//!
//! # The way through
//!
//! Text becomes facts, engines make answers of facts, a judge re-checks them, writers print them:
//!
//! 1. [`matrix::load`] reads matrix files into a [`catalog::Catalog`]; versions, ranges and interface
//!    levels become ranks, sets and positions. All mistakes come back as [`problem::Problems`].
//! 2. [`matrix::Inventory`] reads a deployment file; matched with a catalog it is a
//!    [`deployment::Deployment`].
//! 3. [`skew::judge`] decides one pair of releases, [`skew::check`] a whole deployment,
//!    [`resolve::resolve`] the best set of releases, [`graph::upgrade_path`] the hops,
//!    [`plan::plan`] the steps, [`lifecycle::support`] what is supported on a day,
//!    [`suspicion::suspicions`] what smells about a set that is valid.
//!    [`evidence`] reads what is on disk into [`binary`] facts, and [`loading::loads`] decides which
//!    engine loads it.
//! 4. [`verify::verify`] replays a plan and [`verify::verify_lock`] judges a lock, with code that made
//!    neither; [`report::lock`] writes locks and [`matrix::LockFile`] reads them.
//! 5. [`answer::Answer`] holds any answer; [`report::text`], [`report::json`] and their siblings print
//!    it.
//!
//! Whatever is wrong with the world being checked is a [`finding::Finding`] with its source. A verdict
//! is [`finding::Verdict`]: what no fact covers is unknown.
//!
//! # Example
//!
//! From a matrix to an answer:
//!
//! ```
//! use skew::answer::selection::Resolution;
//! use skew::matrix::{Input, load};
//! use skew::resolve::{Request, Requirement, resolve};
//!
//! let matrix = br#"{
//!   "format": 1, "name": "widgets",
//!   "sources": { "notes": { "title": "Release notes", "evidence": "documented" } },
//!   "packages": [
//!     { "name": "server", "kind": "core", "scheme": "semver", "source": "notes",
//!       "releases": [ { "version": "1.0.0" }, { "version": "2.0.0" } ] },
//!     { "name": "login", "kind": "plugin", "core": "server", "scheme": "semver", "source": "notes",
//!       "releases": [ { "version": "0.9.0", "needs": { "server": "<2" } } ] }
//!   ]
//! }"#;
//! let loaded = load(&[Input { name: "widgets.json", bytes: matrix }], &[]);
//! assert!(!loaded.problems.has_errors());
//!
//! let catalog = loaded.catalog;
//! let login = catalog.find("login").expect("the matrix has it");
//! let request = Request::newest(vec![Requirement::any(&catalog, login)]);
//! let Resolution::Found(selection) = resolve(&catalog, &request) else { panic!("there is a set") };
//! let labels: Vec<String> = selection.picks.iter().map(|pick| catalog.label(pick.release)).collect();
//! assert_eq!(labels, ["server 1.0.0", "login 0.9.0"]);
//! ```

pub mod answer;
pub mod api;
pub mod binary;
pub mod catalog;
#[cfg(feature = "cli")]
pub mod cli;
pub mod deployment;
pub mod diff;
pub mod evidence;
pub mod failure;
pub mod finding;
pub mod fitting;
pub mod gate;
pub mod graph;
pub mod grid;
pub mod input;
pub mod knowledge;
pub mod lifecycle;
pub mod limits;
#[cfg(feature = "live")]
pub mod live;
pub mod loading;
pub mod matrix;
pub mod observation;
pub mod plan;
pub mod problem;
pub mod purl;
pub mod query;
pub mod range;
pub mod record;
pub mod reply;
pub mod report;
pub mod resolve;
pub mod skew;
pub mod spec;
pub mod suspicion;
pub mod train;
pub mod verify;
pub mod version;
mod word;
mod wording;
