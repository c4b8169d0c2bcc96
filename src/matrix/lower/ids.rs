//! The names of facts by which overlays replace them.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::matrix::field::Standing;

/// Ids that facts carry and that later facts replace, within the matrix that overlays extend.
#[derive(Default)]
pub(super) struct Ids<'r> {
    /// Id to the first file that states it, and whether it can be replaced there.
    pub(super) stated: FxHashMap<(&'r str, &'r str), (usize, Standing)>,
    /// Replaced id, the last file that replaces it.
    pub(super) replaced: FxHashMap<(&'r str, &'r str), usize>,
    /// Every id by the file that states it.
    pub(super) seen: FxHashSet<(usize, &'r str)>,
}
