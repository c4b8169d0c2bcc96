//! What is said about the world being checked: verdicts, findings and the evidence behind them.
//!
//! Owns the three-valued verdict, severities, stable codes and citations. It does not decide
//! anything; engines make findings and writers print them. That the tool itself could not do its
//! work is not a finding but an error of the module concerned.

use crate::word::words;

words! {
    /// A judgement on two things that are to work together. Missing data gives `Unknown`, never `Compatible`.
    pub enum Verdict {
        /// Facts say that it works.
        Compatible "compatible",
        /// No fact covers it.
        Unknown "unknown",
        /// Facts say that it does not work.
        Incompatible "incompatible",
    }
}

impl Verdict {
    /// Returns the verdict on two conditions that must both hold (Kleene's *and*).
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }

    /// Returns the verdict on two ways of which one suffices (Kleene's *or*).
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.min(other)
    }
}

words! {
    /// The weight of a finding.
    pub enum Severity {
        /// Worth knowing.
        Info "info",
        /// Works, but should not stay so; or might not work.
        Warning "warning",
        /// Does not work, or a rule forbids it.
        Error "error",
    }
}

words! {
    /// The way in which a fact is known, best first.
    pub enum Evidence {
        /// The software itself refuses.
        Enforced "enforced",
        /// It was run.
        Observed "observed",
        /// The project says so.
        Documented "documented",
        /// It follows from other facts.
        Inferred "inferred",
    }
}

words! {
    /// The moment at which a broken relation shows.
    pub enum Bites {
        /// At once.
        Now "now",
        /// At the next full synchronisation.
        FullSync "full-sync",
        /// At the next restart.
        Restart "restart",
        /// When data is moved.
        Migration "migration",
    }
}

impl Bites {
    /// Returns the phrase used in sentences.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Now => "at once",
            Self::FullSync => "at the next full sync",
            Self::Restart => "at the next restart",
            Self::Migration => "when data is moved",
        }
    }
}

/// Where a fact comes from, ready to print.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cite {
    /// How the fact is known.
    pub evidence: Evidence,
    /// Title of the source, with the place in it.
    pub source: String,
    /// Address of the source.
    pub url: Option<String>,
    /// What a reader must know about the fact.
    pub note: Option<String>,
}

/// A stable name for a kind of finding. Users filter by it, so it never changes its meaning.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// One of the checks that this crate makes.
    Check(Check),
    /// A rule that a matrix states, by its own code.
    Rule(String),
}

impl Code {
    /// Returns the text of the code.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Check(check) => check.name(),
            Self::Rule(code) => code,
        }
    }
}

/// Declares the checks with their names and one-line descriptions. `unknown` marks those that leave something
/// unknown.
macro_rules! checks {
    (@unknown) => { false };
    (@unknown $unknown:ident) => { true };
    ($($variant:ident $name:literal $description:literal $($unknown:ident)?;)*) => {
        /// The checks of this crate.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Check {
            $(#[doc = $description] $variant,)*
        }

        impl Check {
            /// Every check, in order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the stable name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// Returns what the check finds, in one line.
            pub fn description(self) -> &'static str {
                match self { $(Self::$variant => $description),* }
            }

            /// Returns true if the finding says that something could not be decided, so that a verdict
            /// with it is not better than unknown.
            pub fn leaves_unknown(self) -> bool {
                match self { $(Self::$variant => checks!(@unknown $($unknown)?)),* }
            }
        }
    };
}

