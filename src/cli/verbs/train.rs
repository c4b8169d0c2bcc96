//! `train`: which branch, what ships, and is a release complete?

use super::super::args::Common;
use super::super::args::train::{ChangeArg, ComponentArgs, Product, ReleaseArg, TrainVerb};
use super::super::output::Printed;
use super::super::{Failure, names, spec, world};
use super::finish;
use crate::answer::train::TrainAnswer;
use crate::answer::train::TrainReport;
use crate::answer::{Answer, Body};
use crate::catalog::{
    Catalog, PackageIx, Train, TrainChange, TrainCycle, TrainKind, TrainPhase, TrainRelease,
};
use crate::finding::Verdict;
use crate::matrix::nearest;
use crate::train::{
    MergeRequest, TrainComponent, TrainView, merge, phases, ready, ships, switch, target,
};
use std::sync::Arc;

pub(super) fn run(common: &Common, verb: &TrainVerb) -> Result<Printed, Failure> {
    let text = match verb {
        TrainVerb::Phases { product, .. }
        | TrainVerb::Merge { product, .. }
        | TrainVerb::Target { product, .. }
        | TrainVerb::Ships { product, .. }
        | TrainVerb::Switch { product, .. } => product.spec()?,
        TrainVerb::Ready { release } => release.clone(),
    };
    let catalog = world::for_specs(common, [text.as_str()])?;
    let (name, version) = names::split(&text);
    let package = spec::package(&catalog, name)?;
    let at = match version {
        Some(_) => Some(spec::release(&catalog, &text)?.1),
        None => None,
    };
    let view = TrainView { catalog: &catalog, train: train(&catalog, package)?, at };
    let (verdict, answer) = answer(view, verb)?;
    let body = Body::Train(answer);
    finish(
        common,
        Answer {
            catalog: Arc::new(catalog),
            command: "train",
            verdict,
            findings: Vec::new(),
            body,
        },
    )
}

impl Product {
    fn spec(&self) -> Result<String, Failure> {
        match (&self.at, self.product.contains('@')) {
            (None, false) => Ok(self.product.clone()),
            (Some(version), false) => Ok(format!("{}@{version}", self.product)),
            (_, true) => Err(Failure::new(format!(
                "expected the name of a product, found `{}`",
                self.product.escape_debug()
            ))
            .hint("--at VERSION names its newest release")),
        }
    }
}

fn train(catalog: &Catalog, package: PackageIx) -> Result<&Train, Failure> {
    catalog.train(package).ok_or_else(|| {
        let name = &catalog.package(package).name;
        let failure = Failure::new(format!("no matrix states a release train of {name}"));
        let known: Vec<_> = catalog
            .trains()
            .iter()
            .map(|train| catalog.package(train.package).name.as_str())
            .collect();
        if known.is_empty() {
            failure.hint("a matrix states one as `trains`, see docs/matrix-format.md")
        } else {
            failure.hint(format!("there is one of {}", known.join(", ")))
        }
    })
}

fn answer(
    view: TrainView<'_>,
    verb: &TrainVerb,
) -> Result<(Option<Verdict>, TrainReport), Failure> {
    let answer = match verb {
        TrainVerb::Phases { phase: name, .. } => {
            let only = name.as_ref().map(|name| phase(view.train, name)).transpose()?;
            return Ok((None, TrainReport::Phases(phases(view, only))));
        }
        TrainVerb::Ready { release } => return complete(view, release),
        TrainVerb::Merge {
            phase: name,
            change,
            release,
            extension,
            component: stated,
            target,
            ..
        } => {
            let component = if *extension {
                extension_of(view.train, stated)?
            } else {
                TrainComponent::Product
            };
            if !*extension && (stated.branches.is_some() || stated.kind.is_some()) {
                return Err(Failure::new("--branches and --kind are about extensions")
                    .hint("add --extension if the change is to one"));
            }
            let change = change.map(Into::into);
            needs_change(component, change)?;
            let phase = phase(view.train, name)?;
            let release = (*release).into();
            if let Some(name) = target {
                known(view, name)?;
            }
            merge(
                view,
                component,
                phase,
                MergeRequest { change, release, target: target.as_deref() },
            )
        }
        TrainVerb::Target { phase: name, component, branch, .. } => {
            let component = extension_of(view.train, component)?;
            target(view, component, phase(view.train, name)?, branch)
        }
        TrainVerb::Ships { release, component, .. } => {
            ships(view, extension_of(view.train, component)?, (*release).into())
        }
        TrainVerb::Switch { from, to, phase: name, .. } => {
            switch(view, *from, *to, phase(view.train, name)?)
        }
    };
    Ok((Some(verdict(&answer)), TrainReport::Answer(Box::new(answer))))
}

