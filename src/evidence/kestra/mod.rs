//! What of Kestra is found in files: the names of plugins.
//!
//! Kestra keeps a plugin as `GROUP__ARTIFACT__VERSION.jar`, with `_` for each full stop of group and
//! version, and a classifier before the version if there is one. Images that were built by other means have
//! Maven's names, `ARTIFACT-VERSION.jar`. The folder does not say which Kestra loads it.

mod plugins;

pub(super) use plugins::{looks_like_plugins, plugins, takes};
