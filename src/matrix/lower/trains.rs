//! Release trains: names, phases and the rows of the tables.
//!
//! Owns the check that rows speak of phases and branches that the train states. An overlay adds rows;
//! it may use the names of the train that it adds to.

use super::Lowering;
use crate::catalog::{
    FactIx, MergeRow, PackageIx, ReleaseSet, ShipRow, SwitchRow, TargetRow, Train, TrainKind,
    TrainName, TrainOutcome, TrainPhase, TrainSet,
};
use crate::matrix::field::Stated;
use crate::matrix::raw;
use crate::matrix::text::Text;
use crate::problem::ProblemCode;

impl<'r, 'a> Lowering<'r, 'a> {
    pub(super) fn trains(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            for raw in &self.files[file].raw.trains {
                let fact = self.fact(raw.meta(), None, &raw.package);
                let Some(package) = self.package_named(&raw.package) else {
                    continue;
                };
                let ix = self.train_of(package, fact);
                self.train_words(ix, raw, fact);
                self.train_rows(ix, raw, fact);
            }
        }
    }

    /// Returns the position of a product's train, making an empty one if there is none.
    fn train_of(&mut self, package: PackageIx, fact: FactIx) -> usize {
        let trains = &mut self.catalog.trains;
        trains.iter().position(|train| train.package == package).unwrap_or_else(|| {
            trains.push(Train {
                package,
                names: Vec::new(),
                releases: Vec::new(),
                phases: Vec::new(),
                kinds: Vec::new(),
                merges: Vec::new(),
                targets: Vec::new(),
                ships: Vec::new(),
                switches: Vec::new(),
                set: None,
                fact,
            });
            trains.len() - 1
        })
    }

    /// Lowers what rows refer to: names, phases, kinds.
    fn train_words(&mut self, ix: usize, raw: &'r raw::Train<'a>, fact: FactIx) {
        for name in &raw.names {
            if self.catalog.trains[ix].named(&name.name).is_some() {
                self.duplicate(&name.name, "branch or release");
                continue;
            }
            self.catalog.trains[ix].names.push(TrainName {
                name: name.name.to_string(),
                ahead: name.ahead.into(),
                real: name.real.to_string(),
            });
        }
        for named in &raw.releases {
            let (release, name) = (named.release, self.train_name(ix, &named.name));
            self.catalog.trains[ix].releases.push((release, name));
        }
        for phase in &raw.phases {
            if self.catalog.trains[ix].phase(&phase.name).is_some() {
                self.duplicate(&phase.name, "phase");
                continue;
            }
            let phase = TrainPhase {
                name: phase.name.to_string(),
                alias: strings(&phase.alias),
                title: phase.title.to_string(),
                branches: self.train_names(ix, &phase.branches),
                long_term: phase.long_term,
                note: text(phase.note.as_ref()),
                fact: self.fact(phase.meta(), Some(fact), &phase.name),
            };
            self.catalog.trains[ix].phases.push(phase);
        }
        for kind in &raw.kinds {
            let kind = TrainKind {
                name: kind.name.to_string(),
                cycle: kind.cycle,
                why: kind.why.to_string(),
                fact: self.fact(kind.meta(), Some(fact), &kind.name),
            };
            self.catalog.trains[ix].kinds.push(kind);
        }
        if let Some(set) = &raw.set {
            let product = self.catalog.trains[ix].package;
            let listed = set.listed.as_ref().and_then(|range| self.releases(product, range));
            let none = ReleaseSet::empty(self.catalog.package(product).len());
            self.catalog.trains[ix].set = Some(TrainSet {
                attribute: set.attribute.to_string(),
                in_tree: set.in_tree.to_string(),
                listed: listed.unwrap_or(none),
                fact: self.fact(set.meta(), Some(fact), &set.attribute),
            });
        }
    }

    fn train_rows(&mut self, ix: usize, raw: &'r raw::Train<'a>, fact: FactIx) {
        for row in self.standing(&raw.merges) {
            let row = self.merge_row(ix, row, fact, &raw.package);
            self.catalog.trains[ix].merges.extend(row);
        }
        for row in self.standing(&raw.targets) {
            let row = self.target_row(ix, row, fact, &raw.package);
            self.catalog.trains[ix].targets.extend(row);
        }
        for row in self.standing(&raw.ships) {
            let row = ShipRow {
                release: row.release,
                branches: row.branches.clone(),
                source: row.source_of_truth.to_string(),
                note: text(row.note.as_ref()),
                fact: self.fact(row.meta(), Some(fact), &row.source_of_truth),
            };
            self.catalog.trains[ix].ships.push(row);
        }
        for row in self.standing(&raw.switches) {
            let row = SwitchRow {
                from: row.from,
                to: row.to,
                phases: self.train_phases(ix, &row.phases),
                when: row.when.to_string(),
                reasons: strings(&row.reasons),
                actions: strings(&row.actions),
                note: text(row.note.as_ref()),
                fact: self.fact(row.meta(), Some(fact), &row.when),
            };
            self.catalog.trains[ix].switches.push(row);
        }
    }

    fn merge_row(
        &mut self,
        ix: usize,
        row: &'r raw::MergeRow<'a>,
        parent: FactIx,
        anchor: &Text<'a>,
    ) -> Option<MergeRow> {
        let phases = self.train_phases(ix, &row.phases);
        let targets = self.train_names(ix, &row.targets);
        let into: Vec<_> = row.into.iter().map(|branch| self.train_name(ix, branch)).collect();
        let outcome = self.train_outcome(into, row.refused.as_ref(), anchor, "into")?;
        Some(MergeRow {
            phases,
            branches: row.branches.clone(),
            changes: row.change.into_iter().collect(),
            release: row.release,
            targets,
            outcome,
            note: text(row.note.as_ref()),
            fact: self.fact(row.meta(), Some(parent), anchor),
        })
    }

    fn target_row(
        &mut self,
        ix: usize,
        row: &'r raw::TargetRow<'a>,
        parent: FactIx,
        anchor: &Text<'a>,
    ) -> Option<TargetRow> {
        let phases = self.train_phases(ix, &row.phases);
        let targets = self.train_names(ix, &row.targets);
        let branch = row.branch.as_ref().map(|branch| self.train_name(ix, branch));
        let outcome = self.train_outcome(targets, row.refused.as_ref(), anchor, "targets")?;
        Some(TargetRow {
            phases,
            branches: row.branches.clone(),
            branch,
            outcome,
            note: text(row.note.as_ref()),
            fact: self.fact(row.meta(), Some(parent), anchor),
        })
    }

    /// Makes the answer of a row, which states either what it names or why there is nothing.
    fn train_outcome(
        &mut self,
        these: Vec<String>,
        refused: Option<&Text<'a>>,
        anchor: &Text<'a>,
        key: &str,
    ) -> Option<TrainOutcome> {
        match (these.is_empty(), refused) {
            (false, None) => Some(TrainOutcome::These(these)),
            (true, Some(why)) => Some(TrainOutcome::Refused(why.to_string())),
            (true, None) | (false, Some(_)) => {
                let message = format!("expected either `{key}` or `refused` in every row");
                self.report(Some(refused.unwrap_or(anchor)), ProblemCode::Rule, message);
                None
            }
        }
    }

    fn train_phases(&mut self, ix: usize, names: &'r [Text<'a>]) -> Vec<String> {
        names
            .iter()
            .map(|name| {
                if self.catalog.trains[ix].phase(name).is_none() {
                    let known = &self.catalog.trains[ix].phases;
                    let hint = self.near(name, known.iter().map(|phase| phase.name.as_str()));
                    self.unknown_name(name, "phase", hint);
                }
                name.to_string()
            })
            .collect()
    }

    fn train_names(&mut self, ix: usize, names: &'r [Text<'a>]) -> Vec<String> {
        names.iter().map(|name| self.train_name(ix, name)).collect()
    }

    fn train_name(&mut self, ix: usize, name: &'r Text<'a>) -> String {
        if self.catalog.trains[ix].named(name).is_none() {
            let known = &self.catalog.trains[ix].names;
            let hint = self.near(name, known.iter().map(|known| known.name.as_str()));
            self.unknown_name(name, "branch or release of the train", hint);
        }
        name.to_string()
    }
}

fn text(text: Option<&Text<'_>>) -> Option<String> {
    text.map(ToString::to_string)
}

fn strings(texts: &[Text<'_>]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}
