//! `verify`: is a plan or a lock right?

use crate::answer::{Answer, Body};
use crate::failure::Failure;
use crate::finding::Verdict;
use crate::input::{File, Input};
use crate::knowledge::{KnowledgeBase, Topic};
use crate::matrix::{Inventory, LockFile, Written, read_plan, written};
use crate::query::VerifyQuery;
use crate::spec::{Spec, SpecError};
use crate::verify::{verify, verify_lock};

pub(super) fn answer(base: &KnowledgeBase, query: &VerifyQuery) -> Result<Answer, Failure> {
    let file = query.file.input();
    let name = file.name;
    match (written(file.bytes), &query.against) {
        (Written::Lock | Written::Unclear, None) => lock(base, file),
        (Written::Plan | Written::Unclear, Some(against)) => plan(base, file, against),
        (Written::Lock, Some(_)) => {
            Err(Failure::new(format!("{name} is a lock, which belongs to no deployment"))
                .hint("leave out --against; `skew check` judges a deployment"))
        }
        (Written::Plan, None) => Err(Failure::new(format!(
            "{name} is a plan, which is judged with the deployment that it was made for"
        ))
        .hint("add --against DEPLOYMENT")),
    }
}

fn plan(base: &KnowledgeBase, file: Input<'_>, against: &File) -> Result<Answer, Failure> {
    let record = read_plan(file)?;
    let inventory = Inventory::parse(against.input())?;
    let releases = record.releases().into_iter();
    let specs: Vec<_> = releases.map(|(package, version)| Spec::of(package, version)).collect();
    let catalog = base.load(&Topic::of_deployment(&inventory, &specs))?;
    let deployment = inventory.resolve(&catalog);
    let findings = verify(&catalog, &deployment, &record);
    let verdict = Verdict::of(&findings);
    let subject = format!("{} steps for {}", record.steps.len(), deployment.name);
    Ok(Answer::new(catalog, "verify", Some(verdict), findings, Body::Findings { subject }))
}

fn lock(base: &KnowledgeBase, input: Input<'_>) -> Result<Answer, Failure> {
    let file = LockFile::parse(input)?;
    let record = file.record();
    let specs = record.request.specs.iter().map(|text| Spec::parse(text));
    let specs = specs.collect::<Result<Vec<_>, SpecError>>()?;
    let mut topic = Topic::of_specs(&specs);
    // The same versions are added to the matrices as when the lock was made.
    let running = record.request.installed.iter();
    let running: Vec<_> = running.map(|(name, version)| Spec::of(name, version)).collect();
    topic.add_specs(&running);
    topic.add_packages(record.packages.iter().map(|package| package.name.as_str()));
    let catalog = base.load(&topic)?;
    file.check_matrices(&catalog)?;
    let findings = verify_lock(&catalog, &record, &base.records(&catalog));
    let count = record.packages.len();
    let packages = if count == 1 { "package" } else { "packages" };
    let asked: Vec<_> = specs.iter().map(Spec::name).collect();
    let subject = format!("{count} {packages} for {}", asked.join(", "));
    let body = Body::Findings { subject };
    Ok(Answer::new(catalog, "verify", Some(Verdict::Compatible), findings, body))
}
