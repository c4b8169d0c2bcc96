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
use crate::catalog::{Catalog, ConstraintIx, NeedKind, PackageIx, Rank, ReleaseId, ReleaseSet};

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
    /// The links that point to it.
    pub(super) into: Vec<Into>,
}

/// What the values of one variable ask of another.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) from: u32,
    pub(super) to: u32,
    /// Whether it is the family that asks.
    pub(super) is_pin: bool,
    /// Mask over `from`: values that ask nothing.
    pub(super) free: usize,
    /// Its groups: first and one past the last. While its variable is being lowered, how many.
    pub(super) groups: (u32, u32),
    /// The word in which a free value was seen last.
    pub(super) hint: u32,
    /// Where the masks are of the values that go with each value of `to`, if they were made.
    rows: Option<usize>,
    /// As its target sees it.
    pub(super) suits: Into,
}

/// A link as its target sees it: with a release left that lies between these two every value of the
/// asking variable goes. There is none if the first is the greater.
#[derive(Debug, Clone, Copy)]
pub(super) struct Into {
    pub(super) link: u32,
    from: u32,
    to: u32,
}

impl Into {
    /// Whether either end of what is left lies between the two.
    pub(super) fn suits(self, rest: Rest) -> bool {
        let within = |release| self.from <= release && release <= self.to;
        rest.from <= rest.to && (within(rest.from) || within(rest.to))
    }
}

/// Values that ask the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    link: u32,
    /// Mask over the asking variable: the values.
    pub(super) values: u32,
    /// Mask over the other variable: what goes with them.
    pub(super) accepts: u32,
    /// The first and last release of that mask; none if the first is the greater.
    pub(super) from: u32,
    pub(super) to: u32,
    /// Whether every release between them is in it.
    pub(super) is_span: bool,
    /// Whether absence is in it.
    pub(super) absent: bool,
}

/// What is left of a variable at a glance: its first and last release, none if the first is the
/// greater, and whether absence is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rest {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) absent: bool,
}

/// A mask that is shared.
#[derive(Debug, Clone, Copy)]
struct Shared {
    at: u32,
    from: u32,
    to: u32,
    is_span: bool,
    absent: bool,
    /// The variable plus one that used it last, and its group.
    used: (u32, u32),
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
    /// Whether nothing is lowered before it is chosen.
    pub(super) lazy: bool,
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
    shared: Vec<Shared>,
    /// Groups of the variable that is being lowered.
    lowered: Vec<Group>,
    /// Masks that are the intersection of two others.
    combined: FxHashMap<(u32, u32), u32>,
    /// For each pin, its mask plus one.
    pins: FxHashMap<usize, u32>,
    seen: Vec<Seen>,
}

impl<'c> Space<'c> {
    pub(super) fn new(
        catalog: &'c Catalog,
        request: &'c Request,
        scope: Scope,
        lazy: bool,
    ) -> Self {
        Self {
            lazy,
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
            shared: Vec::new(),
            lowered: Vec::new(),
            combined: FxHashMap::default(),
            pins: FxHashMap::default(),
            seen: Vec::new(),
        }
    }

