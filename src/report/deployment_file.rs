//! The deployment file: what was seen, in the form that every other command takes.
//!
//! Keys are those of `matrix/raw_inventory`. What a node states carries its place in `sources`, so that a
//! reader can look it up.

use serde_json::{Map, Value, json};

use crate::finding::{Check, Code, Finding};
use crate::observation::{Observation, ObservedNode};

/// The version of the file format.
const FORMAT: u64 = 1;

/// Writes a deployment file, one node a line, with a line feed at the end.
pub fn deployment_file(observation: &Observation) -> String {
    let mut text =
        format!("{{\n  \"format\": {FORMAT},\n  \"name\": {},\n", json!(observation.name));
    if !observation.features.is_empty() {
        let features: Vec<&str> =
            observation.features.iter().map(|feature| feature.text.as_str()).collect();
        text.push_str(&format!("  \"features\": {},\n", json!(features)));
    }
    let nodes: Vec<String> = observation
        .nodes
        .iter()
        .map(|node| format!("\n    {}", self::node(node, &observation.remarks)))
        .collect();
    let end = if nodes.is_empty() { "" } else { "\n  " };
    text.push_str(&format!("  \"nodes\": [{}{end}]\n}}\n", nodes.join(",")));
    text
}

fn node(node: &ObservedNode, remarks: &[Finding]) -> Value {
    let mut object = Map::new();
    let mut sources = Map::new();
    object.insert("name".to_owned(), json!(node.name));
    let stated = [
        ("address", &node.address),
        ("role", &node.role),
        ("group", &node.group),
        ("zone", &node.zone),
    ];
    for (key, value) in stated {
        if let Some(value) = value {
            object.insert(key.to_owned(), json!(value.text));
            sources.insert(key.to_owned(), json!(value.origin.to_string()));
        }
    }
    let mut packages = Map::new();
    for (package, version) in &node.packages {
        packages.insert(package.clone(), json!(version.text));
        sources.insert(package.clone(), json!(version.origin.to_string()));
    }
    object.insert("packages".to_owned(), Value::Object(packages));
    let of_node = |remark: &&Finding| {
        let is_kept = Check::OF_NODES.map(Code::Check).contains(&remark.code);
        is_kept && remark.subject == node.name
    };
    let kept = remarks.iter().filter(of_node);
    let kept: Map<String, Value> =
        kept.map(|remark| (remark.code.as_str().to_owned(), json!(remark.message))).collect();
    if !kept.is_empty() {
        object.insert("remarks".to_owned(), Value::Object(kept));
    }
    object.insert("sources".to_owned(), Value::Object(sources));
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::{Input, Inventory};
    use crate::observation::{Origin, Place, Stated};

    fn stated(text: &str, line: usize) -> Stated {
        let origin = Origin { file: "a1.txt".to_owned(), place: Place::Line(line) };
        Stated { text: text.to_owned(), origin }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let node = ObservedNode {
            name: "a1\u{1b}\"".to_owned(),
            address: Some(stated("10.0.0.1:6379", 7)),
            role: Some(stated("primary", 9)),
            packages: [("valkey".to_owned(), stated("9.1.2", 3))].into(),
            ..ObservedNode::default()
        };
        let observation = Observation {
            name: "prod".to_owned(),
            features: vec![stated("hash-field-ttl", 80)],
            nodes: vec![node],
            remarks: Vec::new(),
        };
        let text = deployment_file(&observation);
        let input = Input { name: "prod.json", bytes: text.as_bytes() };
        let read = Inventory::parse(input).expect("it is a deployment file");
        assert_eq!(read.versions().into_iter().collect::<Vec<_>>(), [("valkey", "9.1.2")]);
        assert_eq!(read.features().collect::<Vec<_>>(), ["hash-field-ttl"]);
        assert!(
            text.contains(
                r#""sources":{"address":"a1.txt:7","role":"a1.txt:9","valkey":"a1.txt:3"}"#
            )
        );
    }
}
