//! The instance: variables, masks over their values, and what values ask of each other.
//!
//! A variable stands for a package. Bit `i` of its words is the release of rank `i`; the bit after
//! the newest release means that the package is absent. What a release asks of another package is
//! always of the form *these values of p go only with those values of q*: a requirement leaves out
//! `absent`, an optional need and a conflict keep it. All values of `p` that ask the same of `q` are
//! one group, and all groups of the same two variables are one [`Link`], which also knows the
//! values of `p` that ask nothing of `q`. Every value of `p` is in at most one group of a link.
//!
//! Only what is reached is lowered: a package becomes a variable when something asks for it, and what
//! its releases ask is looked at when it is known that it must be present. Which constraints are
//! admitted is decided in one place, `Instance::admits` and `Instance::pin`.

mod lower;
mod masks;
mod model;
mod rows;
mod store;

pub(super) use lower::lower;
pub(super) use model::{Link, Remaining, Variable};
pub(super) use rows::make_rows;
pub(super) use store::Instance;
