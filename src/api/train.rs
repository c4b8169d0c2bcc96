//! `train`: which branch, what ships, and is a release complete?

use super::lookup::{Lookup, unknown};
use crate::answer::train::TrainReport;
use crate::answer::{Answer, Body};
use crate::catalog::{Catalog, PackageIx, Train, TrainChange, TrainCycle, TrainKind, TrainPhase};
use crate::failure::Failure;
use crate::finding::Verdict;
use crate::knowledge::{KnowledgeBase, Topic};
use crate::query::{TrainParty, TrainQuery, TrainQuestion};
use crate::train::{
    MergeRequest, TrainComponent, TrainView, merge, phases, ready, ships, switch, target,
};

pub(super) fn answer(base: &KnowledgeBase, query: &TrainQuery) -> Result<Answer, Failure> {
    let spec = &query.product;
    let catalog = base.load(&Topic::of_specs([spec]))?;
    let lookup = Lookup { base, catalog: &catalog };
    let package = lookup.package(spec)?;
    let at = spec.version().map(|_| lookup.release(spec)).transpose()?.map(|release| release.1);
    let view = TrainView { catalog: &catalog, train: train(&catalog, package)?, at };
    let report = report(view, spec.name(), &query.question)?;
    let verdict = match &report {
        TrainReport::Phases(_) => None,
        TrainReport::Answer(answer) => Some(verdict(answer.allowed)),
        TrainReport::Ready(answer) => Some(verdict(answer.complete)),
    };
    Ok(Answer::new(catalog, "train", verdict, Vec::new(), Body::Train(report)))
}

fn verdict(known: Option<bool>) -> Verdict {
    match known {
        Some(true) => Verdict::Compatible,
        Some(false) => Verdict::Incompatible,
        None => Verdict::Unknown,
    }
}

fn train(catalog: &Catalog, package: PackageIx) -> Result<&Train, Failure> {
    catalog.train(package).ok_or_else(|| {
        let name = &catalog.package(package).name;
        let failure = Failure::new(format!("no matrix states a release train of {name}"));
        let known = catalog.trains().iter().map(|train| &*catalog.package(train.package).name);
        let known: Vec<_> = known.collect();
        if known.is_empty() {
            failure.hint("a matrix states one as `trains`, see docs/matrix-format.md")
        } else {
            failure.hint(format!("there is one of {}", known.join(", ")))
        }
    })
}

fn report(
    view: TrainView<'_>,
    product: &str,
    question: &TrainQuestion,
) -> Result<TrainReport, Failure> {
    let answer = match question {
        TrainQuestion::Phases { phase: name } => {
            let only = name.as_ref().map(|name| phase(view.train, name)).transpose()?;
            return Ok(TrainReport::Phases(phases(view, only)));
        }
        TrainQuestion::Ready => return complete(view, product),
        TrainQuestion::Merge { phase: name, change, release, extension, target } => {
            let component = match extension {
                Some(extension) => component(view.train, extension)?,
                None => TrainComponent::Product,
            };
            let change = change.map(Into::into);
            needs_change(component, change)?;
            let phase = phase(view.train, name)?;
            if let Some(name) = target {
                known(view, name)?;
            }
            let change =
                MergeRequest { change, release: (*release).into(), target: target.as_deref() };
            merge(view, component, phase, change)
        }
        TrainQuestion::Target { phase: name, extension, branch } => {
            let component = component(view.train, extension)?;
            target(view, component, phase(view.train, name)?, branch)
        }
        TrainQuestion::Ships { release, extension } => {
            ships(view, component(view.train, extension)?, (*release).into())
        }
        TrainQuestion::Switch { from, to, phase: name } => {
            switch(view, *from, *to, phase(view.train, name)?)
        }
    };
    Ok(TrainReport::Answer(Box::new(answer)))
}

fn complete(view: TrainView<'_>, product: &str) -> Result<TrainReport, Failure> {
    let Some(rank) = view.at else {
        return Err(Failure::new(format!(
            "expected a release such as `{product}@VERSION`, found `{product}`"
        )));
    };
    let answer = ready(view, rank).ok_or_else(|| {
        Failure::new("the release train does not state which extensions a release comes with")
    })?;
    Ok(TrainReport::Ready(answer))
}

fn phase<'t>(train: &'t Train, name: &str) -> Result<&'t TrainPhase, Failure> {
    train.phase(name).ok_or_else(|| {
        let known: Vec<_> = train.phases.iter().map(|phase| phase.name.as_str()).collect();
        unknown(&format!("the release train has no phase `{name}`"), "phases", name, &known)
    })
}

/// Refuses a branch or release that the train does not name.
fn known(view: TrainView<'_>, name: &str) -> Result<(), Failure> {
    let names = view.names();
    if names.iter().any(|known| known == name) {
        return Ok(());
    }
    let what = format!("the release train has no branch or release `{name}`");
    let known: Vec<_> = names.iter().map(String::as_str).collect();
    Err(unknown(&what, "branches and releases", name, &known))
}

/// Returns the extension that a query speaks of.
fn component<'t>(train: &'t Train, stated: &TrainParty) -> Result<TrainComponent<'t>, Failure> {
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
        let what = format!("the release train has no kind of extension `{name}`");
        unknown(&what, "kinds", name, &known)
    })
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
