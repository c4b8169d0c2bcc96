//! What a matrix says about one upgrade step, made ready to print.

use crate::answer::path::{Hop, MigrationNote, Note};
use crate::catalog::Procedure;
use crate::catalog::{
    Catalog, EdgeNote, FactIx, FeatureSet, Migration, PackageIx, ReleaseId, Stop, Upgrades,
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
        return bare(from, to);
    };
    let counting = |notes: &[EdgeNote]| -> Vec<Note> {
        let counts = |note: &&EdgeNote| note.counts(from, to, features);
        notes.iter().filter(counts).map(|note| edge_note(catalog, note, to)).collect()
    };
    let (procedure, why) = rules.procedure(from, to);
    let covers = |migration: &&Migration| migration.scope.covers(from, to);
    Hop {
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
    }
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
