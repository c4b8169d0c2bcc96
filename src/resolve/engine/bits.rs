//! Words of bits, and positions that fit half a word.

/// A machine word of a mask.
pub(super) type Word = usize;
/// Position of a variable.
pub(in super::super) type Var = usize;

pub(super) const BITS: usize = Word::BITS as usize;
/// No position.
pub(super) const NONE: u32 = u32::MAX;

/// Returns true if a bit of a mask is set.
pub(super) fn has(words: &[Word], bit: usize) -> bool {
    words[bit / BITS] >> (bit % BITS) & 1 == 1
}

/// Sets a bit of a mask.
pub(super) fn set(words: &mut [Word], bit: usize) {
    words[bit / BITS] |= 1 << (bit % BITS);
}

/// Clears a bit of a mask.
pub(super) fn clear(words: &mut [Word], bit: usize) {
    words[bit / BITS] &= !(1 << (bit % BITS));
}

/// Returns true if two masks have a bit in common.
pub(super) fn meet(a: &[Word], b: &[Word]) -> bool {
    a.iter().zip(b).any(|(a, b)| a & b != 0)
}

/// Returns true if the first mask has a bit that the second has not.
pub(super) fn exceeds(a: &[Word], b: &[Word]) -> bool {
    a.iter().zip(b).any(|(a, b)| a & !b != 0)
}

/// Returns the bits of a mask.
pub(super) fn ones(words: &[Word]) -> impl Iterator<Item = usize> + '_ {
    words.iter().enumerate().flat_map(|(at, &word)| {
        let mut left = word;
        std::iter::from_fn(move || {
            let bit = (left != 0).then(|| at * BITS + left.trailing_zeros() as usize);
            left &= left.wrapping_sub(1);
            bit
        })
    })
}

/// Makes a compact position.
pub(super) fn small(position: usize) -> u32 {
    u32::try_from(position).expect("files are too small to hold 2^32 entries")
}
