//! Our own resolver, as the benchmark calls it. What it learns to do is added here.

use skew::answer::selection::{CoreAnswer, SetOutcome};
use skew::catalog::Catalog;
use skew::matrix::{Input, load};
use skew::resolve::{self, Request, find};

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
pub(crate) const WAYS: [Way; 2] = [
    Way { name: "skew", change: |request| request },
    Way { name: "skew, no shortcut", change: |request| Request { shortcut: false, ..request } },
];

/// Answers a request; `None` if the budget of steps did not do.
pub(crate) fn solve(catalog: &Catalog, request: &Request) -> Option<SetOutcome> {
    Some(find(catalog, request)).filter(|answer| *answer != SetOutcome::Unknown)
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

/// Answers for each release of the core.
pub(crate) fn every_core(case: &Case) -> Vec<CoreAnswer> {
    let core = case.catalog.find(&case.instance.packages[0].name).expect("the core is there");
    resolve::every_core(&case.catalog, &case.request, core)
}

/// Says for each release of the core that may be chosen, oldest first, what the best set with it is.
pub(crate) fn by_core(case: &Case, answers: &[CoreAnswer]) -> Vec<Verdict> {
    let versions = &case.instance.packages[0].versions;
    let open = answers
        .iter()
        .filter(|answer| versions.iter().any(|open| open == case.catalog.version(answer.core)));
    open.map(|answer| read(case, &answer.outcome)).collect()
}

/// Reads an answer as the peers give theirs, who are asked what is certain.
pub(crate) fn read(case: &Case, answer: &SetOutcome) -> Verdict {
    match adapters::read(&case.catalog, &case.instance, answer) {
        Verdict::Open(_) => Verdict::Impossible,
        known @ (Verdict::Found(_) | Verdict::Impossible | Verdict::Stopped) => known,
    }
}
