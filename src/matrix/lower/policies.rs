//! Upgrades: orders, stops, risks, migrations, gates.

use super::Lowering;
use crate::catalog::{
    Downgrade, DrawnEdge, EdgeNote, EdgeScope, FactIx, Gate, GateTime, Migration, Otherwise,
    PackageIx, Probe, Procedure, ReleaseSet, Reversal, StepLimit, Stop, Switch, Upgrades,
};
use crate::matrix::field::{Items, Meta, Stated};
use crate::matrix::raw;
use crate::matrix::text::{Short, Text};
use crate::matrix::words::DowngradeWord;
use crate::problem::{ProblemCode, shown};

impl<'r, 'a> Lowering<'r, 'a> {
    pub(super) fn upgrades(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            for raw in &self.files[file].raw.upgrades {
                let Some(package) = self.package_named(&raw.package) else {
                    continue;
                };
                let upgrades = self.upgrade(package, raw);
                match self.catalog.upgrades.iter_mut().find(|known| known.package == package) {
                    Some(known) => merge(known, upgrades),
                    None => self.catalog.upgrades.push(upgrades),
                }
            }
        }
    }

    fn upgrade(&mut self, package: PackageIx, raw: &'r raw::Upgrades<'a>) -> Upgrades {
        let fact = self.fact(raw.meta(), None, &raw.package);
        Upgrades {
            package,
            from_packages: raw
                .from_packages
                .iter()
                .filter_map(|name| self.package_named(name))
                .collect(),
            order: raw.order.iter().map(|roles| self.role_names(roles)).collect(),
            switch: raw.switch.as_ref().and_then(|switch| self.switch(switch, fact)),
            limits: self
                .standing(&raw.steps)
                .into_iter()
                .map(|limit| self.limit(limit, fact))
                .collect(),
            stops: self
                .standing(&raw.stops)
                .into_iter()
                .filter_map(|stop| self.stop(package, stop, fact))
                .collect(),
            blocked: self
                .standing(&raw.blocked)
                .into_iter()
                .map(|item| self.blocked(package, item, fact))
                .collect(),
            risks: self.edge_items(package, &raw.risks, fact),
            advice: self.edge_items(package, &raw.advice, fact),
            irreversible: self
                .standing(&raw.irreversible)
                .into_iter()
                .map(|item| self.irreversible(package, item, fact))
                .collect(),
            procedures: self
                .standing(&raw.procedures)
                .into_iter()
                .map(|item| self.procedure(package, item, fact))
                .collect(),
            migrations: self
                .standing(&raw.migrations)
                .into_iter()
                .map(|item| self.migration(package, item, fact))
                .collect(),
            gates: self
                .standing(&raw.gates)
                .into_iter()
                .map(|gate| self.gate(gate, fact))
                .collect(),
            restart: raw.restart.as_ref().map(ToString::to_string),
            client: raw.client.as_ref().map(ToString::to_string),
            client_at: raw.client_at.as_ref().map(ToString::to_string),
            downgrade: downgrade(raw.downgrade, raw.downgrade_why.as_ref()),
            plugins: raw.plugins.unwrap_or(Otherwise::Unknown),
            plugins_back: downgrade(raw.plugins_downgrade, raw.downgrade_why.as_ref()),
            drawn: self.all_drawn(package, raw, fact),
            otherwise: raw.otherwise.unwrap_or(Otherwise::Allowed),
            reversals: self.reversals(package, raw, fact),
            fact,
        }
    }

    fn all_drawn(
        &mut self,
        package: PackageIx,
        raw: &'r raw::Upgrades<'a>,
        fact: FactIx,
    ) -> Vec<DrawnEdge> {
        let edges = self.standing(&raw.allowed).into_iter();
        edges.map(|edge| self.drawn(package, edge, fact)).collect()
    }

    fn reversals(
        &mut self,
        package: PackageIx,
        raw: &'r raw::Upgrades<'a>,
        fact: FactIx,
    ) -> Vec<Reversal> {
        let items = self.standing(&raw.reversible).into_iter();
        items.map(|item| self.reversal(package, item, fact)).collect()
    }

    fn switch(&mut self, raw: &'r raw::Switch<'a>, parent: FactIx) -> Option<Switch> {
        let from = self.role_names(std::slice::from_ref(&raw.from)).first().copied()?;
        let to = self.role_names(std::slice::from_ref(&raw.to)).first().copied()?;
        let command = raw.command.as_ref().map(ToString::to_string);
        let fact = self.fact(raw.meta(), Some(parent), &self.files[self.file].raw.name);
        let by_hand_with = self.feature_names(&raw.by_hand_with);
        Some(Switch { name: raw.name.to_string(), from, to, command, by_hand_with, fact })
    }

    fn limit(&mut self, raw: &'r raw::StepLimit<'a>, parent: FactIx) -> StepLimit {
        let anchor = &self.files[self.file].raw.name;
        StepLimit {
            unit: raw.unit,
            count: raw.count,
            roles: self.role_names(&raw.roles),
            fact: self.fact(raw.meta(), Some(parent), anchor),
        }
    }

    fn side(&mut self, package: PackageIx, side: &raw::Side<'a>) -> Vec<(PackageIx, ReleaseSet)> {
        match side {
            Short::Text(range) => {
                self.releases(package, range).map(|set| (package, set)).into_iter().collect()
            }
            Short::Full(map) => self.per_package(map),
        }
    }

    fn scope_of(
        &mut self,
        package: PackageIx,
        from: &raw::Side<'a>,
        to: &raw::Side<'a>,
        meta: Meta<'r, 'a>,
        parent: FactIx,
    ) -> EdgeScope {
        let anchor = &self.files[self.file].raw.name;
        EdgeScope {
            from: self.side(package, from),
            to: self.side(package, to),
            fact: self.fact(meta, Some(parent), anchor),
        }
    }

    fn stop(&mut self, package: PackageIx, raw: &'r raw::Stop<'a>, parent: FactIx) -> Option<Stop> {
        let scope = self.scope_of(package, &raw.from, &raw.to, raw.meta(), parent);
        let via = self.releases(package, &raw.via)?;
        Some(Stop { name: raw.name.to_string(), scope, via, message: raw.why.to_string() })
    }

    fn blocked(
        &mut self,
        package: PackageIx,
        raw: &'r raw::Blocked<'a>,
        parent: FactIx,
    ) -> EdgeNote {
        EdgeNote {
            name: raw.name.to_string(),
            scope: self.scope_of(package, &raw.from, &raw.to, raw.meta(), parent),
            when: self.feature_names(&raw.when),
            unless: self.feature_names(&raw.unless),
            message: raw.why.to_string(),
            url: raw.url.as_ref().map(ToString::to_string),
            moment: None,
        }
    }

    fn drawn(
        &mut self,
        package: PackageIx,
        raw: &'r raw::DrawnEdge<'a>,
        parent: FactIx,
    ) -> DrawnEdge {
        DrawnEdge {
            scope: self.scope_of(package, &raw.from, &raw.to, raw.meta(), parent),
            withdrawn: raw.withdrawn.as_ref().map(ToString::to_string),
        }
    }

    fn reversal(
        &mut self,
        package: PackageIx,
        raw: &'r raw::Reversible<'a>,
        parent: FactIx,
    ) -> Reversal {
        Reversal {
            scope: self.scope_of(package, &raw.from, &raw.to, raw.meta(), parent),
            possible: raw.possible,
            message: raw.why.to_string(),
        }
    }

    fn edge_items(
        &mut self,
        package: PackageIx,
        items: &'r Items<raw::EdgeItem<'a>>,
        parent: FactIx,
    ) -> Vec<EdgeNote> {
        self.standing(items)
            .into_iter()
            .map(|raw| EdgeNote {
                name: raw.name.to_string(),
                scope: self.scope_of(package, &raw.from, &raw.to, raw.meta(), parent),
                when: self.feature_names(&raw.when),
                unless: self.feature_names(&raw.unless),
                message: raw.message.to_string(),
                url: raw.url.as_ref().map(ToString::to_string),
                moment: None,
            })
            .collect()
    }

    fn irreversible(
        &mut self,
        package: PackageIx,
        raw: &'r raw::Irreversible<'a>,
        parent: FactIx,
    ) -> EdgeNote {
        EdgeNote {
            name: raw.name.to_string(),
            scope: self.scope_of(package, &raw.from, &raw.to, raw.meta(), parent),
            when: self.feature_names(&raw.when),
            unless: self.feature_names(&raw.unless),
            message: raw.why.to_string(),
            url: None,
            moment: raw.moment.as_ref().map(ToString::to_string),
        }
    }

    fn procedure(
        &mut self,
        package: PackageIx,
        raw: &'r raw::StepProcedure<'a>,
        parent: FactIx,
    ) -> (EdgeScope, Procedure, String) {
        let scope = self.scope_of(package, &raw.from, &raw.to, raw.meta(), parent);
        (scope, raw.procedure, raw.why.to_string())
    }

    fn migration(
        &mut self,
        package: PackageIx,
        raw: &'r raw::Migration<'a>,
        parent: FactIx,
    ) -> Migration {
        Migration {
            name: raw.name.to_string(),
            scope: self.scope_of(package, &raw.from, &raw.to, raw.meta(), parent),
            when: raw.when,
            command: raw.command.as_ref().map(ToString::to_string),
            message: raw.message.to_string(),
            irreversible: raw.irreversible,
        }
    }

    /// Returns the moment that a word of a gate names, reporting one that no plan has.
    fn gate_time(&mut self, word: &Text<'a>) -> Option<GateTime> {
        let named = GateTime::all().find(|time| *time == **word);
        if named.is_none() {
            let known: Vec<_> = GateTime::all().map(GateTime::name).collect();
            let list = known.join(", ");
            let message = format!("expected an action ({list}), found `{}`", shown(word));
            let hint = self.near(word, known);
            self.report(Some(word), ProblemCode::UnknownName, message).maybe_hint(hint);
        }
        named
    }

    fn gate(&mut self, raw: &'r raw::Gate<'a>, parent: FactIx) -> Gate {
        Gate {
            name: raw.name.to_string(),
            after: raw.after.iter().filter_map(|word| self.gate_time(word)).collect(),
            roles: self.role_names(&raw.roles),
            only_if: raw.only_if.as_ref().map(|probe| self.probe(probe)),
            probe: Probe {
                command: raw.command.to_string(),
                field: raw.field.as_ref().map(ToString::to_string),
                expect: self.expect(&raw.expect),
            },
            why: raw.why.to_string(),
            fact: self.fact(raw.meta(), Some(parent), &raw.name),
        }
    }
}

