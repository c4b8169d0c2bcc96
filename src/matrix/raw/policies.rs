//! The parts of a matrix file that say how one upgrades, and how long releases live.

use serde::Deserialize;

use super::{Evidence, Kind, Meta, Nest, PerPackage, Probe, Shape, Stated};
use crate::matrix::text::{Short, Text};

/// A range of the entry's package, or a range per package.
pub(crate) type Side<'a> = Short<'a, PerPackage<'a>>;

fact! {
    /// How one product is upgraded.
    Upgrades {
        /// The product.
        package: Text<'a>,
        /// Packages that it can take the place of.
        #[serde(default)]
        from_packages: Vec<Text<'a>>,
        /// Roles, first to change first.
        #[serde(default)]
        order: Vec<Vec<Text<'a>>>,
        /// The role change that must happen before the last role's nodes change.
        switch: Option<Switch<'a>>,
        /// Limits on what one hop may cross.
        #[serde(default)]
        steps: Vec<StepLimit<'a>>,
        /// Releases that must be passed through.
        #[serde(default)]
        stops: Vec<Stop<'a>>,
        /// Steps that are not allowed.
        #[serde(default)]
        blocked: Vec<Blocked<'a>>,
        /// Steps that need acceptance by name.
        #[serde(default)]
        risks: Vec<EdgeItem<'a>>,
        /// What the project advises.
        #[serde(default)]
        advice: Vec<EdgeItem<'a>>,
        /// Steps without a way back.
        #[serde(default)]
        irreversible: Vec<Irreversible<'a>>,
        /// Steps that are not rolling.
        #[serde(default)]
        procedures: Vec<StepProcedure<'a>>,
        /// Work on data.
        #[serde(default)]
        migrations: Vec<Migration<'a>>,
        /// What must hold between steps.
        #[serde(default)]
        gates: Vec<Gate<'a>>,
        /// How a node is restarted, with placeholders.
        restart: Option<Text<'a>>,
        /// How a command of the gates and of the switch is sent to a node, with placeholders.
        client: Option<Text<'a>>,
        /// The same for a node whose host and port are known.
        client_at: Option<Text<'a>>,
        /// Whether there is a way back at all.
        downgrade: Option<Downgrade>,
        /// Why there is none.
        downgrade_why: Option<Text<'a>>,
    }
    nests {
        "switch" One Switch,
        "steps" Each StepLimit,
        "stops" Each Stop,
        "blocked" Each Blocked,
        "risks" Each EdgeItem,
        "advice" Each EdgeItem,
        "irreversible" Each Irreversible,
        "procedures" Each StepProcedure,
        "migrations" Each Migration,
        "gates" Each Gate,
    }
}

words! {
    /// Whether a product can be taken back.
    Downgrade {
        /// Where the rules allow it.
        Rules,
        /// Never.
        Refused,
    }
}

fact! {
    /// A change of roles within a group.
    Switch {
        /// What the product calls it.
        name: Text<'a>,
        /// The role that is given up.
        from: Text<'a>,
        /// The role that takes over.
        to: Text<'a>,
        /// What to run.
        command: Option<Text<'a>>,
        /// Features with any of which the command is not the right one.
        #[serde(default)]
        by_hand_with: Vec<Text<'a>>,
    }
}

fact! {
    /// A limit on what one hop may cross.
    StepLimit {
        /// What is counted.
        unit: Unit,
        /// How many lines.
        count: u32,
        /// The roles it binds; all if empty.
        #[serde(default)]
        roles: Vec<Text<'a>>,
    }
}

words! {
    /// A unit of version distance.
    Unit {
        /// Major lines.
        Major,
        /// Minor lines.
        Minor,
        /// Single releases.
        Patch,
    }
}

fact! {
    /// A release that must be passed through.
    Stop {
        /// Its name.
        name: Text<'a>,
        /// Releases one comes from.
        from: Side<'a>,
        /// Releases one goes to.
        to: Side<'a>,
        /// Where to stop.
        via: Text<'a>,
        /// Why.
        why: Text<'a>,
    }
}

fact! {
    /// A step that is not allowed.
    Blocked {
        /// Its name.
        name: Text<'a>,
        /// Releases one comes from.
        from: Side<'a>,
        /// Releases one goes to.
        to: Side<'a>,
        /// It counts only if all of these features are in use.
        #[serde(default)]
        when: Vec<Text<'a>>,
        /// It does not count if any of these features is in use.
        #[serde(default)]
        unless: Vec<Text<'a>>,
        /// Why.
        why: Text<'a>,
        /// Where to read on.
        url: Option<Text<'a>>,
    }
}

fact! {
    /// A risk or advice.
    EdgeItem {
        /// Its name.
        name: Text<'a>,
        /// Releases one comes from.
        from: Side<'a>,
        /// Releases one goes to.
        to: Side<'a>,
        /// It counts only if all of these features are in use.
        #[serde(default)]
        when: Vec<Text<'a>>,
        /// It does not count if any of these features is in use.
        #[serde(default)]
        unless: Vec<Text<'a>>,
        /// What to say.
        message: Text<'a>,
        /// Where to read on.
        url: Option<Text<'a>>,
    }
}

fact! {
    /// A step without a way back.
    Irreversible {
        /// Its name.
        name: Text<'a>,
        /// Releases one comes from.
        from: Side<'a>,
        /// Releases one goes to.
        to: Side<'a>,
        /// Why there is no way back.
        why: Text<'a>,
        /// From which moment on.
        moment: Option<Text<'a>>,
        /// It counts only if all of these features are in use.
        #[serde(default)]
        when: Vec<Text<'a>>,
        /// It does not count if any of these features is in use.
        #[serde(default)]
        unless: Vec<Text<'a>>,
    }
}

