//! The variables, links and groups that were made so far.

use super::super::super::problem::{Domains, Request};
use super::super::super::statement::{Statement, StatementScope};
use super::super::bits::{BITS, Var, Word, set, small};
use super::masks::{MaskShape, Masks};
use super::model::{Link, LoweringBuffers, Remaining, ValueGroup, Variable};
use crate::catalog::{Catalog, Need, NeedKind, PackageIx, Pin, ReleaseId, ReleaseSet};

/// The lowered part of a catalog and a request.
#[derive(Debug)]
pub(in super::super) struct Instance<'c> {
    pub(in super::super) catalog: &'c Catalog,
    pub(in super::super) request: &'c Request,
    pub(in super::super) scope: StatementScope,
    pub(in super::super) domains: Domains<'c>,
    /// True if it is looked up release by release what the request leaves of a package.
    unfiltered: bool,
    pub(in super::super) vars: Vec<Variable>,
    pub(in super::super) links: Vec<Link>,
    pub(in super::super) groups: Vec<ValueGroup>,
    pub(in super::super) masks: Masks,
    /// For each variable, the values that it starts with.
    pub(in super::super) base: Vec<Word>,
    /// For each package, its variable plus one.
    var_of: Vec<u32>,
    pub(super) buffers: LoweringBuffers,
}

impl<'c> Instance<'c> {
    /// Makes the instance of a request, without variables. An `unfiltered` one begins with all releases of
    /// a package where no requirement names some.
    pub(in super::super) fn new(
        catalog: &'c Catalog,
        request: &'c Request,
        scope: StatementScope,
        unfiltered: bool,
    ) -> Self {
        Self {
            unfiltered,
            catalog,
            request,
            scope,
            domains: Domains::new(catalog, request),
            vars: Vec::new(),
            links: Vec::new(),
            groups: Vec::new(),
            masks: Masks::new(catalog, request.world),
            base: Vec::new(),
            var_of: vec![0; catalog.packages().len()],
            buffers: LoweringBuffers::default(),
        }
    }

    /// Makes room for what the requirements will probably need; growing step by step costs more.
    pub(in super::super) fn reserve(&mut self) {
        let requirements = self.request.requirements.iter();
        let releases: usize =
            requirements.map(|requirement| self.catalog.package(requirement.package).len()).sum();
        self.masks.words.reserve(releases * 16);
        self.groups.reserve(releases * 3);
        self.masks.interned.reserve(releases * 3);
    }

