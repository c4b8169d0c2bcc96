//! Support of release lines, as JSON.

use serde_json::{Map, Value, json};

use super::cite;
use crate::answer::support::{Announced, Expected, Phase, SupportRow};
use crate::catalog::{Catalog, Until};
use crate::report::words::end;
use crate::version::Line;

pub(super) fn row(catalog: &Catalog, row: &SupportRow) -> Value {
    let phases: Vec<Value> = row
        .phases
        .iter()
        .map(|span| {
            let mut object = Map::new();
            object.insert("phase".to_owned(), json!(span.phase));
            object.insert("from".to_owned(), json!(span.from.map(|date| date.to_string())));
            let (until, how) = end(&span.end);
            object.insert("until".to_owned(), json!(until));
            object.insert("how".to_owned(), json!(how));
            object.insert("source".to_owned(), json!(span.source));
            Value::Object(object)
        })
        .collect();
    let version = |rank| catalog.version((row.package, rank));
    let newest = (row.phase != Phase::NotReleased).then(|| version(row.newest));
    json!({
        "package": catalog.package(row.package).name,
        "line": row.line.to_string(),
        "release": row.release.map(version),
        "lts": row.lts,
        "released": row.released.map(|date| date.to_string()),
        "newest": newest,
        "phase": row.phase.name(),
        "phases": phases,
        "ends": row.ends.map(Until::text),
        "phase_ends": row.phase_ends.map(Until::text),
        "days_left": row.days_left,
        "basis": row.basis,
        "evidence": row.cites.iter().map(|cited| Value::Object(cite(cited))).collect::<Vec<_>>(),
    })
}

/// Prints a release for which a day was named.
pub(super) fn announced(catalog: &Catalog, one: &Announced) -> Value {
    json!({
        "package": catalog.package(one.package).name,
        "version": one.version,
        "line": one.line.to_string(),
        "date": one.day.to_string(),
        "evidence": Value::Object(cite(&one.cite)),
    })
}

/// Prints a release that is expected.
pub(super) fn expected(catalog: &Catalog, one: &Expected) -> Value {
    json!({
        "package": catalog.package(one.package).name,
        "release": one.release.name(),
        "date": one.day.to_string(),
        "lines": one.lines.iter().map(Line::to_string).collect::<Vec<_>>(),
        "after": one.after.map(|(line, day)| json!({ "version": line.to_string(), "date": day.to_string() })),
        "missed": one.missed.map(|day| day.to_string()),
        "rule": one.rule,
        "evidence": Value::Object(cite(&one.cite)),
    })
}
