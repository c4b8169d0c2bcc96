//! `schema` and `completions`: texts for other programs.

use clap::CommandFactory;

use super::super::Failure;
use super::super::args::{Arguments, Common, Format, SchemaName};
use super::super::output::Printed;
use super::refuse_special;

pub(super) fn schema(common: &Common, name: SchemaName) -> Result<Printed, Failure> {
    // A schema is JSON whether or not that was said.
    if common.format != Format::Json {
        only(common.format, "schema")?;
    }
    let text = match name {
        SchemaName::Matrix => include_str!("../../../schemas/matrix.json"),
        SchemaName::Deployment => include_str!("../../../schemas/deployment.json"),
        SchemaName::Plan => include_str!("../../../schemas/plan.json"),
        SchemaName::Lock => include_str!("../../../schemas/lock.json"),
        SchemaName::Answer => include_str!("../../../schemas/answer.json"),
    };
    Ok(Printed::plain(text.to_owned()))
}

pub(super) fn completions(
    common: &Common,
    shell: clap_complete::Shell,
) -> Result<Printed, Failure> {
    only(common.format, "completions")?;
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "skew", &mut bytes);
    Ok(Printed::plain(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Refuses every format but the one that there is.
fn only(format: Format, command: &str) -> Result<(), Failure> {
    if format == Format::Human {
        return Ok(());
    }
    refuse_special(format, command)?;
    Err(Failure::new(format!("`{command}` has one format only")).hint("leave --format out"))
}
