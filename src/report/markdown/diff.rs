//! What a step brings, as Markdown tables.

use super::escape::escape;
use crate::answer::Answer;
use crate::answer::diff::Diff;
use crate::catalog::Rank;
use crate::report::diff_words as words;

pub(super) fn diff(answer: &Answer, diff: &Diff, named: bool, out: &mut String) {
    let catalog = &*answer.catalog;
    let (from, to) = (catalog.label(diff.from), catalog.label(diff.to));
    let kind = words::kind(diff);
    out.push_str(&format!(
        "**{} -> {}**: {kind} ({})\n\n",
        escape(&from),
        escape(&to),
        diff.kind.rule
    ));
    let promises = diff.promises.iter().map(|one| {
        let contract = &catalog.contracts()[one.contract];
        let promise = words::promise(one.promise).to_owned();
        vec![contract.name.clone(), promise, contract.title.clone()]
    });
    table(&["contract", "promise", "what it is about"], promises, out);
    let interfaces = diff.interfaces.iter().map(|one| {
        let stated = catalog.interface(one.interface);
        let change = one.change.name().to_owned();
        let (writes, reads) = (words::levels(&one.writes), words::levels(&one.reads));
        vec![stated.name.clone(), stated.stability.name().to_owned(), change, writes, reads]
    });
    table(&["interface", "stability", "change", "writes", "reads"], interfaces, out);
    let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let needs = diff.needs.iter().map(|need| {
        vec![catalog.package(need.package).name.clone(), side(&need.before), side(&need.after)]
    });
    table(&["needs", "before", "after"], needs, out);
    lines(answer, diff, out);
    plugins(answer, diff, named, out);
    for point in &diff.no_return {
        let moment = point.moment.as_ref().map(|moment| format!(", {moment}")).unwrap_or_default();
        let (from, to) = (catalog.label(point.hop.0), catalog.version(point.hop.1).to_owned());
        let text = format!("over {from} -> {to}: {}{moment}", point.why);
        out.push_str(&format!("- **no way back** {}\n", escape(&text)));
    }
}

fn lines(answer: &Answer, diff: &Diff, out: &mut String) {
    let Some(floors) = &diff.floors else { return };
    let core = &answer.catalog.package(floors.core);
    let version = |rank: Option<Rank>| {
        rank.map_or_else(|| "-".to_owned(), |rank| core.version(rank).text().to_owned())
    };
    let row = |name: String, (before, after)| vec![name, version(before), version(after)];
    let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let oldest = [
        vec!["oldest, declared".to_owned(), side(&floors.declared.0), side(&floors.declared.1)],
        row("oldest, with all it needs".to_owned(), floors.effective),
    ];
    let newest = diff.lines.iter().map(|line| {
        let open = |rank, unknown| if unknown { "?".to_owned() } else { version(rank) };
        vec![
            format!("newest of {}", line.line),
            open(line.before, line.unknown.0),
            open(line.after, line.unknown.1),
        ]
    });
    table(&[&core.name, "before", "after"], oldest.into_iter().chain(newest), out);
}

fn plugins(answer: &Answer, diff: &Diff, named: bool, out: &mut String) {
    let catalog = &*answer.catalog;
    if !named {
        let rows = words::folded(catalog, &diff.plugins);
        let rows = rows.into_iter().map(|(fate, count, names)| {
            vec![count.to_string(), words::fate(fate).to_owned(), names]
        });
        return table(&["plugins", "what becomes of them", "which"], rows, out);
    }
    let rows = diff.plugins.iter().map(|step| {
        vec![
            catalog.package(step.package).name.clone(),
            words::version(catalog, step, step.from),
            words::version(catalog, step, step.to),
            words::rests(catalog, step),
            words::outcome(step),
        ]
    });
    table(&["plugin", "before", "after", "rests on", "what becomes of it"], rows, out);
}

/// Prints a table; nothing if it has no rows.
fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>, out: &mut String) {
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return;
    }
    let mut line = |cells: Vec<String>| {
        let cells: Vec<_> = cells.iter().map(|cell| escape(cell)).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    };
    line(head.iter().map(|&cell| cell.to_owned()).collect());
    line(vec!["---".to_owned(); head.len()]);
    rows.into_iter().for_each(line);
    out.push('\n');
}
