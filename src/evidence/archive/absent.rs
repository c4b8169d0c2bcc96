//! A stand-in for archives in a build that reads none.

use std::convert::Infallible;
use std::marker::PhantomData;

use super::problem;
use crate::problem::Problem;

/// An archive, of which there is none.
pub(in crate::evidence) struct Archive<'a> {
    none: Infallible,
    bytes: PhantomData<&'a [u8]>,
}

impl<'a> Archive<'a> {
    /// Says why there is none.
    pub(in crate::evidence) fn open(_: &'a [u8]) -> Result<Self, Problem> {
        Err(problem(
            "this build of skew reads no archives: its feature `archives` is off".to_owned(),
        ))
    }

    pub(in crate::evidence) fn names(&self) -> &[String] {
        match self.none {}
    }

    pub(in crate::evidence) fn entry(&mut self, _: usize, _: u64) -> Result<Vec<u8>, Problem> {
        match self.none {}
    }

    pub(in crate::evidence) fn head(&mut self, _: usize, _: u64) -> Result<Vec<u8>, Problem> {
        match self.none {}
    }
}
