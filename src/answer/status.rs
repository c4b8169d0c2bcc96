//! What an answer comes to: one word, and the exit status that goes with it.

use super::whole::{Answer, Body};
use crate::finding::{Finding, Severity, Verdict};

/// What to make of what no fact covers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum UnknownPolicy {
    /// It counts as a yes.
    Allow,
    /// It is an answer of its own.
    #[default]
    Tell,
    /// It counts as a no.
    Deny,
}

/// What makes an answer a no beside its verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// What to make of what no fact covers.
    pub unknown: UnknownPolicy,
    /// The least severity of a finding that counts as a no.
    pub fail_on: Severity,
}

impl Default for Policy {
    /// Only errors are a no, and the unknown is an answer of its own.
    fn default() -> Self {
        Self { unknown: UnknownPolicy::Tell, fail_on: Severity::Error }
    }
}

/// The exit status of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It is a yes, or nothing that could be a no.
    Yes,
    /// It is a no.
    No,
    /// No fact decides.
    Unknown,
}

impl Status {
    /// Returns the number that a process exits with: 0, 1 or 3. 2 is left for what could not be answered.
    pub fn code(self) -> u8 {
        match self {
            Self::Yes => 0,
            Self::No => 1,
            Self::Unknown => 3,
        }
    }
}

impl Answer {
    /// Returns what the answer comes to under a policy. It is a function of the verdict, the findings and
    /// the problems alone.
    pub fn status(&self, policy: Policy) -> Status {
        let open = self.findings.iter().any(Finding::leaves_unknown);
        let denied = policy.unknown == UnknownPolicy::Deny && open;
        if self.verdict == Some(Verdict::Incompatible) || denied || self.reaches(policy) {
            return Status::No;
        }
        match (self.verdict, policy.unknown) {
            (Some(Verdict::Unknown), UnknownPolicy::Tell) => Status::Unknown,
            (Some(Verdict::Unknown), UnknownPolicy::Deny) => Status::No,
            (Some(_) | None, _) => Status::Yes,
        }
    }

    /// Returns true if something that is said is as bad as the policy asks. What leaves something unknown does not
    /// count where the verdict tells it.
    fn reaches(&self, policy: Policy) -> bool {
        let all = self.verdict.is_none() && policy.unknown != UnknownPolicy::Allow;
        let findings = self.findings.iter().filter(|finding| all || !finding.leaves_unknown());
        let worst = if let Body::Lint { problems, .. } = &self.body {
            problems.list.iter().map(|one| one.severity).max()
        } else {
            None
        };
        findings
            .map(|finding| finding.severity)
            .chain(worst)
            .any(|severity| severity >= policy.fail_on)
    }

    /// Leaves out what is only said because no fact covers it.
    pub fn forget_unknown(&mut self) {
        self.findings.retain(|finding| !finding.leaves_unknown());
    }
}
