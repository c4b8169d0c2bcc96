//! The setting of a question for sets: SPECs, a day, a preference and what runs, beside a catalog.

use std::sync::Arc;

use jiff::civil::Date;

use super::running::{Installed, Running};
use crate::answer::selection::{Move, Pick};
use crate::api::lookup::Lookup;
use crate::catalog::{Catalog, PackageIx, Rank, ReleaseId, ReleaseSet};
use crate::failure::Failure;
use crate::finding::{Check, Finding, Severity};
use crate::input::File;
use crate::knowledge::{KnowledgeBase, Topic};
use crate::query::{Preference, ResolveQuery, SetsQuery};
use crate::record::RequestRecord;
use crate::resolve::{Origin, Prefer, Request, Requirement};
use crate::spec::Spec;

/// A question that was read, with the catalog that answers it.
pub(super) struct Setting<'q> {
    pub(super) base: &'q KnowledgeBase,
    pub(super) catalog: Arc<Catalog>,
    /// The day to judge by.
    pub(super) day: Date,
    pub(super) requirements: Vec<Requirement>,
    pub(super) prefer: Preference,
    pub(super) installed: Installed,
    specs: &'q [Spec],
    /// True if somebody chose the day.
    day_is_chosen: bool,
    budget: u64,
}

impl<'q> Setting<'q> {
    /// Reads a question for the best set.
    pub(super) fn of_resolve(
        base: &'q KnowledgeBase,
        query: &'q ResolveQuery,
    ) -> Result<Self, Failure> {
        let running = query.installed.as_ref().map(Running::parse).transpose()?;
        let (catalog, installed) = load(base, &query.specs, running.as_ref())?;
        if let Some(File { name, .. }) = query.installed.as_ref().filter(|_| installed.is_empty()) {
            return Err(Failure::new(format!(
                "{name} runs nothing that the matrices of the SPECs have"
            ))
            .hint("`skew check` looks at a whole deployment"));
        }
        Ok(Self {
            requirements: Lookup { base, catalog: &catalog }.requirements(&query.specs)?,
            base,
            catalog,
            day: query.day,
            prefer: query.prefer,
            installed,
            specs: &query.specs,
            day_is_chosen: query.day_is_chosen,
            budget: query.budget.unwrap_or(Request::BUDGET),
        })
    }

    /// Reads a question for all sets.
    pub(super) fn of_sets(base: &'q KnowledgeBase, query: &'q SetsQuery) -> Result<Self, Failure> {
        let catalog = base.load(&Topic::of_specs(&query.specs))?;
        Ok(Self {
            requirements: Lookup { base, catalog: &catalog }.requirements(&query.specs)?,
            base,
            catalog,
            day: query.day,
            prefer: query.prefer,
            installed: Installed::default(),
            specs: &query.specs,
            day_is_chosen: false,
            budget: query.budget.unwrap_or(Request::BUDGET),
        })
    }