fact! {
    /// How nodes change in a step.
    StepProcedure {
        /// Releases one comes from.
        from: Side<'a>,
        /// Releases one goes to.
        to: Side<'a>,
        /// The procedure.
        procedure: Procedure,
        /// Why.
        why: Text<'a>,
    }
}

words! {
    /// How nodes change.
    Procedure {
        /// One after the other.
        Rolling,
        /// All are stopped first.
        StopAll,
    }
}

fact! {
    /// Work on data that a step brings.
    Migration {
        /// Its name.
        name: Text<'a>,
        /// Releases one comes from.
        from: Side<'a>,
        /// Releases one goes to.
        to: Side<'a>,
        /// When it runs.
        when: MigrationTime,
        /// What to run.
        command: Option<Text<'a>>,
        /// What it does.
        message: Text<'a>,
        /// Whether it cannot be undone.
        #[serde(default)]
        irreversible: bool,
    }
}

words! {
    /// When a migration runs.
    MigrationTime {
        /// Before the first node changes.
        Before,
        /// While all nodes are stopped.
        Stopped,
        /// After the last node changed.
        After,
    }
}

fact! {
    /// What must hold before the step after a given one.
    Gate {
        /// Its name.
        name: Text<'a>,
        /// The actions after which it is asked.
        after: Vec<Text<'a>>,
        /// The roles it is about; all if empty.
        #[serde(default)]
        roles: Vec<Text<'a>>,
        /// It is asked only of nodes that give this answer.
        only_if: Option<Probe<'a>>,
        /// What to run.
        command: Text<'a>,
        /// Which part of the answer to look at.
        field: Option<Text<'a>>,
        /// What it must be.
        expect: Text<'a>,
        /// Why it matters.
        why: Text<'a>,
    }
    nests {
        "only_if" One Probe,
    }
}

fact! {
    /// Packages released together under different numbers.
    Family {
        /// Its name.
        name: Text<'a>,
        /// The package whose number the others follow.
        core: Text<'a>,
        /// The packages that follow.
        members: Vec<Text<'a>>,
        /// How numbers correspond.
        maps: Vec<FamilyMap<'a>>,
        /// Where they do not.
        #[serde(default)]
        exceptions: Vec<FamilyException<'a>>,
    }
    nests {
        "maps" Each FamilyMap,
        "exceptions" Each FamilyException,
    }
}

plain! {
    /// A correspondence of numbers.
    FamilyMap {
        /// Such as `1.x.y`.
        core: Text<'a>,
        /// Such as `0.{x+16}.y`.
        member: Text<'a>,
    }
}

fact! {
    /// Releases off their family's mapping.
    FamilyException {
        /// The member; all if left out.
        member: Option<Text<'a>>,
        /// Its releases, or the core's if no member is named.
        releases: Text<'a>,
        /// Why.
        why: Text<'a>,
    }
}

fact! {
    /// How long the lines of a package live.
    Lifecycle {
        /// The package.
        package: Text<'a>,
        /// What a line is.
        line: Unit,
        /// Lines with long-term support.
        #[serde(default)]
        lts: Vec<Text<'a>>,
        /// The policy.
        #[serde(default)]
        rules: Vec<PhaseRule<'a>>,
        /// Stated dates.
        #[serde(default)]
        windows: Vec<Window<'a>>,
        /// How often releases come out.
        #[serde(default)]
        cadence: Vec<Cadence<'a>>,
        /// Releases to come for which a day was named.
        #[serde(default)]
        announced: Vec<Announcement<'a>>,
    }
    nests {
        "rules" Each PhaseRule,
        "windows" Each Window,
        "cadence" Each Cadence,
        "announced" Each Announcement,
    }
}

fact! {
    /// A rule of a release policy.
    PhaseRule {
        /// The phase it gives.
        phase: Text<'a>,
        /// The lines it is about.
        applies_to: LineClass,
        /// Years after the line's first final release.
        years: Option<u16>,
        /// Months after the line's first final release.
        months: Option<u16>,
        /// `superseded`: until the next line comes out.
        until: Option<Superseded>,
    }
}

words! {
    /// Lines a rule is about.
    LineClass {
        /// Every line.
        All,
        /// Lines with long-term support.
        Lts,
        /// Lines without.
        NotLts,
        /// The newest minor line of each major line.
        LatestMinorOfMajor,
    }
}

words! {
    /// The end of a phase by the next line.
    Superseded {
        /// The next line came out.
        Superseded,
    }
}

fact! {
    /// How often releases of a size come out.
    Cadence {
        /// The size of the release.
        release: Unit,
        /// Months between two of them.
        months: Option<u16>,
        /// Weeks between two of them.
        weeks: Option<u16>,
        /// The day of the week on which they come out: with months, the first of the month.
        weekday: Option<Weekday>,
        /// The rule in the project's words, in short.
        rule: Text<'a>,
    }
}

words! {
    /// A day of the week.
    Weekday {
        /// Monday.
        Monday,
        /// Tuesday.
        Tuesday,
        /// Wednesday.
        Wednesday,
        /// Thursday.
        Thursday,
        /// Friday.
        Friday,
        /// Saturday.
        Saturday,
        /// Sunday.
        Sunday,
    }
}

fact! {
    /// A release that is to come on a day.
    Announcement {
        /// Its version.
        version: Text<'a>,
        /// The day that was named.
        date: Text<'a>,
    }
}

fact! {
    /// Stated dates of one line.
    Window {
        /// The line.
        line: Text<'a>,
        /// The phase.
        phase: Text<'a>,
        /// First day.
        from: Option<Text<'a>>,
        /// Last day, or month.
        until: Option<Text<'a>>,
    }
}
