//! The vendor's answer to which plugins go with a core: a list of artifacts with a version or several.
//!
//! The set of the newest ones is a node, so that it can be checked against the matrix.

use std::cmp::Ordering;

use super::names::{add_core, package_of};
use crate::catalog::{Catalog, PackageIx};
use crate::evidence::gather::{NodeNames, add, left_out};
use crate::evidence::json::{Json, JsonValue};
use crate::evidence::lines::stem;
use crate::evidence::products::RecognisedProduct;
use crate::evidence::saved::{Saved, TEXT_LIMIT};
use crate::finding::{Finding, Severity};
use crate::input::{Input, text_of, unless_met};
use crate::observation::{Observation, ObservedNode, Origin, Place};
use crate::problem::{Collector, Problem, Problems};

/// Returns whether it is a list of artifacts.
pub(in crate::evidence) fn looks_like_compatibility(input: &Input<'_>) -> bool {
    const HEAD: usize = 1 << 12;
    let head = String::from_utf8_lossy(&input.bytes[..input.bytes.len().min(HEAD)]).into_owned();
    head.trim_start().starts_with('[')
        && ["\"groupId\"", "\"artifactId\"", "\"version"].iter().all(|key| head.contains(key))
}

/// Reads each file as a node.
pub(in crate::evidence) fn compatibility(saved: &Saved<'_>) -> Result<Observation, Problems> {
    let mut problems = Collector::default();
    let mut observation = Observation::default();
    let mut names = NodeNames::default();
    for (file, input) in saved.inputs.iter().enumerate() {
        let mut node =
            ObservedNode { name: names.unique(stem(input.name)), ..ObservedNode::default() };
        let read = text_of(input.bytes, TEXT_LIMIT).and_then(|text| {
            let input = Input { name: input.name, bytes: input.bytes };
            let (json, whole) = Json::one(&input, text)?;
            for value in json.list(whole)? {
                let read = artifact(saved, &json, value, &mut node, &mut observation.remarks);
                if let Err(problem) = read {
                    problems.push(Problem { file, ..problem });
                }
            }
            Ok(())
        });
        if let Err(problem) = read {
            problems.push(Problem { file, ..problem });
        }
        let origin = Origin { file: input.name.to_owned(), place: Place::Whole };
        let why = "the answer does not say which one was asked about";
        add_core(saved, &mut node, &origin, why, &mut observation.remarks);
        observation.nodes.push(node);
    }
    unless_met(observation, saved.inputs, problems)
}

fn artifact(
    saved: &Saved<'_>,
    json: &Json<'_>,
    value: JsonValue<'_>,
    node: &mut ObservedNode,
    remarks: &mut Vec<Finding>,
) -> Result<(), Problem> {
    let object = json.object(value)?;
    let group = json.text(json.required(&object, "groupId")?)?;
    let name = json.required(&object, "artifactId")?;
    let artifact = json.text(name)?;
    let versions = match object.get("versions") {
        Some(list) => json.list(list)?,
        None => vec![json.required(&object, "version")?],
    };
    let versions = versions.into_iter().map(|value| Ok((json.text(value)?, value)));
    let versions = versions.collect::<Result<Vec<_>, _>>()?;
    let Some(package) = package_of(saved.catalog, Some(&group), &artifact) else {
        let message = format!("no matrix has a plugin `{}`", crate::problem::shown(&artifact));
        remarks.push(left_out(&json.origin(name), Severity::Info, message));
        return Ok(());
    };
    let texts = versions.iter().map(|(text, value)| (text.as_ref(), *value));
    let newest = newest(saved.catalog, package, texts);
    let newest = newest.ok_or_else(|| json.problem(value, "expected a version".to_owned()))?;
    let product = RecognisedProduct { package, version: Ok(newest.0.to_owned()) };
    add(saved, node, product, &json.origin(newest.1), remarks);
    Ok(())
}

/// Returns the newest of some versions; those that are none count as the oldest.
fn newest<'t, V>(
    catalog: &Catalog,
    package: PackageIx,
    versions: impl Iterator<Item = (&'t str, V)>,
) -> Option<(&'t str, V)> {
    let numbering = &catalog.package(package).numbering;
    let read = versions.map(|(text, value)| (numbering.parse(text).ok(), text, value));
    let newer = read.reduce(|best, other| {
        let later = match (&best.0, &other.0) {
            (Some(best), Some(other)) => other.precedence(best).is_some_and(Ordering::is_gt),
            (None, Some(_)) => true,
            (_, None) => false,
        };
        if later { other } else { best }
    });
    newer.map(|(_, text, value)| (text, value))
}
