//! How one upgrades, and how long a line lives.

use jiff::civil::{Date, Weekday};

use super::{FactIx, FeatureSet, PackageIx, Probe, ReleaseSet, RoleIx};
use crate::version::{Line, Step, Version};
use crate::word::words;

/// Releases on both sides of an upgrade step.
#[derive(Debug, Clone)]
pub struct EdgeScope {
    /// Releases one comes from.
    pub from: Vec<(PackageIx, ReleaseSet)>,
    /// Releases one goes to.
    pub to: Vec<(PackageIx, ReleaseSet)>,
    /// Where it is known from.
    pub fact: FactIx,
}

impl EdgeScope {
    /// Whether the step from one release to another is in scope.
    pub fn covers(&self, from: super::ReleaseId, to: super::ReleaseId) -> bool {
        holds(&self.from, from) && holds(&self.to, to)
    }
}

/// Whether one of the per-package sets holds the release.
pub fn holds(sets: &[(PackageIx, ReleaseSet)], (package, rank): super::ReleaseId) -> bool {
    sets.iter().any(|(named, set)| *named == package && set.contains(rank))
}

/// A hop may cross at most so many release lines.
#[derive(Debug, Clone)]
pub struct StepLimit {
    /// What is counted.
    pub unit: Step,
    /// How many lines.
    pub count: u32,
    /// The roles it binds; empty for all.
    pub roles: Vec<RoleIx>,
    /// Where it is known from.
    pub fact: FactIx,
}

/// Something said about an upgrade step: a required stop, a risk, advice.
#[derive(Debug, Clone)]
pub struct EdgeNote {
    /// Its name; users accept risks by it.
    pub name: String,
    /// The steps it is about.
    pub scope: EdgeScope,
    /// It counts only if all of these are in use.
    pub when: FeatureSet,
    /// It does not count if any of these is in use.
    pub unless: FeatureSet,
    /// What to say.
    pub message: String,
    /// Where to read on.
    pub url: Option<String>,
    /// For irreversible steps: from which moment on.
    pub moment: Option<String>,
}

impl EdgeNote {
    /// Whether the note is about this step, with these features in use.
    pub fn counts(
        &self,
        from: super::ReleaseId,
        to: super::ReleaseId,
        features: FeatureSet,
    ) -> bool {
        self.scope.covers(from, to) && features.includes(self.when) && !features.meets(self.unless)
    }
}

/// A release that must be passed through.
#[derive(Debug, Clone)]
pub struct Stop {
    /// Its name.
    pub name: String,
    /// The steps it is about.
    pub scope: EdgeScope,
    /// Where to stop.
    pub via: ReleaseSet,
    /// Why.
    pub message: String,
}

words! {
    /// The way in which the nodes of a deployment change.
    pub enum Procedure {
        /// One after the other, while the rest serves.
        Rolling "rolling",
        /// All are stopped first.
        StopAll "stop-all",
    }
}

words! {
    /// The time at which a migration runs.
    pub enum MigrationTime {
        /// Before the first node changes.
        Before "before",
        /// While all nodes are stopped.
        Stopped "stopped",
        /// After the last node changed.
        After "after",
    }
}

/// Work on data that a step brings.
#[derive(Debug, Clone)]
pub struct Migration {
    /// Its name.
    pub name: String,
    /// The steps it is about.
    pub scope: EdgeScope,
    /// When it runs.
    pub when: MigrationTime,
    /// What to run.
    pub command: Option<String>,
    /// What it does and what follows if it is left out.
    pub message: String,
    /// Whether it can be undone.
    pub irreversible: bool,
}

words! {
    /// The kind of a step: what is done to nodes or data.
    pub enum ActionKind {
        /// A node is restarted with another release of its main package.
        Upgrade "upgrade",
        /// A node's plugin changes alone.
        Install "install",
        /// Two nodes of a group exchange their roles.
        Switch "switch",
        /// A node is stopped.
        Stop "stop",
        /// A node is started.
        Start "start",
        /// Work on data is done.
        Migrate "migrate",
    }
}

/// A moment at which a gate is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateTime {
    /// Before the first step of a plan.
    Start,
    /// After each step of a kind.
    After(ActionKind),
}

impl GateTime {
    /// Every moment.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Start).chain(ActionKind::ALL.iter().copied().map(Self::After))
    }

    /// Returns the word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start-of-plan",
            Self::After(kind) => kind.name(),
        }
    }
}

impl PartialEq<str> for GateTime {
    fn eq(&self, word: &str) -> bool {
        self.name() == word
    }
}

