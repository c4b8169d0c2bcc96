//! The ranges that needs state: first all are noted, then each is read once.
//!
//! Those about one package are read together, while what they are compared with is at hand: a big matrix has
//! more ranges than a processor's cache has room for. Where a range stands is not noted. If one is wrong,
//! the needs are gone through again to find it.

use rustc_hash::FxHashMap;

use super::noted::{Ranges, StatedRange};
use super::{Lowering, ReleaseEntry};
use crate::catalog::{Admitted, Catalog, ConstraintIx, Constraints, Listing, Package, PackageIx};
use crate::matrix::text::Text;
use crate::range::{Bare, Ladder, Terms};

/// What is wrong with a range.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WrongRange {
    Unreadable,
    /// It admits no release.
    Empty,
}

/// The ranges that have something wrong with them.
type Complaints<'r> = FxHashMap<StatedRange<'r>, WrongRange>;

impl<'r, 'a> Lowering<'r, 'a> {
    /// Makes constraints of the ranges that were noted, and reports those that are wrong.
    pub(super) fn read_ranges(&mut self) {
        let ranges = std::mem::take(&mut self.ranges);
        let mut reader = Reader { made: vec![None; ranges.len()], ..Reader::default() };
        let order = ranges.by_target(self.catalog.packages.len());
        for of_one in order.chunk_by(|&a, &b| ranges.target(a) == ranges.target(b)) {
            reader.read(&ranges, of_one, &mut self.catalog);
        }
        for package in &mut self.catalog.packages {
            package.name_constraints(&reader.made);
        }
        self.late.retain_mut(|(.., need)| match reader.made[need.constraint.ix()] {
            Some(made) => {
                need.constraint = made;
                true
            }
            None => false,
        });
        if !reader.wrong.is_empty() {
            self.complain(reader.wrong);
        }
    }

    /// Reports wrong ranges where they stand.
    fn complain(&mut self, mut wrong: Complaints<'r>) {
        for (stated, file, place) in self.stated_ranges() {
            self.file = file;
            match wrong.get(&stated) {
                Some(WrongRange::Unreadable) => {
                    drop(self.select(stated.target, &place, stated.bare));
                }
                Some(WrongRange::Empty) => {
                    self.report_empty(stated.target, &place);
                    // Once is enough.
                    wrong.remove(&stated);
                }
                None => {}
            }
        }
    }

    /// Returns all ranges again, each with its file and its place there, in the order in which they were
    /// met.
    fn stated_ranges(&mut self) -> Vec<(StatedRange<'r>, usize, Text<'a>)> {
        let mut all = Vec::new();
        for package in (0..self.stated.len()).map(PackageIx::new) {
            let bare = self.bare(package);
            for &ReleaseEntry { file, release, .. } in &self.stated[package.ix()] {
                for need in self.releases_in(file, package).needs(release).into_iter().flatten() {
                    if let Some(&target) = self.catalog.names.get(need.name()) {
                        let (range, declared) = (need.range_text(), need.declared());
                        all.push((
                            StatedRange { target, bare, range, declared },
                            file,
                            need.range(),
                        ));
                    }
                }
            }
        }
        for file in 0..self.files.len() {
            self.file = file;
            for raw in self.standing(&self.files[file].raw.requirements) {
                if let Some(&target) = self.catalog.names.get(&*raw.needs) {
                    let package = self.catalog.names.get(&*raw.package);
                    let bare = package.map_or(Bare::Exact, |&package| self.bare(package));
                    let (range, declared) = (&*raw.range, raw.declared.as_deref());
                    all.push((
                        StatedRange { target, bare, range, declared },
                        file,
                        raw.range.clone(),
                    ));
                }
            }
        }
        all
    }
}

/// How many ranges are fetched from all over the file before they are read.
const BATCH: usize = 256;

/// Reads ranges, package by package.
#[derive(Default)]
struct Reader<'r> {
    /// What was made of each range that was met.
    made: Vec<Option<ConstraintIx>>,
    wrong: Complaints<'r>,
    /// Some of the ranges about the package at hand, with their hashes.
    batch: Vec<(StatedRange<'r>, u32)>,
    /// The constraints on that package.
    index: PlaceIndex,
    /// What the releases of that package compare by, if all are plain.
    ladder: Ladder,
    /// The range that was parsed last.
    terms: Terms,
}

