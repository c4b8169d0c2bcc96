//! `inspect`: what is this file, and which releases take it?

mod engines;
mod packages;
mod subject;

use std::sync::Arc;

use super::lookup::Lookup;
use crate::answer::inspect::Inspected;
use crate::answer::{Answer, Body};
use crate::binary::{Artifact, PackageIndex};
use crate::catalog::Catalog;
use crate::evidence::ArtifactReader;
use crate::failure::Failure;
use crate::finding::{Check, Finding, Severity, Verdict};
use crate::knowledge::{KnowledgeBase, Topic};
use crate::query::{InspectQuery, InspectedFile, Read};
use crate::spec::Spec;
use subject::{ENGINE, stated_by};

/// A file of a query, with what it is.
type Recognised<'q> = (&'q InspectedFile, Artifact);

pub(super) fn answer(base: &KnowledgeBase, query: &InspectQuery) -> Result<Answer, Failure> {
    let mut read: Vec<Recognised<'_>> = Vec::new();
    let mut unread = Vec::new();
    for file in &query.files {
        match artifact(file) {
            Ok(artifact) if file.named || concerned(query, &artifact) => {
                read.push((file, artifact));
            }
            Ok(_) => {}
            // A file that was named must be readable; of a folder the rest is still of use.
            Err(failure) if file.named => return Err(failure),
            Err(failure) => unread.push(Finding::new(
                Check::FileUnread,
                Severity::Warning,
                &file.file.name,
                failure.reason(),
            )),
        }
    }
    let catalog = load(base, query, &read)?;
    let inspected = judged(Lookup { base, catalog: &catalog }, query, read)?;
    let start = if unread.is_empty() { Verdict::Compatible } else { Verdict::Unknown };
    let verdict = inspected.iter().map(|file| file.verdict).fold(start, Verdict::and);
    let findings = inspected.iter().flat_map(Inspected::findings).cloned().chain(unread).collect();
    Ok(Answer::new(catalog, "inspect", Some(verdict), findings, Body::Inspect(inspected)))
}

/// Returns what a file is.
fn artifact(file: &InspectedFile) -> Result<Artifact, Failure> {
    match &file.read {
        Some(Read::Facts(artifact)) => Ok(artifact.clone()),
        Some(Read::Unreadable(reason)) => Err(Failure::new(reason.clone())),
        None => {
            let mut reader = ArtifactReader::new(&file.file.name);
            reader.push(&file.file.bytes);
            Ok(reader.finish()?)
        }
    }
}

/// Judges each file by the rules of its kind. Rules are made ready only if a file needs them.
fn judged(
    lookup: Lookup<'_>,
    query: &InspectQuery,
    read: Vec<Recognised<'_>>,
) -> Result<Vec<Inspected>, Failure> {
    let is_extension = |artifact: &Artifact| matches!(artifact, Artifact::Extension(_));
    let some = read.iter().any(|(_, artifact)| is_extension(artifact));
    let engines = some.then(|| engines::Judge::new(lookup, query)).transpose()?;
    let some = read.iter().any(|(_, artifact)| !is_extension(artifact));
    let packages = some.then(|| packages::Judge::new(lookup, query)).transpose()?;
    let mut inspected = Vec::new();
    for (file, artifact) in read {
        inspected.extend(match artifact {
            Artifact::Extension(found) => engines.as_ref().map(|judge| judge.file(file, found)),
            package @ (Artifact::PluginJar(_) | Artifact::Wheel(_)) => {
                packages.as_ref().map(|judge| judge.file(file, package)).transpose()?
            }
        });
    }
    Ok(inspected)
}

/// Returns true if a file that was found in a folder has to do with what was asked about: an extension with
/// engines, a package with anything else.
fn concerned(query: &InspectQuery, artifact: &Artifact) -> bool {
    let is_extension = matches!(artifact, Artifact::Extension(_));
    let concerns = |spec: &Spec| (spec.name() == ENGINE) == is_extension;
    query.hosts.is_empty() || query.hosts.iter().any(concerns)
}

/// Loads the matrices, with the versions that somebody asks about or that files state.
fn load(
    base: &KnowledgeBase,
    query: &InspectQuery,
    read: &[Recognised<'_>],
) -> Result<Arc<Catalog>, Failure> {
    let mut topic = Topic::of_specs(&query.hosts);
    for (file, artifact) in read {
        if let Some(package) = stated_by(artifact) {
            topic.add_specs([&Spec::of(&package.name, &package.version)]);
            topic.add_packages(package.dependencies.iter().map(|one| one.target.as_str()));
            if package.index == PackageIndex::KestraPlugins {
                // Its artifacts have other names than the packages, which the matrix knows.
                topic.add_packages(["kestra"]);
            }
        } else {
            let place = file.placement.as_ref();
            topic.add_specs(place.map(|place| Spec::of(ENGINE, &place.version)).iter());
            topic.add_packages([ENGINE]);
        }
    }
    base.load(&topic)
}
