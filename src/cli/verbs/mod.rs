//! One file per verb: settings in, a report out.

mod check;
mod diff;
#[cfg(feature = "live")]
mod gate;
mod graph;
mod grid;
mod import;
mod inspect;
mod lint;
mod list;
#[cfg(feature = "live")]
mod observe;
mod pair;
mod path;
mod plan;
mod resolve;
mod schema;
mod sets;
mod support;
mod train;
mod verify;

use jiff::civil::Date;

use super::args::{Common, Format, Unknown, Verb};
use super::output::Printed;
use super::{Failure, output};
use crate::answer::{Answer, Body};
use crate::catalog::{Catalog, FeatureIx, FeatureSet};
use crate::finding::{Check, Code, Finding, Severity, Verdict};
use crate::matrix::nearest;
use crate::report::commands::{self, NoCommands};
use crate::report::{csv, ics};
use crate::report::{json, markdown, text};

/// Runs a verb.
pub(super) fn run(verb: &Verb, common: &Common) -> Result<Printed, Failure> {
    if common.format == Format::Auto && !matches!(verb, Verb::Import(_)) {
        return Err(Failure::new("only import finds out what format files have"));
    }
    match verb {
        Verb::Check { deployment, rolling, require_supported, as_of } => {
            let asked = check::Asked { rolling: *rolling, require_supported: *require_supported };
            check::run(common, deployment, &asked, as_of)
        }
        Verb::Pair { relation, from, to, feature } => {
            pair::run(common, relation, from, to, feature)
        }
        Verb::Resolve { question, prefer, installed, why, lock } => {
            let (installed, lock) = (installed.as_deref(), lock.as_deref());
            resolve::run(common, question, *prefer, &resolve::Extras { installed, why, lock })
        }
        Verb::Sets { question, prefer, count, limit } => {
            let extent = if *count { sets::Extent::Count } else { sets::Extent::Best(*limit) };
            sets::run(common, question, (*prefer).into(), extent)
        }
        Verb::Path { from, to, feature, accept_risk } => {
            path::run(common, from, to, feature, accept_risk)
        }
        Verb::Plan(question) => plan::run(common, question),
        Verb::Verify { file, against } => verify::run(common, file, against.as_deref()),
        Verb::Inspect { files, engines, platform, unsigned } => {
            let host =
                inspect::Asked { engines, platform: platform.as_deref(), unsigned: *unsigned };
            inspect::run(common, files, &host)
        }
        Verb::Import(asked) => import::run(common, asked),
        #[cfg(feature = "live")]
        Verb::Observe(asked) => observe::run(common, asked),
        #[cfg(feature = "live")]
        Verb::Gate(asked) => gate::run(common, asked),
        Verb::Support { specs, as_of, within } => {
            support::run(common, specs, as_of, within.as_deref())
        }
        Verb::Grid(asked) => grid::run(common, asked),
        Verb::Diff(asked) => diff::run(common, asked),
        Verb::Train(verb) => train::run(common, verb),
        Verb::List { name } => list::run(common, name.as_deref()),
        Verb::Lint { files } => lint::run(common, files),
        Verb::Graph { spec, patches, limit } => {
            graph::run(common, spec.as_deref(), *patches, *limit)
        }
        Verb::Schema { name } => schema::schema(common, *name),
        Verb::Completions { shell } => schema::completions(common, *shell),
    }
}

/// Prints a report in the format that was asked for.
fn finish(common: &Common, mut report: Answer) -> Result<Printed, Failure> {
    let unknown = |finding: &Finding| match &finding.code {
        Code::Check(check) => {
            matches!(
                check,
                Check::RelationUnknown
                    | Check::RequirementUnknown
                    | Check::ReleaseUnlisted
                    | Check::VersionUnknown
                    | Check::NodesMissing
                    | Check::LoadUnknown
            )
        }
        Code::Rule(_) => false,
    };
    let unsure = report.verdict == Some(Verdict::Unknown) || report.findings.iter().any(unknown);
    if common.unknown == Unknown::Allow {
        report.findings.retain(|finding| !unknown(finding));
    }
    let no = report.verdict == Some(Verdict::Incompatible)
        || (common.unknown == Unknown::Deny && unsure);
    if common.format == Format::Json && matches!(report.body, Body::Plan { .. }) {
        output::stream(common, |out| json::write(&report, out))?;
        return Ok(Printed { text: None, no, worst: report.worst(), lock: None });
    }
    let text = match common.format {
        Format::Human => text::text(&report, output::style(common)),
        Format::Json => json::json(&report),
        Format::Markdown => markdown::markdown(&report),
        Format::Csv => csv::csv(&report).ok_or_else(no_table)?,
        Format::Ics => ics::ics(&report).ok_or_else(no_calendar)?,
        Format::Commands => commands::commands(&report).map_err(no_commands)?,
        Format::Dot | Format::Mermaid | Format::Auto => return Err(no_drawing(report.command)),
    };
    Ok(Printed { text: Some(text), no, worst: report.worst(), lock: None })
}

