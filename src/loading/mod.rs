//! Loading: would this engine load that extension file?
//!
//! An engine decides from the file's footer, before it runs anything of it: is this an extension, is it
//! on an ABI that I have, built for my version or for a C API that I offer, for my platform, signed. Then
//! it looks for an entry point named after the file. Which ABI at which level an engine takes is stated
//! by the matrix, as offers; [`era`] holds what is left: which checks there are and in which order.
//!
//! Releases are judged by their own facts. A development build or an early build lies between two
//! releases and is judged by both of their rules: where they agree, so does it, and where they differ
//! the verdict is unknown. A build that is known by nothing but its commit may lie anywhere.

mod c_api;
mod era;
mod hosts;
mod rules;

use crate::answer::inspect::Loading;
use crate::binary::{BadNote, ExtensionFile, InstallNote};
use crate::catalog::{Catalog, ReleaseId};
use crate::finding::{Check, Code, Finding, Severity, Verdict};

pub use hosts::{Host, known_hosts};

/// Decides whether an engine loads a file.
pub fn loads(catalog: &Catalog, host: &Host, file: &ExtensionFile) -> Loading {
    let judge = |&rank| Opinion::of(catalog, host, (host.package, rank), file);
    let opinions: Vec<_> = host.rules.iter().map(judge).collect();
    let (verdict, findings) = agreement(catalog, host, opinions, file);
    let platform = host.platform.clone().or_else(|| built_on(file));
    Loading { engine: host.label.clone(), platform, verdict, findings }
}

/// Decides whether an engine loads a file by its name from where it was installed, beside a note.
pub fn loads_installed(
    catalog: &Catalog,
    host: &Host,
    file: &ExtensionFile,
    note: &Result<InstallNote, BadNote>,
) -> Loading {
    let mut loading = loads(catalog, host, file);
    if let Some(finding) = rules::note(host, file, note) {
        loading.verdict = Verdict::Incompatible;
        loading.findings.push(finding);
    }
    loading
}

fn built_on(file: &ExtensionFile) -> Option<String> {
    file.footer.as_ref().ok().map(|footer| footer.platform.clone())
}

/// The verdict of the rules of one release on a file.
struct Opinion {
    release: ReleaseId,
    verdict: Verdict,
    findings: Vec<Finding>,
}

impl Opinion {
    fn of(catalog: &Catalog, host: &Host, release: ReleaseId, file: &ExtensionFile) -> Self {
        let findings = rules::findings(catalog, host, release, file);
        let unsure = |finding: &Finding| finding.code == Code::Check(Check::LoadUnknown);
        let verdict = if findings.iter().any(|finding| finding.severity == Severity::Error) {
            Verdict::Incompatible
        } else if findings.iter().any(unsure) {
            Verdict::Unknown
        } else {
            Verdict::Compatible
        };
        Self { release, verdict, findings }
    }
}

/// Joins what the rules of the releases around an engine say. The newest one gives the reasons.
fn agreement(
    catalog: &Catalog,
    host: &Host,
    mut opinions: Vec<Opinion>,
    file: &ExtensionFile,
) -> (Verdict, Vec<Finding>) {
    let subject = rules::subject(host, file);
    let unknown = |why: String| {
        let finding = Finding::new(Check::LoadUnknown, Severity::Warning, subject.clone(), why);
        (Verdict::Unknown, vec![finding])
    };
    let Some(newest) = opinions.pop() else {
        return unknown(format!("no release near {} is known", host.label));
    };
    if let Some(other) = opinions.iter().rev().find(|other| other.verdict != newest.verdict) {
        let says = |opinion: &Opinion| {
            let word = crate::answer::inspect::word(opinion.verdict);
            format!("the rules of {} say `{word}`", catalog.version(opinion.release))
        };
        return unknown(format!("{}, {}", says(other), says(&newest)));
    }
    if host.beyond && newest.verdict == Verdict::Compatible {
        return unknown(format!(
            "{} is newer than {}, the newest release with known rules, which would load it",
            host.label,
            catalog.version(newest.release)
        ));
    }
    (newest.verdict, newest.findings)
}
