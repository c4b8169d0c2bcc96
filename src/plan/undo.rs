//! Whether and how a step can be undone.

use super::state::{Class, State};
use crate::answer::path::{Hop, Note};
use crate::answer::plan::Action;
use crate::catalog::{Catalog, RelationIx, ReleaseId, RoleIx, Use, Within};
use crate::finding::{Cite, Evidence, Finding};

/// How to take a node back from `to` to `from`, with what ran beside, where nothing speaks against it.
pub(super) fn of_upgrade(
    state: &mut State<'_>,
    node: usize,
    from: ReleaseId,
    to: ReleaseId,
    before: &str,
) -> Result<String, Box<Note>> {
    match start(state, node, to, from, Copies::FromOthers) {
        Start::AsItIs => Ok(format!("restart it with {before}")),
        Start::Filled(source) => Ok(format!(
            "empty its data directory, start it with {before} and let it copy from {source}"
        )),
        Start::Never(reasons) => Err(Box::new(unreadable(state, from, to, reasons))),
    }
}

/// Notes that an older release cannot read what a newer one writes.
pub(super) fn unreadable(
    state: &State<'_>,
    from: ReleaseId,
    to: ReleaseId,
    reasons: Vec<Finding>,
) -> Note {
    let cites = reasons.into_iter().flat_map(|finding| finding.cites);
    Note {
        name: String::new(),
        message: format!(
            "{} cannot read the files that {} writes",
            state.catalog.label(from),
            state.catalog.label(to)
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
    state: &mut State<'_>,
    role: RoleIx,
    writer: ReleaseId,
    reader: ReleaseId,
) -> Option<RelationIx> {
    let relations: Vec<_> = (0..state.catalog.relations().len())
        .map(RelationIx::new)
        .filter(|&relation| {
            let stated = state.catalog.relation(relation);
            stated.within == Within::Node
                && stated.from.contains(&role)
                && stated.to.contains(&role)
        })
        .collect();
    relations.into_iter().find(|&relation| !state.works(relation, writer, reader))
}

/// Whether a node in a role comes up with the release `reader` on the files that `writer` left.
pub(super) fn reads_own(
    state: &mut State<'_>,
    role: RoleIx,
    writer: ReleaseId,
    reader: ReleaseId,
) -> bool {
    unread(state, role, writer, reader).is_none()
}

/// Whether a running node of the class `giver` can give its data to one in a role of the same group
/// that runs `reader`.
pub(super) fn may_fill(
    state: &mut State<'_>,
    giver: Class,
    role: RoleIx,
    reader: ReleaseId,
) -> bool {
    (0..state.catalog.relations().len()).map(RelationIx::new).any(|relation| {
        let stated = state.catalog.relation(relation);
        stated.within == Within::Group
            && stated.usage == Use::Continuous
            && stated.from.contains(&giver.0)
            && stated.to.contains(&role)
            && state.works(relation, giver.1, reader)
    })
}

/// How a node comes up with a release on what another one left.
pub(super) enum Start {
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
    copies: Copies,
) -> Start {
    let role = state.deployment.nodes[node].role;
    let Some(relation) = role.and_then(|role| unread(state, role, writer, reader)) else {
        return Start::AsItIs;
    };
    let source = match copies {
        Copies::FromOthers => source_of_data(state, node, reader),
        Copies::FromNobody => None,
    };
    match source {
        Some(source) => Start::Filled(source),
        None => Start::Never(state.reasons(relation, writer, reader)),
    }
}

/// Whether a node can be filled again from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Copies {
    /// The others run and may serve.
    FromOthers,
    /// Nothing runs.
    FromNobody,
}

/// Returns the node from which a node could copy its data with an older release.
fn source_of_data(state: &mut State<'_>, node: usize, release: ReleaseId) -> Option<String> {
    let role = state.deployment.nodes[node].role?;
    let group = state.deployment.nodes[node].group;
    let givers = state.running_with_counts(group);
    let fit: Vec<_> =
        givers.into_keys().filter(|&giver| may_fill(state, giver, role, release)).collect();
    let mut others = state.group(group).iter().copied().filter(|&other| other != node);
    let source = others.find(|&other| {
        state.runs(other) && state.class(other).is_some_and(|is| fit.contains(&is))
    })?;
    Some(state.deployment.nodes[source].name.clone())
}

/// Returns the note that makes a hop irreversible.
pub(super) fn irreversible(hop: &Hop) -> Option<Note> {
    let migration = || {
        hop.migrations.iter().find(|migration| migration.irreversible).map(|migration| Note {
            name: migration.name.clone(),
            message: migration.message.clone(),
            url: None,
            moment: None,
            cite: migration.cite.clone(),
        })
    };
    hop.irreversible.first().cloned().or_else(migration)
}
