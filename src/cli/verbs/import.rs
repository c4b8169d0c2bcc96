//! `import`: a saved inventory as a deployment file.
//!
//! The file goes to standard output, what is to be said about it to standard error.

mod walk;

use std::collections::BTreeMap;

use super::super::args::import::{ImportArgs, ReadAs};
use super::super::args::{Common, Format as PrintFormat, Unknown};
use super::super::names::split;
use super::super::output::{self, Printed};
use super::super::{Failure, world};
use crate::catalog::Catalog;
use crate::evidence::formats::{FORMATS, Format, Saved, format, guess};
use crate::finding::{Check, Code, Finding, Severity};
use crate::input::Input;
use crate::observation::{Observation, Origin, Place, Stated};
use crate::problem::{Problems, nearest};
use crate::report::deployment_file::deployment_file;

pub(super) fn run(common: &Common, asked: &ImportArgs) -> Result<Printed, Failure> {
    if !matches!(common.format, PrintFormat::Human | PrintFormat::Json | PrintFormat::Auto) {
        return Err(Failure::new("import writes a deployment file")
            .hint("give that file to `skew check` and ask it for the format"));
    }
    let (format, files) = match asked.files(common.format == PrintFormat::Auto) {
        (ReadAs::Named(name), _) if format(name).is_none() => return Err(no_format(name)),
        (_, paths) if paths.is_empty() => {
            return Err(Failure::new("there is no file to read").hint("`-` is standard input"));
        }
        (ReadAs::Auto, paths) => {
            let (format, files) = walk::guessing(&paths, guess)?;
            if !common.quiet {
                output::note(&format!("read as {}: {}", format.name, format.about));
            }
            (format, files)
        }
        (ReadAs::Named(name), paths) => {
            let format = format(name).ok_or_else(|| no_format(name))?;
            (format, walk::files(&paths, format)?)
        }
    };
    let catalog = world::everything(common)?;
    let mut observation = read(&catalog, format, &files, &told(&asked.with)?)?;
    add_features(&catalog, &asked.feature, &mut observation)?;
    observation.name = match &asked.name {
        Some(name) => name.clone(),
        None if observation.name.is_empty() => files.name(format),
        None => observation.name,
    };
    if let Some(role) = &asked.role {
        let origin = Origin { file: "--role".to_owned(), place: Place::Whole };
        for node in observation.nodes.iter_mut().filter(|node| node.role.is_none()) {
            node.role = Some(Stated { text: role.clone(), origin: origin.clone() });
        }
    }
    Ok(answer(common, &observation))
}

/// Refuses a word that is neither a format nor a file.
fn no_format(name: &str) -> Failure {
    let failure = Failure::new(format!("there is no format and no file `{}`", name.escape_debug()));
    let known = FORMATS.iter().map(|format| format.name);
    failure.hint(match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`skew import --help` lists the formats".to_owned(),
    })
}

/// Reads the versions that the user tells.
fn told(specs: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let mut told = BTreeMap::new();
    for text in specs {
        let (name, version) = split(text);
        let expected = || {
            Failure::new(format!("expected `NAME@VERSION`, found `{}`", text.escape_debug()))
                .hint("--with says which version runs, such as `--with kestra@1.3.39`")
        };
        told.insert(name.to_owned(), version.ok_or_else(expected)?.to_owned());
    }
    Ok(told)
}

fn read(
    catalog: &Catalog,
    format: &Format,
    files: &walk::Files,
    told: &BTreeMap<String, String>,
) -> Result<Observation, Failure> {
    if let Some(name) = told.keys().find(|name| catalog.find(name).is_none()) {
        let failure = Failure::new(format!("no matrix has a package `{}`", name.escape_debug()));
        return Err(match world::near(catalog, name) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure,
        });
    }
    let saved = |inputs: &[Input<'_>]| format.read(&Saved { inputs, catalog, told });
    match saved(&files.inputs()) {
        Ok(observation) => Ok(observation),
        Err(problems) => of_the_rest(files, saved).ok_or(Failure::from(problems)),
    }
}

/// Reads what can be read, if only files that nobody named cannot be.
fn of_the_rest(
    files: &walk::Files,
    read: impl Fn(&[Input<'_>]) -> Result<Observation, Problems>,
) -> Option<Observation> {
    let mut unread = Vec::new();
    let mut rest = Vec::new();
    for (input, named) in files.inputs().into_iter().zip(files.named()) {
        match read(&[input]) {
            Err(problems) if !named => unread.push(Finding::new(
                Check::FileUnread,
                Severity::Warning,
                input.name.escape_debug().to_string(),
                Failure::from(problems).reason(),
            )),
            Ok(_) | Err(_) => rest.push(input),
        }
    }
    let mut observation = if rest.is_empty() { None } else { read(&rest).ok() }?;
    observation.remarks.extend(unread);
    Some(observation)
}

/// Adds features that the user says are in use.
///
/// # Errors
///
/// Refuses those that no matrix has.
pub(super) fn add_features(
    catalog: &Catalog,
    names: &[String],
    observation: &mut Observation,
) -> Result<(), Failure> {
    super::features(catalog, names)?;
    let origin = Origin { file: "--feature".to_owned(), place: Place::Whole };
    for name in names {
        if observation.features.iter().all(|known| known.text != *name) {
            observation.features.push(Stated { text: name.clone(), origin: origin.clone() });
        }
    }
    Ok(())
}

/// Makes one of remarks that say the same in several places.
fn folded(remarks: &[Finding]) -> Vec<Finding> {
    let mut places: BTreeMap<(&Code, &str), usize> = BTreeMap::new();
    for remark in remarks {
        *places.entry((&remark.code, &remark.message)).or_default() += 1;
    }
    let mut folded = Vec::new();
    for remark in remarks {
        // Only the first one is still counted.
        if let Some(count) = places.remove(&(&remark.code, remark.message.as_str())) {
            let mut remark = remark.clone();
            if count > 1 {
                remark.subject = format!("{} and {} more", remark.subject, count - 1);
            }
            folded.push(remark);
        }
    }
    folded
}

/// Says what was remarked, and gives the file.
pub(super) fn answer(common: &Common, observation: &Observation) -> Printed {
    let unsure = |code: &Code| *code == Code::Check(Check::VersionUnknown);
    let mut remarks = folded(&observation.remarks);
    let no = common.unknown == Unknown::Deny && remarks.iter().any(|one| unsure(&one.code));
    if common.unknown == Unknown::Allow {
        remarks.retain(|one| !unsure(&one.code));
    }
    output::remarks(common, &remarks);
    let worst = remarks.iter().map(|remark| remark.severity).max();
    Printed { no, worst, ..Printed::plain(deployment_file(observation)) }
}
