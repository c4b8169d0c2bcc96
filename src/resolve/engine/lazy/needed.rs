//! The values that one release asks of another package, as the catalog has it.

use super::super::bits::{BITS, Word, clear, has, set};
use super::super::instance::Instance;
use crate::catalog::{Admitted, Catalog, Need, NeedKind, PackageIx, Pin, ReleaseId};
use crate::resolve::problem::World;

/// The values of another package that a release goes with.
#[derive(Debug, Clone, Copy)]
pub(super) struct NeededValues<'c> {
    pub(super) target: PackageIx,
    releases: NeededReleases<'c>,
    kind: NeedKind,
}

/// The needed releases of one package: those from the first up to the second, or bits.
#[derive(Debug, Clone, Copy)]
enum NeededReleases<'c> {
    Span(usize, usize),
    Words(&'c [Word]),
}

impl NeededReleases<'_> {
    fn word(self, at: usize) -> Word {
        match self {
            Self::Span(from, to) => span_word(at, from, to),
            Self::Words(words) => words.get(at).copied().unwrap_or(0),
        }
    }
}

/// Returns one word of the bits of a span.
fn span_word(at: usize, from: usize, to: usize) -> Word {
    let first = at * BITS;
    if to <= first || first + BITS <= from || from >= to {
        return 0;
    }
    let low = from.saturating_sub(first);
    let high = (to - first).min(BITS);
    (Word::MAX << low) & (Word::MAX >> (BITS - high))
}

impl<'c> NeededValues<'c> {
    fn of(catalog: &'c Catalog, world: World, need: &Need) -> Self {
        let releases = match world.named(catalog, need.constraint, need.kind) {
            Admitted::Span { from, to, .. } => NeededReleases::Span(*from as usize, *to as usize),
            Admitted::Set(set) => NeededReleases::Words(set.words()),
        };
        Self { target: need.target, releases, kind: need.kind }
    }

    /// Returns what a family asks of its member, if the core is there.
    fn of_family(pin: &'c Pin) -> Self {
        let releases = NeededReleases::Words(pin.cores.words());
        Self { target: pin.core, releases, kind: NeedKind::Optional }
    }

    /// Returns a word of the values that go with it, but for the bit of absence.
    pub(super) fn word(&self, at: usize) -> Word {
        let word = self.releases.word(at);
        if self.kind == NeedKind::Conflicts { !word } else { word }
    }

    pub(super) fn allows_absence(&self) -> bool {
        self.kind != NeedKind::Requires
    }

    /// Returns true if it goes with some of the values that are left.
    pub(super) fn meets(&self, left: &[Word], absent: usize) -> bool {
        self.allows_absence() && has(left, absent)
            || left.iter().enumerate().any(|(at, &left)| left & self.word(at) != 0)
    }

    /// Returns true if it goes with a value.
    pub(super) fn admits(&self, bit: usize) -> bool {
        self.word(bit / BITS) >> (bit % BITS) & 1 == 1
    }

    /// Writes down the values that do not go with it.
    pub(super) fn excluded(&self, absent: usize, words: usize, into: &mut Vec<Word>) {
        into.clear();
        into.extend((0..words).map(|at| !self.word(at)));
        if self.allows_absence() {
            clear(into, absent);
        } else {
            set(into, absent);
        }
    }
}

/// Returns what a release asks, the core to which its family binds it included.
pub(super) fn needed<'c>(
    instance: &Instance<'c>,
    release: ReleaseId,
) -> impl Iterator<Item = NeededValues<'c>> + Clone + use<'c> {
    let (catalog, world) = (instance.catalog, instance.request.world);
    let needs = instance.all_needs(release).map(move |need| NeededValues::of(catalog, world, need));
    needs.chain(instance.pin(release).map(|(_, pin)| NeededValues::of_family(pin)))
}
