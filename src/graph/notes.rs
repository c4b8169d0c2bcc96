//! What a matrix says about one upgrade step, made ready to print.

use crate::answer::path::{Hop, HopBack, MigrationNote, Note};
use crate::catalog::{
    Catalog, Downgrade, EdgeNote, FactIx, FeatureSet, Migration, Otherwise, PackageIx, Procedure,
    ReleaseId, Stop, Upgrades,
};

/// Returns how a package is upgraded, where its matrix says.
///
/// A step between two packages belongs to the product that takes the place of the other, in both
/// directions.
pub(super) fn rules_of(catalog: &Catalog, from: PackageIx, to: PackageIx) -> Option<&Upgrades> {
    let takes = |new: PackageIx, old: PackageIx| {
        catalog.upgrades(new).filter(|rules| rules.from_packages.contains(&old))
    };
    if from == to { catalog.upgrades(to) } else { takes(to, from).or_else(|| takes(from, to)) }
}

/// Returns all that is said about the step from one release to another, with these features in use.
/// Required stops are left to the search, which knows the rest of the way.
pub fn hop(catalog: &Catalog, from: ReleaseId, to: ReleaseId, features: FeatureSet) -> Hop {
    let Some(rules) = rules_of(catalog, from.0, to.0) else {
        return of_plugin(catalog, from, to);
    };
    let counting = |notes: &[EdgeNote]| -> Vec<Note> {
        let counts = |note: &&EdgeNote| note.counts(from, to, features);
        notes.iter().filter(counts).map(|note| edge_note(catalog, note, to)).collect()
    };
    let (procedure, why) = rules.procedure(from, to);
    let covers = |migration: &&Migration| migration.scope.covers(from, to);
    let mut hop = Hop {
        procedure,
        procedure_why: why.map(|(why, fact)| (why.to_owned(), catalog.cite_for(fact, Some(to)))),
        risks: counting(&rules.risks),
        irreversible: counting(&rules.irreversible),
        advice: counting(&rules.advice),
        migrations: rules
            .migrations
            .iter()
            .filter(covers)
            .map(|migration| migration_note(catalog, migration, to))
            .collect(),
        ..bare(from, to)
    };
    let refused = refused(catalog, rules, from, to);
    hop.irreversible.extend(refused);
    hop.back = way_back(catalog, rules, &hop);
    hop
}

/// Returns the statement that there is no way back over a step up, made for the step or for all.
fn refused(catalog: &Catalog, rules: &Upgrades, from: ReleaseId, to: ReleaseId) -> Option<Note> {
    if !rules.refuses_return(from, to) {
        return None;
    }
    if let Some(stated) = rules.reversal(from, to) {
        return Some(said(catalog, "reversible", &stated.message, stated.scope.fact, to));
    }
    let Downgrade::Refused(why) = &rules.downgrade else { return None };
    let name = &catalog.package(rules.package).name;
    let why = match why.as_str() {
        "" => format!("{name} cannot be taken back to an older release"),
        why => why.to_owned(),
    };
    Some(said(catalog, "downgrade", &why, rules.fact, to))
}

/// Returns what facts say on the way back over a hop whose notes are complete.
fn way_back(catalog: &Catalog, rules: &Upgrades, hop: &Hop) -> HopBack {
    let (from, to) = (hop.from, hop.to);
    if !hop.irreversible.is_empty() || hop.migrations.iter().any(|work| work.irreversible) {
        return HopBack::None;
    }
    // The way back from a step down is the step up.
    let known = match rules.downgrade {
        _ if !rules.is_up(from, to) => rules.otherwise == Otherwise::Allowed,
        Downgrade::Allowed => true,
        Downgrade::Refused(_) | Downgrade::Unknown => {
            rules.reversal(from, to).is_some_and(|stated| stated.possible)
        }
    };
    if known {
        return HopBack::Stated;
    }
    untold(catalog, from, to)
}

fn untold(catalog: &Catalog, from: ReleaseId, to: ReleaseId) -> HopBack {
    let (new, old) = (catalog.label(to), catalog.label(from));
    HopBack::Unknown(format!("no fact says whether {new} can be taken back to {old}"))
}

/// Returns a step of which only the rules of the core of a plugin speak, if any do.
fn of_plugin(catalog: &Catalog, from: ReleaseId, to: ReleaseId) -> Hop {
    let stated = catalog.rules_of_core(to.0).filter(|_| from.0 == to.0);
    let is_known = stated.is_some_and(|rules| rules.states_plugin_steps(from.1 > to.1));
    let back = match (is_known, from.0 == to.0) {
        (true, _) => HopBack::Stated,
        (false, true) => untold(catalog, from, to),
        (false, false) => return bare(from, to),
    };
    Hop { back, ..bare(from, to) }
}

fn bare(from: ReleaseId, to: ReleaseId) -> Hop {
    Hop {
        from,
        to,
        procedure: Procedure::Rolling,
        procedure_why: None,
        risks: Vec::new(),
        irreversible: Vec::new(),
        advice: Vec::new(),
        migrations: Vec::new(),
        stops: Vec::new(),
        back: HopBack::Unknown("no fact says how it is upgraded".to_owned()),
    }
}

fn edge_note(catalog: &Catalog, note: &EdgeNote, to: ReleaseId) -> Note {
    let said = said(catalog, &note.name, &note.message, note.scope.fact, to);
    Note { url: note.url.clone(), moment: note.moment.clone(), ..said }
}

/// Returns a required stop as a note on a step to `to`.
pub(super) fn stop_note(catalog: &Catalog, stop: &Stop, to: ReleaseId) -> Note {
    said(catalog, &stop.name, &stop.message, stop.scope.fact, to)
}

fn said(catalog: &Catalog, name: &str, message: &str, fact: FactIx, to: ReleaseId) -> Note {
    Note {
        name: name.to_owned(),
        message: message.to_owned(),
        url: None,
        moment: None,
        cite: catalog.cite_for(fact, Some(to)),
    }
}

fn migration_note(catalog: &Catalog, migration: &Migration, to: ReleaseId) -> MigrationNote {
    MigrationNote {
        name: migration.name.clone(),
        when: migration.when,
        command: migration.command.clone(),
        message: migration.message.clone(),
        irreversible: migration.irreversible,
        cite: catalog.cite_for(migration.scope.fact, Some(to)),
    }
}