/// Refuses the formats that only one other verb has.
fn refuse_special(format: Format, command: &str) -> Result<(), Failure> {
    match format {
        Format::Human | Format::Json | Format::Markdown => Ok(()),
        Format::Csv => Err(no_table()),
        Format::Ics => Err(no_calendar()),
        Format::Commands => Err(no_commands(NoCommands::NotAPlan)),
        Format::Dot | Format::Mermaid | Format::Auto => Err(no_drawing(command)),
    }
}

/// Says that an answer is no drawing.
fn no_drawing(command: &str) -> Failure {
    Failure::new(format!("`{command}` has no drawing")).hint("`skew graph` draws")
}

/// Says that an answer has no calendar.
fn no_calendar() -> Failure {
    Failure::new("only support has a calendar").hint("`skew support` makes one")
}

/// Says that an answer is no table.
fn no_table() -> Failure {
    Failure::new("only a grid has comma-separated values").hint("`skew grid` makes one")
}

/// Says why an answer cannot be printed as commands.
fn no_commands(why: NoCommands) -> Failure {
    match why {
        NoCommands::NotAPlan => {
            Failure::new("only a plan has commands").hint("`skew plan` makes one")
        }
        NoCommands::NoneStated(products) => {
            let products = products.join(" and ");
            Failure::new(format!("the matrix states no commands for {products}"))
                .hint("add `restart` and `client` to its upgrades in an overlay, or take --format markdown")
        }
        NoCommands::Unsafe(name) => Failure::new(format!(
            "`{}` cannot be put safely into a shell command",
            name.escape_debug()
        ))
        .hint("rename it in the deployment file, or take --format markdown"),
    }
}

/// Returns the day to judge by.
pub(super) fn day(as_of: Option<&str>) -> Result<Date, Failure> {
    match as_of {
        Some(text) if text.len() == 10 => text
            .parse()
            .map_err(|_| Failure::new(format!("there is no day `{}`", text.escape_debug()))),
        Some(text) => Err(Failure::new(format!(
            "expected a date `YYYY-MM-DD`, found `{}`",
            text.escape_debug()
        ))),
        None => Ok(jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()),
    }
}

/// Returns the named features.
fn features(catalog: &Catalog, names: &[String]) -> Result<FeatureSet, Failure> {
    let mut set = FeatureSet::default();
    for name in names {
        let all = catalog.features().iter().enumerate();
        let matching: Vec<_> =
            all.filter(|(_, feature)| feature.name == *name).map(|(ix, _)| ix).collect();
        if matching.is_empty() {
            let known: Vec<_> =
                catalog.features().iter().map(|feature| feature.name.as_str()).collect();
            let failure =
                Failure::new(format!("no loaded matrix has a feature `{}`", name.escape_debug()));
            return Err(match nearest(name, known.iter().copied()) {
                Some(near) => failure.hint(format!("did you mean `{near}`?")),
                None if known.is_empty() => failure,
                None => failure.hint(format!("the features are {}", known.join(", "))),
            });
        }
        for ix in matching {
            set.insert(FeatureIx::new(ix));
        }
    }
    Ok(set)
}

/// Returns the verdict that findings come to.
fn verdict_of(findings: &[Finding]) -> Verdict {
    let unknown = |finding: &Finding| {
        let unknowns = [
            Check::RelationUnknown,
            Check::RequirementUnknown,
            Check::ReleaseUnknown,
            Check::VersionUnknown,
            Check::NodesMissing,
            Check::PackageUnknown,
        ];
        unknowns.map(Code::Check).contains(&finding.code)
    };
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        Verdict::Incompatible
    } else if findings.iter().any(unknown) {
        Verdict::Unknown
    } else {
        Verdict::Compatible
    }
}
