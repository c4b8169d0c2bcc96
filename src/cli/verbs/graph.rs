//! `graph`: a drawing of what the checker knows.

use super::super::args::{Common, Format};
use super::super::output::Printed;
use super::super::world::{self, Wanted};
use super::super::{Failure, names, spec};
use crate::graph::{DEFAULT_LIMIT, Fold, picture};
use crate::report::commands::NoCommands;
use crate::report::{dot, json, mermaid};

pub(super) fn run(
    common: &Common,
    text: Option<&str>,
    patches: bool,
    limit: Option<usize>,
) -> Result<Printed, Failure> {
    let catalog = match text {
        Some(text) => world::for_specs(common, [text])?,
        None => world::load(common, Wanted::All, &[])?,
    };
    let around = match text {
        Some(text) => {
            let (name, version) = names::split(text);
            let package = spec::package(&catalog, name)?;
            let releases = match version {
                Some(_) => Some(spec::requirement(&catalog, text)?.releases),
                None => None,
            };
            Some(vec![(package, releases)])
        }
        None => None,
    };
    let fold = if patches { Fold::Patches } else { Fold::Lines };
    let drawn = picture(&catalog, around.as_deref(), fold, limit.unwrap_or(DEFAULT_LIMIT));
    Ok(Printed::plain(match common.format {
        Format::Dot => dot::dot(&drawn),
        Format::Json => json::picture(&drawn),
        Format::Human | Format::Mermaid | Format::Markdown | Format::Auto => {
            mermaid::mermaid(&drawn)
        }
        Format::Ics => return Err(super::no_calendar()),
        Format::Csv => return Err(super::no_table()),
        Format::Commands => return Err(super::no_commands(NoCommands::NotAPlan)),
    }))
}
