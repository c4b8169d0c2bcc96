//! The files as they are written: one Rust type per JSON object, nothing checked yet.
//!
//! Owns the file formats and, through the documentation comments, the published schemas. What the values
//! mean, and whether they make sense, is decided when they are lowered.

pub(super) mod deployment;
pub(super) mod lock;
mod matrix;
mod policies;
mod releases;
mod surfaces;
mod trains;

pub(super) use matrix::{Matrix, Package, ReportedAs, Requirement, SchemeChange, Source};
pub(super) use policies::{
    Announcement, Blocked, Cadence, DrawnEdge, EdgeItem, FamilyException, FamilyMap, Gate,
    Irreversible, Migration, PhaseRule, Reversible, Side, StepLimit, StepProcedure, Stop, Switch,
    Upgrades, Window,
};
pub(super) use releases::{ListedNeed, ListedRelease, ReleaseList, ReleaseRest};
pub(super) use surfaces::{
    Exception, GuardedLevel, Interface, InterfaceNeed, Offer, Probe, Relation, Reliance, SkewRule,
};
pub(super) use trains::{MergeRow, TargetRow, Train};
