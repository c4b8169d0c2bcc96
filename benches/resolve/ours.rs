//! Our own resolver, as the benchmark calls it. What it learns to do is added here.

use skew::answer::selection::Resolution;
use skew::catalog::Catalog;
use skew::matrix::{Input, load};
use skew::resolve::{Request, Wish, resolve};

use crate::adapters::{self, Verdict};
use crate::cases::Case;
use crate::support;

/// A way in which our resolver can be asked.
pub(crate) struct Way {
    /// What stands over its column.
    pub(crate) name: &'static str,
    /// Changes the default request.
    pub(crate) change: fn(Request) -> Request,
}

/// The ways, the usual one first.
pub(crate) const WAYS: [Way; 1] = [Way { name: "skew", change: |request| request }];

/// Answers a request; `None` if the budget of steps did not do.
pub(crate) fn solve(catalog: &Catalog, request: &Request) -> Option<Resolution> {
    match resolve(catalog, request) {
        Resolution::Unknown { .. } => None,
        answer @ (Resolution::Found(_) | Resolution::Impossible(_)) => Some(answer),
    }
}

/// Goes from the text to the answer; returns whether there is one.
pub(crate) fn from_text(text: &str, want: &[String]) -> bool {
    let loaded = load(&[Input { name: "given", bytes: text.as_bytes() }], &[]);
    let request = support::request(&loaded.catalog, want.iter().map(String::as_str), []);
    solve(&loaded.catalog, &request).is_some()
}

/// Loads a text; returns whether it is without errors.
pub(crate) fn load_only(text: &str) -> bool {
    !load(&[Input { name: "given", bytes: text.as_bytes() }], &[]).problems.has_errors()
}

/// Says for each release of the core that may be chosen, oldest first, what the best set with it is.
pub(crate) fn every_core(case: &Case) -> Vec<Verdict> {
    let (catalog, instance) = (&case.catalog, &case.instance);
    let core = catalog.find(&instance.packages[0].name).expect("the core is there");
    let ask = |version: &String| {
        let rank = catalog.package(core).find(version).expect("the release is there");
        let mut request = case.request.clone();
        request.wishes.retain(|wish| wish.package != core);
        request.wishes.insert(0, Wish::exactly(catalog, core, rank));
        adapters::read(catalog, instance, &resolve(catalog, &request))
    };
    instance.packages[0].versions.iter().map(ask).collect()
}
