//! Declares views: structs of keys, from which the JSON and its published schema come.

/// Declares a view: its keys in the order of the output, each with its type and where it comes from.
macro_rules! view {
    ($(#[$about:meta])* $name:ident $(<$life:lifetime>)? ($($from:ident: $of:ty),*)
    $(with { $($local:tt)* })? { $($(#[$key_about:meta])* $key:ident: $kind:ty = $value:expr,)* }) => {
        $(#[$about])*
        #[derive(serde::Serialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        pub(in crate::report) struct $name $(<$life>)? { $($(#[$key_about])* $key: $kind,)* }

        impl $(<$life>)? $name $(<$life>)? {
            /// Makes the view.
            pub(in crate::report) fn new($($from: $of),*) -> Self {
                $($($local)*)?
                Self { $($key: $value,)* }
            }
        }
    };
}
pub(in crate::report) use view;

/// Declares a word of a closed list: its name, what it says, and the list.
macro_rules! word {
    ($name:ident $about:literal $($word:literal)*) => {
        #[doc = $about]
        #[derive(serde::Serialize)]
        pub(in crate::report) struct $name(pub(in crate::report) &'static str);

        #[cfg(test)]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "description": $about, "enum": [$($word),*] })
            }
        }
    };
}
pub(in crate::report) use word;
