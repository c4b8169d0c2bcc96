//! Closed sets of words: enumerations whose variants have a fixed name in files and output.
//!
//! Owns the one macro that declares them. A word is read by its name in the readers of files, with one
//! adapter for all, and printed by the same name.

/// An enumeration of words.
pub(crate) trait Word: Copy + 'static {
    /// The name of the type, for schemas.
    #[cfg(test)]
    const TYPE: &'static str;
    /// The first sentence on the type.
    #[cfg(test)]
    const TITLE: &'static str;
    /// Each word with its name and what it means, in order of declaration.
    const WORDS: &'static [(Self, &'static str, &'static str)];
    /// The names alone.
    const NAMES: &'static [&'static str];

    /// Returns the word with this name.
    fn named(name: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, known, _)| *known == name).map(|(word, ..)| *word)
    }
}

/// Declares an enumeration of words: each with what it means and its name in files and output.
macro_rules! words {
    ($(#[doc = $doc:literal])+ pub enum $name:ident {
        $($(#[doc = $about:literal])+ $variant:ident $word:literal,)+
    }) => {
        words! {
            $(#[doc = $doc])+
            enum(pub) $name { $($(#[doc = $about])+ $variant $word,)+ }
        }

        impl $name {
            /// Every one, in order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the word used in files and output.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Returns what is named by a word of a file.
            pub fn parse(word: &str) -> Option<Self> {
                <Self as $crate::word::Word>::named(word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
    };
    ($(#[doc = $doc:literal])+ enum($visible:vis) $name:ident {
        $($(#[doc = $about:literal])+ $variant:ident $word:literal,)+
    }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visible enum $name { $($(#[doc = $about])+ $variant,)+ }

        impl $crate::word::Word for $name {
            #[cfg(test)]
            const TYPE: &'static str = stringify!($name);
            #[cfg(test)]
            const TITLE: &'static str = concat!($($doc),+);
            const WORDS: &'static [(Self, &'static str, &'static str)] =
                &[$((Self::$variant, $word, concat!($($about),+))),+];
            const NAMES: &'static [&'static str] = &[$($word),+];
        }
    };
}

pub(crate) use words;

#[cfg(test)]
mod tests {
    use super::Word;
    use crate::finding::Bites;

    #[test]
    fn words_are_read_as_they_are_written() {
        for bites in Bites::ALL {
            assert_eq!(Bites::parse(bites.name()), Some(*bites));
        }
        assert_eq!(Bites::parse("never"), None);
        assert_eq!(format!("{:>12}", Bites::FullSync), "   full-sync");
        assert_eq!(Bites::NAMES, ["now", "full-sync", "restart", "migration"]);
    }
}
