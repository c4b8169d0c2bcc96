//! `import`: a saved inventory as a deployment file.

use std::collections::BTreeMap;

use super::lookup::Lookup;
use crate::answer::{Answer, Body};
use crate::catalog::Catalog;
use crate::evidence::formats::{FORMATS, Format, Saved, format, guess};
use crate::failure::Failure;
use crate::finding::{Check, Code, Finding, Severity};
use crate::input::Input;
use crate::knowledge::{KnowledgeBase, Topic};
use crate::observation::{Observation, Origin, Place, Stated};
use crate::problem::{Problems, nearest};
use crate::query::{ImportQuery, ImportedFile};

pub(super) fn answer(base: &KnowledgeBase, query: &ImportQuery) -> Result<Answer, Failure> {
    if query.files.is_empty() {
        return Err(Failure::new("there is no file to read").hint("`-` is standard input"));
    }
    let format = match &query.format {
        Some(name) => format(name).ok_or_else(|| no_format(name))?,
        None => {
            let files = query.files.iter().map(|one| one.file.input());
            guess_format(files.map(|input| (input.name, guess(&input))))?
        }
    };
    let catalog = base.load(&Topic::all_packages())?;
    let lookup = Lookup { base, catalog: &catalog };
    let mut observation = read(lookup, format, &query.files, &told(lookup, query)?)?;
    add_features(base, &catalog, &query.features, &mut observation)?;
    let stated = Some(observation.name.clone()).filter(|name| !name.is_empty());
    let names = query.name.clone().or(stated).or_else(|| query.default_name.clone());
    observation.name = names.unwrap_or_else(|| format.name.to_owned());
    if let Some(role) = &query.role {
        let origin = Origin { file: "--role".to_owned(), place: Place::Whole };
        for node in observation.nodes.iter_mut().filter(|node| node.role.is_none()) {
            node.role = Some(Stated { text: role.clone(), origin: origin.clone() });
        }
    }
    Ok(observed(catalog, "import", observation))
}

/// Returns the answer that is a deployment, with what was remarked about it.
pub fn observed(
    catalog: std::sync::Arc<Catalog>,
    command: &'static str,
    observation: Observation,
) -> Answer {
    let findings = folded(&observation.remarks);
    Answer::new(catalog, command, None, findings, Body::Import(observation))
}

/// Refuses a word that is neither a format nor a file.
fn no_format(name: &str) -> Failure {
    let failure = Failure::new(format!("there is no format and no file `{name}`"));
    let known = FORMATS.iter().map(|format| format.name);
    failure.hint(match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`skew import --help` lists the formats".to_owned(),
    })
}

/// Returns the format that those of some files look like which look like any: some answers are too short to
/// be known by themselves.
///
/// # Errors
///
/// Refuses files of two formats, and files of none.
pub fn guess_format<'n>(
    files: impl IntoIterator<Item = (&'n str, Option<&'static Format>)>,
) -> Result<&'static Format, Failure> {
    let mut found: Option<(&str, &'static Format)> = None;
    let mut names = Vec::new();
    for (name, format) in files {
        names.push(name);
        match (found, format) {
            (Some((earlier, first)), Some(format)) if first.name != format.name => {
                let looks =
                    |name: &str, format: &Format| format!("{name} looks like {}", format.name);
                let (one, other) = (looks(earlier, first), looks(name, format));
                return Err(Failure::new(format!("{one}, but {other}"))
                    .hint("import files of one format at a time"));
            }
            (None, Some(format)) => found = Some((name, format)),
            (Some(_) | None, _) => {}
        }
    }
    found.map(|(_, format)| format).ok_or_else(|| unlike(&names))
}

/// Says that nothing is of a format that is known.
fn unlike(names: &[&str]) -> Failure {
    let message = match names {
        [] => return Failure::new("there is no file to read"),
        [one] => format!("{one}: does not look like any known format"),
        [first, rest @ ..] => {
            format!("{first}: does not look like any known format, nor do {} more", rest.len())
        }
    };
    Failure::new(message).hint("name the FORMAT; `skew import --help` lists them")
}

/// Reads the versions that the user tells.
fn told(lookup: Lookup<'_>, query: &ImportQuery) -> Result<BTreeMap<String, String>, Failure> {
    let mut told = BTreeMap::new();
    for spec in &query.with {
        let expected = || {
            Failure::new(format!("expected `NAME@VERSION`, found `{spec}`"))
                .hint("--with says which version runs, such as `--with kestra@1.3.39`")
        };
        let version = spec.version().ok_or_else(expected)?;
        lookup.package(spec)?;
        told.insert(spec.name().to_owned(), version.to_owned());
    }
    Ok(told)
}

fn read(
    lookup: Lookup<'_>,
    format: &Format,
    files: &[ImportedFile],
    told: &BTreeMap<String, String>,
) -> Result<Observation, Failure> {
    let catalog = lookup.catalog;
    let saved = |inputs: &[Input<'_>]| format.read(&Saved { inputs, catalog, told });
    let inputs: Vec<_> = files.iter().map(|one| one.file.input()).collect();
    saved(&inputs)
        .or_else(|problems| of_the_rest(files, saved).ok_or_else(|| Failure::from(problems)))
}

/// Reads what can be read, if only files that nobody named cannot be.
fn of_the_rest(
    files: &[ImportedFile],
    read: impl Fn(&[Input<'_>]) -> Result<Observation, Problems>,
) -> Option<Observation> {
    let mut unread = Vec::new();
    let mut rest = Vec::new();
    for one in files {
        match read(&[one.file.input()]) {
            Err(problems) if !one.named => unread.push(Finding::new(
                Check::FileUnread,
                Severity::Warning,
                &one.file.name,
                Failure::from(problems).reason(),
            )),
            Ok(_) | Err(_) => rest.push(one.file.input()),
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
pub fn add_features(
    base: &KnowledgeBase,
    catalog: &Catalog,
    names: &[String],
    observation: &mut Observation,
) -> Result<(), Failure> {
    Lookup { base, catalog }.features(names)?;
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