    /// Returns what looks names up.
    pub(super) fn lookup(&self) -> Lookup<'_> {
        Lookup { base: self.base, catalog: &self.catalog }
    }

    /// Returns the request: releases past the end of their support are not chosen unasked.
    pub(super) fn request(&self) -> Request {
        self.request_for(self.requirements.clone(), |_| true)
    }

    /// Returns the request for other requirements. The end of support counts for some packages only.
    pub(super) fn request_for(
        &self,
        requirements: Vec<Requirement>,
        ends: impl Fn(PackageIx) -> bool,
    ) -> Request {
        let mut request = Request::newest(requirements.clone());
        request.budget = self.budget;
        request.prefer = match self.prefer {
            Preference::Newest | Preference::Lts => Prefer::Newest,
            Preference::Oldest => Prefer::Oldest,
            Preference::Installed => Prefer::FewestChanges,
        };
        request.on(&self.catalog, self.day);
        request.ended.retain(|&package, _| ends(package));
        for (requirement, stated) in request.requirements.iter_mut().zip(requirements) {
            if !ends(requirement.package) {
                *requirement = stated;
            }
        }
        if self.prefer == Preference::Lts {
            request.favour_long_term(&self.catalog, self.day);
        }
        for (&package, &rank) in &self.installed.releases {
            self.allow_running(&mut request, package, rank);
        }
        self.bind_running(&mut request);
        request
    }

    /// Returns the request to ask where that one has no set: with what runs moved down; `None` if nothing runs.
    pub(super) fn wider(&self) -> Option<Request> {
        if self.installed.releases.is_empty() {
            return None;
        }
        let mut down = self.request();
        for requirement in &mut down.requirements {
            if requirement.origin == Origin::Runs {
                let rank = self.installed.releases.get(&requirement.package);
                requirement.releases =
                    Requirement::any(&self.catalog, requirement.package).releases;
                if let Some(&rank) = rank {
                    requirement.releases.insert(rank);
                }
            }
        }
        Some(down)
    }

    /// Makes all that runs part of the problem: it stays or moves up. It is decided after what was asked for, and before
    /// what is merely needed.
    fn bind_running(&self, request: &mut Request) {
        for (&package, &rank) in &self.installed.releases {
            if request.requirements.iter().any(|requirement| requirement.package == package) {
                continue;
            }
            let any = Requirement::any(&self.catalog, package);
            let mut releases = ReleaseSet::empty(self.catalog.package(package).len());
            let up = any.releases.iter().filter(|&other| other > rank);
            up.for_each(|other| releases.insert(other));
            if let Some(ended) = request.ended.get(&package) {
                releases.subtract(ended);
            }
            releases.insert(rank);
            let text = format!("{} runs", self.catalog.label((package, rank)));
            let named = releases.clone();
            let runs = Requirement {
                releases,
                named,
                restricted: true,
                text,
                origin: Origin::Runs,
                ..any
            };
            request.requirements.push(runs);
        }
    }

    /// Returns what becomes of what runs, with what is new.
    pub(super) fn moves(&self, picks: &[Pick]) -> Vec<Move> {
        let installed = &self.installed.releases;
        if installed.is_empty() {
            return Vec::new();
        }
        let chosen = picks.iter().map(|pick| {
            let (package, rank) = pick.release;
            Move { package, from: installed.get(&package).copied(), to: Some(rank) }
        });
        let is_chosen = |package| picks.iter().any(|pick| pick.release.0 == package);
        let gone = installed.iter().filter(|(package, _)| !is_chosen(**package));
        let gone = gone.map(|(&package, &rank)| Move { package, from: Some(rank), to: None });
        chosen.chain(gone).collect()
    }

    /// Says which packages that run would get an older release.
    pub(super) fn moved(&self, chosen: &[ReleaseId]) -> Vec<Finding> {
        let down = chosen.iter().filter_map(|&(package, rank)| {
            let runs = *self.installed.releases.get(&package)?;
            let asked = self.requirements.iter().any(|one| one.package == package);
            (rank < runs && !asked).then_some((package, rank, runs))
        });
        down.map(|(package, rank, runs)| {
            let runs = self.catalog.label((package, runs));
            let version = self.catalog.version((package, rank));
            let message =
                format!("{runs} runs, and only an older release goes with the rest: {version}");
            Finding::new(Check::InstalledDown, Severity::Warning, runs, message)
        })
        .collect()
    }

    /// Allows what runs, whatever its state. Only where the fewest changes are asked for, or nobody
    /// asked for the package, is it also better than other releases: who asks for the newest wants
    /// it, but what is merely needed is best left alone.
    fn allow_running(&self, request: &mut Request, package: PackageIx, rank: Rank) {
        let mut is_required = false;
        for requirement in
            request.requirements.iter_mut().filter(|requirement| requirement.package == package)
        {
            is_required = true;
            if requirement.pinned.is_none() && self.allows(requirement, rank) {
                requirement.releases.insert(rank);
            }
        }
        let favoured = request.favoured.get(&package);
        let keeps = !is_required && favoured.is_none_or(|favoured| favoured.contains(rank));
        if self.prefer == Preference::Installed || keeps {
            request.installed.insert(package, rank);
        } else if let Some(ended) = request.ended.get_mut(&package) {
            let mut running = ReleaseSet::empty(self.catalog.package(package).len());
            running.insert(rank);
            ended.subtract(&running);
        }
    }

    /// Whether a release is the one that runs.
    pub(super) fn runs(&self, package: PackageIx, rank: Rank) -> bool {
        self.installed.releases.get(&package) == Some(&rank)
    }

    /// Returns what is to be said about what runs of some packages.
    pub(super) fn notes(&self, packages: &[PackageIx]) -> Vec<Finding> {
        let notes = self.installed.notes.iter();
        let notes = notes.filter(|(package, _)| packages.contains(package));
        notes.map(|(_, finding)| finding.clone()).collect()
    }

    /// Returns true if the words of a requirement allow a release, whatever its state.
    fn allows(&self, requirement: &Requirement, rank: Rank) -> bool {
        let spec = self.specs.iter().find(|spec| spec.text() == requirement.text);
        spec.is_none_or(|spec| self.lookup().allows(spec, requirement.package, rank))
    }

    /// Returns the request as a lock states it. A day that nobody chose is not written down, so that a lock
    /// does not change from day to day.
    pub(super) fn record(&self) -> RequestRecord {
        let running = self.installed.releases.iter().map(|(&package, &rank)| {
            let version = self.catalog.version((package, rank));
            (self.catalog.package(package).name.clone(), version.to_owned())
        });
        RequestRecord {
            specs: self.specs.iter().map(|spec| spec.text().to_owned()).collect(),
            prefer: self.prefer.name().to_owned(),
            as_of: self.day_is_chosen.then(|| self.day.to_string()),
            installed: running.collect(),
        }
    }
}

