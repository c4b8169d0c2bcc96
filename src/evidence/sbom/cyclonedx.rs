//! `CycloneDX` as JSON.

use super::bill::{Bill, Component, bills, name_of, says};
use crate::evidence::json::{Json, JsonObject, JsonValue};
use crate::evidence::saved::Saved;
use crate::input::Input;
use crate::observation::Observation;
use crate::problem::{Problem, Problems, shown};

/// Deepest nesting of components.
const DEEPEST: usize = 32;

pub(in crate::evidence) fn looks_like_cyclonedx(input: &Input<'_>) -> bool {
    says(input, &["\"bomFormat\"", "\"CycloneDX\""])
}

/// Reads each file as a node.
pub(in crate::evidence) fn cyclonedx(saved: &Saved<'_>) -> Result<Observation, Problems> {
    bills(saved, open)
}

fn open<'a>(input: &Input<'a>, text: &'a str) -> Result<Bill<'a>, Problem> {
    let (json, whole) = Json::one(input, text)?;
    let root = json.object(whole)?;
    let format = json.required(&root, "bomFormat")?;
    let found = json.text(format)?;
    if found != "CycloneDX" {
        let message = format!("expected `CycloneDX`, found `{}`", shown(&found));
        return Err(json.problem(format, message));
    }
    let described = json.object_of(&root, "metadata")?;
    let mut bill = Bill { name: None, components: Vec::new(), problems: Vec::new(), json };
    if let Some(subject) = described.get("component") {
        let object = bill.json.object(subject)?;
        bill.name = name_of(&object);
        component(&mut bill, &object, DEEPEST)?;
    }
    for value in bill.json.list_of(&root, "components")? {
        each(&mut bill, value, DEEPEST);
    }
    Ok(bill)
}

fn each<'a>(bill: &mut Bill<'a>, value: JsonValue<'a>, depth: usize) {
    let object = bill.json.object(value);
    if let Err(problem) = object.and_then(|object| component(bill, &object, depth)) {
        bill.wrong(problem);
    }
}

/// Takes a component and those that it holds.
fn component<'a>(
    bill: &mut Bill<'a>,
    object: &JsonObject<'a>,
    depth: usize,
) -> Result<(), Problem> {
    let (purl, version) = (object.get("purl"), object.get("version"));
    purl.map(|value| bill.json.text(value)).transpose()?;
    bill.components.push(Component { purl, version });
    for inner in bill.json.list_of(object, "components")? {
        if depth == 0 {
            let message = format!("components are nested more than {DEEPEST} deep");
            return Err(bill.json.problem(inner, message));
        }
        each(bill, inner, depth - 1);
    }
    Ok(())
}