fn downgrade(word: Option<DowngradeWord>, why: Option<&Text<'_>>) -> Downgrade {
    let why = why.map(ToString::to_string);
    match word {
        Some(DowngradeWord::Refused) => Downgrade::Refused(why.unwrap_or_default()),
        Some(DowngradeWord::Allowed | DowngradeWord::Rules) => Downgrade::Allowed,
        Some(DowngradeWord::Unknown) | None => Downgrade::Unknown,
    }
}

/// Adds what an overlay says about a product's upgrades; lists grow, single values stay.
fn merge(known: &mut Upgrades, more: Upgrades) {
    known.from_packages.extend(more.from_packages);
    known.limits.extend(more.limits);
    known.stops.extend(more.stops);
    known.blocked.extend(more.blocked);
    known.risks.extend(more.risks);
    known.advice.extend(more.advice);
    known.irreversible.extend(more.irreversible);
    known.procedures.extend(more.procedures);
    known.migrations.extend(more.migrations);
    known.gates.extend(more.gates);
    known.drawn.extend(more.drawn);
    known.reversals.extend(more.reversals);
    if more.otherwise != Otherwise::Allowed {
        known.otherwise = more.otherwise;
    }
    // How one works with a node is the reader's own affair.
    known.restart = more.restart.or(known.restart.take());
    // Who says how a node is reached says it for every node.
    if more.client.is_some() {
        known.client_at = None;
    }
    known.client = more.client.or(known.client.take());
    known.client_at = more.client_at.or(known.client_at.take());
    if more.plugins != Otherwise::Unknown {
        known.plugins = more.plugins;
    }
    if more.plugins_back != Downgrade::Unknown {
        known.plugins_back = more.plugins_back;
    }
    if more.downgrade != Downgrade::Unknown {
        known.downgrade = more.downgrade;
    }
}
