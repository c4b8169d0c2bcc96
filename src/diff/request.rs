//! The step that is asked about.

use jiff::civil::Date;

use crate::catalog::{FeatureSet, PackageIx, Rank, ReleaseId, ReleaseSet};

/// A plugin that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedPlugin {
    /// The plugin.
    pub package: PackageIx,
    /// Its release that is installed, if that is known.
    pub installed: Option<Rank>,
}

/// A step, and the circumstances to judge it in.
#[derive(Debug, Clone)]
pub struct DiffRequest {
    /// Where the step starts.
    pub from: ReleaseId,
    /// Where it leads.
    pub to: ReleaseId,
    /// The plugins of a core to look at; all if empty.
    pub with: Vec<NamedPlugin>,
    /// The releases of the core that a plugin is to work with; if left out, its supported lines count.
    pub cores: Option<ReleaseSet>,
    /// Features in use.
    pub features: FeatureSet,
    /// The day to judge support by.
    pub as_of: Date,
}
