//! Words that several formats share.

use super::fold::some;
use crate::answer::plan::Action;
use crate::answer::selection::{Count, Move};
use crate::answer::support::{End, Expected};
use crate::catalog::{Catalog, FeatureSet, Interface, LevelSpan, Package, Probe, Rank, ReleaseId};
use crate::deployment::Deployment;

/// The most releases that a line names; the rest is counted.
const NAMED: usize = 4;

/// Numbers of sets with more digits than this are rounded for people.
const DIGITS: usize = 15;

/// Names a few releases of one package, and how many more there are.
pub(super) fn few(catalog: &Catalog, releases: &[ReleaseId]) -> String {
    let named = releases.iter().take(NAMED).map(|&release| catalog.version(release).to_owned());
    let mut parts: Vec<String> = named.collect();
    if let Some(more @ 1..) = releases.len().checked_sub(NAMED) {
        parts.push(format!("{more} more"));
    }
    parts.join(", ")
}

/// Groups releases by what keeps them from being chosen, in the order in which that first occurs.
pub(super) fn barred(barred: &[(ReleaseId, String)]) -> Vec<(&str, Vec<ReleaseId>)> {
    let mut groups: Vec<(&str, Vec<ReleaseId>)> = Vec::new();
    for (release, state) in barred {
        match groups.iter_mut().find(|(known, _)| known == state) {
            Some((_, releases)) => releases.push(*release),
            None => groups.push((state, vec![*release])),
        }
    }
    groups
}

/// Says how many sets there are: `12 sets`, `at least 3.1 x 10^20 sets`.
pub(super) fn sets(count: &Count) -> String {
    let bound = if count.exact { "" } else { "at least " };
    let noun = if count.number == "1" { "set" } else { "sets" };
    let digits = &count.number;
    if digits.len() <= DIGITS {
        return format!("{bound}{} {noun}", grouped(digits));
    }
    // Rounded down, so that `at least` stays true.
    let about = if count.exact { "about " } else { bound };
    format!("{about}{}.{} x 10^{} {noun}", &digits[..1], &digits[1..3], digits.len() - 1)
}

/// Groups digits by thousands.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns the newest release that may be chosen unasked, or the newest of all.
pub(super) fn newest(package: &Package) -> Option<Rank> {
    let choosable = package.ranks().rev().find(|&rank| package.release(rank).is_choosable());
    choosable.or_else(|| package.ranks().next_back())
}

/// Prints level spans with their conditions, one text each.
pub(super) fn spans(catalog: &Catalog, interface: &Interface, spans: &[LevelSpan]) -> Vec<String> {
    let names = |features: FeatureSet| {
        let names: Vec<_> =
            features.iter().map(|feature| catalog.features()[feature.ix()].name.as_str()).collect();
        names.join("+")
    };
    spans
        .iter()
        .map(|span| {
            let mut text = match (span.low, span.high) {
                (low, high) if low == high => interface.level(low).to_owned(),
                (0, u32::MAX) => "*".to_owned(),
                (0, high) => format!("..={}", interface.level(high)),
                (low, u32::MAX) => format!("{}..", interface.level(low)),
                (low, high) => format!("{}..={}", interface.level(low), interface.level(high)),
            };
            if !span.when.is_empty() {
                text = format!("{text} with {}", names(span.when));
            }
            if !span.unless.is_empty() {
                text = format!("{text} without {}", names(span.unless));
            }
            text
        })
        .collect()
}

/// Returns the end of a phase, if it is known, and how.
pub(super) fn end(end: &End) -> (Option<String>, String) {
    match end {
        End::Stated(until) => (Some(until.text()), "stated".to_owned()),
        End::Computed { date, rule } => (Some(date.to_string()), rule.clone()),
        End::Superseded { by: Some((line, date)) } => {
            (Some(date.to_string()), format!("superseded by {line}"))
        }
        End::Superseded { by: None } => (None, "until the next line comes out".to_owned()),
        End::Open => (None, "no end was announced".to_owned()),
        // The reason says when it would be, and under which condition.
        End::NotKnown { reason, would_be: _ } => (None, format!("unknown: {reason}")),
    }
}