    /// Returns the needs of a release that are admitted.
    pub(in super::super) fn needs(
        &self,
        (package, rank): ReleaseId,
    ) -> impl Iterator<Item = &'c Need> + Clone + use<'c, '_> {
        let needs = self.catalog.package(package).needs(rank).iter();
        needs.filter(move |need| self.admits(package, need))
    }

    /// Returns the needs of a release where no statement is left out, so that all are admitted.
    pub(in super::super) fn all_needs(
        &self,
        (package, rank): ReleaseId,
    ) -> impl Iterator<Item = &'c Need> + Clone + use<'c> {
        self.catalog.package(package).needs(rank).iter()
    }

    /// Returns true if a need of a package's release counts.
    pub(super) fn admits(&self, package: PackageIx, need: &Need) -> bool {
        self.scope.holds(Statement::Needs(package, need.target))
    }

    /// Returns the pin of a release and its position, unless the release was asked for by its name or
    /// runs.
    pub(in super::super) fn pin(&self, release: ReleaseId) -> Option<(usize, &'c Pin)> {
        let pins = self.catalog.pins();
        if pins.is_empty() || !self.scope.holds(Statement::Pin(release.0)) {
            return None;
        }
        let at = pins.binary_search_by_key(&release, |pin| pin.release).ok()?;
        (!self.domains.is_by_name(release)).then(|| (at, &pins[at]))
    }

    /// Returns the variables of the packages that a release requires.
    pub(in super::super) fn required_by(
        &self,
        release: ReleaseId,
    ) -> impl Iterator<Item = Var> + use<'c, '_> {
        let needs = self.needs(release).filter(|need| need.kind == NeedKind::Requires);
        needs.filter_map(|need| self.find(need.target))
    }

    /// Returns the variable of a package, if it has one yet.
    pub(in super::super) fn find(&self, package: PackageIx) -> Option<Var> {
        self.var_of[package.ix()].checked_sub(1).map(|var| var as usize)
    }

    /// Returns the variable of a package, made if need be. Its values are what the request leaves of
    /// it; while statements are kept apart, they are all that any of them could leave.
    pub(in super::super) fn var(&mut self, package: PackageIx) -> Var {
        if let Some(var) = self.find(package) {
            return var;
        }
        let var = self.vars.len();
        let absent = self.catalog.package(package).len();
        let (words, at) = (absent / BITS + 1, self.base.len());
        self.base.resize(at + words, 0);
        let releases = self.starting_with(package);
        self.base[at..at + releases.words().len()].copy_from_slice(releases.words());
        if self.scope.is_traced() || !self.domains.is_required(package) {
            set(&mut self.base[at..], absent);
        }
        let links = (0, 0);
        let incoming = Vec::new();
        self.vars.push(Variable { package, at, words, absent, lowered: false, links, incoming });
        self.var_of[package.ix()] = small(var) + 1;
        var
    }

    /// Returns true if it is looked up release by release what the request leaves of a package.
    pub(in super::super) fn is_unfiltered(&self) -> bool {
        self.unfiltered
    }

    /// Returns the releases that a variable starts with.
    fn starting_with(&self, package: PackageIx) -> ReleaseSet {
        if self.scope.is_traced() {
            self.domains.readable(package)
        } else if self.unfiltered && !self.domains.is_restricted(package) {
            ReleaseSet::full(self.catalog.package(package).len())
        } else {
            self.domains.left(package)
        }
    }

    /// Returns the size of a variable's masks.
    pub(super) fn shape(&self, var: Var) -> MaskShape {
        let Variable { words, absent, .. } = self.vars[var];
        MaskShape { words, absent }
    }

    /// Returns the values that a variable starts with.
    pub(in super::super) fn base_of(&self, var: Var) -> &[Word] {
        let Variable { at, words, .. } = self.vars[var];
        &self.base[at..at + words]
    }

    /// Returns the positions of a variable's own links.
    pub(in super::super) fn links_of(&self, var: Var) -> std::ops::Range<usize> {
        let (first, last) = self.vars[var].links;
        first as usize..last as usize
    }

    /// Returns the groups of a link.
    pub(in super::super) fn groups_of(&self, link: &Link) -> &[ValueGroup] {
        &self.groups[link.groups.0 as usize..link.groups.1 as usize]
    }

    /// Returns true if some release that a group accepts is left, of a variable of which these words are
    /// left.
    pub(in super::super) fn meets(
        &self,
        group: &ValueGroup,
        left: &[Word],
        rest: Remaining,
    ) -> bool {
        group.meets(self.masks.get(group.accepts, left.len()), left, rest)
    }

    /// Returns the place of the mask of the values that go with one value of a link's target, if the link
    /// has rows.
    pub(in super::super) fn row(&self, link: usize, bit: usize) -> Option<usize> {
        let Link { from, rows, .. } = self.links[link];
        rows.map(|rows| rows + bit * self.vars[from as usize].words)
    }

    /// Returns the statement that a link is made of.
    pub(in super::super) fn statement(&self, link: usize) -> Statement {
        let stated = &self.links[link];
        let package = |var: u32| self.vars[var as usize].package;
        if stated.is_pin {
            Statement::Pin(package(stated.from))
        } else {
            Statement::Needs(package(stated.from), package(stated.to))
        }
    }
}
