//! What projects promise, and which plugins rely on it.

use super::Lowering;
use crate::catalog::{Binds, Contract, FactIx, PackageIx, PackageKind, ReleaseSet, Reliance};
use crate::matrix::field::Stated;
use crate::matrix::raw;
use crate::problem::{ProblemCode, shown};
use crate::version::Step;

impl<'r, 'a> Lowering<'r, 'a> {
    pub(super) fn contracts(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            for raw in &self.files[file].raw.contracts {
                self.check_name(&raw.name, "a contract");
                if !self.names.contracts.insert((self.scope(), &*raw.name)) {
                    self.duplicate(&raw.name, "contract");
                }
                let fact = self.fact(raw.meta(), None, &raw.name);
                let Some(package) = self.package_named(&raw.package) else {
                    continue;
                };
                let steps =
                    [(Step::Patch, raw.patch), (Step::Minor, raw.minor), (Step::Major, raw.major)];
                let steps =
                    steps.into_iter().filter_map(|(step, stated)| Some((step, stated?))).collect();
                let binds = raw.binds.unwrap_or(Binds::Package);
                let (name, title) = (raw.name.to_string(), raw.title.to_string());
                self.catalog.contracts.push(Contract { name, package, title, steps, binds, fact });
            }
        }
    }

    pub(super) fn reliances(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            for raw in self.standing(&self.files[file].raw.relies) {
                let fact = self.fact(raw.meta(), None, &raw.package);
                let Some(package) = self.package_named(&raw.package) else {
                    continue;
                };
                match self.catalog.package(package).kind {
                    PackageKind::Plugin => self.plugin_relies(package, raw, fact),
                    PackageKind::Core => self.all_rely(package, raw, fact),
                    PackageKind::Runtime | PackageKind::Platform | PackageKind::Bundle => {
                        let name = shown(&raw.package);
                        let message = format!("expected a plugin or a core, found `{name}`");
                        self.report(Some(&raw.package), ProblemCode::Rule, message);
                    }
                }
            }
        }
    }

    fn plugin_relies(&mut self, package: PackageIx, raw: &'r raw::Reliance<'a>, fact: FactIx) {
        let releases = self.releases_or_all(package, raw.releases.as_ref());
        // A plugin whose core is unknown has been reported.
        let core = self.catalog.package(package).core;
        if let (Some(core), Some(releases)) = (core, releases)
            && let Some(contract) = self.contract_named(core, raw)
        {
            self.catalog.relies.push(Reliance { package, releases, contract, fact });
        }
    }

    /// Every plugin of a core relies on the same.
    fn all_rely(&mut self, core: PackageIx, raw: &'r raw::Reliance<'a>, fact: FactIx) {
        if let Some(releases) = &raw.releases {
            let message = "the releases of all plugins of a core cannot be one range".to_owned();
            self.report(Some(releases), ProblemCode::Rule, message);
            return;
        }
        let Some(contract) = self.contract_named(core, raw) else {
            return;
        };
        let plugins = self.catalog.packages().filter(|(_, package)| package.core == Some(core));
        let made: Vec<_> = plugins
            .map(|(package, stated)| {
                let releases = ReleaseSet::full(stated.len());
                Reliance { package, releases, contract, fact }
            })
            .collect();
        self.catalog.relies.extend(made);
    }

    /// Returns the position of a contract of the core.
    fn contract_named(&mut self, core: PackageIx, raw: &'r raw::Reliance<'a>) -> Option<usize> {
        let contracts = &self.catalog.contracts;
        let of_core = |contract: &Contract| contract.package == core;
        let named = |contract: &Contract| of_core(contract) && contract.name == *raw.contract;
        if let Some(position) = contracts.iter().position(named) {
            return Some(position);
        }
        let known = contracts.iter().filter(|contract| of_core(contract));
        let hint = self.near(&raw.contract, known.map(|contract| contract.name.as_str()));
        let what = format!("contract of {}", self.catalog.package(core).name);
        self.unknown_name(&raw.contract, &what, hint);
        None
    }
}
