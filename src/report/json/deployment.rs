//! The deployment file: what was seen, in the form that every other command takes.
//!
//! Keys are those of `matrix/raw_inventory`. What a node states carries its place in `sources`, so that a
//! reader can look it up.

use super::layout::compact;
use super::shared::Pairs;
use super::view::view;
use crate::finding::{Check, Code, Finding};
use crate::observation::{Observation, ObservedNode, Stated};

/// The version of the file format.
const FORMAT: u64 = 1;

view! {
    /// A node of a deployment file.
    DeploymentNodeView<'a>(node: &'a ObservedNode, remarks: &'a [Finding]) {
        name: &'a str = &node.name,
        #[serde(skip_serializing_if = "Option::is_none")]
        address: Option<&'a str> = text(node.address.as_ref()),
        #[serde(skip_serializing_if = "Option::is_none")]
        role: Option<&'a str> = text(node.role.as_ref()),
        #[serde(skip_serializing_if = "Option::is_none")]
        group: Option<&'a str> = text(node.group.as_ref()),
        #[serde(skip_serializing_if = "Option::is_none")]
        zone: Option<&'a str> = text(node.zone.as_ref()),
        packages: Pairs<'a> =
            Pairs(node.packages.iter().map(|(name, it)| (name.as_str(), it.text.as_str())).collect()),
        #[serde(skip_serializing_if = "Pairs::is_empty")]
        unknown: Pairs<'a> =
            Pairs(node.unknown.iter().map(|(name, it)| (name.as_str(), it.text.as_str())).collect()),
        #[serde(skip_serializing_if = "Pairs::is_empty")]
        remarks: Pairs<'a> = kept(node, remarks),
        sources: Pairs<'a, String> = sources(node),
    }
}

view! {
    /// A deployment as an answer.
    ImportView<'a>(observation: &'a Observation) {
        /// The name of the deployment.
        name: &'a str = &observation.name,
        features: Vec<&'a str> =
            observation.features.iter().map(|feature| feature.text.as_str()).collect(),
        nodes: Vec<DeploymentNodeView<'a>> = observation.nodes.iter()
            .map(|node| DeploymentNodeView::new(node, &observation.remarks)).collect(),
    }
}

/// Writes a deployment file, one node a line, with a line feed at the end.
pub fn deployment_file(observation: &Observation) -> String {
    let mut out =
        format!("{{\n  \"format\": {FORMAT},\n  \"name\": {},\n", compact(&observation.name));
    if !observation.features.is_empty() {
        let features: Vec<&str> =
            observation.features.iter().map(|feature| feature.text.as_str()).collect();
        out.push_str(&format!("  \"features\": {},\n", compact(&features)));
    }
    let node = |node| compact(&DeploymentNodeView::new(node, &observation.remarks));
    let nodes: Vec<_> = observation.nodes.iter().map(|it| format!("\n    {}", node(it))).collect();
    let end = if nodes.is_empty() { "" } else { "\n  " };
    out.push_str(&format!("  \"nodes\": [{}{end}]\n}}\n", nodes.join(",")));
    out
}

fn text(stated: Option<&Stated>) -> Option<&str> {
    stated.map(|stated| stated.text.as_str())
}

/// Returns what is wrong with the node and not only with what is known of it.
fn kept<'a>(node: &ObservedNode, remarks: &'a [Finding]) -> Pairs<'a> {
    let codes = Check::OF_NODES.map(Code::Check);
    let kept = remarks.iter().filter(|it| it.subject == node.name && codes.contains(&it.code));
    kept.map(|remark| (remark.code.as_str(), remark.message.as_str())).collect()
}

/// Returns where each statement was read.
fn sources(node: &ObservedNode) -> Pairs<'_, String> {
    let [address, role, group, zone] = [&node.address, &node.role, &node.group, &node.zone];
    let stated = [("address", address), ("role", role), ("group", group), ("zone", zone)];
    let stated = stated.into_iter().filter_map(|(key, it)| Some((key, it.as_ref()?)));
    let packages = node.packages.iter().chain(&node.unknown);
    let packages = packages.map(|(name, version)| (name.as_str(), version));
    stated.chain(packages).map(|(key, it)| (key, it.origin.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::{Input, Inventory};
    use crate::observation::{Origin, Place};

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