/// Says why a release is expected when it is.
pub(super) fn rhythm(one: &Expected) -> String {
    let mut text = one.rule.clone();
    if !one.lines.is_empty() {
        let lines: Vec<_> = one.lines.iter().map(ToString::to_string).collect();
        text.push_str(&format!(", for {}", lines.join(", ")));
    } else if let Some((line, day)) = one.after {
        text.push_str(&format!(", after {line} on {day}"));
    }
    if let Some(day) = one.missed {
        text.push_str(&format!("; no release is known for {day}"));
    }
    text
}

/// Counts things: `1 wave`, `3 switches`.
pub(super) fn numbered(count: usize, word: &str) -> String {
    let end = match (count, word.ends_with("ch")) {
        (1, _) => "",
        (_, true) => "es",
        (_, false) => "s",
    };
    format!("{count} {word}{end}")
}

/// Says what actions do that differ only in their nodes.
pub(super) fn what(catalog: &Catalog, deployment: &Deployment, actions: &[&Action]) -> String {
    let name = |node: usize| deployment.nodes[node].name.as_str();
    let nodes: Vec<&str> = actions.iter().filter_map(|action| action.node()).map(name).collect();
    let nodes = some(&nodes);
    match actions.first() {
        Some(Action::Upgrade { from, to, with, .. }) => {
            let mut text =
                format!("upgrade {nodes}: {} to {}", catalog.label(*from), catalog.label(*to));
            text.extend(with.iter().map(|(_, after)| format!(" with {}", catalog.label(*after))));
            text
        }
        Some(Action::Install { to, .. }) => format!("install {} on {nodes}", catalog.label(*to)),
        Some(Action::Switch { .. }) => {
            let pairs: Vec<String> =
                actions.iter().filter_map(|action| handover(deployment, action)).collect();
            let pairs: Vec<&str> = pairs.iter().map(String::as_str).collect();
            format!("switch {}", some(&pairs))
        }
        Some(Action::Stop { .. }) => format!("stop {nodes}"),
        Some(Action::Start { .. }) => format!("start {nodes}"),
        Some(Action::Migrate { name, command, .. }) => {
            let command =
                command.as_ref().map(|command| format!(": {command}")).unwrap_or_default();
            format!("migrate {name}{command}")
        }
        None => String::new(),
    }
}

/// Says who takes over from whom, if somebody does.
fn handover(deployment: &Deployment, action: &Action) -> Option<String> {
    let Action::Switch { group, from_node, to_node } = action else { return None };
    let name = |node: usize| &deployment.nodes[node].name;
    let (from, to) = (name(*from_node), name(*to_node));
    Some(format!("{} from {from} to {to}", deployment.groups[*group]))
}

/// Returns what a probe asks and wants, in one line.
pub(super) fn gate_question(probe: &Probe) -> String {
    let field = probe.field.as_ref().map(|field| format!(" {field}")).unwrap_or_default();
    format!("{}{field}: {}", probe.command, probe.expect)
}

/// Says what becomes of what runs, kind by kind: the word, and the releases.
pub(super) fn moves(catalog: &Catalog, moves: &[Move]) -> Vec<(&'static str, String)> {
    let label = |one: &Move| {
        let version = |rank: Option<Rank>| rank.map(|rank| catalog.version((one.package, rank)));
        let name = &catalog.package(one.package).name;
        match (version(one.from), version(one.to)) {
            (Some(from), Some(to)) if from != to => format!("{name} {from} to {to}"),
            (_, Some(version)) | (Some(version), None) => format!("{name} {version}"),
            (None, None) => name.clone(),
        }
    };
    let of = |word: &'static str| {
        let told: Vec<_> = moves.iter().filter(|one| one.word() == word).map(label).collect();
        (!told.is_empty()).then(|| (word, told.join(", ")))
    };
    ["kept", "new", "up", "down", "gone"].into_iter().filter_map(of).collect()
}