checks! {
    RelationBroken "relation-broken" "Two nodes that talk cannot understand each other.";
    RelationUnknown "relation-unknown" "No fact says whether two nodes that talk understand each other." unknown;
    RelationRisk "relation-risk" "Two nodes understand each other, with a caveat.";
    RequirementUnmet "requirement-unmet" "A package runs beside a version that it does not accept.";
    RequirementMissing "requirement-missing" "A package needs another one that is not there.";
    RequirementUnknown "requirement-unknown" "No fact says what a package accepts." unknown;
    PackagesConflict "packages-conflict" "Two packages exclude each other.";
    PackageUnknown "package-unknown" "A package is in no matrix." unknown;
    ReleaseUnknown "release-unknown" "A version is not a release that the matrix can place." unknown;
    ReleaseUnlisted "release-unlisted" "A version is not listed; facts stated for ranges are applied to it." unknown;
    VersionUnknown "version-unknown" "Which version runs cannot be told." unknown;
    ReleaseWithdrawn "release-withdrawn" "A release was withdrawn by its publisher.";
    ReleaseUnstable "release-unstable" "A pre-release or a development build runs, or is to run, for which no support is promised.";
    NodesMissing "nodes-missing" "A deployment has no nodes." unknown;
    RoleUnknown "role-unknown" "A node has a role that the matrix does not know.";
    RoleMissing "role-missing" "A node has no role and its package has no default one.";
    GroupPrimary "group-primary" "A group has too many or too few nodes of a role.";
    GroupPlugins "group-plugins" "Nodes of one group run different plugins or plugin versions.";
    FeatureUnknown "feature-unknown" "A feature is in no matrix.";
    FeatureAbsent "feature-absent" "A feature is stated that no running release has.";
    SupportEnded "support-ended" "A release line runs past the end of its support.";
    SupportEnding "support-ending" "A release line nears the end of its support.";
    FamilyMismatch "family-mismatch" "A member of a lockstep family is off its mapping.";
    FamilyUnpublished "family-unpublished" "A member of a lockstep family is not out for the core's release.";
    FamilyUnpinned "family-unpinned" "Nothing binds a member of a lockstep family to its core.";
    PickOutdated "pick-outdated" "A release is years older than its core, though newer ones are out.";
    RuntimeUntested "runtime-untested" "A runtime's line came out after what runs on it.";
    LtsMissed "lts-missed" "Long-term support was preferred and could not be had.";
    InstalledMixed "installed-mixed" "Nodes run different releases of a package of which one counts as what runs.";
    InstalledDown "installed-down" "A package that runs would get an older release.";
    EdgeAdvice "edge-advice" "The project gives advice for this upgrade step.";
    EdgeRisk "edge-risk" "An upgrade step carries a known risk.";
    EdgeIrreversible "edge-irreversible" "There is no way back over an upgrade step.";
    HopUnknown "hop-unknown" "No fact says whether an upgrade step may be taken." unknown;
    NoPath "no-path" "No allowed upgrade path leads to the target.";
    BetterUndecided "better-undecided" "A better release may go with the set, but a fact is missing.";
    NoSet "no-set" "No set of releases satisfies the request.";
    NoPlan "no-plan" "No order of steps keeps every state valid.";
    PlanExposure "plan-exposure" "A state between two steps depends on something not happening.";
    PlanInvalid "plan-invalid" "A plan breaks a rule.";
    MatrixChanged "matrix-changed" "The matrices are not those that a lock was made from.";
    SpecUngranted "spec-ungranted" "A lock does not hold what it says was asked for.";
    ReleaseUnasked "release-unasked" "A lock holds a release that is taken only if it is asked for.";
    PackageUnfounded "package-unfounded" "A lock holds a package that nobody asked for or needs.";
    ReasonFalse "reason-false" "What a lock gives as a reason is not so.";
    PluginLost "plugin-lost" "A plugin has no release for the core's new version.";
    PromiseWeak "promise-weak" "A plugin stays and relies on something that the step may break.";
    CoreRaised "core-raised" "A new release of a plugin asks for a newer core.";
    LineLeft "line-left" "A new release of a plugin no longer works with a release line of its core.";
    LoadName "load-name" "An engine does not load files with such a name.";
    LoadFooter "load-footer" "A file is no extension: its end holds no footer.";
    LoadAbi "load-abi" "An engine does not have the ABI that an extension is built for.";
    LoadVersion "load-version" "An extension is built for another engine version.";
    LoadCApi "load-c-api" "An extension is built for a C API version that an engine does not offer.";
    LoadPlatform "load-platform" "An extension is built for another platform.";
    LoadSignature "load-signature" "An extension has no signature that an engine trusts.";
    LoadEntry "load-entry" "An extension has no entry point with the name of its file.";
    LoadNote "load-note" "What was noted when an extension was installed does not fit the file.";
    LoadUnknown "load-unknown" "No fact says whether an engine loads an extension." unknown;
    ViewsDiffer "views-differ" "Nodes see their cluster differently.";
    ReplicaDrifted "replica-drifted" "A replica refused commands of its primary.";
    ReplicaUnlinked "replica-unlinked" "A replica has no link to its primary.";
    FeatureUnseen "feature-unseen" "Nobody looked whether a feature is in use.";
    FileUnread "file-unread" "A file in a folder could not be read.";
    EntryLeftOut "entry-left-out" "An entry of an inventory was left out.";
    EntryAssumed "entry-assumed" "An entry of an inventory was taken as it stands, though it may be otherwise.";
}

