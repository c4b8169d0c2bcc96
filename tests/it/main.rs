//! All integration tests, in one binary so that they are linked once.

mod resolver;
mod scenarios;
mod strategies;
mod support;
