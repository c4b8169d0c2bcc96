//! The instance: variables, masks over their values, and what values ask of each other.
//!
//! A variable stands for a package. Bit `i` of its words is the release of rank `i`; the bit after
//! the newest release means that the package is absent. What a release asks of another package is
//! always of the form *these values of p go only with those values of q*: a requirement leaves out
//! `absent`, an optional need and a conflict keep it. All values of `p` that ask the same of `q` are
//! one [`Group`], and all groups of the same two variables are one [`Link`], which also knows the
//! values of `p` that ask nothing of `q`. Every value of `p` is in at most one group of a link.
//!
//! Only what is reached is lowered: a package becomes a variable when something asks for it, and what
//! its releases ask is looked at when it is known that it must be present.

use rustc_hash::FxHashMap;

use super::super::problem::{Domains, Request};
use super::super::statement::{Scope, Statement};
use crate::catalog::{Catalog, NeedKind, PackageIx, Rank, ReleaseId, ReleaseSet};

/// A machine word of a mask.
pub(super) type Word = usize;
/// Position of a variable.
pub(in super::super) type Var = usize;

pub(super) const BITS: usize = Word::BITS as usize;
pub(super) const NONE: u32 = u32::MAX;
/// Marks who asks when it is a family.
const BONDS: u32 = 1 << 31;

/// One package of the instance.
#[derive(Debug, Clone)]
pub(super) struct Variable {
    pub(super) package: PackageIx,
    /// Position of its first word, in all arrays that hold a word for each.
    pub(super) at: usize,
    /// How many words its masks have.
    pub(super) words: usize,
    /// The bit that means absence; also the number of releases.
    pub(super) absent: usize,
    /// Whether what its releases ask has been lowered.
    pub(super) expanded: bool,
    /// Its own links: first and one past the last.
    pub(super) links: (u32, u32),
    /// The last link that points to it, and how many do.
    pub(super) into: u32,
    pub(super) asked_by: u32,
}

/// What the values of one variable ask of another.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) from: u32,
    pub(super) to: u32,
    /// Whether it is the family that asks.
    pub(super) is_bond: bool,
    /// Mask over `from`: values that ask nothing.
    pub(super) free: usize,
    /// Its first group.
    pub(super) first: u32,
    /// The link that points to the same variable and was made before.
    pub(super) next_into: u32,
    /// The word in which a free value was seen last.
    pub(super) hint: u32,
    /// Where the masks are of the values that go with each value of `to`, if they were made.
    rows: Option<usize>,
}

/// Values that ask the same.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// Mask over the asking variable: the values.
    pub(super) values: usize,
    /// Mask over the other variable: what goes with them.
    pub(super) accepts: usize,
    pub(super) next: u32,
    /// The word in which an accepted value was seen last.
    pub(super) hint: u32,
}

/// Where in the lowering of one variable a target was met last.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// The asking variable, plus one.
    by: u32,
    link: u32,
    /// The last release that asked, and its group.
    rank: u32,
    group: u32,
}

/// The lowered part of a catalog and a request.
#[derive(Debug)]
pub(in super::super) struct Space<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) request: &'c Request,
    pub(super) scope: Scope,
    pub(super) domains: Domains<'c>,
    pub(super) vars: Vec<Variable>,
    pub(super) links: Vec<Link>,
    pub(super) groups: Vec<Group>,
    pub(super) masks: Vec<Word>,
    /// For each variable, the values that it starts with.
    pub(super) base: Vec<Word>,
    /// For each package, its variable plus one.
    var_of: Vec<u32>,
    /// For each constraint and kind of need, its mask plus one.
    interned: Vec<u32>,
    /// For each interned mask, where its words are.
    mask_at: Vec<usize>,
    /// For each interned mask, the variable plus one that used it last, and its group.
    mask_group: Vec<(u32, u32)>,
    /// Masks that are the intersection of two others.
    combined: FxHashMap<(u32, u32), u32>,
    /// For each bond, its mask plus one.
    bonds: FxHashMap<usize, u32>,
    seen: Vec<Seen>,
}

