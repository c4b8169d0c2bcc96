//! Versions of servers and modules, from what they report.

use std::cmp::Ordering;

use super::asked::{NodeAnswers, stated};
use super::info;
use super::lists::Module;
use crate::catalog::{Catalog, Package, Rank, Release, ReportedAs};
use crate::finding::{Check, Finding, Severity};
use crate::observation::{ObservedNode, Stated, UNKNOWN_VERSION};
use crate::problem::shown;

/// The product whose version stands in its own key.
const VALKEY: &str = "valkey";
/// The product that it says it is compatible with.
const REDIS: &str = "redis";

/// Adds what a node runs: the server and its modules.
pub(super) fn packages(
    catalog: &Catalog,
    asked: &NodeAnswers<'_>,
    node: &mut ObservedNode,
    remarks: &mut Vec<Finding>,
) {
    if let Some((package, version)) = server(asked) {
        if version.text == UNKNOWN_VERSION {
            let message = if package == VALKEY {
                "its INFO has no valkey_version, so its version is not known".to_owned()
            } else {
                format!("the server calls itself {}, which is not known here", shown(&package))
            };
            remarks.push(Finding::new(
                Check::VersionUnknown,
                Severity::Warning,
                &node.name,
                message,
            ));
        }
        node.packages.insert(package, version);
    }
    for (module, file) in modules(asked) {
        self::module(catalog, &module, file, node, remarks);
    }
}

/// Returns the server's package and version. Every Valkey calls itself Redis 7.2.4 in `redis_version`, for
/// clients that look at it, so that key counts only where no other name stands.
pub(super) fn server(asked: &NodeAnswers<'_>) -> Option<(String, Stated)> {
    if let Some(version) = asked.info("valkey_version") {
        // A candidate has the number of the release to come.
        let stage = asked.text("valkey_release_stage").filter(|stage| stage.starts_with("rc"));
        let text = match stage {
            Some(stage) if !version.text.contains('-') => format!("{}-{stage}", version.text),
            Some(_) | None => version.text,
        };
        return Some((VALKEY.to_owned(), Stated { text, ..version }));
    }
    let version = asked.info("redis_version")?;
    match asked.text("server_name") {
        None => Some((REDIS.to_owned(), version)),
        Some(name) if name.eq_ignore_ascii_case(REDIS) => Some((REDIS.to_owned(), version)),
        Some(name) => {
            let name = if name.eq_ignore_ascii_case(VALKEY) { VALKEY } else { name };
            let text = UNKNOWN_VERSION.to_owned();
            Some((name.to_owned(), Stated { text, ..version }))
        }
    }
}

/// Returns the modules that a node lists, by `MODULE LIST` or by `INFO`.
fn modules<'a>(asked: &NodeAnswers<'a>) -> Vec<(Module, &'a str)> {
    if let Some(modules) = &asked.modules {
        return modules.clone();
    }
    let listed = asked.info.iter().flat_map(|(info, file)| {
        let entries = info.entries().iter().filter(|entry| entry.key == "module");
        let read = entries.filter_map(|entry| {
            let name = info::part(entry.value, "name")?.to_owned();
            let number = info::part(entry.value, "ver")?.parse().ok()?;
            Some((Module { name, number, line: entry.line }, *file))
        });
        read.collect::<Vec<_>>()
    });
    listed.collect()
}

fn module(
    catalog: &Catalog,
    module: &Module,
    file: &str,
    node: &mut ObservedNode,
    remarks: &mut Vec<Finding>,
) {
    let reports = |package: &&Package| package.reported.iter().any(|it| it.module == module.name);
    let Some(package) = catalog.packages().map(|(_, package)| package).find(reports) else {
        let message = format!("the module {} is in no matrix; nothing is known of it", module.name);
        let number = stated(&module.number.to_string(), file, module.line);
        node.packages.insert(module.name.clone(), number);
        remarks.push(Finding::new(Check::PackageUnknown, Severity::Warning, &node.name, message));
        return;
    };
    // A part of the server itself is no package of its own.
    if package.core.is_none() {
        return;
    }
    let candidates = candidates(package, module);
    let version = match candidates.as_slice() {
        [only] => only.clone(),
        _ => {
            remarks.push(unclear(package, module, &candidates, &node.name));
            UNKNOWN_VERSION.to_owned()
        }
    };
    node.packages.insert(package.name.clone(), stated(&version, file, module.line));
}

/// Returns the versions that a module's number can stand for: those of which it is known, else the one that
/// the rule of its releases gives.
fn candidates(package: &Package, module: &Module) -> Vec<String> {
    let number = module.number.to_string();
    let states = |key: &str, text: &str| key == "module-version" && text == number;
    let known = package
        .releases()
        .iter()
        .filter(|release| release.attributes.iter().any(|(key, text)| states(key, text)));
    let known: Vec<String> = known.map(|release| release.version.text().to_owned()).collect();
    if !known.is_empty() {
        return known;
    }
    let mut ruled: Vec<String> = Vec::new();
    for rule in package.reported.iter().filter(|rule| rule.module == module.name) {
        let version = rule.version(module.number).filter(|version| follows(package, rule, version));
        ruled.extend(version);
    }
    ruled
}

/// Returns whether a version is one of the releases that make their number by a rule, or follows one of them.
fn follows(package: &Package, rule: &ReportedAs, version: &str) -> bool {
    let Ok(version) = package.numbering.parse(version) else { return false };
    let is_above =
        |release: &Release| release.version.precedence(&version) == Some(Ordering::Greater);
    let upto = package.releases().iter().rposition(|release| !is_above(release));
    upto.is_some_and(|ix| rule.releases.contains(Rank::new(ix)))
}

fn unclear(package: &Package, module: &Module, candidates: &[String], node: &str) -> Finding {
    let reports = format!("the module {} reports {}", module.name, module.number);
    let message = if candidates.is_empty() {
        format!("{reports}, which is the number of no known release of {}", package.name)
    } else {
        format!("{reports}, as do {} {}", package.name, candidates.join(", "))
    };
    Finding::new(Check::VersionUnknown, Severity::Warning, node, message)
        .hinting(format!("write the version of {} into the deployment file", package.name))
}
