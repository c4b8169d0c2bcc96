//! Pods, as `kubectl get pods -o json` prints them.
//!
//! A container that runs a known image is a node; all others, such as sidecars, are left out. Nothing is
//! taken from an image but its name: the tag is what somebody asked for, and a digest says nothing. What a
//! pod plays and belongs to stands in its labels, as far as charts put it there.

mod labels;
mod pod;

pub(super) use pod::looks_like;

use std::collections::{BTreeMap, BTreeSet};

use self::labels::zone_of;
use self::pod::Container;
use super::gather::{NodeNames, add, left_out};
use super::json::{Json, JsonObject, JsonValue};
use super::products::{RecognisedProduct, of_image};
use super::saved::{Saved, TEXT_LIMIT};
use crate::catalog::Catalog;
use crate::finding::{Finding, Severity};
use crate::input::{Input, text_of, unless_met};
use crate::observation::{Observation, ObservedNode, Origin, Stated};
use crate::problem::{Collector, Problem, ProblemCode, Problems, shown};

/// Most containers that are read.
const MOST: usize = 100_000;

/// The nodes that the files state so far.
#[derive(Default)]
struct Cluster {
    containers: Vec<Container>,
    /// Zones of Kubernetes nodes.
    zones: BTreeMap<String, Stated>,
    /// Images of no known product: where the first stands, and how many containers run it.
    strangers: BTreeMap<String, (Origin, usize)>,
    /// Pods that have ended.
    ended: Vec<Origin>,
}

/// Reads pods, and the zones of Kubernetes nodes if they are listed beside them.
pub(super) fn pods(saved: &Saved<'_>) -> Result<Observation, Problems> {
    let mut cluster = Cluster::default();
    let mut problems = Collector::default();
    for (file, input) in saved.inputs.iter().enumerate() {
        let read = text_of(input.bytes, TEXT_LIMIT).and_then(|text| {
            cluster.file(saved, input, text, &mut |problem| {
                problems.push(Problem { file, ..problem });
            })
        });
        if let Err(problem) = read {
            problems.push(Problem { file, ..problem });
        }
    }
    unless_met(cluster.observation(saved), saved.inputs, problems)
}

impl Cluster {
    fn file(
        &mut self,
        saved: &Saved<'_>,
        input: &Input<'_>,
        text: &str,
        wrong: &mut dyn FnMut(Problem),
    ) -> Result<(), Problem> {
        let (json, values) = Json::many(&Input { name: input.name, bytes: input.bytes }, text)?;
        if values.is_empty() {
            let message = "expected a pod or a list of pods, found nothing".to_owned();
            return Err(Problem::of_file(ProblemCode::Shape, message));
        }
        for value in values {
            let object = json.object(value)?;
            let kind = json.required(&object, "kind")?;
            let name = json.text(kind)?;
            if !name.ends_with("List") {
                self.item(saved, &json, value, &name)?;
                continue;
            }
            // The server's own lists do not name the kind of each item.
            let default = name.strip_suffix("List").filter(|kind| !kind.is_empty());
            for item in json.list(json.required(&object, "items")?)? {
                let kind = kind_of(&json, item, default);
                let read = kind.and_then(|kind| self.item(saved, &json, item, &kind));
                read.unwrap_or_else(&mut *wrong);
            }
        }
        Ok(())
    }

