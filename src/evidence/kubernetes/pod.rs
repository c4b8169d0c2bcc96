//! One pod and its containers.

use std::collections::BTreeMap;

use super::labels::{group_of, parts_of, role_named, zone_of};
use crate::catalog::{Catalog, PackageIx};
use crate::evidence::json::{Json, JsonObject};
use crate::finding::{Check, Finding, Severity};
use crate::input::Input;
use crate::observation::Stated;
use crate::problem::{Problem, shown};

/// A container and what its pod says of it.
#[derive(Debug, Clone)]
pub(super) struct Container {
    pub(super) namespace: String,
    pub(super) pod: String,
    pub(super) image: Stated,
    name: Stated,
    /// Words that may name its role.
    parts: Vec<Stated>,
    pub(super) group: Option<Stated>,
    pub(super) zone: Option<Stated>,
    pub(super) address: Option<Stated>,
    /// The Kubernetes node that it runs on.
    pub(super) host: Option<String>,
}

impl Container {
    /// Returns a name for it: that of the pod, with the container's if the pod has more of interest, and
    /// with the namespace if there are several.
    pub(super) fn node_name(&self, alone: bool, spaced: bool) -> String {
        let space = if spaced { format!("{}/", self.namespace) } else { String::new() };
        let own = if alone { String::new() } else { format!("/{}", self.name.text) };
        format!("{space}{}{own}", self.pod)
    }

    /// Puts the namespace before the group, if there are several namespaces.
    pub(super) fn in_namespace(&mut self, spaced: bool) {
        if let Some(group) = self.group.as_mut().filter(|_| spaced) {
            group.text = format!("{}/{}", self.namespace, group.text);
        }
    }

    /// Returns the role that the container's own name or the labels name. Labels that name two different
    /// ones name none.
    pub(super) fn role(
        &self,
        catalog: &Catalog,
        package: PackageIx,
        remarks: &mut Vec<Finding>,
    ) -> Option<Stated> {
        let named = |word: &Stated| {
            let role = role_named(catalog, package, &word.text)?;
            Some(Stated { text: role.to_owned(), origin: word.origin.clone() })
        };
        if let Some(role) = named(&self.name) {
            return Some(role);
        }
        let mut roles: BTreeMap<String, Stated> = BTreeMap::new();
        for role in self.parts.iter().filter_map(named) {
            roles.entry(role.text.clone()).or_insert(role);
        }
        if roles.len() > 1 {
            let words: Vec<_> = roles.keys().map(|role| format!("`{role}`")).collect();
            let message = format!("the labels name {}; none is taken", words.join(" and "));
            remarks.push(Finding::new(Check::RoleMissing, Severity::Warning, &self.pod, message));
            return None;
        }
        roles.into_values().next()
    }
}

/// Returns whether it is a pod or a list of them.
pub(in crate::evidence) fn looks_like(input: &Input<'_>) -> bool {
    const HEAD: usize = 1 << 12;
    let head = &input.bytes[..input.bytes.len().min(HEAD)];
    let head = String::from_utf8_lossy(head);
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let kinds = ["\"List\"", "\"PodList\"", "\"Pod\""];
    head.starts_with('{')
        && head.contains("\"apiVersion\"")
        && (kinds.iter().any(|kind| head.contains(kind)) || head.contains("\"items\""))
}

/// Returns whether the containers of a pod have all ended for good.
pub(super) fn has_ended(json: &Json<'_>, pod: &JsonObject<'_>) -> Result<bool, Problem> {
    let phase = json.object_of(pod, "status")?.text("phase");
    Ok(phase.is_some_and(|phase| matches!(&*phase, "Succeeded" | "Failed")))
}

/// Returns the containers of a pod.
pub(super) fn containers<'a>(
    json: &Json<'a>,
    pod: &JsonObject<'a>,
) -> Result<Vec<Container>, Problem> {
    let metadata = json.object(json.required(pod, "metadata")?)?;
    let spec = json.object(json.required(pod, "spec")?)?;
    let status = json.object_of(pod, "status")?;
    let name = json.text(json.required(&metadata, "name")?)?;
    let labels = json.object_of(&metadata, "labels")?;
    let group =
        group_of(json, &labels).map_or_else(|| set_of(json, &metadata), |group| Ok(Some(group)))?;
    let mut containers = Vec::new();
    for value in json.list(json.required(&spec, "containers")?)? {
        let container = json.object(value)?;
        let stated = |key: &str| {
            let value = json.required(&container, key)?;
            Ok(json.stated(json.text(value)?, value))
        };
        containers.push(Container {
            namespace: metadata.text("namespace").unwrap_or_default().into_owned(),
            pod: name.clone().into_owned(),
            image: stated("image")?,
            name: stated("name")?,
            parts: parts_of(json, &labels),
            group: group.clone(),
            zone: zone_of(json, &labels),
            address: address(json, &status, &container)?,
            host: spec.text("nodeName").map(Into::into),
        });
    }
    Ok(containers)
}

/// Returns the stateful set that a pod is of.
fn set_of(json: &Json<'_>, metadata: &JsonObject<'_>) -> Result<Option<Stated>, Problem> {
    for value in json.list_of(metadata, "ownerReferences")? {
        let owner = json.object(value)?;
        if owner.text("kind").as_deref() == Some("StatefulSet") {
            let name = json.required(&owner, "name")?;
            return Ok(Some(json.stated(json.text(name)?, name)));
        }
    }
    Ok(None)
}

/// Returns where a container answers: the pod's address and the first port, if both are stated.
fn address(
    json: &Json<'_>,
    status: &JsonObject<'_>,
    container: &JsonObject<'_>,
) -> Result<Option<Stated>, Problem> {
    let Some(value) = status.get("podIP") else { return Ok(None) };
    let host = json.text(value)?;
    let Some(first) = json.list_of(container, "ports")?.into_iter().next() else {
        return Ok(None);
    };
    let port = json.required(&json.object(first)?, "containerPort")?;
    let number: u16 = port.part().parse().map_err(|_| {
        json.problem(port, format!("expected a port, found `{}`", shown(port.part())))
    })?;
    let host = if host.contains(':') { format!("[{host}]") } else { host.into_owned() };
    Ok(Some(json.stated(format!("{host}:{number}"), value)))
}