fn verdict(answer: &TrainAnswer) -> Verdict {
    of(answer.allowed)
}

fn of(known: Option<bool>) -> Verdict {
    match known {
        Some(true) => Verdict::Compatible,
        Some(false) => Verdict::Incompatible,
        None => Verdict::Unknown,
    }
}

fn complete(view: TrainView<'_>, text: &str) -> Result<(Option<Verdict>, TrainReport), Failure> {
    let Some(rank) = view.at else {
        return Err(Failure::new(format!(
            "expected a release such as `{text}@VERSION`, found `{}`",
            text.escape_debug()
        )));
    };
    let answer = ready(view, rank).ok_or_else(|| {
        Failure::new("the release train does not state which extensions a release comes with")
    })?;
    Ok((Some(of(answer.complete)), TrainReport::Ready(answer)))
}

fn phase<'t>(train: &'t Train, name: &str) -> Result<&'t TrainPhase, Failure> {
    train.phase(name).ok_or_else(|| {
        let known: Vec<_> = train.phases.iter().map(|phase| phase.name.as_str()).collect();
        let what = format!("the release train has no phase `{}`", name.escape_debug());
        unknown(&what, "phases", name, &known)
    })
}

/// Refuses a branch or release that the train does not name.
fn known(view: TrainView<'_>, name: &str) -> Result<(), Failure> {
    let names = view.names();
    if names.iter().any(|known| known == name) {
        return Ok(());
    }
    let what = format!("the release train has no branch or release `{}`", name.escape_debug());
    let known: Vec<_> = names.iter().map(String::as_str).collect();
    Err(unknown(&what, "branches and releases", name, &known))
}

/// Returns the extension that the arguments speak of.
fn extension_of<'t>(
    train: &'t Train,
    stated: &ComponentArgs,
) -> Result<TrainComponent<'t>, Failure> {
    let kind = kind(train, stated.kind.as_deref())?;
    if kind.cycle == TrainCycle::Branches && stated.branches.is_none() {
        return Err(Failure::new("how many active branches has the extension?")
            .hint("--branches N; --kind names another kind of extension"));
    }
    Ok(TrainComponent::Extension(kind, stated.branches))
}

fn kind<'t>(train: &'t Train, name: Option<&str>) -> Result<&'t TrainKind, Failure> {
    let mut kinds = train.kinds.iter();
    let found = match name {
        Some(name) => kinds.find(|kind| kind.name == name),
        None => kinds.next(),
    };
    found.ok_or_else(|| {
        let name = name.unwrap_or_default();
        let known: Vec<_> = train.kinds.iter().map(|kind| kind.name.as_str()).collect();
        let what = format!("the release train has no kind of extension `{}`", name.escape_debug());
        unknown(&what, "kinds", name, &known)
    })
}

fn unknown(what: &str, kind: &str, name: &str, known: &[&str]) -> Failure {
    let failure = Failure::new(what);
    match nearest(name, known.iter().copied()) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => failure,
        None => failure.hint(format!("the {kind} are {}", known.join(", "))),
    }
}

/// Where the product's own tables answer, fixes and features go different ways.
fn needs_change(component: TrainComponent<'_>, change: Option<TrainChange>) -> Result<(), Failure> {
    let by_product = match component {
        TrainComponent::Product => true,
        TrainComponent::Extension(kind, _) => kind.cycle == TrainCycle::InTree,
    };
    if by_product && change.is_none() {
        return Err(Failure::new("is the change a fix or a feature?")
            .hint("--change fix or --change feature; --extension asks for one of an extension"));
    }
    Ok(())
}

impl From<ChangeArg> for TrainChange {
    fn from(change: ChangeArg) -> Self {
        match change {
            ChangeArg::Fix => Self::Fix,
            ChangeArg::Feature => Self::Feature,
        }
    }
}

impl From<ReleaseArg> for TrainRelease {
    fn from(release: ReleaseArg) -> Self {
        match release {
            ReleaseArg::Patch => Self::Patch,
            ReleaseArg::Minor => Self::Minor,
            ReleaseArg::NextMinor => Self::NextMinor,
        }
    }
}
