//! The machine form: one JSON object per answer, keys in a fixed order.

mod diff;
mod gate;
mod grid;
mod inspect;
mod plan;
mod selection;
mod support;
mod train;

use std::io;

use serde_json::{Map, Value, json};

use super::words::{newest, spans};
use crate::answer::graph::{NodeKind, Picture};
use crate::answer::path::{Hop, NoPath, Note, PathAnswer};
use crate::answer::{Answer, Body};
use crate::catalog::{
    Catalog, Contract, FeatureIx, MigrationTime, Offer, PackageIx, Rank, ReleaseId,
};
use crate::finding::{Cite, Finding, Verdict};
use crate::problem::Problems;
use crate::query::QueryFile;

/// The version of the output format.
pub const FORMAT_VERSION: &str = "1.0";

/// Prints a answer, with a line feed at the end.
pub fn json(answer: &Answer) -> String {
    let mut bytes = Vec::new();
    // A list of bytes takes everything, and JSON is text.
    write(answer, &mut bytes).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// Writes a answer, with a line feed at the end. The steps of a plan are made while they are written,
/// each on a line of its own: a large plan has a hundred thousand.
///
/// # Errors
///
/// Returns what kept the bytes from being written.
pub fn write(answer: &Answer, out: &mut dyn io::Write) -> io::Result<()> {
    write_with(answer, None, out)
}

/// Writes an answer with the document that asked for it, which can be asked again.
///
/// # Errors
///
/// Returns what kept the bytes from being written.
pub fn write_document(
    answer: &Answer,
    asked: &QueryFile,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    write_with(answer, Some(asked), out)
}

fn write_with(
    answer: &Answer,
    asked: Option<&QueryFile>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match &answer.body {
        Body::Picture(drawn) => return out.write_all(picture(drawn).as_bytes()),
        Body::Lint { problems, files } => return out.write_all(lint(problems, *files).as_bytes()),
        _ => {}
    }
    let mut object = head(answer.command, answer.verdict);
    body(answer, &mut object);
    let head = format!("{:#}", Value::Object(object));
    // The closing bracket follows the findings.
    write!(out, "{}", head.trim_end_matches("\n}"))?;
    if let Body::Plan { deployment, plan, .. } = &answer.body
        && let Ok(plan) = plan.as_ref()
    {
        plan::steps(&answer.catalog, deployment, plan, out)?;
    }
    let findings: Value = answer.findings.iter().map(finding).collect();
    let findings = format!("{findings:#}").replace('\n', "\n  ");
    write!(out, ",\n  \"findings\": {findings}")?;
    if let Some(asked) = asked {
        let asked = asked.to_json().replace('\n', "\n  ");
        write!(out, ",\n  \"asked\": {asked}")?;
    }
    out.write_all(b"\n}\n")
}

/// Prints the problems of files.
fn lint(problems: &Problems, files: usize) -> String {
    let object = json!({
        "format_version": FORMAT_VERSION,
        "command": "lint",
        "files": files,
        "findings": super::problems::values(problems),
    });
    format!("{object:#}\n")
}

fn head(command: &str, verdict: Option<Verdict>) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("format_version".to_owned(), json!(FORMAT_VERSION));
    object.insert("command".to_owned(), json!(command));
    if let Some(verdict) = verdict {
        object.insert("verdict".to_owned(), json!(verdict.name()));
    }
    object
}

/// Prints a finding.
pub(super) fn finding(finding: &Finding) -> Value {
    let mut object = Map::new();
    object.insert("code".to_owned(), json!(finding.code.as_str()));
    object.insert("severity".to_owned(), json!(finding.severity.name()));
    object.insert("message".to_owned(), json!(finding.message));
    object.insert("subject".to_owned(), json!(finding.subject));
    if let Some(bites) = finding.bites {
        object.insert("bites".to_owned(), json!(bites.name()));
    }
    if let Some((first, rest)) = finding.cites.split_first() {
        let mut evidence = cite(first);
        if !rest.is_empty() {
            evidence.insert(
                "also".to_owned(),
                rest.iter().map(|cited| Value::Object(cite(cited))).collect(),
            );
        }
        object.insert("evidence".to_owned(), Value::Object(evidence));
    }
    if let Some(hint) = &finding.hint {
        object.insert("hint".to_owned(), json!(hint));
    }
    Value::Object(object)
}

fn cite(cite: &Cite) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("level".to_owned(), json!(cite.evidence.name()));
    object.insert("source".to_owned(), json!(cite.source));
    if let Some(url) = &cite.url {
        object.insert("url".to_owned(), json!(url));
    }
    if let Some(note) = &cite.note {
        object.insert("note".to_owned(), json!(note));
    }
    object
}

