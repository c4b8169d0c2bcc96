//! A train seen from a release, and who takes part in it.

use crate::answer::train::TrainWord;
use crate::catalog::{Catalog, Rank, Train, TrainKind};

/// A train, and the release whose branches are to be named.
#[derive(Debug, Clone, Copy)]
pub struct TrainView<'c> {
    /// The catalog that positions refer to.
    pub catalog: &'c Catalog,
    /// The train.
    pub train: &'c Train,
    /// The newest release; names stay as written without one.
    pub at: Option<Rank>,
}

/// Who makes a change.
#[derive(Debug, Clone, Copy)]
pub enum TrainComponent<'c> {
    /// The product.
    Product,
    /// An extension of a kind with so many active branches.
    Extension(&'c TrainKind, Option<u32>),
}

/// Returns a name as a word of an answer.
pub(super) fn word(written: &str, real: Option<String>) -> TrainWord {
    TrainWord { written: written.to_owned(), real }
}
