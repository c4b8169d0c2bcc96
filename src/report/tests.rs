//! Nothing hidden leaves a writer.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::escape::is_hidden;
use super::json::{compact, pretty};
use super::text::clean;

/// Texts of which many characters are hidden.
fn texts() -> impl Strategy<Value = String> {
    let hidden = prop_oneof![
        Just("\u{61c}\u{200b}\u{200e}\u{2028}\u{202e}\u{2060}\u{2069}\u{feff}\u{e0041}"),
        Just("\0\t\n\r\u{1b}[31m\u{7f}\u{85}\u{9b}"),
    ];
    let any = proptest::collection::vec(any::<char>(), 0..20);
    (any, hidden).prop_map(|(chars, hidden)| chars.into_iter().collect::<String>() + hidden)
}

proptest! {
    #[test]
    fn json_hides_nothing_and_loses_nothing(key in texts(), text in texts()) {
        let value = json!({ key: [text], "steps": [{ "a": text }] });
        for printed in [pretty(&value), compact(&value)] {
            prop_assert!(!printed.chars().any(|c| is_hidden(c) && c != '\n'), "{printed:?}");
            let read: Value = serde_json::from_str(&printed).unwrap();
            prop_assert_eq!(&read, &value);
        }
    }

    #[test]
    fn people_see_what_is_hidden(text in texts()) {
        prop_assert!(!clean(&text).chars().any(is_hidden));
    }
}

#[test]
fn rows_take_one_line_each() {
    let value = json!({ "a": [1, {}], "steps": [{ "b": [1, 2], "c": {} }, { "b": [] }], "d": [] });
    insta::assert_snapshot!(pretty(&value), @r#"
    {
      "a": [
        1,
        {}
      ],
      "steps": [
        {"b": [1, 2], "c": {}},
        {"b": []}
      ],
      "d": []
    }
    "#);
    assert_eq!(
        pretty(&json!({ "steps": 1, "a": [2] })),
        "{\n  \"steps\": 1,\n  \"a\": [\n    2\n  ]\n}\n"
    );
}