fn body(answer: &Answer, object: &mut Map<String, Value>) {
    let catalog = &*answer.catalog;
    let mut put = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    match &answer.body {
        Body::Findings { subject } => put("subject", json!(subject)),
        Body::Pair { relation, from, to, features } => {
            put("relation", json!(catalog.relation(*relation).name));
            put("from", release(catalog, *from));
            put("to", release(catalog, *to));
            let feature = |feature: FeatureIx| json!(catalog.features()[feature.ix()].name);
            put("features", features.iter().map(feature).collect());
        }
        Body::Resolution(resolved) => selection::resolved(catalog, resolved, object),
        Body::Sets(sets) => selection::sets(catalog, sets, object),
        Body::Path { from, to, path } => {
            put("from", release(catalog, *from));
            put("to", release(catalog, *to));
            self::path(catalog, path, object);
        }
        Body::Plan { deployment, accepted_risks, plan } => {
            put("deployment", json!(deployment.name));
            put("accepted_risks", json!(accepted_risks));
            match plan.as_ref() {
                Ok(plan) => plan::plan(catalog, deployment, plan, object),
                Err(none) => plan::no_plan(none, object),
            }
        }
        Body::Support { as_of, rows, announced, expected } => {
            put("as_of", json!(as_of.to_string()));
            put("rows", rows.iter().map(|row| support::row(catalog, row)).collect());
            put(
                "announced",
                announced.iter().map(|one| support::announced(catalog, one)).collect(),
            );
            put("expected", expected.iter().map(|one| support::expected(catalog, one)).collect());
        }
        Body::Grid(table) => grid::grid(catalog, table, object),
        Body::Diff { as_of, diff, .. } => diff::diff(catalog, *as_of, diff, object),
        Body::Train(answer) => train::train(catalog, answer, object),
        Body::Gate(answer) => gate::gate(answer, object),
        // These have forms of their own.
        Body::Picture(_) | Body::Import(_) | Body::Lint { .. } => {}
        Body::Inspect(files) => put("files", files.iter().map(inspect::file).collect()),
        Body::Packages(packages) => {
            let packages = packages.iter().map(|&package| self::package(catalog, package));
            put("packages", packages.collect());
        }
        Body::Package(package) => whole_package(catalog, *package, object),
    }
}

/// Adds a package with its releases.
fn whole_package(catalog: &Catalog, package: PackageIx, object: &mut Map<String, Value>) {
    let mut put = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    put("package", self::package(catalog, package));
    let named = |name: &str, title: &str| json!({ "name": name, "title": title });
    let features = catalog.features_of(package);
    put("features", features.map(|it| named(&it.name, &it.title)).collect());
    let relations = catalog.relations_of(package);
    put("relations", relations.map(|it| named(&it.name, &it.title)).collect());
    let contracts = catalog.contracts().iter().filter(|contract| contract.package == package);
    put("contracts", contracts.map(contract).collect());
    let rows = catalog.package(package).ranks().map(|rank| release_row(catalog, package, rank));
    put("releases", rows.collect());
}

/// Prints a drawing as data.
pub fn picture(picture: &Picture) -> String {
    let kind = |kind: NodeKind| match kind {
        NodeKind::CoreLine => "core",
        NodeKind::PluginLine => "plugin",
        NodeKind::RuntimeLine => "runtime",
        NodeKind::Interface(_) => "interface",
        NodeKind::More => "more",
    };
    let nodes: Vec<Value> = picture
        .nodes
        .iter()
        .map(|node| {
            let mut object = Map::new();
            object.insert("id".to_owned(), json!(node.id));
            object.insert("label".to_owned(), json!(node.label));
            object.insert("kind".to_owned(), json!(kind(node.kind)));
            if let NodeKind::Interface(stability) = node.kind {
                object.insert("stability".to_owned(), json!(stability.name()));
            }
            Value::Object(object)
        })
        .collect();
    let edges: Vec<Value> = picture
        .edges
        .iter()
        .map(|edge| {
            json!({
                "from": picture.nodes[edge.from].id,
                "to": picture.nodes[edge.to].id,
                "kind": edge.kind.name(),
                "label": edge.label,
            })
        })
        .collect();
    let object = json!({
        "format_version": FORMAT_VERSION,
        "command": "graph",
        "title": picture.title,
        "nodes": nodes,
        "edges": edges,
    });
    format!("{object:#}\n")
}

fn release(catalog: &Catalog, release: ReleaseId) -> Value {
    json!({ "package": catalog.package(release.0).name, "version": catalog.version(release) })
}

fn note(note: &Note) -> Value {
    let mut object = Map::new();
    object.insert("name".to_owned(), json!(note.name));
    object.insert("message".to_owned(), json!(note.message));
    if let Some(moment) = &note.moment {
        object.insert("moment".to_owned(), json!(moment));
    }
    if let Some(url) = &note.url {
        object.insert("url".to_owned(), json!(url));
    }
    object.insert("evidence".to_owned(), Value::Object(cite(&note.cite)));
    Value::Object(object)
}

