//! A set of releases, or why there is none.

use super::table::Table;
use super::{Style, bad, dim, doubtful, good, wrap};
use crate::answer::selection::{Conflict, Pick, Resolution, Selection};
use crate::catalog::Catalog;

pub(super) fn text(catalog: &Catalog, resolution: &Resolution, style: Style) -> String {
    match resolution {
        Resolution::Found(selection) => found(catalog, selection, style),
        Resolution::Impossible(conflict) => impossible(catalog, conflict, style),
        Resolution::Unknown { steps } => {
            format!("{}: no answer within {steps} steps\n", doubtful("unknown"))
        }
    }
}

fn found(catalog: &Catalog, selection: &Selection, style: Style) -> String {
    let mut table = Table::new(&["package", "version", "released", "why"]);
    for pick in &selection.picks {
        let stated = catalog.package(pick.release.0).release(pick.release.1);
        let date = stated.date.map_or_else(|| "-".to_owned(), |date| date.to_string());
        table.row(vec![
            catalog.package(pick.release.0).name.clone(),
            catalog.version(pick.release).to_owned(),
            date,
            why(catalog, pick),
        ]);
    }
    format!(
        "{}: {}\n\n{}",
        good("set found"),
        count(selection.picks.len()),
        table.print(2, style.width)
    )
}

fn count(picks: usize) -> String {
    if picks == 1 { "1 package".to_owned() } else { format!("{picks} packages") }
}

fn why(catalog: &Catalog, pick: &Pick) -> String {
    let needed: Vec<_> =
        pick.needed_by.iter().map(|&package| catalog.package(package).name.as_str()).collect();
    match (pick.requested, needed.is_empty()) {
        (true, true) => "asked for".to_owned(),
        (true, false) => format!("asked for, needed by {}", needed.join(", ")),
        (false, _) => format!("needed by {}", needed.join(", ")),
    }
}

fn impossible(catalog: &Catalog, conflict: &Conflict, style: Style) -> String {
    let mut out = format!("{}: these cannot hold together\n\n", bad("no valid set"));
    for (ix, clash) in conflict.clashes.iter().enumerate() {
        let word = if ix == 0 { "because" } else { "and    " };
        out.push_str(&format!("  {word}  {}\n", wrap(&clash.text, style.width, 11)));
        if let Some(cite) = &clash.cite {
            let url = cite.url.as_ref().map(|url| format!(" {url}")).unwrap_or_default();
            let text = format!("{} [{}]{url}", cite.source, cite.evidence);
            out.push_str(&format!(
                "           {}{}\n",
                dim("source: "),
                wrap(&text, style.width, 19)
            ));
        }
    }
    for (ix, repair) in conflict.repairs.iter().enumerate() {
        let word = if ix == 0 { "you can" } else { "or     " };
        let picks: Vec<_> = repair.picks.iter().map(|pick| catalog.label(pick.release)).collect();
        let lead = if ix == 0 { "\n" } else { "" };
        let text = format!("{} (gives {})", repair.text, picks.join(", "));
        out.push_str(&format!("{lead}  {word}  {}\n", wrap(&text, style.width, 11)));
    }
    out
}