impl<'r> Reader<'r> {
    /// Reads the ranges about one package.
    fn read(&mut self, ranges: &Ranges<'r>, of_one: &[ConstraintIx], catalog: &mut Catalog) {
        let package = &catalog.packages[ranges.target(of_one[0]).ix()];
        self.ladder.fill(package.places().into_iter().flatten());
        self.index.clear(of_one.len());
        for batch in of_one.chunks(BATCH) {
            // The texts are far apart. A loop that does nothing else waits for many of them at a time.
            self.batch.clear();
            self.batch.extend(batch.iter().map(|&place| (ranges.stated(place), 0)));
            self.batch.iter_mut().for_each(|(stated, hash)| *hash = stated.hash());
            for (at, place) in batch.iter().enumerate() {
                self.made[place.ix()] = self.constraint(at, package, &mut catalog.constraints);
            }
        }
    }

    /// Returns what the range at a place of the batch becomes; `None` if it cannot be read.
    fn constraint(
        &mut self,
        at: usize,
        package: &Package,
        constraints: &mut Constraints,
    ) -> Option<ConstraintIx> {
        let (stated, hash) = self.batch[at];
        let StatedRange { target, bare, range, declared } = stated;
        let minimum = bare == Bare::Minimum;
        let known = self.index.find(hash, |ix| constraints.is(ix, range, minimum, declared));
        if known.is_some() || self.wrong.get(&stated) == Some(&WrongRange::Unreadable) {
            return known;
        }
        let Some(admitted) = self.admitted(&stated, package) else {
            self.wrong.insert(stated, WrongRange::Unreadable);
            return None;
        };
        if admitted.is_empty() && package.listing == Listing::Complete && !package.is_empty() {
            self.wrong.insert(stated, WrongRange::Empty);
        }
        let ix = constraints.add_range(target, range, minimum, declared, admitted);
        self.index.insert(hash, ix);
        Some(ix)
    }

    /// Returns the releases of a package that a range admits; `None` if it cannot be read.
    fn admitted(&mut self, stated: &StatedRange<'r>, package: &Package) -> Option<Admitted> {
        let StatedRange { bare, range, .. } = *stated;
        if self.ladder.len() == package.len()
            && let Some(span) = self.ladder.span(range, package.numbering.scheme(), bare)
        {
            return Some(Admitted::span(package.len(), span));
        }
        self.terms.parse(range, &package.numbering, bare).ok()?;
        Some(Admitted::set(package.select_terms(&self.terms)))
    }
}

/// A hash table of positions whose keys are kept elsewhere: a hash and the position plus one, or zeros.
#[derive(Default)]
struct PlaceIndex(Vec<(u32, u32)>);

impl PlaceIndex {
    /// Makes room for as many positions as there will be at the most.
    fn clear(&mut self, most: usize) {
        self.0.clear();
        self.0.resize((most * 2).next_power_of_two(), (0, 0));
    }

    /// Returns the position with this hash for which the keys are the same.
    fn find(&self, hash: u32, same: impl Fn(ConstraintIx) -> bool) -> Option<ConstraintIx> {
        for at in self.from(hash) {
            let (known, entry) = self.0[at];
            let ix = ConstraintIx::new((entry as usize).checked_sub(1)?);
            if known == hash && same(ix) {
                return Some(ix);
            }
        }
        None
    }

    /// Adds a position that is not there yet.
    fn insert(&mut self, hash: u32, ix: ConstraintIx) {
        if let Some(free) = self.from(hash).find(|&at| self.0[at].1 == 0) {
            self.0[free] = (hash, u32::try_from(ix.ix() + 1).unwrap_or(u32::MAX));
        }
    }

    /// Returns all places, from the hash's own one on.
    fn from(&self, hash: u32) -> impl Iterator<Item = usize> + use<> {
        let (count, mask) = (self.0.len(), self.0.len() - 1);
        (hash as usize..).map(move |at| at & mask).take(count)
    }
}