impl<'c> Space<'c> {
    pub(super) fn new(catalog: &'c Catalog, request: &'c Request, scope: Scope) -> Self {
        Self {
            catalog,
            request,
            scope,
            domains: Domains::new(catalog, request),
            vars: Vec::new(),
            links: Vec::new(),
            groups: Vec::new(),
            masks: Vec::new(),
            base: Vec::new(),
            var_of: vec![0; catalog.packages().len()],
            interned: vec![0; catalog.constraints().len() * 3],
            mask_at: Vec::new(),
            mask_group: Vec::new(),
            combined: FxHashMap::default(),
            bonds: FxHashMap::default(),
            seen: Vec::new(),
        }
    }

    /// Returns the variable of a package, if it has one yet.
    pub(in super::super) fn find(&self, package: PackageIx) -> Option<Var> {
        self.var_of[package.ix()].checked_sub(1).map(|var| var as usize)
    }

    /// Returns the variable of a package, made if need be. Its values are what the request leaves of
    /// it; while statements are kept apart, they are all that any of them could leave.
    pub(super) fn var(&mut self, package: PackageIx) -> Var {
        if let Some(var) = self.find(package) {
            return var;
        }
        let var = self.vars.len();
        let stated = self.catalog.package(package);
        let absent = stated.len();
        let words = absent / BITS + 1;
        let at = self.base.len();
        self.base.resize(at + words, 0);
        let wished = if self.scope.is_traced() {
            self.start_with(at, &self.domains.readable(package));
            false
        } else {
            self.start_with(at, &self.domains.left(package));
            self.domains.is_wished(package)
        };
        if !wished {
            self.base[at + absent / BITS] |= 1 << (absent % BITS);
        }
        self.vars.push(Variable {
            package,
            at,
            words,
            absent,
            expanded: false,
            links: (0, 0),
            into: NONE,
            asked_by: 0,
        });
        self.seen.push(Seen::default());
        self.var_of[package.ix()] = small(var) + 1;
        var
    }

    fn start_with(&mut self, at: usize, releases: &ReleaseSet) {
        let words = releases.words();
        self.base[at..at + words.len()].copy_from_slice(words);
    }

    /// Lowers what the releases of a variable ask.
    pub(super) fn expand(&mut self, var: Var) {
        if std::mem::replace(&mut self.vars[var].expanded, true) {
            return;
        }
        let Variable { package, at, words, .. } = self.vars[var];
        let stated = self.catalog.package(package);
        let first_link = self.links.len();
        for word in 0..words {
            let mut left = self.base[at + word];
            while left != 0 {
                let rank = word * BITS + left.trailing_zeros() as usize;
                left &= left - 1;
                if rank < stated.len() {
                    for need in stated.needs(Rank::new(rank)) {
                        let constraint = self.catalog.constraint(need.constraint);
                        let statement = Statement::Needs(package, constraint.target);
                        if self.scope.holds(statement) {
                            let target = self.var(constraint.target);
                            let mask = self.mask(need.constraint.ix(), need.kind, target);
                            self.ask((small(var) + 1, var), rank, target, mask);
                        }
                    }
                }
            }
        }
        self.bind(var);
        self.vars[var].links = (small(first_link), small(self.links.len()));
        for link in first_link..self.links.len() {
            self.finish(link);
        }
    }

    /// Binds releases to the core that their family gives them.
    fn bind(&mut self, var: Var) {
        let Variable { package, at, .. } = self.vars[var];
        if self.catalog.bonds_of(package).is_empty() || !self.scope.holds(Statement::Bond(package))
        {
            return;
        }
        for bond in self.catalog.bonds_of(package) {
            let rank = bond.release.1.ix();
            let left = self.base[at + rank / BITS] >> (rank % BITS) & 1 == 1;
            if left && self.bond(bond.release).is_some() {
                let (target, mask) = self.bond_mask(bond.release);
                self.ask((BONDS | small(var), var), rank, target, mask);
            }
        }
    }

