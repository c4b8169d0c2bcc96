//! Views that several answers share.

use serde::{Serialize, Serializer};

use super::view::{view, word};
use crate::catalog::{Catalog, PackageIx, Rank, ReleaseId};
use crate::finding::{Cite, Finding};
use crate::record::MatrixRecord;

word! { VerdictWord "The answer in one word." "compatible" "incompatible" "unknown" }
word! { SeverityWord "How bad it is." "info" "warning" "error" }
word! { EvidenceWord "How it is known, best first." "enforced" "observed" "documented" "inferred" }
word! { BitesWord "When it shows." "now" "full-sync" "restart" "migration" }

view! {
    /// A release of a package.
    ReleaseView<'a>(catalog: &'a Catalog, release: ReleaseId) {
        package: &'a str = name(catalog, release.0),
        version: &'a str = catalog.version(release),
    }
}

view! {
    /// Where a fact comes from.
    CiteView<'a>(cite: &'a Cite) {
        level: EvidenceWord = EvidenceWord(cite.evidence.name()),
        source: &'a str = &cite.source,
        #[serde(skip_serializing_if = "Option::is_none")]
        url: Option<&'a str> = cite.url.as_deref(),
        /// What a reader must know about the fact.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<&'a str> = cite.note.as_deref(),
    }
}

view! {
    /// The facts behind a finding, the decisive one first.
    EvidenceView<'a>(first: &'a Cite, rest: &'a [Cite]) {
        #[serde(flatten)]
        first: CiteView<'a> = CiteView::new(first),
        /// The other facts.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        also: Vec<CiteView<'a>> = cites(rest),
    }
}

view! {
    /// One thing that was found.
    FindingView<'a>(finding: &'a Finding) {
        /// A stable name for its kind.
        code: &'a str = finding.code.as_str(),
        severity: SeverityWord = SeverityWord(finding.severity.name()),
        message: &'a str = &finding.message,
        /// What it is about: a node, a pair, a package.
        subject: &'a str = &finding.subject,
        #[serde(skip_serializing_if = "Option::is_none")]
        bites: Option<BitesWord> = finding.bites.map(|bites| BitesWord(bites.name())),
        #[serde(skip_serializing_if = "Option::is_none")]
        evidence: Option<EvidenceView<'a>> =
            finding.cites.split_first().map(|(first, rest)| EvidenceView::new(first, rest)),
        /// What to do about it.
        #[serde(skip_serializing_if = "Option::is_none")]
        hint: Option<&'a str> = finding.hint.as_deref(),
    }
}

/// The state before a step and after it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::report) struct SidesView<T> {
    pub(in crate::report) before: T,
    pub(in crate::report) after: T,
}

/// A citation that is made for its output.
pub(in crate::report) struct OwnCite(pub(in crate::report) Cite);

impl Serialize for OwnCite {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        CiteView::new(&self.0).serialize(serializer)
    }
}

/// An object whose keys are data, in their order.
pub(in crate::report) struct Pairs<'a, V = &'a str>(pub(in crate::report) Vec<(&'a str, V)>);

impl<V> Pairs<'_, V> {
    /// Returns true if there are none.
    pub(in crate::report) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a, V> FromIterator<(&'a str, V)> for Pairs<'a, V> {
    /// Collects few pairs. Of a key that comes again the last value is kept, in the first place.
    fn from_iter<I: IntoIterator<Item = (&'a str, V)>>(pairs: I) -> Self {
        let mut kept: Vec<(&'a str, V)> = Vec::new();
        for (key, value) in pairs {
            match kept.iter_mut().find(|(known, _)| *known == key) {
                Some((_, old)) => *old = value,
                None => kept.push((key, value)),
            }
        }
        Self(kept)
    }
}

impl<V: Serialize> Serialize for Pairs<'_, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

#[cfg(test)]
impl<V> schemars::JsonSchema for Pairs<'_, V> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Pairs".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let text = serde_json::json!({ "type": "string" });
        schemars::json_schema!({ "type": "object", "additionalProperties": text })
    }
}

/// Returns the views of citations.
pub(in crate::report) fn cites(cites: &[Cite]) -> Vec<CiteView<'_>> {
    cites.iter().map(CiteView::new).collect()
}

/// Returns the views of findings.
pub(in crate::report) fn findings<'a>(
    findings: impl IntoIterator<Item = &'a Finding>,
) -> Vec<FindingView<'a>> {
    findings.into_iter().map(FindingView::new).collect()
}

/// Returns the views of releases.
pub(in crate::report) fn releases<'a>(
    catalog: &'a Catalog,
    releases: &[ReleaseId],
) -> Vec<ReleaseView<'a>> {
    releases.iter().map(|&release| ReleaseView::new(catalog, release)).collect()
}

/// Returns the name of a package.
pub(in crate::report) fn name(catalog: &Catalog, package: PackageIx) -> &str {
    &catalog.package(package).name
}

/// Returns the version at a rank of a package, if there is one.
pub(in crate::report) fn version(
    catalog: &Catalog,
    package: PackageIx,
    rank: Option<Rank>,
) -> Option<&str> {
    rank.map(|rank| catalog.version((package, rank)))
}

view! {
    /// A matrix that was used.
    MatrixView<'a>(matrix: &'a MatrixRecord) {
        name: &'a str = &matrix.name,
        #[serde(skip_serializing_if = "Option::is_none")]
        as_of: Option<&'a str> = matrix.as_of.as_deref(),
        sha256: &'a str = &matrix.sha256,
    }
}
