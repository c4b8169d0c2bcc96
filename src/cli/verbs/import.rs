//! `import`: a saved inventory as a deployment file.
//!
//! The file goes to standard output, what is to be said about it to standard error.

mod walk;

use super::super::args::import::{AUTO, ImportArgs};
use super::super::args::{Common, Format as Printed, Unknown};
use super::super::output::{self, Answer};
use super::super::{Failure, world};
use crate::evidence::formats::{Format, Saved, format, guess};
use crate::finding::{Check, Code};
use crate::input::Input;
use crate::report::deployment_file::deployment_file;
use crate::sighting::Sighting;

pub(super) fn run(common: &Common, asked: &ImportArgs) -> Result<Answer, Failure> {
    if !matches!(common.format, Printed::Human | Printed::Json) {
        return Err(Failure::new("import writes a deployment file")
            .hint("give that file to `skew check` and ask it for the format"));
    }
    let (format, files) = if asked.read_as == AUTO {
        walk::guessing(&asked.files, guess)?
    } else {
        let format = format(&asked.read_as);
        let format = format.ok_or_else(|| Failure::new("there is no such format"))?;
        (format, walk::files(&asked.files, format)?)
    };
    if asked.read_as == AUTO && !common.quiet {
        output::note(&format!("read as {}: {}", format.name, format.about));
    }
    let mut sighting = read(common, format, &files)?;
    sighting.name = match &asked.name {
        Some(name) => name.clone(),
        None if sighting.name.is_empty() => files.name(format),
        None => sighting.name,
    };
    Ok(answer(common, &sighting))
}

fn read(common: &Common, format: &Format, files: &walk::Files) -> Result<Sighting, Failure> {
    let catalog = world::everything(common)?;
    let inputs: Vec<Input<'_>> = files.inputs();
    Ok((format.read)(&Saved { inputs: &inputs, catalog: &catalog })?)
}

/// Says what was remarked, and gives the file.
pub(super) fn answer(common: &Common, sighting: &Sighting) -> Answer {
    let unsure = |code: &Code| *code == Code::Check(Check::VersionUnknown);
    let mut remarks = sighting.remarks.clone();
    let no = common.unknown == Unknown::Deny && remarks.iter().any(|one| unsure(&one.code));
    if common.unknown == Unknown::Allow {
        remarks.retain(|one| !unsure(&one.code));
    }
    output::remarks(common, &remarks);
    let worst = remarks.iter().map(|remark| remark.severity).max();
    Answer { no, worst, ..Answer::plain(deployment_file(sighting)) }
}
