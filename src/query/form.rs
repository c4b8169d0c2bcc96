//! The JSON form of values that are texts or bytes.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::input::File;
use crate::spec::Spec;

impl Serialize for Spec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

impl<'de> Deserialize<'de> for Spec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

/// A file: as text, or as Base64 if it is none.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct FileForm<'a> {
    /// The name for messages.
    #[serde(borrow)]
    name: Cow<'a, str>,
    /// The content, if it is text.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'a, str>>,
    /// The content as Base64, if it is no text.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    base64: Option<Cow<'a, str>>,
}

impl Serialize for File {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = std::str::from_utf8(&self.bytes).ok();
        let form = FileForm {
            name: Cow::Borrowed(&self.name),
            text: text.map(Cow::Borrowed),
            base64: text.is_none().then(|| STANDARD.encode(&self.bytes).into()),
        };
        form.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let form = FileForm::deserialize(deserializer)?;
        let bytes = match (form.text, form.base64) {
            (Some(text), None) => text.into_owned().into_bytes(),
            (None, Some(code)) => STANDARD.decode(&*code).map_err(D::Error::custom)?,
            (None, None) => Vec::new(),
            (Some(_), Some(_)) => {
                return Err(D::Error::custom("expected `text` or `base64`, found both"));
            }
        };
        Ok(Self { name: form.name.into_owned(), bytes })
    }
}

#[cfg(test)]
mod schemas {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator};

    use super::{File, FileForm, Spec};

    impl JsonSchema for Spec {
        fn schema_name() -> Cow<'static, str> {
            "Spec".into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            String::json_schema(generator)
        }
    }

    impl JsonSchema for File {
        fn schema_name() -> Cow<'static, str> {
            "File".into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            FileForm::json_schema(generator)
        }
    }
}

/// The form of a share of nodes: a text such as `2` or `25%`.
pub(super) mod share {
    use std::borrow::Cow;

    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::limits::Share;

    // The attribute `with` calls it with a reference.
    #[expect(clippy::ref_option, reason = "the signature that serde asks for")]
    pub(in crate::query) fn serialize<S: Serializer>(
        share: &Option<Share>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match share {
            Some(share) => serializer.collect_str(share),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::query) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Share>, D::Error> {
        let Some(text) = Option::<Cow<'_, str>>::deserialize(deserializer)? else {
            return Ok(None);
        };
        let expected = "expected a number of nodes from 1 on, or a share from 1% to 100%";
        Share::parse(&text).map(Some).ok_or_else(|| D::Error::custom(expected))
    }
}
