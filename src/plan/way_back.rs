//! Ways back: how a step is undone, and what a node comes up with.

use super::judgements::{Judgements, RoleRelease};
use super::state::State;
use crate::answer::path::Note;
use crate::answer::plan::Action;
use crate::catalog::{Catalog, RelationIx, ReleaseId, RoleIx, Use, Within};
use crate::finding::{Cite, Evidence, Finding};

/// Returns how to take a node back from `to` to `from`, with what ran beside, where nothing speaks against it.
pub(super) fn of_upgrade(
    state: &mut State<'_>,
    node: usize,
    from: ReleaseId,
    to: ReleaseId,
    before: &str,
) -> Result<String, Box<Note>> {
    match start(state, node, to, from, DataSource::Others) {
        StartMode::AsItIs => Ok(format!("restart it with {before}")),
        StartMode::Filled(source) => Ok(format!(
            "empty its data directory, start it with {before} and let it copy from {source}"
        )),
        StartMode::Never(reasons) => {
            Err(Box::new(unreadable(state.judgements.catalog, from, to, reasons)))
        }
    }
}

/// Returns a note that an older release cannot read what a newer one writes.
pub(super) fn unreadable(
    catalog: &Catalog,
    from: ReleaseId,
    to: ReleaseId,
    reasons: Vec<Finding>,
) -> Note {
    let cites = reasons.into_iter().flat_map(|finding| finding.cites);
    Note {
        name: String::new(),
        message: format!(
            "{} cannot read the files that {} writes",
            catalog.label(from),
            catalog.label(to)
        ),
        url: None,
        moment: None,
        cite: cites.into_iter().next().unwrap_or_else(|| Cite {
            evidence: Evidence::Inferred,
            source: "the rules of the matrix".to_owned(),
            url: None,
            note: None,
        }),
    }
}

/// Names what a node ran before an upgrade: its main package and what changed with it.
pub(super) fn before(catalog: &Catalog, action: &Action) -> String {
    let Action::Upgrade { from, with, .. } = action else {
        return String::new();
    };
    let mut names = vec![catalog.label(*from)];
    names.extend(with.iter().map(|&(old, new)| match old {
        Some(old) => catalog.label(old),
        None => format!("without {}", catalog.package(new.0).name),
    }));
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// Returns the relation of a node in a role with itself that does not work between two releases.
fn unread(
    judgements: &mut Judgements<'_>,
    role: RoleIx,
    writer: ReleaseId,
    reader: ReleaseId,
) -> Option<RelationIx> {
    let catalog = judgements.catalog;
    let of_node = |&relation: &RelationIx| {
        let stated = catalog.relation(relation);
        stated.within == Within::Node && stated.from.contains(&role) && stated.to.contains(&role)
    };
    let mut relations = (0..catalog.relations().len()).map(RelationIx::new).filter(of_node);
    relations.find(|&relation| !judgements.works(relation, writer, reader))
}

/// Returns whether a node in a role comes up with the release `reader` on the files that `writer` left.
pub(super) fn reads_own(
    judgements: &mut Judgements<'_>,
    role: RoleIx,
    writer: ReleaseId,
    reader: ReleaseId,
) -> bool {
    unread(judgements, role, writer, reader).is_none()
}

/// Returns whether a running node of the class `giver` can give its data to one in a role of the same
/// group that runs `reader`.
pub(super) fn may_fill(
    judgements: &mut Judgements<'_>,
    giver: RoleRelease,
    role: RoleIx,
    reader: ReleaseId,
) -> bool {
    (0..judgements.catalog.relations().len()).map(RelationIx::new).any(|relation| {
        let stated = judgements.catalog.relation(relation);
        stated.within == Within::Group
            && stated.usage == Use::Continuous
            && stated.from.contains(&giver.0)
            && stated.to.contains(&role)
            && judgements.works(relation, giver.1, reader)
    })
}

/// The way in which a node comes up with a release on what another one left.
pub(super) enum StartMode {
    /// On what is there.
    AsItIs,
    /// Emptied, and filled again by the node of this name.
    Filled(String),
    /// Not at all.
    Never(Vec<Finding>),
}

/// Tells how a node comes up with the release `reader` on what `writer` left.
pub(super) fn start(
    state: &mut State<'_>,
    node: usize,
    writer: ReleaseId,
    reader: ReleaseId,
    source: DataSource,
) -> StartMode {
    let judgements = &mut state.judgements;
    let role = state.fleet.node(node).role;
    let Some(relation) = role.and_then(|role| unread(judgements, role, writer, reader)) else {
        return StartMode::AsItIs;
    };
    let source = match source {
        DataSource::Others => source_of_data(state, node, reader),
        DataSource::Nobody => None,
    };
    match source {
        Some(source) => StartMode::Filled(source),
        None => StartMode::Never(state.judgements.reasons(&(relation, writer, reader))),
    }
}

/// The nodes from which an emptied one can be filled again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DataSource {
    /// The others run and may serve.
    Others,
    /// Nothing runs.
    Nobody,
}

/// Returns the node from which a node could copy its data with an older release.
fn source_of_data(state: &mut State<'_>, node: usize, release: ReleaseId) -> Option<String> {
    let (fleet, judgements) = (&state.fleet, &mut state.judgements);
    let role = fleet.node(node).role?;
    let group = fleet.node(node).group;
    let givers = fleet.classes_of(group).keys();
    let fit: Vec<_> = givers.filter(|&&giver| may_fill(judgements, giver, role, release)).collect();
    let mut others = fleet.group(group).iter().copied().filter(|&other| other != node);
    let source = others.find(|&other| {
        fleet.runs(other) && fleet.class(other).is_some_and(|is| fit.contains(&&is))
    })?;
    Some(fleet.name(source).to_owned())
}
