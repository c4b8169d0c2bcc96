//! SPDX 2 as JSON, and what version 3 has of the same.

use super::bill::{Bill, Component, bills, name_of, says};
use crate::evidence::json::{Json, JsonObject, JsonValue};
use crate::evidence::saved::Saved;
use crate::input::Input;
use crate::observation::Observation;
use crate::problem::{Problem, Problems};

/// The types of references that are package URLs, in versions 2 and 3 of SPDX.
const PURL: [&str; 3] = ["purl", "packageUrl", "packageURL"];

pub(in crate::evidence) fn looks_like_spdx(input: &Input<'_>) -> bool {
    says(input, &["\"spdxVersion\""]) || says(input, &["\"@graph\"", "spdx.org"])
}

/// Reads each file as a node.
pub(in crate::evidence) fn spdx(saved: &Saved<'_>) -> Result<Observation, Problems> {
    bills(saved, open)
}

fn open<'a>(input: &Input<'a>, text: &'a str) -> Result<Bill<'a>, Problem> {
    let (json, whole) = Json::one(input, text)?;
    let root = json.object(whole)?;
    let third = root.get("@graph");
    let list = match third {
        Some(graph) => json.list(graph)?,
        None => {
            json.text(json.required(&root, "spdxVersion")?)?;
            json.list_of(&root, "packages")?
        }
    };
    let mut bill =
        Bill { name: name_of(&root), components: Vec::new(), problems: Vec::new(), json };
    for value in list {
        match package(&bill.json, value, third.is_some()) {
            Ok(found) => bill.components.extend(found),
            Err(problem) => bill.wrong(problem),
        }
    }
    Ok(bill)
}

/// Reads a package; of version 3 other elements are passed over.
fn package<'a>(
    json: &Json<'a>,
    value: JsonValue<'a>,
    third: bool,
) -> Result<Option<Component<'a>>, Problem> {
    let object = json.object(value)?;
    if !third {
        let purl = reference(json, &object, "externalRefs", "referenceType", "referenceLocator")?;
        return Ok(Some(Component { purl, version: object.get("versionInfo") }));
    }
    if object.text("type").as_deref() != Some("software_Package") {
        return Ok(None);
    }
    let identifier =
        reference(json, &object, "externalIdentifier", "externalIdentifierType", "identifier")?;
    let purl = object.get("software_packageUrl").or(identifier);
    purl.map(|value| json.text(value)).transpose()?;
    Ok(Some(Component { purl, version: object.get("software_packageVersion") }))
}

/// Returns the package URL among the references of a package.
fn reference<'a>(
    json: &Json<'a>,
    object: &JsonObject<'a>,
    list: &str,
    kind: &str,
    locator: &str,
) -> Result<Option<JsonValue<'a>>, Problem> {
    for value in json.list_of(object, list)? {
        let reference = json.object(value)?;
        if reference.text(kind).is_some_and(|kind| PURL.contains(&&*kind)) {
            let locator = json.required(&reference, locator)?;
            json.text(locator)?;
            return Ok(Some(locator));
        }
    }
    Ok(None)
}
