//! The one adapter between closed sets of words and serde.
//!
//! The sets are declared beside the facts that they belong to, which know no file format.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use super::field::leaves;
use crate::catalog::{
    Applies, Binds, Channel, LineClass, Listing, MigrationTime, NeedKind, Otherwise, PackageKind,
    Procedure, Promise, Stability, TrainChange, TrainCycle, TrainRelease, Use, Within,
};
use crate::finding::{Bites, Evidence, Severity, Verdict};
use crate::version::Step;
use crate::word::Word;

struct WordVisitor<W>(PhantomData<W>);

impl<W: Word> Visitor<'_> for WordVisitor<W> {
    type Value = W;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<W, E> {
        W::named(text).ok_or_else(|| E::unknown_variant(text, W::NAMES))
    }
}

/// Reads a word by its name.
pub(super) fn read<'de, W: Word, D: Deserializer<'de>>(deserializer: D) -> Result<W, D::Error> {
    deserializer.deserialize_str(WordVisitor(PhantomData))
}

/// Returns the schema of a set of words.
#[cfg(test)]
pub(super) fn schema<W: Word>() -> schemars::Schema {
    let word = |(_, name, about): &(W, &str, &str)| serde_json::json!({ "description": about.trim(), "type": "string", "const": name });
    let words: Vec<_> = W::WORDS.iter().map(word).collect();
    schemars::json_schema!({ "description": W::TITLE.trim(), "oneOf": words })
}

/// Lets serde read sets of words.
macro_rules! readable {
    ($($name:ty),+ $(,)?) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read(deserializer)
            }
        }

        leaves!($name);

        #[cfg(test)]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                <$name as Word>::TYPE.into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schema::<$name>()
            }
        }
    )+};
}

crate::word::words! {
    /// The way in which a bare version is read.
    enum(pub(super)) BareReading {
        /// As that release or release line.
        Native "native",
        /// As that release or a later one.
        Minimum "minimum",
    }
}

crate::word::words! {
    /// The way back of a product.
    enum(pub(super)) DowngradeWord {
        /// Where relations and irreversible steps allow it.
        Allowed "allowed",
        /// An older word for the same.
        Rules "rules",
        /// Nobody has said.
        Unknown "unknown",
        /// Never.
        Refused "refused",
    }
}

crate::word::words! {
    /// The end of a phase by the next line.
    enum(pub(super)) Superseded {
        /// The next line came out.
        Superseded "superseded",
    }
}

crate::word::words! {
    /// A day of the week.
    enum(pub(super)) WeekdayName {
        /// Monday.
        Monday "monday",
        /// Tuesday.
        Tuesday "tuesday",
        /// Wednesday.
        Wednesday "wednesday",
        /// Thursday.
        Thursday "thursday",
        /// Friday.
        Friday "friday",
        /// Saturday.
        Saturday "saturday",
        /// Sunday.
        Sunday "sunday",
    }
}

impl Word for Step {
    #[cfg(test)]
    const TYPE: &'static str = "Unit";
    #[cfg(test)]
    const TITLE: &'static str = "A unit of version distance.";
    const WORDS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Major, "major", "Major lines."),
        (Self::Minor, "minor", "Minor lines."),
        (Self::Patch, "patch", "Single releases."),
    ];
    const NAMES: &'static [&'static str] = &["major", "minor", "patch"];
}

readable!(
    Applies,
    BareReading,
    Binds,
    Bites,
    Channel,
    DowngradeWord,
    Evidence,
    LineClass,
    Listing,
    MigrationTime,
    NeedKind,
    Otherwise,
    PackageKind,
    Procedure,
    Promise,
    Severity,
    Stability,
    Step,
    Superseded,
    TrainChange,
    TrainCycle,
    TrainRelease,
    Use,
    Verdict,
    WeekdayName,
    Within,
);
