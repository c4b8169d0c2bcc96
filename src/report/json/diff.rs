//! What a step brings, as JSON.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::{cite, path, release, support};
use crate::answer::diff::{
    Binding, Diff, Floors, InterfaceChange, Levels, LineFit, PluginStep, PointOfNoReturn,
};
use crate::catalog::{Catalog, Rank};
use crate::finding::Cite;

pub(super) fn diff(catalog: &Catalog, as_of: Date, diff: &Diff, object: &mut Map<String, Value>) {
    let mut put = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    put("as_of", json!(as_of.to_string()));
    put("from", release(catalog, diff.from));
    put("to", release(catalog, diff.to));
    let kind = &diff.kind;
    put(
        "step",
        json!({ "size": kind.size.name(), "direction": kind.direction.name(), "rule": kind.rule }),
    );
    put("promises", diff.promises.iter().map(|one| promise(catalog, one)).collect());
    put("interfaces", diff.interfaces.iter().map(|one| interface(catalog, one)).collect());
    let needs = diff.needs.iter().map(|need| {
        let package = &catalog.package(need.package).name;
        json!({ "package": package, "before": need.before, "after": need.after, "evidence": Value::Object(cite(&need.cite)) })
    });
    put("needs", needs.collect());
    put("oldest_core", diff.floors.as_ref().map_or(Value::Null, |one| floors(catalog, one)));
    put("lines", diff.lines.iter().map(|line| self::line(catalog, diff, line)).collect());
    put("plugins", diff.plugins.iter().map(|step| plugin(catalog, step)).collect());
    let row = |row: &Option<_>| row.as_ref().map_or(Value::Null, |row| support::row(catalog, row));
    put("support", json!({ "before": row(&diff.support.0), "after": row(&diff.support.1) }));
    put("no_return", diff.no_return.iter().map(|point| no_return(catalog, point)).collect());
    match &diff.path {
        Some(found) => path(catalog, found, object),
        None => put("hops", json!([])),
    }
}

fn promise(catalog: &Catalog, one: &crate::answer::diff::Promised) -> Value {
    let contract = &catalog.contracts()[one.contract];
    json!({
        "contract": contract.name,
        "title": contract.title,
        "promise": one.promise.map(crate::catalog::Promise::name),
        "evidence": Value::Object(cite(&one.cite)),
    })
}

fn interface(catalog: &Catalog, one: &InterfaceChange) -> Value {
    let stated = catalog.interface(one.interface);
    let levels = |levels: &Levels| {
        json!({
            "before": levels.before,
            "after": levels.after,
            "lost": levels.lost,
            "gained": levels.gained,
        })
    };
    json!({
        "interface": stated.name,
        "title": stated.title,
        "stability": stated.stability.name(),
        "contract": stated.contract,
        "change": one.change.name(),
        "writes": levels(&one.writes),
        "reads": levels(&one.reads),
        "evidence": cites(&one.cites),
    })
}

fn cites(cites: &[Cite]) -> Value {
    cites.iter().map(|one| Value::Object(cite(one))).collect()
}

fn floors(catalog: &Catalog, floors: &Floors) -> Value {
    let version = |rank: Option<Rank>| rank.map(|rank| catalog.version((floors.core, rank)));
    let pair = |(before, after)| json!({ "before": version(before), "after": version(after) });
    json!({
        "package": catalog.package(floors.core).name,
        "declared": { "before": floors.declared.0, "after": floors.declared.1 },
        "effective": pair(floors.effective),
    })
}

fn line(catalog: &Catalog, diff: &Diff, line: &LineFit) -> Value {
    let core = diff.floors.as_ref().map(|floors| floors.core);
    let version = |rank: Option<Rank>| Some(catalog.version((core?, rank?)));
    json!({
        "line": line.line.to_string(),
        "lts": line.lts,
        "before": version(line.before),
        "after": version(line.after),
        "unknown": { "before": line.unknown.0, "after": line.unknown.1 },
    })
}

fn plugin(catalog: &Catalog, step: &PluginStep) -> Value {
    let version = |rank: Option<Rank>| rank.map(|rank| catalog.version((step.package, rank)));
    let (binding, interface) = match step.binding {
        Binding::Interface(interface) => ("interface", Some(catalog.interface(interface))),
        Binding::Range => ("range", None),
        Binding::Nothing => ("nothing", None),
    };
    let contracts = step.contracts.iter().map(|&one| catalog.contracts()[one].name.as_str());
    json!({
        "package": catalog.package(step.package).name,
        "fate": step.fate.name(),
        "before": version(step.from),
        "after": version(step.to),
        "open": step.open,
        "binding": binding,
        "interface": interface.map(|interface| &interface.name),
        "stability": interface.map(|interface| interface.stability.name()),
        "contracts": contracts.collect::<Vec<_>>(),
        "promise": step.promise.map(crate::catalog::Promise::name),
        "reason": step.reason,
    })
}

fn no_return(catalog: &Catalog, point: &PointOfNoReturn) -> Value {
    json!({
        "from": release(catalog, point.hop.0),
        "to": release(catalog, point.hop.1),
        "why": point.why,
        "moment": point.moment,
        "evidence": cites(&point.cites),
    })
}
