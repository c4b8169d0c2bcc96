//! Checks that the reasons that a lock gives are those of the catalog.
//!
//! While the matrices are those of the lock, its reasons are theirs word for word, and a difference is
//! somebody's edit. Once they changed, a reason that no longer holds only makes the lock out of date: the
//! set was judged without it.

use super::state::LockJudge;
use crate::catalog::{NeedKind, ReleaseId};
use crate::finding::{Check, Cite, Finding, Severity};
use crate::problem::shown;
use crate::record::{ConstraintRecord, PackageRecord};

impl LockJudge<'_> {
    /// Checks the reasons of every release that the catalog has.
    pub(super) fn reasons(&mut self) {
        for stated in &self.lock.packages {
            let Some(package) = self.catalog.find(&stated.name) else {
                continue;
            };
            if let Some(&rank) = self.members.get(&package) {
                self.asked_reason(stated);
                self.needed_reason(stated, (package, rank));
                self.constraints(stated, (package, rank));
            }
        }
    }

    fn is_false(&mut self, subject: &str, message: String, cite: Option<Cite>) {
        let severity = if self.changed { Severity::Warning } else { Severity::Error };
        let finding = Finding::new(Check::ReasonFalse, severity, shown(subject), message);
        self.findings.push(match cite {
            Some(cite) => finding.citing(cite),
            None => finding,
        });
    }

    fn asked_reason(&mut self, stated: &PackageRecord) {
        let asks = |spec: &&String| spec.split('@').next() == Some(stated.name.as_str());
        let spec = self.lock.request.specs.iter().find(asks);
        let message = match (&stated.asked, spec) {
            (Some(said), Some(spec)) if said != spec => format!(
                "the lock says that `{}` asks for it; the request says `{}`",
                shown(said),
                shown(spec)
            ),
            (Some(said), None) => {
                format!("the lock says that `{}` asks for it; nobody did", shown(said))
            }
            (None, Some(spec)) => {
                format!("the lock does not say that `{}` asks for it", shown(spec))
            }
            (Some(_), Some(_)) | (None, None) => return,
        };
        self.is_false(&stated.name, message, None);
    }

    /// Compares who needs a release. What the constraints say too is said once, of them.
    fn needed_reason(&mut self, stated: &PackageRecord, release: ReleaseId) {
        let is_bound = |name: &str| {
            let mut all = stated.bound_by.iter();
            all.any(|said| said.package == name && said.kind == NeedKind::Requires)
        };
        let needing: Vec<ReleaseId> = self
            .releases_of_lock()
            .into_iter()
            .filter(|other| self.required_by(other.0).contains(&release.0))
            .collect();
        for name in &stated.needed_by {
            let said = self.catalog.find(name);
            let is_so = needing.iter().any(|other| Some(other.0) == said);
            if is_so || is_bound(name) || self.is_doubtful(name) {
                continue;
            }
            let placed = said.and_then(|package| Some((package, *self.members.get(&package)?)));
            let message = match placed {
                Some(other) => {
                    let other = self.catalog.label(other);
                    format!("the lock says that {other} needs it, which is not so")
                }
                None => {
                    let name = shown(name);
                    format!("the lock says that `{name}` needs it, which is not in the lock")
                }
            };
            self.is_false(&stated.name, message, None);
        }
        for other in needing {
            let name = &self.catalog.package(other.0).name;
            if is_bound(name) && !stated.needed_by.contains(name) {
                let message = format!("the lock does not say that {name} needs it");
                self.is_false(&stated.name, message, None);
            }
        }
    }

    /// Returns true if the lock has the package and the catalog has not the release, so that nothing can be
    /// said about what it needs.
    fn is_doubtful(&self, name: &str) -> bool {
        !self.is_placed(name) && self.lock.packages.iter().any(|stated| stated.name == name)
    }

    /// Compares the constraints of a release, word for word.
    fn constraints(&mut self, stated: &PackageRecord, release: ReleaseId) {
        let known = self.known_constraints(release);
        let mut missing: Vec<_> =
            known.iter().filter(|(known, _)| !stated.bound_by.contains(known)).collect();
        let wrong = stated.bound_by.iter().filter(|said| {
            !self.is_doubtful(&said.package) && known.iter().all(|(known, _)| known != *said)
        });
        for said in wrong.collect::<Vec<_>>() {
            let alike = |(known, _): &&(ConstraintRecord, Cite)| {
                known.package == said.package && known.kind == said.kind
            };
            let real = missing.iter().position(alike).map(|at| missing.remove(at));
            let message = match real {
                Some((real, _)) => different(said, real),
                None if self.is_placed(&said.package) => {
                    format!("the lock says that {}, which is not so", sentence(said))
                }
                None => {
                    let name = shown(&said.package);
                    format!("the lock says that {}; {name} is not in the lock", sentence(said))
                }
            };
            self.is_false(&stated.name, message, real.map(|(_, cite)| cite.clone()));
        }
        for (real, cite) in missing {
            let message = format!("the lock does not say that {}", sentence(real));
            self.is_false(&stated.name, message, Some(cite.clone()));
        }
    }

    /// Returns what the releases of the lock really ask of one of them, with the sources.
    fn known_constraints(&self, (target, _): ReleaseId) -> Vec<(ConstraintRecord, Cite)> {
        let mut known: Vec<(ConstraintRecord, Cite)> = Vec::new();
        for release in self.releases_of_lock() {
            let package = self.catalog.package(release.0);
            for need in package.needs(release.1) {
                let constraint = self.catalog.constraint(need.constraint);
                if constraint.target != target {
                    continue;
                }
                let cite = self.catalog.cite_for(need.fact, Some(release));
                let record = ConstraintRecord {
                    package: package.name.clone(),
                    kind: need.kind,
                    asks: self.catalog.asked(constraint),
                    declared: constraint.declared.clone(),
                    evidence: cite.evidence,
                    source: cite.source.clone(),
                    url: cite.url.clone(),
                };
                if known.iter().all(|(other, _)| *other != record) {
                    known.push((record, cite));
                }
            }
        }
        known
    }
}

/// Says what a constraint is: `plugin-aws requires kestra >=1.3.0`.
fn sentence(constraint: &ConstraintRecord) -> String {
    let verb = match constraint.kind {
        NeedKind::Requires => "requires",
        NeedKind::Optional => "can do with",
        NeedKind::Conflicts => "excludes",
    };
    format!("{} {verb} {}", shown(&constraint.package), shown(&constraint.asks))
}

/// Says how what a lock says of a constraint differs from what is so.
fn different(said: &ConstraintRecord, real: &ConstraintRecord) -> String {
    if said.asks != real.asks {
        return format!("the lock says that {}; it {}", sentence(said), sentence_tail(real));
    }
    let what = if said.declared != real.declared {
        "other words of the publisher"
    } else if said.source != real.source || said.url != real.url {
        "another source"
    } else {
        "other evidence"
    };
    format!("the lock gives {what} for what it says that {}", sentence(said))
}

/// Says a constraint without who asks.
fn sentence_tail(constraint: &ConstraintRecord) -> String {
    let whole = sentence(constraint);
    whole.strip_prefix(&shown(&constraint.package)).unwrap_or(&whole).trim_start().to_owned()
}