/// A condition that must hold before the step after a given one.
#[derive(Debug, Clone)]
pub struct Gate {
    /// Its name.
    pub name: String,
    /// The moments at which it is asked.
    pub after: Vec<GateTime>,
    /// The roles it is about; empty for all.
    pub roles: Vec<RoleIx>,
    /// It is asked only of nodes that give this answer.
    pub only_if: Option<Probe>,
    /// The question and the wanted answer.
    pub probe: Probe,
    /// Why it matters.
    pub why: String,
    /// Where it is known from.
    pub fact: FactIx,
}

/// A change of roles within a group, such as a failover.
#[derive(Debug, Clone)]
pub struct Switch {
    /// What the product calls it.
    pub name: String,
    /// The role that is given up.
    pub from: RoleIx,
    /// The role that takes over.
    pub to: RoleIx,
    /// What to run on the node that takes over.
    pub command: Option<String>,
    /// The features with any of which the command is not the right one, and a person must do it.
    pub by_hand_with: FeatureSet,
    /// Where it is known from.
    pub fact: FactIx,
}

/// Whether a product can be taken back to an older release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Downgrade {
    /// Where relations and irreversible steps allow it.
    Allowed,
    /// Never, and why.
    Refused(String),
    /// Nobody has said.
    Unknown,
}

words! {
    /// The meaning of a step up that no stated edge covers.
    pub enum Otherwise {
        /// It may be taken, within the limits, stops and blocks.
        Allowed "allowed",
        /// It may not be taken: the stated edges are all there are.
        Refused "refused",
        /// Nobody has said.
        Unknown "unknown",
    }
}

/// A step that is stated by itself, as an update graph draws it.
#[derive(Debug, Clone)]
pub struct DrawnEdge {
    /// The steps.
    pub scope: EdgeScope,
    /// Why it was taken back, if it was.
    pub withdrawn: Option<String>,
}

/// A statement on the way back over steps up.
#[derive(Debug, Clone)]
pub struct Reversal {
    /// The steps up.
    pub scope: EdgeScope,
    /// True if they can be undone.
    pub possible: bool,
    /// Why, or why not.
    pub message: String,
}

/// How one product is upgraded.
#[derive(Debug, Clone)]
pub struct Upgrades {
    /// The product.
    pub package: PackageIx,
    /// Packages that it can take the place of.
    pub from_packages: Vec<PackageIx>,
    /// Roles, first to change first.
    pub order: Vec<Vec<RoleIx>>,
    /// The role change before the last role's nodes.
    pub switch: Option<Switch>,
    /// Limits on a hop.
    pub limits: Vec<StepLimit>,
    /// Required stops.
    pub stops: Vec<Stop>,
    /// Steps that are not allowed.
    pub blocked: Vec<EdgeNote>,
    /// Steps that need acceptance.
    pub risks: Vec<EdgeNote>,
    /// What the project advises.
    pub advice: Vec<EdgeNote>,
    /// Steps without a way back.
    pub irreversible: Vec<EdgeNote>,
    /// Steps that are not rolling, and why.
    pub procedures: Vec<(EdgeScope, Procedure, String)>,
    /// Work on data.
    pub migrations: Vec<Migration>,
    /// Checks between steps.
    pub gates: Vec<Gate>,
    /// How a node is restarted, in a shell.
    pub restart: Option<String>,
    /// How a command of the gates and of the switch is sent to a node, in a shell.
    pub client: Option<String>,
    /// The same for a node whose `HOST:PORT` is known, with `{host}` and `{port}`.
    pub client_at: Option<String>,
    /// The way back.
    pub downgrade: Downgrade,
    /// Steps that are stated one by one.
    pub drawn: Vec<DrawnEdge>,
    /// What holds for steps up that none of these covers.
    pub otherwise: Otherwise,
    /// What holds for steps up of its plugins that have no rules of their own.
    pub plugins: Otherwise,
    /// Whether such a plugin can be taken back to an older release.
    pub plugins_back: Downgrade,
    /// What is stated on the way back over single steps.
    pub reversals: Vec<Reversal>,
    /// Where it is known from.
    pub fact: FactIx,
}

impl Upgrades {
    /// Returns what is stated on the way back over a step up by itself. A no counts more.
    pub fn reversal(&self, from: super::ReleaseId, to: super::ReleaseId) -> Option<&Reversal> {
        let stated = self.reversals.iter().filter(|one| one.scope.covers(from, to));
        stated.min_by_key(|one| one.possible)
    }

    /// Returns true if a step leads to a newer release, or to the package that takes the other's place.
    pub fn is_up(&self, from: super::ReleaseId, to: super::ReleaseId) -> bool {
        if from.0 == to.0 { to.1 > from.1 } else { self.package == to.0 }
    }

