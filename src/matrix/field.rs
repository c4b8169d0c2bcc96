//! One declaration per object of the formats: [`object!`] and [`fact!`] make of a list of fields the type,
//! its serde parser, its [`Shape`] for explaining mistakes, a parser that takes it key by key, and the way
//! to every fact inside.
//!
//! What a field can hold follows from its type, so that nothing is listed twice: an object in a list of
//! [`Items`] is a fact that can be replaced, one in any other place is something that others hang on.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::diagnose::{Nest, Pieces, Shape, Sink};
use super::text::{Entries, Short, Text};
use crate::finding::Evidence;

/// Where a fact comes from; every object that states one has these keys.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Meta<'r, 'a> {
    pub(super) source: Option<&'r Text<'a>>,
    pub(super) at: Option<&'r Text<'a>>,
    pub(super) evidence: Option<Evidence>,
    pub(super) note: Option<&'r Text<'a>>,
    pub(super) id: Option<&'r Text<'a>>,
    pub(super) replaces: &'r [Text<'a>],
}

/// An object that states a fact.
pub(super) trait Stated<'a> {
    fn meta(&self) -> Meta<'_, 'a>;
}

/// The place of a fact among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is one of a list of its like, of which one can be replaced.
    Item,
    /// Others refer to it or hang on it.
    Pillar,
}

/// A function that is shown facts.
pub(super) type Visit<'v, 'r, 'a> = &'v mut dyn FnMut(Meta<'r, 'a>, Standing);

/// A type that a key can have.
pub(super) trait Field<'a>: Deserialize<'a> {
    /// The objects in it.
    const NEST: &'static Nest = &Nest::Leaf;

    /// Returns the value of a key that is left out; `None` if it must be there.
    fn absent() -> Option<Self> {
        None
    }

    /// Reads a value as far as it is sound, and reports what is wrong with it.
    fn read(sink: &mut Sink<'a, '_>, value: &'a RawValue) -> Option<Self> {
        sink.scalar(value)
    }

    /// Shows every fact in it.
    fn visit<'r>(&'r self, _standing: Standing, _visit: Visit<'_, 'r, 'a>) {}
}

/// An object of a format.
pub(super) trait Object<'a>: Field<'a> {
    const SHAPE: &'static Shape;

    /// Reads each key by itself, reports those that are wrong, stand twice or do not exist, and makes the
    /// object of the others.
    fn from_pieces(sink: &mut Sink<'a, '_>, pieces: &Pieces<'a>) -> Option<Self>;
}

/// Facts of which each can be replaced by its id. They are read with `Lowering::standing`, which leaves
/// out those that a later file replaces.
#[derive(Debug, Clone)]
pub(super) struct Items<T>(Vec<T>);

impl<T> Items<T> {
    /// Returns all of them, also those that a later file replaces.
    pub(super) fn all(&self) -> &[T] {
        &self.0
    }
}

impl<T> Default for Items<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Items<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
impl<T: schemars::JsonSchema> schemars::JsonSchema for Items<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        Vec::<T>::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<T>::json_schema(generator)
    }
}

impl<'a, T: Field<'a>> Field<'a> for Items<T> {
    const NEST: &'static Nest = Vec::<T>::NEST;

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn read(sink: &mut Sink<'a, '_>, value: &'a RawValue) -> Option<Self> {
        Vec::read(sink, value).map(Self)
    }

    fn visit<'r>(&'r self, _: Standing, visit: Visit<'_, 'r, 'a>) {
        self.0.iter().for_each(|item| item.visit(Standing::Item, visit));
    }
}

impl<'a, T: Field<'a>> Field<'a> for Vec<T> {
    const NEST: &'static Nest = &Nest::Each(T::NEST);

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn read(sink: &mut Sink<'a, '_>, value: &'a RawValue) -> Option<Self> {
        Some(sink.list(value, T::read))
    }

    fn visit<'r>(&'r self, _: Standing, visit: Visit<'_, 'r, 'a>) {
        for one in self {
            one.visit(Standing::Pillar, visit);
        }
    }
}

impl<'a, T: Field<'a>> Field<'a> for Option<T> {
    const NEST: &'static Nest = T::NEST;

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn read(sink: &mut Sink<'a, '_>, value: &'a RawValue) -> Option<Self> {
        if value.get() == "null" { Some(None) } else { T::read(sink, value).map(Some) }
    }

    fn visit<'r>(&'r self, standing: Standing, visit: Visit<'_, 'r, 'a>) {
        if let Some(one) = self {
            one.visit(standing, visit);
        }
    }
}

impl<'a, T: Field<'a>> Field<'a> for Short<'a, T> {
    const NEST: &'static Nest = &Nest::OrText(T::NEST);

    fn visit<'r>(&'r self, standing: Standing, visit: Visit<'_, 'r, 'a>) {
        match self {
            Self::Text(_) => {}
            Self::Full(full) => full.visit(standing, visit),
        }
    }
}

impl<'a, V: Field<'a>> Field<'a> for Entries<'a, V> {
    const NEST: &'static Nest = &Nest::Named(V::NEST);

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn read(sink: &mut Sink<'a, '_>, value: &'a RawValue) -> Option<Self> {
        Some(Entries(sink.named(value, V::read)))
    }

    fn visit<'r>(&'r self, standing: Standing, visit: Visit<'_, 'r, 'a>) {
        self.0.iter().for_each(|(_, value)| value.visit(standing, visit));
    }
}

/// Says that types hold no objects.
macro_rules! leaves {
    ($($type:ty),* $(,)?) => { $(impl<'a> $crate::matrix::field::Field<'a> for $type {})* };
}

