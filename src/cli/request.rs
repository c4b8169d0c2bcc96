//! A question for sets: SPECs, a day, a preference and what runs, made into a request.

use std::path::Path;

use clap::ValueEnum;
use jiff::civil::Date;

use super::args::{Common, PreferArg, Question};
use super::running::{Installed, Running, RunningFile};
use super::verbs::day;
use super::world::{self, Files};
use super::{Failure, files, spec};
use crate::catalog::{Catalog, PackageIx, Rank, ReleaseSet};
use crate::finding::Finding;
use crate::record::RequestRecord;
use crate::resolve::{Prefer, Request, Requirement};

/// A question that was read, with the catalog that answers it.
pub(super) struct Asked {
    pub(super) catalog: std::sync::Arc<Catalog>,
    pub(super) files: Files,
    /// The day to judge by.
    pub(super) day: Date,
    pub(super) requirements: Vec<Requirement>,
    pub(super) prefer: PreferArg,
    pub(super) installed: Installed,
    specs: Vec<String>,
    /// Whether the user named the day.
    dated: bool,
    budget: u64,
}

impl Asked {
    pub(super) fn read(
        common: &Common,
        question: &Question,
        prefer: PreferArg,
        installed_path: Option<&Path>,
    ) -> Result<Self, Failure> {
        let day = day(question.as_of.as_deref())?;
        let file = installed_path.map(RunningFile::read).transpose()?;
        let running = file.as_ref().map(RunningFile::parse).transpose()?;
        let matrices = world::files_for(common, question.specs.iter().map(String::as_str), [])?;
        let (catalog, installed) = load(&matrices, &question.specs, running.as_ref())?;
        if let Some(path) = installed_path.filter(|_| installed.is_empty()) {
            return Err(Failure::new(format!(
                "{} runs nothing that the matrices of the SPECs have",
                files::name(path)
            ))
            .hint("`skew check` looks at a whole deployment"));
        }
        let requirements = spec::requirements(&catalog, &question.specs)?;
        Ok(Self {
            catalog: catalog.into(),
            files: matrices,
            day,
            requirements,
            prefer,
            installed,
            specs: question.specs.clone(),
            dated: question.as_of.is_some(),
            budget: question.budget.unwrap_or(Request::BUDGET),
        })
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
            PreferArg::Newest | PreferArg::Lts => Prefer::Newest,
            PreferArg::Oldest => Prefer::Oldest,
            PreferArg::Installed => Prefer::FewestChanges,
        };
        request.on(&self.catalog, self.day);
        request.ended.retain(|&package, _| ends(package));
        for (requirement, stated) in request.requirements.iter_mut().zip(requirements) {
            if !ends(requirement.package) {
                *requirement = stated;
            }
        }
        if self.prefer == PreferArg::Lts {
            request.favour_long_term(&self.catalog, self.day);
        }
        for (&package, &rank) in &self.installed.releases {
            self.allow_running(&mut request, package, rank);
        }
        request
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
            if requirement.pinned.is_none() && spec::allows(&self.catalog, requirement, rank) {
                requirement.releases.insert(rank);
            }
        }
        let favoured = request.favoured.get(&package);
        let keeps = !is_required && favoured.is_none_or(|favoured| favoured.contains(rank));
        if self.prefer == PreferArg::Installed || keeps {
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

    /// Returns the request as a lock states it. A day that nobody named is not written down, so that
    /// a lock does not change from day to day.
    pub(super) fn record(&self) -> RequestRecord {
        let word = self.prefer.to_possible_value();
        let running = self.installed.releases.iter().map(|(&package, &rank)| {
            let version = self.catalog.version((package, rank));
            (self.catalog.package(package).name.clone(), version.to_owned())
        });
        RequestRecord {
            specs: self.specs.clone(),
            prefer: word.map(|word| word.get_name().to_owned()).unwrap_or_default(),
            as_of: self.dated.then(|| self.day.to_string()),
            installed: running.collect(),
        }
    }
}

/// Loads the matrices with the versions that are asked for and those that run. Versions that run
/// somewhere but do not count are left out again, so that none of them can be chosen.
fn load(
    matrices: &Files,
    specs: &[String],
    running: Option<&Running<'_>>,
) -> Result<(Catalog, Installed), Failure> {
    let named = world::named(specs.iter().map(String::as_str));
    let Some(running) = running else {
        return Ok((matrices.load(&named)?, Installed::default()));
    };
    let catalog = matrices.load(&[named.clone(), running.versions()].concat())?;
    let installed = running.on(&catalog);
    if !has_uncounted(&catalog, running, &installed) {
        return Ok((catalog, installed));
    }
    let counting = installed.releases.iter().map(|(&package, &rank)| {
        let version = catalog.version((package, rank)).to_owned();
        (catalog.package(package).name.clone(), version)
    });
    let counting: Vec<_> = counting.collect();
    let catalog = matrices.load(&[named, counting.clone()].concat())?;
    let placed = counting.iter().filter_map(|(name, version)| {
        let package = catalog.find(name)?;
        Some((package, catalog.package(package).find(version)?))
    });
    let releases = placed.collect();
    Ok((catalog, Installed { releases, notes: installed.notes }))
}

/// Whether a release that nobody lists runs somewhere and does not count as what runs.
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
