//! The parts of a matrix file that say how one upgrades, and how long releases live.

use super::surfaces::Probe;
use crate::catalog::{LineClass, MigrationTime, Otherwise, Procedure};
use crate::finding::Evidence;
use crate::matrix::field::{Items, fact, object, stated, with_meta};
use crate::matrix::text::{PerPackage, Short, Text};
use crate::matrix::words::{DowngradeWord, Superseded, WeekdayName};
use crate::version::Step;

/// A range of the entry's package, or a range per package.
pub(in crate::matrix) type Side<'a> = Short<'a, PerPackage<'a>>;

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
        steps: Items<StepLimit<'a>>,
        /// Releases that must be passed through.
        #[serde(default)]
        stops: Items<Stop<'a>>,
        /// Steps that are not allowed.
        #[serde(default)]
        blocked: Items<Blocked<'a>>,
        /// Steps that need acceptance by name.
        #[serde(default)]
        risks: Items<EdgeItem<'a>>,
        /// What the project advises.
        #[serde(default)]
        advice: Items<EdgeItem<'a>>,
        /// Steps without a way back.
        #[serde(default)]
        irreversible: Items<Irreversible<'a>>,
        /// Steps that are not rolling.
        #[serde(default)]
        procedures: Items<StepProcedure<'a>>,
        /// Work on data.
        #[serde(default)]
        migrations: Items<Migration<'a>>,
        /// What must hold between steps.
        #[serde(default)]
        gates: Items<Gate<'a>>,
        /// How a node is restarted, with placeholders.
        restart: Option<Text<'a>>,
        /// How a command of the gates and of the switch is sent to a node, with placeholders.
        client: Option<Text<'a>>,
        /// The same for a node whose host and port are known.
        client_at: Option<Text<'a>>,
        /// Steps that are stated one by one, as drawn.
        #[serde(default)]
        allowed: Items<DrawnEdge<'a>>,
        /// What holds for steps up that none of these covers.
        otherwise: Option<Otherwise>,
        /// What holds for steps up of plugins without rules of their own.
        plugins: Option<Otherwise>,
        /// Whether such plugins can be taken back.
        plugins_downgrade: Option<DowngradeWord>,
        /// The way back over single steps.
        #[serde(default)]
        reversible: Items<Reversible<'a>>,
        /// Whether there is a way back at all.
        downgrade: Option<DowngradeWord>,
        /// Why there is none.
        downgrade_why: Option<Text<'a>>,
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
        unit: Step,
        /// How many lines.
        count: u32,
        /// The roles it binds; all if empty.
        #[serde(default)]
        roles: Vec<Text<'a>>,
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
    /// A step that is stated by itself.
    DrawnEdge {
        /// Releases one comes from.
        from: Side<'a>,
        /// Releases one goes to.
        to: Side<'a>,
        /// Why it was taken back, if it was.
        withdrawn: Option<Text<'a>>,
    }
}

fact! {
    /// The way back over a step up.
    Reversible {
        /// Releases one comes from, on the way up.
        from: Side<'a>,
        /// Releases one goes to, on the way up.
        to: Side<'a>,
        /// Whether the step can be undone.
        possible: bool,
        /// Why, or why not.
        why: Text<'a>,
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
}

fact! {
    /// Packages released together under different numbers.
    Family {
        /// Its name.
        name: Text<'a>,
        /// The package whose number the others follow.
        core: Text<'a>,
        /// The packages that follow, and patterns such as `acme-*` for those that are not listed.
        members: Vec<Text<'a>>,
        /// Names that a pattern has and that are numbered on their own.
        #[serde(default)]
        apart: Vec<Text<'a>>,
        /// How numbers correspond.
        maps: Vec<FamilyMap<'a>>,
        /// Where they do not.
        #[serde(default)]
        exceptions: Items<FamilyException<'a>>,
    }
}

object! {
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
        line: Step,
        /// Lines with long-term support.
        #[serde(default)]
        lts: Vec<Text<'a>>,
        /// The policy.
        #[serde(default)]
        rules: Items<PhaseRule<'a>>,
        /// Stated dates.
        #[serde(default)]
        windows: Items<Window<'a>>,
        /// How often releases come out.
        #[serde(default)]
        cadence: Items<Cadence<'a>>,
        /// Releases to come for which a day was named.
        #[serde(default)]
        announced: Items<Announcement<'a>>,
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

fact! {
    /// How often releases of a size come out.
    Cadence {
        /// The size of the release.
        release: Step,
        /// Months between two of them.
        months: Option<u16>,
        /// Weeks between two of them.
        weeks: Option<u16>,
        /// The day of the week on which they come out: with months, the first of the month.
        weekday: Option<WeekdayName>,
        /// The rule in the project's words, in short.
        rule: Text<'a>,
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
