//! Views of version hops.

use super::shared::{CiteView, ReleaseView, name};
use super::view::{view, word};
use crate::answer::path::{Alternative, Hop, HopBack, MigrationNote, NoPath, Note, PathAnswer};
use crate::catalog::{Catalog, MigrationTime, ReleaseId};

word! { TimeWord "When it runs." "before" "stopped" "after" }
word! { ProcedureWord "How the nodes change." "rolling" "stop-all" }

view! {
    /// Something that a matrix says about a step.
    NoteView<'a>(note: &'a Note) {
        /// Its name; risks are accepted by it.
        name: &'a str = &note.name,
        message: &'a str = &note.message,
        /// From which moment on there is no way back.
        #[serde(skip_serializing_if = "Option::is_none")]
        moment: Option<&'a str> = note.moment.as_deref(),
        #[serde(skip_serializing_if = "Option::is_none")]
        url: Option<&'a str> = note.url.as_deref(),
        evidence: CiteView<'a> = CiteView::new(&note.cite),
    }
}

view! {
    /// Work on data that a step brings.
    MigrationView<'a>(migration: &'a MigrationNote) {
        name: &'a str = &migration.name,
        when: TimeWord = TimeWord(time(migration.when)),
        command: Option<&'a str> = migration.command.as_deref(),
        message: &'a str = &migration.message,
        /// True if there is no way back over it.
        irreversible: bool = migration.irreversible,
    }
}

view! {
    /// A step from one release to the next.
    HopView<'a>(catalog: &'a Catalog, hop: &'a Hop) {
        package: &'a str = name(catalog, hop.to.0),
        /// The package that is replaced, if it is another one.
        #[serde(skip_serializing_if = "Option::is_none")]
        from_package: Option<&'a str> =
            (hop.from.0 != hop.to.0).then(|| name(catalog, hop.from.0)),
        from: &'a str = catalog.version(hop.from),
        to: &'a str = catalog.version(hop.to),
        procedure: ProcedureWord = ProcedureWord(hop.procedure.name()),
        #[serde(skip_serializing_if = "Option::is_none")]
        procedure_why: Option<&'a str> = hop.procedure_why.as_ref().map(|(why, _)| why.as_str()),
        /// The required stops for which the way passes here.
        stops: Vec<NoteView<'a>> = notes(&hop.stops),
        risks: Vec<NoteView<'a>> = notes(&hop.risks),
        /// Why there is no way back.
        irreversible: Vec<NoteView<'a>> = notes(&hop.irreversible),
        /// True if facts say that the step can be undone, `null` if nobody knows.
        reversible: Option<bool> = match hop.back {
            HopBack::Stated => Some(true),
            HopBack::None => Some(false),
            HopBack::Unknown(_) => None,
        },
        advice: Vec<NoteView<'a>> = notes(&hop.advice),
        migrations: Vec<MigrationView<'a>> = hop.migrations.iter().map(MigrationView::new).collect(),
    }
}

view! {
    /// Another way, and where it leads.
    AlternativeView(catalog: &Catalog, alternative: &Alternative) {
        /// What to do differently.
        change: String = alternative.change.words(catalog),
        releases: Vec<String> =
            alternative.releases.iter().map(|&step| catalog.label(step)).collect(),
    }
}

view! {
    /// The hops, or what would make them possible.
    WayView<'a>(catalog: &'a Catalog, path: Option<&'a Result<PathAnswer, NoPath>>) {
        hops: Vec<HopView<'a>> =
            path.and_then(|path| path.as_ref().ok()).map_or_else(Vec::new, |it| hops(catalog, &it.hops)),
        /// Other ways, if there are no hops.
        #[serde(skip_serializing_if = "Option::is_none")]
        alternatives: Option<Vec<AlternativeView>> =
            path.and_then(|path| path.as_ref().err()).map(|none| alternatives(catalog, none)),
    }
}

view! {
    /// Version hops from one release to another.
    PathView<'a>(catalog: &'a Catalog, ends: [ReleaseId; 2], path: &'a Result<PathAnswer, NoPath>) {
        from: ReleaseView<'a> = ReleaseView::new(catalog, ends[0]),
        to: ReleaseView<'a> = ReleaseView::new(catalog, ends[1]),
        #[serde(flatten)]
        way: WayView<'a> = WayView::new(catalog, Some(path)),
    }
}

fn time(when: MigrationTime) -> &'static str {
    match when {
        MigrationTime::Before => "before",
        MigrationTime::Stopped => "stopped",
        MigrationTime::After => "after",
    }
}

fn notes(notes: &[Note]) -> Vec<NoteView<'_>> {
    notes.iter().map(NoteView::new).collect()
}

/// Returns the views of hops.
pub(super) fn hops<'a>(catalog: &'a Catalog, hops: &'a [Hop]) -> Vec<HopView<'a>> {
    hops.iter().map(|hop| HopView::new(catalog, hop)).collect()
}

fn alternatives(catalog: &Catalog, none: &NoPath) -> Vec<AlternativeView> {
    none.alternatives.iter().map(|one| AlternativeView::new(catalog, one)).collect()
}
