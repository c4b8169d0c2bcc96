//! Typed positions in the catalog's tables, and sets of releases.
//!
//! A position means something only in the catalog that made it. Ranks count a package's releases
//! from 0, oldest first; a [`ReleaseSet`] ranges over the ranks of one package.

use fixedbitset::FixedBitSet;

/// Declares a position type.
macro_rules! index {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// Makes a position from a table index.
            ///
            /// # Panics
            ///
            /// Panics past 2^32 entries, which the file size limit rules out.
            pub fn new(ix: usize) -> Self {
                Self(u32::try_from(ix).expect("files are too small to hold 2^32 entries"))
            }

            /// Returns the table index.
            pub fn ix(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

index! {
    /// A package of the catalog.
    PackageIx
    /// A release of a package, counted from the oldest.
    Rank
    /// A fact's provenance.
    FactIx
    /// An interned constraint: a package and a set of its releases.
    ConstraintIx
    /// A feature.
    FeatureIx
    /// An interface.
    InterfaceIx
    /// A role.
    RoleIx
    /// A relation.
    RelationIx
}

/// A package and one of its releases.
pub type ReleaseId = (PackageIx, Rank);

/// A set of releases of one package, as bits over ranks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReleaseSet(FixedBitSet);

impl ReleaseSet {
    /// Returns the empty set over `len` ranks.
    pub fn empty(len: usize) -> Self {
        Self(FixedBitSet::with_capacity(len))
    }

    /// Returns an empty set that takes no memory. What is added to it by
    /// [`ReleaseSet::union_with`] fits.
    pub(crate) fn none() -> Self {
        Self(FixedBitSet::new())
    }

    /// Returns the set of all `len` ranks.
    pub fn full(len: usize) -> Self {
        let mut bits = FixedBitSet::with_capacity(len);
        bits.insert_range(..);
        Self(bits)
    }

    /// Returns the set of those of `len` ranks for which `test` holds.
    pub fn filled(len: usize, test: impl Fn(Rank) -> bool) -> Self {
        let mut set = Self::empty(len);
        for rank in (0..len).map(Rank::new).filter(|&rank| test(rank)) {
            set.insert(rank);
        }
        set
    }

    /// Returns over how many ranks the set is.
    pub(crate) fn size(&self) -> usize {
        self.0.len()
    }

    /// Adds a rank.
    pub fn insert(&mut self, rank: Rank) {
        self.0.insert(rank.ix());
    }

    /// Adds the ranks at these positions.
    pub(crate) fn insert_span(&mut self, span: std::ops::Range<usize>) {
        self.0.insert_range(span);
    }

    /// Adds a rank or takes it away.
    pub(crate) fn put(&mut self, rank: Rank, contained: bool) {
        self.0.set(rank.ix(), contained);
    }

    /// Whether the rank is in the set.
    pub fn contains(&self, rank: Rank) -> bool {
        self.0.contains(rank.ix())
    }

    /// Whether no rank is in the set.
    pub fn is_empty(&self) -> bool {
        self.0.is_clear()
    }

    /// Returns how many ranks are in the set.
    pub fn count(&self) -> usize {
        self.0.count_ones(..)
    }

    /// Keeps what is in both.
    pub fn intersect_with(&mut self, other: &Self) {
        self.0.intersect_with(&other.0);
    }

    /// Adds what is in the other.
    pub fn union_with(&mut self, other: &Self) {
        self.0.union_with(&other.0);
    }

    /// Takes away what is in the other.
    pub fn subtract(&mut self, other: &Self) {
        self.0.difference_with(&other.0);
    }

    /// Whether every rank of this set is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// Whether some rank is in both.
    pub fn meets(&self, other: &Self) -> bool {
        !self.0.is_disjoint(&other.0)
    }

    /// Returns the ranks, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Rank> + '_ {
        self.0.ones().map(Rank::new)
    }

    /// Returns the bits, rank 0 first.
    pub(crate) fn words(&self) -> &[usize] {
        self.0.as_slice()
    }

    /// Returns the newest rank.
    pub fn newest(&self) -> Option<Rank> {
        self.0.maximum().map(Rank::new)
    }

    /// Returns the oldest rank.
    pub fn oldest(&self) -> Option<Rank> {
        self.0.minimum().map(Rank::new)
    }
}

/// A set of features in use, as bits over [`FeatureIx`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FeatureSet(u128);

impl FeatureSet {
    /// The number of features a catalog may hold.
    pub const LIMIT: usize = 128;

    /// Adds a feature.
    pub fn insert(&mut self, feature: FeatureIx) {
        self.0 |= 1 << feature.ix();
    }

    /// Whether the feature is in the set.
    pub fn contains(self, feature: FeatureIx) -> bool {
        self.0 >> feature.ix() & 1 == 1
    }

    /// Whether every feature of `other` is in this set.
    pub fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether some feature of `other` is in this set.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Returns the features in both.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns the features in either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the features in order.
    pub fn iter(self) -> impl Iterator<Item = FeatureIx> {
        (0..Self::LIMIT).map(FeatureIx::new).filter(move |&feature| self.contains(feature))
    }
}
