//! The lock file as it is written; `report/lock` writes the same keys.

use crate::catalog::NeedKind;
use crate::finding::Evidence;
use crate::matrix::field::object;
use crate::matrix::text::{Entries, Text};

object! {
    /// A set of releases that was chosen, and why.
    LockText {
        /// Version of this file format.
        format: u64,
        /// `lock`.
        kind: Text<'a>,
        /// What was asked for.
        request: LockedRequest<'a>,
        /// The matrices that the set was chosen from, in the order in which they were loaded.
        matrices: Vec<LockedMatrix<'a>>,
        /// The set.
        packages: Vec<LockedPackage<'a>>,
        /// The schema of this file, for editors.
        _schema = "$schema": Option<Text<'a>>,
    }
}

object! {
    /// What was asked for.
    LockedRequest {
        /// SPECs as they were typed, most important first.
        specs: Vec<Text<'a>>,
        /// Which of two valid releases is better.
        prefer: Text<'a>,
        /// The day that was judged by, if one mattered.
        as_of: Option<Text<'a>>,
        /// What ran already: version by package.
        #[serde(default)]
        installed: Entries<'a, Text<'a>>,
    }
}

object! {
    /// A matrix file as it was loaded.
    LockedMatrix {
        /// The name that it gives itself.
        name: Text<'a>,
        /// The day its facts were gathered.
        as_of: Option<Text<'a>>,
        /// SHA-256 of its bytes, as 64 lower-case hexadecimal digits.
        sha256: Text<'a>,
    }
}

object! {
    /// One release of the set.
    LockedPackage {
        /// Its package.
        name: Text<'a>,
        /// Its version.
        version: Text<'a>,
        /// Why it is there.
        reason: LockedReason<'a>,
        /// What the releases of the set ask of it.
        #[serde(default)]
        bound_by: Vec<LockedConstraint<'a>>,
    }
}

object! {
    /// Why a release is in the set.
    LockedReason {
        /// The SPEC that asks for it.
        asked: Option<Text<'a>>,
        /// The packages of the set that need it.
        #[serde(default)]
        needed_by: Vec<Text<'a>>,
    }
}

object! {
    /// What one release of the set asks of another.
    LockedConstraint {
        /// The package that asks.
        package: Text<'a>,
        /// How it binds.
        kind: NeedKind,
        /// What is asked.
        asks: Text<'a>,
        /// The publisher's own words, where they differ.
        declared: Option<Text<'a>>,
        /// How that is known.
        evidence: Evidence,
        /// Where from.
        source: Text<'a>,
        /// The address.
        url: Option<Text<'a>>,
    }
}