    /// Makes room for what the requirements will probably need; growing step by step costs more.
    pub(super) fn reserve(&mut self) {
        let requirements = self.request.requirements.iter();
        let releases: usize =
            requirements.map(|requirement| self.catalog.package(requirement.package).len()).sum();
        self.masks.reserve(releases * 16);
        self.groups.reserve(releases * 3);
        self.shared.reserve(releases * 3);
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
        let required = if self.scope.is_traced() {
            self.start_with(at, &self.domains.readable(package));
            false
        } else if self.lazy && !self.domains.is_restricted(package) {
            // Which of them may be chosen is looked up when their turn comes.
            self.start_with(at, &ReleaseSet::full(absent));
            self.domains.is_required(package)
        } else {
            self.start_with(at, &self.domains.left(package));
            self.domains.is_required(package)
        };
        if !required {
            self.base[at + absent / BITS] |= 1 << (absent % BITS);
        }
        self.vars.push(Variable {
            package,
            at,
            words,
            absent,
            expanded: false,
            links: (0, 0),
            into: Vec::new(),
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
                        if self.scope.holds(Statement::Needs(package, need.target)) {
                            let target = self.var(need.target);
                            let mask = self.mask(need.constraint.ix(), need.kind, target);
                            self.ask((small(var) + 1, var), rank, target, mask);
                        }
                    }
                }
            }
        }
        self.bind(var);
        self.settle(first_link);
        self.vars[var].links = (small(first_link), small(self.links.len()));
        for link in first_link..self.links.len() {
            self.finish(link);
        }
    }

    /// Binds releases to the core that their family gives them.
    fn bind(&mut self, var: Var) {
        let Variable { package, at, .. } = self.vars[var];
        if self.catalog.pins_of(package).is_empty() || !self.scope.holds(Statement::Pin(package)) {
            return;
        }
        for pin in self.catalog.pins_of(package) {
            let rank = pin.release.1.ix();
            if has(&self.base[at..], rank) && self.pin(pin.release).is_some() {
                let (target, mask) = self.bond_mask(pin.release);
                self.ask((BONDS | small(var), var), rank, target, mask);
            }
        }
    }

    /// Returns the position of the pin of a release, unless it was asked for by its name or runs.
    pub(super) fn pin(&self, release: ReleaseId) -> Option<usize> {
        let pins = self.catalog.pins();
        if pins.is_empty() {
            return None;
        }
        let at = pins.binary_search_by_key(&release, |pin| pin.release).ok()?;
        (!self.domains.is_by_name(release)).then_some(at)
    }

    /// Returns the core to which a release is bound, and the interned mask of the releases that it goes
    /// with.
    pub(super) fn bond_mask(&mut self, release: ReleaseId) -> (Var, u32) {
        let pins = self.catalog.pins();
        let ix = pins.partition_point(|pin| pin.release < release);
        let pin = &pins[ix];
        let target = self.var(pin.core);
        if let Some(&mask) = self.pins.get(&ix) {
            return (target, mask);
        }
        let Variable { words, absent, .. } = self.vars[target];
        let at = self.room(words);
        let cores = pin.cores.words();
        self.masks[at..at + cores.len()].copy_from_slice(cores);
        self.masks[at + absent / BITS] |= 1 << (absent % BITS);
        let mask = self.share(at, target);
        self.pins.insert(ix, mask);
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
                is_pin: by & BONDS != 0,
                free: 0,
                groups: (0, 0),
                hint: 0,
                rows: None,
                suits: Into { link: 0, from: 1, to: 0 },
            };
            seen = Seen { by, link: small(self.links.len()), rank: NONE, group: NONE };
            self.links.push(link);
        } else if seen.rank == small(rank) {
            // The release asks twice: what it accepts is in both.
            let Group { values, accepts, .. } = self.lowered[seen.group as usize];
            self.masks[values as usize + rank / BITS] &= !(1 << (rank % BITS));
            mask = self.both(accepts, mask, target);
        }
        // A mask ranges over one variable, so within one lowering it is of one link.
        let (user, mut group) = self.shared[mask as usize].used;
        if user != by {
            group = small(self.lowered.len());
            let values = small(self.room(self.vars[var].words));
            let Shared { at, from, to, is_span, absent, .. } = self.shared[mask as usize];
            let link = seen.link;
            self.lowered.push(Group { link, values, accepts: at, from, to, is_span, absent });
            self.links[link as usize].groups.1 += 1;
            self.shared[mask as usize].used = (by, group);
        }
        let values = self.lowered[group as usize].values as usize;
        self.masks[values + rank / BITS] |= 1 << (rank % BITS);
        self.seen[target] = Seen { rank: small(rank), group, ..seen };
    }

    /// Puts the groups that were lowered beside each other, link by link.
    fn settle(&mut self, first_link: usize) {
        let mut at = small(self.groups.len());
        let Some(&any) = self.lowered.first() else {
            return;
        };
        self.groups.resize(self.groups.len() + self.lowered.len(), any);
        for link in &mut self.links[first_link..] {
            let count = link.groups.1;
            link.groups = (at, at);
            at += count;
        }
        for group in self.lowered.drain(..) {
            let place = &mut self.links[group.link as usize].groups.1;
            self.groups[*place as usize] = group;
            *place += 1;
        }
    }

    /// Returns the groups of a link.
    pub(super) fn groups_of(&self, link: &Link) -> &[Group] {
        &self.groups[link.groups.0 as usize..link.groups.1 as usize]
    }

    /// Whether some release that a group accepts is left, of a variable of which these words are left.
    pub(super) fn goes_with(&self, group: &Group, left: &[Word], rest: Rest) -> bool {
        let (from, to) = (group.from.max(rest.from), group.to.min(rest.to));
        if from > to {
            return false;
        }
        // Both ends of what is left are there, so a span that holds one of them goes with it.
        if group.is_span && (from == rest.from || to == rest.to) {
            return true;
        }
        let (first, last) = (from as usize / BITS, to as usize / BITS);
        let accepts = self.mask_words(group.accepts, last + 1);
        let own = |word: usize| {
            // The bit of absence is not one of a release.
            let low = if word == first { Word::MAX << (from as usize % BITS) } else { Word::MAX };
            let high = BITS - 1 - to as usize % BITS;
            if word == last { low & Word::MAX >> high } else { low }
        };
        if group.is_span {
            return (first..=last).any(|word| left[word] & own(word) != 0);
        }
        (first..=last).any(|word| left[word] & accepts[word] & own(word) != 0)
    }

    /// Returns the words of a mask.
    pub(super) fn mask_words(&self, at: u32, words: usize) -> &[Word] {
        &self.masks[at as usize..at as usize + words]
    }

    /// Works out, for each link to a variable, which values go with each single value of it. It pays
    /// where the variable is decided again and again.
    pub(super) fn make_rows(&mut self, var: Var) {
        for at in 0..self.vars[var].into.len() {
            let link = self.vars[var].into[at].link as usize;
            if self.links[link].rows.is_none() {
                self.links[link].rows = Some(self.rows(link));
            }
        }
    }

    fn rows(&mut self, link: usize) -> usize {
        let Link { from, to, free, groups: (first, last), .. } = self.links[link];
        let (words, targets) = (self.vars[from as usize].words, self.vars[to as usize].words);
        let values = self.vars[to as usize].absent + 1;
        let rows = self.room(values * words);
        for value in 0..values {
            self.masks.copy_within(free..free + words, rows + value * words);
        }
        for group in first as usize..last as usize {
            let Group { values, accepts, .. } = self.groups[group];
            for word in 0..targets {
                let mut left = self.masks[accepts as usize + word];
                while left != 0 {
                    let row = rows + (word * BITS + left.trailing_zeros() as usize) * words;
                    left &= left - 1;
                    for at in 0..words {
                        self.masks[row + at] |= self.masks[values as usize + at];
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
        let Link { from, groups: (first, last), .. } = self.links[link];
        let Variable { at, words, .. } = self.vars[from as usize];
        let free = self.masks.len();
        self.masks.extend_from_slice(&self.base[at..at + words]);
        let absent = self.vars[from as usize].absent;
        self.masks[free + absent / BITS] |= 1 << (absent % BITS);
        for group in first as usize..last as usize {
            let values = self.groups[group].values as usize;
            for word in 0..words {
                self.masks[free + word] &= !self.masks[values + word];
            }
        }
        self.links[link].free = free;
        let suits = self.suits(link);
        self.links[link].suits = suits;
        self.vars[self.links[link].to as usize].into.push(suits);
    }

    /// Returns which releases of its target go with every value of a link.
    fn suits(&self, link: usize) -> Into {
        let (mut from, mut to) = (0, u32::MAX);
        for group in self.groups_of(&self.links[link]) {
            (from, to) = (from.max(group.from), to.min(group.to));
            if !group.is_span {
                (from, to) = (1, 0);
                break;
            }
        }
        Into { link: small(link), from, to }
    }

    /// Returns the interned mask of what a need accepts.
    pub(super) fn mask(&mut self, constraint: usize, kind: NeedKind, target: Var) -> u32 {
        let key = constraint * 3 + kind as usize;
        if let Some(mask) = self.interned[key].checked_sub(1) {
            return mask;
        }
        let Variable { words, absent, .. } = self.vars[target];
        let at = self.room(words);
        let allowed = self.catalog.constraints();
        allowed.write_allowed(ConstraintIx::new(constraint), &mut self.masks[at..at + words]);
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
        let mask = self.share(at, target);
        self.interned[key] = mask + 1;
        mask
    }

    /// Returns the interned mask of what is in both: the words at `a`, and the mask `b`.
    fn both(&mut self, a: u32, b: u32, target: Var) -> u32 {
        let key = (a, b);
        if let Some(&mask) = self.combined.get(&key) {
            return mask;
        }
        let words = self.vars[target].words;
        let (at, other) = (self.room(words), self.mask_at(b));
        for word in 0..words {
            self.masks[at + word] = self.masks[a as usize + word] & self.masks[other + word];
        }
        let mask = self.share(at, target);
        self.combined.insert(key, mask);
        mask
    }

    /// Returns where the words of an interned mask are.
    pub(super) fn mask_at(&self, mask: u32) -> usize {
        self.shared[mask as usize].at as usize
    }

    /// Interns the mask over a variable that begins at a place.
    fn share(&mut self, at: usize, over: Var) -> u32 {
        let Variable { words, absent, .. } = self.vars[over];
        let has_absent = has(&self.masks[at..], absent);
        let (mut from, mut to, mut count) = (NONE, 0, 0);
        for (word, &bits) in self.masks[at..at + words].iter().enumerate() {
            let bits = if word == absent / BITS { bits & !(1 << (absent % BITS)) } else { bits };
            if bits != 0 {
                from = from.min(small(word * BITS) + bits.trailing_zeros());
                to = small(word * BITS + BITS - 1) - bits.leading_zeros();
                count += bits.count_ones();
            }
        }
        let is_span = count > 0 && to - from + 1 == count;
        let mask = small(self.shared.len());
        let at = small(at);
        self.shared.push(Shared { at, from, to, is_span, absent: has_absent, used: (0, 0) });
        mask
    }

    fn room(&mut self, words: usize) -> usize {
        let at = self.masks.len();
        self.masks.resize(at + words, 0);
        at
    }
}

/// Whether a bit of a mask is set.
pub(super) fn has(words: &[Word], bit: usize) -> bool {
    words[bit / BITS] >> (bit % BITS) & 1 == 1
}

/// Makes a compact position.
pub(super) fn small(position: usize) -> u32 {
    u32::try_from(position).expect("files are too small to hold 2^32 entries")
}
