//! Files about Kestra: the names of plugins, the plugins themselves, and what the vendor says
//! fits a core.
//!
//! Kestra keeps a plugin as `GROUP__ARTIFACT__VERSION.jar`, with `_` for each full stop of group and
//! version, and a classifier before the version if there is one. Images that were built by other means have
//! Maven's names, `ARTIFACT-VERSION.jar`. Neither a folder nor the vendor's answer says which Kestra it is
//! about.

mod compatibility;
mod jar;
mod names;
mod plugins;

pub(super) use compatibility::{compatibility, looks_like_compatibility};
pub(super) use jar::{jars, looks_like_jar, plugin_jar, takes_jars};
pub(super) use plugins::{looks_like_plugins, plugins, takes};
