//! Loading matrices and making requests, for tests.

use skew::catalog::{Catalog, ReleaseId};
use skew::finding::Severity;
use skew::matrix::{Input, load};
use skew::range::{Bare, Range};
use skew::resolve::{Request, Requirement};

/// Loads matrices given as name and text, which must be without errors, with versions that the
/// question names.
pub(crate) fn catalog(files: &[(&str, &str)], named: &[(String, String)]) -> Catalog {
    let inputs: Vec<_> =
        files.iter().map(|(name, text)| Input { name, bytes: text.as_bytes() }).collect();
    let loaded = load(&inputs, named);
    let errors: Vec<_> =
        loaded.problems.list.iter().filter(|problem| problem.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    loaded.catalog
}

/// Makes the requirement that `NAME` or `NAME@RANGE` stands for.
pub(crate) fn requirement(catalog: &Catalog, spec: &str) -> Requirement {
    let (name, range) = match spec.split_once('@') {
        Some((name, range)) => (name, Some(range)),
        None => (spec, None),
    };
    let package = catalog.find(name).unwrap_or_else(|| panic!("no package `{name}`"));
    match range {
        None => Requirement::any(catalog, package),
        Some(range) => {
            let numbering = &catalog.package(package).numbering;
            let range =
                Range::parse(range, numbering, Bare::Exact).expect("the range of a test is one");
            Requirement::within(catalog, package, &range)
        }
    }
}

/// Makes the newest-first request for specs beside what is installed.
pub(crate) fn request<'a>(
    catalog: &Catalog,
    want: impl IntoIterator<Item = &'a str>,
    installed: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Request {
    let mut request =
        Request::newest(want.into_iter().map(|spec| requirement(catalog, spec)).collect());
    for (name, version) in installed {
        let (package, rank) = release(catalog, name, version);
        request.installed.insert(package, rank);
    }
    request
}

/// Looks a release up.
pub(crate) fn release(catalog: &Catalog, name: &str, version: &str) -> ReleaseId {
    let package = catalog.find(name).unwrap_or_else(|| panic!("no package `{name}`"));
    let rank = catalog.package(package).find(version);
    (package, rank.unwrap_or_else(|| panic!("no release {version} of {name}")))
}

/// Prints releases, for messages.
pub(crate) fn labels(catalog: &Catalog, set: &[ReleaseId]) -> Vec<String> {
    set.iter().map(|&release| catalog.label(release)).collect()
}