    /// Returns the position of the bond of a release, unless it was asked for by its name or runs.
    pub(super) fn bond(&self, release: ReleaseId) -> Option<usize> {
        let bonds = self.catalog.bonds();
        if bonds.is_empty() {
            return None;
        }
        let at = bonds.binary_search_by_key(&release, |bond| bond.release).ok()?;
        (!self.domains.is_by_name(release)).then_some(at)
    }

    /// Returns the core to which a release is bound, and the interned mask of the releases that it goes
    /// with.
    pub(super) fn bond_mask(&mut self, release: ReleaseId) -> (Var, u32) {
        let bonds = self.catalog.bonds();
        let ix = bonds.partition_point(|bond| bond.release < release);
        let bond = &bonds[ix];
        let target = self.var(bond.core);
        if let Some(&mask) = self.bonds.get(&ix) {
            return (target, mask);
        }
        let Variable { words, absent, .. } = self.vars[target];
        let at = self.room(words);
        let cores = bond.cores.words();
        self.masks[at..at + cores.len()].copy_from_slice(cores);
        self.masks[at + absent / BITS] |= 1 << (absent % BITS);
        let mask = self.new_mask(at);
        self.bonds.insert(ix, mask);
        (target, mask)
    }

    /// Records that a release goes only with the values of a mask. `by` tells the link apart: a
    /// variable asks for itself and for its family.
    fn ask(&mut self, (by, var): (u32, Var), rank: usize, target: Var, mut mask: u32) {
        let mut seen = self.seen[target];
        if seen.by != by {
            let link = Link {
                from: small(var),
                to: small(target),
                is_bond: by & BONDS != 0,
                free: 0,
                first: NONE,
                next_into: self.vars[target].into,
                hint: 0,
                rows: None,
            };
            seen = Seen { by, link: small(self.links.len()), rank: NONE, group: NONE };
            self.links.push(link);
            self.vars[target].into = seen.link;
            self.vars[target].asked_by += 1;
        } else if seen.rank == small(rank) {
            // The release asks twice: what it accepts is in both.
            let group = &self.groups[seen.group as usize];
            let (values, accepts) = (group.values, group.accepts);
            self.masks[values + rank / BITS] &= !(1 << (rank % BITS));
            mask = self.both(accepts, mask, target);
        }
        let (user, group) = self.mask_group[mask as usize];
        // A mask ranges over one variable, so within one lowering it is of one link.
        let group = if user == by {
            group
        } else {
            let values = self.room(self.vars[var].words);
            let accepts = self.mask_at[mask as usize];
            let next = self.links[seen.link as usize].first;
            let group = small(self.groups.len());
            self.groups.push(Group { values, accepts, next, hint: 0 });
            self.links[seen.link as usize].first = group;
            self.mask_group[mask as usize] = (by, group);
            group
        };
        let values = self.groups[group as usize].values;
        self.masks[values + rank / BITS] |= 1 << (rank % BITS);
        self.seen[target] = Seen { rank: small(rank), group, ..seen };
    }

    /// Works out, for each link to a variable, which values go with each single value of it. It pays
    /// where the variable is decided again and again.
    pub(super) fn make_rows(&mut self, var: Var) {
        let mut next = self.vars[var].into;
        while next != NONE {
            let link = next as usize;
            next = self.links[link].next_into;
            if self.links[link].rows.is_none() {
                self.links[link].rows = Some(self.rows(link));
            }
        }
    }

