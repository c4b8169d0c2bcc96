//! What is accepted of releases.

use super::*;

/// What is accepted, and what is said of the rest, is that of [`Release`].
#[test]
fn releases_are_read_as_release_is() {
    for release in [
        r#"{"version":"1"}"#,
        r#"{"version":"1","date":null,"needs":null,"label":null}"#,
        r#"{"version":"\u0031","needs":{"a":">=1","\u0062":"\u0031","c":{"range":"1","kind":"optional"}}}"#,
        r#"{"version":"1","alias":["x"],"uses":{"abi":"1"},"id":"x","replaces":["y"],"note":"z"}"#,
        r#"["1",null,null,[],null,null,null,null,{},{},null,null,null,null,null,null,null,[]]"#,
        r#"["1"]"#,
        "{}",
        "1",
        r#"{"version":1}"#,
        r#"{"version":"1","version":"2"}"#,
        r#"{"version":"1","date":null,"date":"2020-01-01"}"#,
        r#"{"version":"1","needs":{},"needs":{}}"#,
        r#"{"version":"1","need":{}}"#,
        r#"{"version":"1","needs":[]}"#,
        r#"{"version":"1","needs":{"a":1}}"#,
        r#"{"version":"1","needs":{"a":{"range":"1","rang":"2"}}}"#,
        r#"{"version":"1","alias":null}"#,
        r#"{"version":"1","channel":"stabel"}"#,
    ] {
        let text = format!("[{release}]");
        let one_by_one = serde_json::from_str::<Vec<Release<'_>>>(&text);
        let flat = serde_json::from_str::<ReleaseList<'_>>(&text);
        match (one_by_one, flat) {
            (Ok(mut one_by_one), Ok(flat)) => {
                let (mut again, one) = (ReleaseList::default(), one_by_one.remove(0));
                again.push::<serde_json::Error>(one).unwrap();
                let (again_listed, listed) = (&again.list[0], &flat.list[0]);
                assert_eq!(listed.version, again_listed.version, "{release}");
                let needs =
                    |releases: &ReleaseList<'_>| format!("{:?}", releases.needs(&releases.list[0]));
                assert_eq!(needs(&flat), needs(&again), "{release}");
                let rest = listed.rest().cloned().unwrap_or_default();
                assert_eq!(format!("{rest:?}"), format!("{:?}", again_listed.rest().unwrap()));
            }
            (Err(one_by_one), Err(flat)) => {
                assert_eq!(flat.to_string(), one_by_one.to_string());
            }
            (one_by_one, flat) => panic!("{release}: {one_by_one:?} but {flat:?}"),
        }
    }
}