impl Check {
    /// What is wrong with a node and not only with what is known of it, so that a deployment file keeps it.
    pub const OF_NODES: [Self; 2] = [Self::ReplicaDrifted, Self::ReplicaUnlinked];
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What was found, in one sentence without a full stop.
    pub message: String,
    /// What it is about: a node, a pair, a package.
    pub subject: String,
    /// When it shows, for broken relations.
    pub bites: Option<Bites>,
    /// The facts behind it, the decisive one first.
    pub cites: Vec<Cite>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Verdict {
    /// Returns the verdict that findings come to: an error is a no, and what is left unknown keeps the rest
    /// from being a yes.
    pub fn of(findings: &[Finding]) -> Self {
        if findings.iter().any(|finding| finding.severity == Severity::Error) {
            Self::Incompatible
        } else if findings.iter().any(Finding::leaves_unknown) {
            Self::Unknown
        } else {
            Self::Compatible
        }
    }
}

impl Finding {
    /// Makes a finding of one of this crate's checks.
    pub fn new(
        check: Check,
        severity: Severity,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code: Code::Check(check),
            severity,
            message: message.into(),
            subject: subject.into(),
            bites: None,
            cites: Vec::new(),
            hint: None,
        }
    }

    /// Makes a finding of a rule that a matrix states.
    pub fn of_rule(
        code: &str,
        severity: Severity,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code: Code::Rule(code.to_owned()),
            ..Self::new(Check::RelationRisk, severity, subject, message)
        }
    }

    /// Returns true if it says that something is left unknown, which is a property of its code.
    pub fn leaves_unknown(&self) -> bool {
        match &self.code {
            Code::Check(check) => check.leaves_unknown(),
            Code::Rule(_) => false,
        }
    }

    /// Adds a citation.
    #[must_use]
    pub fn citing(mut self, cite: Cite) -> Self {
        self.cites.push(cite);
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hinting(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Sets when it shows.
    #[must_use]
    pub fn biting(mut self, bites: Option<Bites>) -> Self {
        self.bites = bites;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_follow_kleene() {
        use Verdict::{Compatible, Incompatible, Unknown};
        assert_eq!(Compatible.and(Unknown), Unknown);
        assert_eq!(Unknown.and(Incompatible), Incompatible);
        assert_eq!(Unknown.or(Compatible), Compatible);
        assert_eq!(Incompatible.or(Unknown), Unknown);
    }

    #[test]
    fn few_checks_leave_something_unknown() {
        let unsure = Check::ALL.iter().filter(|check| check.leaves_unknown());
        let names: Vec<_> = unsure.map(|check| check.name()).collect();
        insta::assert_snapshot!(names.join(" "), @"relation-unknown requirement-unknown package-unknown release-unknown release-unlisted version-unknown nodes-missing hop-unknown load-unknown");
    }

    #[test]
    fn codes_are_unique_and_stable() {
        let names: Vec<_> = Check::ALL.iter().map(|check| check.name()).collect();
        let mut unique = names.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), names.len());
        insta::assert_snapshot!(names.join(" "), @"relation-broken relation-unknown relation-risk requirement-unmet requirement-missing requirement-unknown packages-conflict package-unknown release-unknown release-unlisted version-unknown release-withdrawn release-unstable nodes-missing role-unknown role-missing group-primary group-plugins feature-unknown feature-absent support-ended support-ending family-mismatch family-unpublished family-unpinned pick-outdated runtime-untested lts-missed installed-mixed installed-down edge-advice edge-risk edge-irreversible hop-unknown no-path better-undecided no-set no-plan plan-exposure plan-invalid matrix-changed spec-ungranted release-unasked package-unfounded reason-false plugin-lost promise-weak core-raised line-left load-name load-footer load-abi load-version load-c-api load-platform load-signature load-entry load-note load-unknown views-differ replica-drifted replica-unlinked feature-unseen file-unread entry-left-out entry-assumed");
    }
}