    fn rows(&mut self, link: usize) -> usize {
        let Link { from, to, free, mut first, .. } = self.links[link];
        let (words, targets) = (self.vars[from as usize].words, self.vars[to as usize].words);
        let values = self.vars[to as usize].absent + 1;
        let rows = self.room(values * words);
        for value in 0..values {
            self.masks.copy_within(free..free + words, rows + value * words);
        }
        while first != NONE {
            let Group { values, accepts, next, .. } = self.groups[first as usize];
            first = next;
            for word in 0..targets {
                let mut left = self.masks[accepts + word];
                while left != 0 {
                    let row = rows + (word * BITS + left.trailing_zeros() as usize) * words;
                    left &= left - 1;
                    for at in 0..words {
                        self.masks[row + at] |= self.masks[values + at];
                    }
                }
            }
        }
        rows
    }

    /// Returns where the mask of the values is that go with one value of a link's target.
    pub(super) fn row(&self, link: usize, bit: usize) -> Option<usize> {
        let Link { from, rows, .. } = self.links[link];
        rows.map(|rows| rows + bit * self.vars[from as usize].words)
    }

    /// Works out which values of a link ask nothing.
    fn finish(&mut self, link: usize) {
        let Link { from, mut first, .. } = self.links[link];
        let Variable { at, words, .. } = self.vars[from as usize];
        let free = self.masks.len();
        self.masks.extend_from_slice(&self.base[at..at + words]);
        let absent = self.vars[from as usize].absent;
        self.masks[free + absent / BITS] |= 1 << (absent % BITS);
        while first != NONE {
            let group = &self.groups[first as usize];
            first = group.next;
            for word in 0..words {
                self.masks[free + word] &= !self.masks[group.values + word];
            }
        }
        self.links[link].free = free;
    }

    /// Returns the interned mask of what a need accepts.
    pub(super) fn mask(&mut self, constraint: usize, kind: NeedKind, target: Var) -> u32 {
        let key = constraint * 3 + kind as usize;
        if let Some(mask) = self.interned[key].checked_sub(1) {
            return mask;
        }
        let Variable { words, absent, .. } = self.vars[target];
        let at = self.room(words);
        let allowed = self.catalog.constraints()[constraint].allowed.words();
        self.masks[at..at + allowed.len()].copy_from_slice(allowed);
        if kind == NeedKind::Conflicts {
            for word in 0..words {
                let bits = absent.saturating_sub(word * BITS).min(BITS);
                let all = if bits == BITS { Word::MAX } else { (1 << bits) - 1 };
                self.masks[at + word] = !self.masks[at + word] & all;
            }
        }
        if kind != NeedKind::Requires {
            self.masks[at + absent / BITS] |= 1 << (absent % BITS);
        }
        let mask = self.new_mask(at);
        self.interned[key] = mask + 1;
        mask
    }

    /// Returns the interned mask of what is in both: the words at `a`, and the mask `b`.
    fn both(&mut self, a: usize, b: u32, target: Var) -> u32 {
        let key = (small(a), b);
        if let Some(&mask) = self.combined.get(&key) {
            return mask;
        }
        let words = self.vars[target].words;
        let at = self.room(words);
        for word in 0..words {
            self.masks[at + word] =
                self.masks[a + word] & self.masks[self.mask_at[b as usize] + word];
        }
        let mask = self.new_mask(at);
        self.combined.insert(key, mask);
        mask
    }

    /// Returns where the words of an interned mask are.
    pub(super) fn mask_at(&self, mask: u32) -> usize {
        self.mask_at[mask as usize]
    }

    fn new_mask(&mut self, at: usize) -> u32 {
        let mask = small(self.mask_at.len());
        self.mask_at.push(at);
        self.mask_group.push((0, 0));
        mask
    }

    fn room(&mut self, words: usize) -> usize {
        let at = self.masks.len();
        self.masks.resize(at + words, 0);
        at
    }
}

/// Makes a compact position.
pub(super) fn small(position: usize) -> u32 {
    u32::try_from(position).expect("files are too small to hold 2^32 entries")
}
