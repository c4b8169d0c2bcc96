//! Random numbers from a seed, the same on every machine.

/// A generator with 64 bits of state (`SplitMix64`: a counter whose bits are mixed).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Makes a generator.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from `from` to `to`, both included.
    pub(crate) fn between(&mut self, from: u32, to: u32) -> u32 {
        let count = u64::from(to - from) + 1;
        from + u32::try_from(((self.next() >> 32) * count) >> 32).expect("it is below the count")
    }

    /// Returns a number below `count`, which must not be zero.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        let last = u32::try_from(count - 1).expect("lists are short");
        self.between(0, last) as usize
    }

    /// Returns true in so many of a hundred cases.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.between(0, 99) < percent
    }

    /// Puts a list into a random order.
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}