    /// Takes one object: a pod, or a node for its zone. Others are of no interest.
    fn item(
        &mut self,
        saved: &Saved<'_>,
        json: &Json<'_>,
        value: JsonValue<'_>,
        kind: &str,
    ) -> Result<(), Problem> {
        let object = json.object(value)?;
        match kind {
            "Pod" => self.pod(saved, json, &object),
            "Node" => {
                let metadata = json.object(json.required(&object, "metadata")?)?;
                let name = json.text(json.required(&metadata, "name")?)?;
                let labels = json.object_of(&metadata, "labels")?;
                self.zones.extend(zone_of(json, &labels).map(|zone| (name.into_owned(), zone)));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn pod(
        &mut self,
        saved: &Saved<'_>,
        json: &Json<'_>,
        pod: &JsonObject<'_>,
    ) -> Result<(), Problem> {
        if pod::has_ended(json, pod)? {
            self.ended.push(json.origin(pod.whole()));
            return Ok(());
        }
        for container in pod::containers(json, pod)? {
            if self.containers.len() + self.strangers.len() == MOST {
                let message = format!("there are more than {MOST} containers");
                return Err(Problem {
                    code: ProblemCode::Limit,
                    ..json.problem(pod.whole(), message)
                });
            }
            if of_image(saved.catalog, &container.image.text).is_some() {
                self.containers.push(container);
            } else {
                let first = (container.image.origin, 0);
                self.strangers.entry(container.image.text).or_insert(first).1 += 1;
            }
        }
        Ok(())
    }

    fn observation(self, saved: &Saved<'_>) -> Observation {
        let mut remarks = Vec::new();
        let spaces: BTreeSet<_> = self.containers.iter().map(|one| one.namespace.clone()).collect();
        let mut pods: BTreeMap<(String, String), usize> = BTreeMap::new();
        for container in &self.containers {
            let pod = (container.namespace.clone(), container.pod.clone());
            *pods.entry(pod).or_default() += 1;
        }
        let mut names = NodeNames::default();
        let mut nodes = Vec::new();
        for mut container in self.containers {
            let alone = pods[&(container.namespace.clone(), container.pod.clone())] == 1;
            let name = container.node_name(alone, spaces.len() > 1);
            container.in_namespace(spaces.len() > 1);
            let zone = container.zone.take();
            let zone = zone.or_else(|| self.zones.get(container.host.as_deref()?).cloned());
            let name = names.unique(&name);
            nodes.push(node(saved, &container, name, zone, &mut remarks));
        }
        let message = |(image, (origin, count)): (String, (Origin, usize))| {
            let word = if count == 1 { "container" } else { "containers" };
            let image = shown(&image);
            let message = format!("{count} {word} of the image `{image}`: no matrix knows it");
            left_out(&origin, Severity::Info, message)
        };
        remarks.extend(self.strangers.into_iter().map(message));
        if let Some(first) = self.ended.first() {
            let count = self.ended.len();
            let message = format!("pods that have ended ({count}) are left out");
            remarks.push(left_out(first, Severity::Info, message));
        }
        Observation { nodes, remarks, ..Observation::default() }
    }
}

/// Returns the kind of an item of a list.
fn kind_of(json: &Json<'_>, item: JsonValue<'_>, default: Option<&str>) -> Result<String, Problem> {
    let object = json.object(item)?;
    match (object.get("kind"), default) {
        (None, Some(default)) => Ok(default.to_owned()),
        _ => Ok(json.text(json.required(&object, "kind")?)?.into_owned()),
    }
}

fn node(
    saved: &Saved<'_>,
    container: &Container,
    name: String,
    zone: Option<Stated>,
    remarks: &mut Vec<Finding>,
) -> ObservedNode {
    let mut node = ObservedNode {
        name,
        address: container.address.clone(),
        group: container.group.clone(),
        zone,
        ..ObservedNode::default()
    };
    // It was recognised when it was kept.
    if let Some(product) = of_image(saved.catalog, &container.image.text) {
        node.role = container.role(saved.catalog, product.package, remarks);
        let package = product.package;
        let held = contents(saved.catalog, &product);
        add(saved, &mut node, product, &container.image.origin, remarks);
        for part in held.into_iter().filter(|part| part.package != package) {
            add(saved, &mut node, part, &container.image.origin, remarks);
        }
    }
    node
}

/// Returns what else is in the image of a package that runs in another one: what its release needs in one
/// release only. Of another release nothing is known but that the other package is there.
fn contents(catalog: &Catalog, product: &RecognisedProduct) -> Vec<RecognisedProduct> {
    let package = catalog.package(product.package);
    let Some(core) = package.core else { return Vec::new() };
    let rank = product.version.as_ref().ok().and_then(|version| package.find(version));
    let needs = rank.map_or(&[][..], |rank| package.needs(rank));
    let mut held: Vec<RecognisedProduct> = needs
        .iter()
        .filter_map(|need| {
            let allowed = &catalog.constraint(need.constraint).allowed;
            let only = allowed.iter().next().filter(|_| allowed.count() == 1)?;
            let version = catalog.package(need.target).version(only).text().to_owned();
            Some(RecognisedProduct { package: need.target, version: Ok(version) })
        })
        .collect();
    if held.iter().all(|part| part.package != core) {
        let why = format!("no matrix says which one {} holds", package.name);
        held.push(RecognisedProduct { package: core, version: Err(why) });
    }
    held
}
