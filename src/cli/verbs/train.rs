//! `train`: which branch, what ships, and is a release complete?

use super::super::args::Common;
use super::super::args::train::{ChangeArg, PartyArgs, Product, ReleaseArg, TrainVerb};
use super::super::output::Answer;
use super::super::{Failure, names, spec, world};
use super::finish;
use crate::answer::train::TrainAnswer;
use crate::catalog::{
    Catalog, PackageIx, Train, TrainChange, TrainCycle, TrainKind, TrainPhase, TrainRelease,
};
use crate::finding::Verdict;
use crate::matrix::nearest;
use crate::report::{Body, Report, TrainReport};
use crate::train::{Change, Party, Ride, merge, phases, ready, ships, switch, target};

pub(super) fn run(common: &Common, verb: &TrainVerb) -> Result<Answer, Failure> {
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
    let ride = Ride { catalog: &catalog, train: train(&catalog, package)?, at };
    let (verdict, answer) = answer(ride, verb)?;
    let body = Body::Train(answer);
    finish(
        common,
        Report { catalog: &catalog, command: "train", verdict, findings: Vec::new(), body },
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

fn answer(ride: Ride<'_>, verb: &TrainVerb) -> Result<(Option<Verdict>, TrainReport), Failure> {
    let answer = match verb {
        TrainVerb::Phases { phase: name, .. } => {
            let only = name.as_ref().map(|name| phase(ride.train, name)).transpose()?;
            return Ok((None, TrainReport::Phases(phases(ride, only))));
        }
        TrainVerb::Ready { release } => return complete(ride, release),
        TrainVerb::Merge {
            phase: name, change, release, extension, party: stated, target, ..
        } => {
            let party = if *extension { extension_of(ride.train, stated)? } else { Party::Product };
            if !*extension && (stated.branches.is_some() || stated.kind.is_some()) {
                return Err(Failure::new("--branches and --kind are about extensions")
                    .hint("add --extension if the change is to one"));
            }
            let change = change.map(Into::into);
            needs_change(party, change)?;
            let phase = phase(ride.train, name)?;
            let release = (*release).into();
            if let Some(name) = target {
                known(ride, name)?;
            }
            merge(ride, party, phase, Change { change, release, target: target.as_deref() })
        }
        TrainVerb::Target { phase: name, party, branch, .. } => {
            let party = extension_of(ride.train, party)?;
            target(ride, party, phase(ride.train, name)?, branch)
        }
        TrainVerb::Ships { release, party, .. } => {
            ships(ride, extension_of(ride.train, party)?, (*release).into())
        }
        TrainVerb::Switch { from, to, phase: name, .. } => {
            switch(ride, *from, *to, phase(ride.train, name)?)
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

fn complete(ride: Ride<'_>, text: &str) -> Result<(Option<Verdict>, TrainReport), Failure> {
    let Some(rank) = ride.at else {
        return Err(Failure::new(format!(
            "expected a release such as `{text}@VERSION`, found `{}`",
            text.escape_debug()
        )));
    };
    let answer = ready(ride, rank).ok_or_else(|| {
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
fn known(ride: Ride<'_>, name: &str) -> Result<(), Failure> {
    let names = ride.names();
    if names.iter().any(|known| known == name) {
        return Ok(());
    }
    let what = format!("the release train has no branch or release `{}`", name.escape_debug());
    let known: Vec<_> = names.iter().map(String::as_str).collect();
    Err(unknown(&what, "branches and releases", name, &known))
}

/// Returns the extension that the arguments speak of.
fn extension_of<'t>(train: &'t Train, stated: &PartyArgs) -> Result<Party<'t>, Failure> {
    let kind = kind(train, stated.kind.as_deref())?;
    if kind.cycle == TrainCycle::Branches && stated.branches.is_none() {
        return Err(Failure::new("how many active branches has the extension?")
            .hint("--branches N; --kind names another kind of extension"));
    }
    Ok(Party::Extension(kind, stated.branches))
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
fn needs_change(party: Party<'_>, change: Option<TrainChange>) -> Result<(), Failure> {
    let by_product = match party {
        Party::Product => true,
        Party::Extension(kind, _) => kind.cycle == TrainCycle::InTree,
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