fn hop(catalog: &Catalog, hop: &Hop) -> Value {
    let notes = |notes: &[Note]| -> Value { notes.iter().map(note).collect() };
    let migrations: Vec<Value> = hop
        .migrations
        .iter()
        .map(|migration| {
            let when = match migration.when {
                MigrationTime::Before => "before",
                MigrationTime::Stopped => "stopped",
                MigrationTime::After => "after",
            };
            json!({
                "name": migration.name,
                "when": when,
                "command": migration.command,
                "message": migration.message,
                "irreversible": migration.irreversible,
            })
        })
        .collect();
    let mut object = Map::new();
    object.insert("package".to_owned(), json!(catalog.package(hop.to.0).name));
    if hop.from.0 != hop.to.0 {
        object.insert("from_package".to_owned(), json!(catalog.package(hop.from.0).name));
    }
    object.insert("from".to_owned(), json!(catalog.version(hop.from)));
    object.insert("to".to_owned(), json!(catalog.version(hop.to)));
    object.insert("procedure".to_owned(), json!(hop.procedure.name()));
    if let Some((why, _)) = &hop.procedure_why {
        object.insert("procedure_why".to_owned(), json!(why));
    }
    object.insert("stops".to_owned(), notes(&hop.stops));
    object.insert("risks".to_owned(), notes(&hop.risks));
    object.insert("irreversible".to_owned(), notes(&hop.irreversible));
    object.insert("advice".to_owned(), notes(&hop.advice));
    object.insert("migrations".to_owned(), json!(migrations));
    Value::Object(object)
}

fn path(catalog: &Catalog, path: &Result<PathAnswer, NoPath>, object: &mut Map<String, Value>) {
    match path {
        Ok(answer) => {
            object.insert(
                "hops".to_owned(),
                answer.hops.iter().map(|one| hop(catalog, one)).collect(),
            );
        }
        Err(none) => {
            object.insert("hops".to_owned(), json!([]));
            let alternatives = none.alternatives.iter().map(|alternative| {
                let releases: Vec<_> =
                    alternative.releases.iter().map(|&step| catalog.label(step)).collect();
                json!({ "change": alternative.change.words(catalog), "releases": releases })
            });
            object.insert("alternatives".to_owned(), alternatives.collect());
        }
    }
}

fn package(catalog: &Catalog, ix: PackageIx) -> Value {
    let package = catalog.package(ix);
    json!({
        "name": package.name,
        "kind": package.kind.name(),
        "matrix": package.matrix,
        "title": package.title,
        "scheme": package.numbering.scheme().name(),
        "releases": package.len(),
        "newest": newest(package).map(|rank| package.version(rank).text()),
    })
}

fn contract(contract: &Contract) -> Value {
    let steps = contract.steps.iter().map(|(step, it)| (step.name().to_owned(), json!(it.name())));
    json!({ "name": contract.name, "title": contract.title, "steps": steps.collect::<Map<_, _>>() })
}

fn release_row(catalog: &Catalog, ix: PackageIx, rank: Rank) -> Value {
    let package = catalog.package(ix);
    let stated = package.release(rank);
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    put("version", json!(stated.version.text()));
    put("date", json!(stated.date.map(|date| date.to_string())));
    put("channel", json!(stated.channel.name()));
    for (key, text) in [
        ("label", &stated.label),
        ("withdrawn", &stated.withdrawn),
        ("unreadable", &stated.unreadable),
    ] {
        if let Some(text) = text {
            put(key, json!(text));
        }
    }
    let needs = package.needs(rank).iter().map(|need| {
        let constraint = catalog.constraint(need.constraint);
        let mut object = Map::new();
        object.insert("package".to_owned(), json!(catalog.package(constraint.target).name));
        object.insert("range".to_owned(), json!(constraint.text));
        object.insert("kind".to_owned(), json!(need.kind.name()));
        if let Some(declared) = &constraint.declared {
            object.insert("declared".to_owned(), json!(declared));
        }
        Value::Object(object)
    });
    put("needs", needs.collect());
    put("offers", offers(catalog, (ix, rank)));
    if !stated.attributes.is_empty() {
        let attributes = stated.attributes.iter().map(|(key, text)| (key.clone(), json!(text)));
        put("attributes", Value::Object(attributes.collect()));
    }
    if let Some(fact) = stated.fact {
        put("evidence", Value::Object(cite(&catalog.cite_for(fact, Some((ix, rank))))));
    }
    Value::Object(object)
}

fn offers(catalog: &Catalog, (package, rank): ReleaseId) -> Value {
    let offered = catalog.interfaces().iter().filter_map(|interface| {
        let Offer { writes, reads, .. } = interface.offer(package, rank)?;
        let texts = |levels| spans(catalog, interface, levels);
        Some(json!({ "interface": interface.name, "writes": texts(writes), "reads": texts(reads) }))
    });
    offered.collect()
}