leaves!(Text<'a>, u64, u32, u16, bool);

/// Declares an object. A key that is no name in Rust follows its field: `usage = "use": Type`. One that is
/// `salvaged` is kept without the keys that are wrong, so that one mistake does not hide others.
macro_rules! object {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$field_meta:meta])* $field:ident $(= $key:literal)?: $type:ty,)*
    } $(salvaged $salvaged:literal)?) => {
        object!(@type $(#[$doc])* $name { $($(#[$field_meta])* $field $(= $key)?: $type,)* });
        object!(@field $name { $($field,)* } |_| None, $($salvaged)?);
    };
    (@type $(#[$doc:meta])* $name:ident {
        $($(#[$field_meta:meta])* $field:ident $(= $key:literal)?: $type:ty,)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, serde::Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
        pub(in crate::matrix) struct $name<'a> {
            $($(#[$field_meta])* $(#[serde(rename = $key)])? pub(in crate::matrix) $field: $type,)*
        }

        impl<'a> $crate::matrix::field::Object<'a> for $name<'a> {
            const SHAPE: &'static $crate::matrix::diagnose::Shape = &$crate::matrix::diagnose::Shape {
                check: |text| serde_json::from_str::<$name<'_>>(text).map(drop),
                keys: &[$((
                    object!(@key $field $($key)?),
                    <$type as $crate::matrix::field::Field<'a>>::NEST,
                ),)*],
            };

            fn from_pieces(
                sink: &mut $crate::matrix::diagnose::Sink<'a, '_>,
                pieces: &$crate::matrix::diagnose::Pieces<'a>,
            ) -> Option<Self> {
                use $crate::matrix::field::Field;
                $(let mut $field = <$type as Field<'a>>::absent();)*
                for (key, value) in &pieces.0 {
                    $(if &**key == object!(@key $field $($key)?) {
                        let read = <$type as Field<'a>>::read(sink, value);
                        $field = read.or_else(<$type as Field<'a>>::absent);
                        continue;
                    })*
                    sink.unknown_key(key, Self::SHAPE);
                }
                sink.repeated(pieces);
                Some(Self { $($field: $field?,)* })
            }
        }
    };
    (@field $name:ident { $($field:ident,)* } $meta:expr, $($salvaged:literal)?) => {
        impl<'a> $crate::matrix::field::Field<'a> for $name<'a> {
            const NEST: &'static $crate::matrix::diagnose::Nest = &$crate::matrix::diagnose::Nest::Object(
                <Self as $crate::matrix::field::Object<'a>>::SHAPE,
            );

            fn read(
                sink: &mut $crate::matrix::diagnose::Sink<'a, '_>,
                value: &'a serde_json::value::RawValue,
            ) -> Option<Self> {
                use $crate::matrix::field::Object;
                let read = sink.element(value, Self::SHAPE);
                $(let read = read.or_else(|| {
                    let _: bool = $salvaged;
                    sink.quietly(value, Self::from_pieces)
                });)?
                read
            }

            fn visit<'r>(
                &'r self,
                standing: $crate::matrix::field::Standing,
                visit: $crate::matrix::field::Visit<'_, 'r, 'a>,
            ) {
                let meta: fn(&'r Self) -> Option<$crate::matrix::field::Meta<'r, 'a>> = $meta;
                if let Some(meta) = meta(self) {
                    visit(meta, standing);
                }
                $(self.$field.visit($crate::matrix::field::Standing::Pillar, visit);)*
            }
        }
    };
    (@key $field:ident $key:literal) => { $key };
    (@key $field:ident) => { stringify!($field) };
}

/// Hands a macro the declaration of an object that states a fact: its own fields and those of [`Meta`].
macro_rules! with_meta {
    ($then:ident! $(@$rule:ident)? $(#[$doc:meta])* $name:ident { $($own:tt)* } $($rest:tt)*) => {
        $then! { $(@$rule)? $(#[$doc])* $name {
            $($own)*
            /// A key of `sources`; inherited if left out.
            source: Option<Text<'a>>,
            /// Where in the source.
            at: Option<Text<'a>>,
            /// How the fact is known; default: as the source says.
            evidence: Option<Evidence>,
            /// What a reader must know about the fact.
            note: Option<Text<'a>>,
            /// A name by which an overlay can replace the fact.
            id: Option<Text<'a>>,
            /// Ids of earlier facts that this one replaces.
            #[serde(default)]
            replaces: Vec<Text<'a>>,
        } $($rest)* }
    };
}

/// Implements [`Stated`] for a type that has the fields of [`Meta`].
macro_rules! stated {
    ($name:ident) => {
        impl<'a> $crate::matrix::field::Stated<'a> for $name<'a> {
            fn meta(&self) -> $crate::matrix::field::Meta<'_, 'a> {
                $crate::matrix::field::Meta {
                    source: self.source.as_ref(),
                    at: self.at.as_ref(),
                    evidence: self.evidence,
                    note: self.note.as_ref(),
                    id: self.id.as_ref(),
                    replaces: &self.replaces,
                }
            }
        }
    };
}

/// Declares an object that states a fact.
macro_rules! fact {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$field_meta:meta])* $field:ident $(= $key:literal)?: $type:ty,)*
    } $(salvaged $salvaged:literal)?) => {
        with_meta! { object! @type $(#[$doc])* $name {
            $($(#[$field_meta])* $field $(= $key)?: $type,)*
        } }
        object!(@field $name { $($field,)* } |this| {
            Some($crate::matrix::field::Stated::meta(this))
        }, $($salvaged)?);
        stated!($name);
    };
}

pub(super) use {fact, leaves, object, stated, with_meta};