/// Loads the matrices with the versions that are asked for and those that run. Versions that run
/// somewhere but do not count are left out again, so that none of them can be chosen.
fn load(
    base: &KnowledgeBase,
    specs: &[Spec],
    running: Option<&Running<'_>>,
) -> Result<(Arc<Catalog>, Installed), Failure> {
    let topic = Topic::of_specs(specs);
    let Some(running) = running else {
        return Ok((base.load(&topic)?, Installed::default()));
    };
    let mut with_running = topic.clone();
    with_running.add_versions(running.versions());
    let catalog = base.load(&with_running)?;
    let installed = running.on(&catalog);
    if !has_uncounted(&catalog, running, &installed) {
        return Ok((catalog, installed));
    }
    let counting = installed.releases.iter().map(|(&package, &rank)| {
        let version = catalog.version((package, rank)).to_owned();
        (catalog.package(package).name.clone(), version)
    });
    let counting: Vec<_> = counting.collect();
    let mut topic = topic;
    topic.add_versions(counting.clone());
    let catalog = base.load(&topic)?;
    let placed = counting.iter().filter_map(|(name, version)| {
        let package = catalog.find(name)?;
        Some((package, catalog.package(package).find(version)?))
    });
    let releases = placed.collect();
    Ok((catalog, Installed { releases, notes: installed.notes }))
}

/// Returns true if a release that nobody lists runs somewhere and does not count as what runs.
fn has_uncounted(catalog: &Catalog, running: &Running<'_>, installed: &Installed) -> bool {
    running.versions().iter().any(|(name, version)| {
        let package = catalog.find(name);
        let release = package.and_then(|ix| Some((ix, catalog.package(ix).find(version)?)));
        release.is_some_and(|(package, rank)| {
            let is_listed = catalog.package(package).release(rank).is_listed();
            !is_listed && installed.releases.get(&package) != Some(&rank)
        })
    })
}