    /// Returns true if steps of plugins without rules of their own are stated, up or down.
    pub fn states_plugin_steps(&self, up: bool) -> bool {
        if up {
            self.plugins == Otherwise::Allowed
        } else {
            self.plugins_back == Downgrade::Allowed
        }
    }

    /// Returns true if a step up is said to have no way back, for itself or as all steps of the product.
    pub fn refuses_return(&self, from: super::ReleaseId, to: super::ReleaseId) -> bool {
        self.is_up(from, to)
            && match self.reversal(from, to) {
                Some(stated) => !stated.possible,
                None => matches!(self.downgrade, Downgrade::Refused(_)),
            }
    }

    /// Returns the procedure of a step, and why if it is not the default.
    pub fn procedure(
        &self,
        from: super::ReleaseId,
        to: super::ReleaseId,
    ) -> (Procedure, Option<(&str, FactIx)>) {
        let stated = self.procedures.iter().filter(|(scope, ..)| scope.covers(from, to));
        match stated.max_by_key(|(_, procedure, _)| *procedure) {
            Some((scope, procedure, why)) => (*procedure, Some((why, scope.fact))),
            None => (Procedure::Rolling, None),
        }
    }
}

words! {
    /// The release lines that a lifecycle rule is about.
    pub enum LineClass {
        /// Every line.
        All "all",
        /// Lines named as long-term support.
        Lts "lts",
        /// Lines not named as long-term support.
        NotLts "not-lts",
        /// The newest minor line of each major line, once the next major is out.
        LatestMinorOfMajor "latest-minor-of-major",
    }
}

/// How a phase's end follows from the line's dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhaseEnd {
    /// So many months after the line's first final release.
    Months(i32),
    /// On the day the next line's first final release comes out.
    Superseded,
}

/// The end of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Until {
    /// A day.
    Day(Date),
    /// Some day of this month, of which the first is kept.
    Month(Date),
}

impl Until {
    /// Returns the last day on which the window may still be open.
    pub fn last_day(self) -> Date {
        match self {
            Self::Day(day) => day,
            Self::Month(first) => first.last_of_month(),
        }
    }

    /// Returns the text as it is written in a matrix.
    pub fn text(self) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::Month(first) => first.strftime("%Y-%m").to_string(),
        }
    }
}

/// A rule of a release policy.
#[derive(Debug, Clone)]
pub struct PhaseRule {
    /// The phase it gives.
    pub phase: String,
    /// The lines it is about.
    pub lines: LineClass,
    /// When the phase ends.
    pub end: PhaseEnd,
    /// Where it is known from.
    pub fact: FactIx,
}

/// Stated dates of one line's phase.
#[derive(Debug, Clone)]
pub struct Window {
    /// The line.
    pub line: Line,
    /// The phase.
    pub phase: String,
    /// First day, if stated.
    pub from: Option<Date>,
    /// Last day, if stated.
    pub until: Option<Until>,
    /// Whether it says in a note of its own why its dates are what they are.
    pub explained: bool,
    /// Position of the file that states it, and where in its text.
    pub place: (usize, Option<std::ops::Range<usize>>),
    /// Where it is known from.
    pub fact: FactIx,
}

/// How far apart two releases of a size are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// So many months.
    Months(i32),
    /// So many weeks.
    Weeks(i32),
}

/// How often releases of a size come out.
#[derive(Debug, Clone)]
pub struct Cadence {
    /// The size of the release.
    pub release: Step,
    /// How far apart two of them are.
    pub every: Every,
    /// The day of the week on which they come out. With months it is the first such day of the month.
    pub weekday: Option<Weekday>,
    /// The rule in words.
    pub rule: String,
    /// Where it is known from.
    pub fact: FactIx,
}

/// A release that is to come on a day.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// Its version, in the package's scheme.
    pub version: Version,
    /// The day that was named.
    pub day: Date,
    /// Where it is known from.
    pub fact: FactIx,
}

/// How long the lines of a package live.
#[derive(Debug, Clone)]
pub struct Lifecycle {
    /// The package.
    pub package: PackageIx,
    /// What a line is.
    pub step: Step,
    /// Lines with long-term support.
    pub lts: Vec<Line>,
    /// The policy.
    pub rules: Vec<PhaseRule>,
    /// Stated dates, which override the policy.
    pub windows: Vec<Window>,
    /// How often releases come out.
    pub cadence: Vec<Cadence>,
    /// Releases to come for which a day was named.
    pub announced: Vec<Announcement>,
    /// Where it is known from.
    pub fact: FactIx,
}
