//! Sets of releases, or why there is none.

use serde_json::{Map, Value, json};

use super::{cite, release};
use crate::answer::selection::{
    AllSets, Clash, Conflict, Count, Explained, Pick, Repair, Resolution, Resolved, Sets,
    SetsOutcome,
};
use crate::catalog::{Catalog, ReleaseId};

type Object = Map<String, Value>;

fn put(object: &mut Object, key: &str, value: Value) {
    object.insert(key.to_owned(), value);
}

/// Prints the answer to `resolve`.
pub(super) fn resolved(catalog: &Catalog, resolved: &Resolved, object: &mut Object) {
    put(object, "as_of", json!(resolved.as_of.to_string()));
    match &resolved.resolution {
        Resolution::Found(selection) => {
            put(object, "selection", picks(catalog, &selection.picks));
            if !resolved.whys.is_empty() {
                let whys = resolved.whys.iter().map(|explained| why(catalog, explained));
                put(object, "why", whys.collect());
            }
        }
        Resolution::Impossible(conflict) => {
            put(object, "selection", json!([]));
            self::conflict(catalog, conflict, object);
        }
        Resolution::Unknown { steps } => {
            put(object, "selection", json!([]));
            put(object, "steps", json!(steps));
        }
    }
}

/// Prints the answer to `sets`.
pub(super) fn sets(catalog: &Catalog, sets: &AllSets, object: &mut Object) {
    put(object, "as_of", json!(sets.as_of.to_string()));
    match &sets.outcome {
        SetsOutcome::Found { count, best } => {
            put_count(count, object);
            if let Some(Sets { sets, .. }) = best {
                let sets = sets.iter().map(|set| picks(catalog, &set.picks));
                put(object, "sets", sets.collect());
            }
        }
        SetsOutcome::Impossible(conflict) => {
            put_count(&Count { number: "0".to_owned(), exact: true }, object);
            put(object, "sets", json!([]));
            self::conflict(catalog, conflict, object);
        }
        SetsOutcome::Unknown { steps } => {
            put_count(&Count { number: "0".to_owned(), exact: false }, object);
            put(object, "sets", json!([]));
            put(object, "steps", json!(steps));
        }
    }
}

fn put_count(count: &Count, object: &mut Object) {
    put(object, "count", json!(count.number));
    put(object, "exact", json!(count.exact));
}

fn conflict(catalog: &Catalog, conflict: &Conflict, object: &mut Object) {
    put(object, "conflict", conflict.clashes.iter().map(clash).collect());
    put(object, "repairs", repairs(catalog, &conflict.repairs));
}

fn clash(clash: &Clash) -> Value {
    let mut said = Map::new();
    put(&mut said, "statement", json!(clash.text));
    if let Some(cited) = &clash.cite {
        put(&mut said, "evidence", Value::Object(cite(cited)));
    }
    Value::Object(said)
}

fn repairs(catalog: &Catalog, repairs: &[Repair]) -> Value {
    let repair = |repair: &Repair| json!({ "change": repair.text, "selection": picks(catalog, &repair.picks) });
    repairs.iter().map(repair).collect()
}

fn why(catalog: &Catalog, explained: &Explained) -> Value {
    let why = &explained.why;
    let Value::Object(mut object) = release(catalog, why.chosen) else {
        return Value::Null;
    };
    let better = why.better.iter().map(|&release| json!(catalog.version(release)));
    put(&mut object, "better", better.collect());
    put(&mut object, "because", why.clashes.iter().map(clash).collect());
    if let Some(remark) = &explained.remark {
        put(&mut object, "remark", json!(remark));
    }
    let barred = |(release, state): &(ReleaseId, String)| json!({ "version": catalog.version(*release), "state": state });
    put(&mut object, "barred", why.barred.iter().map(barred).collect());
    Value::Object(object)
}

fn picks(catalog: &Catalog, picks: &[Pick]) -> Value {
    let pick = |pick: &Pick| {
        let needed_by: Vec<_> =
            pick.needed_by.iter().map(|&package| &catalog.package(package).name).collect();
        json!({
            "package": catalog.package(pick.release.0).name,
            "version": catalog.version(pick.release),
            "requested": pick.requested,
            "needed_by": needed_by,
        })
    };
    picks.iter().map(pick).collect()
}
