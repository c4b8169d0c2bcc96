//! The choice of what is drawn, where there is not room for everything.

use std::collections::BTreeSet;

use super::drawable::Drawable;
use super::edges::uses;
use super::focus::Focus;
use super::fold::{Fold, groups};
use crate::catalog::{Catalog, InterfaceIx, PackageKind};

/// The number of lines of a runtime that come before the plugins: many point there, and few lines live at once.
const RUNTIME_LINES: usize = 6;

/// The candidates for nodes.
pub(super) struct DrawList {
    pub(super) items: Vec<Drawable>,
    /// For each item how soon it is given room, lowest first.
    priority: Vec<(u8, usize)>,
    pub(super) left_out: usize,
}

impl DrawList {
    /// Lists everything that could be drawn.
    pub(super) fn new(catalog: &Catalog, focus: &Focus, fold: Fold) -> Self {
        let mut list = Self { items: Vec::new(), priority: Vec::new(), left_out: 0 };
        for &package in &focus.packages {
            let focus = focus.stated.get(&package);
            let groups = groups(catalog, package, focus.and_then(Option::as_ref), fold);
            let tier = |age| match catalog.package(package).kind {
                _ if focus.is_some() => 0,
                PackageKind::Runtime if age < RUNTIME_LINES => 1,
                PackageKind::Core
                | PackageKind::Plugin
                | PackageKind::Runtime
                | PackageKind::Platform
                | PackageKind::Bundle => 2,
            };
            let ages = (0..groups.len()).rev();
            for (group, age) in groups.into_iter().zip(ages) {
                list.push(Drawable::ReleaseGroup(group), (tier(age), age));
            }
        }
        list.interfaces(catalog, focus);
        list
    }

    /// Adds the interfaces that something drawn offers and, around a package, that one in focus
    /// offers or uses.
    fn interfaces(&mut self, catalog: &Catalog, focus: &Focus) {
        let used = |ix| {
            let focus = self.items.iter().filter_map(|item| match item {
                Drawable::ReleaseGroup(group) if focus.stated.contains_key(&group.package) => {
                    Some(group)
                }
                Drawable::ReleaseGroup(_) | Drawable::Interface(_) => None,
            });
            focus.into_iter().any(|group| uses(catalog, group).iter().any(|(used, _)| *used == ix))
        };
        let mut found = Vec::new();
        for (ix, interface) in catalog.interfaces().iter().enumerate() {
            let ix = InterfaceIx::new(ix);
            let mut hosts = interface.hosts();
            if hosts.any(|host| focus.stated.contains_key(&host)) || used(ix) {
                found.push(ix);
            }
        }
        for ix in found {
            self.push(Drawable::Interface(ix), (1, 0));
        }
    }

    fn push(&mut self, item: Drawable, priority: (u8, usize)) {
        self.items.push(item);
        self.priority.push(priority);
    }

    /// Keeps at most `limit` items, in their order.
    pub(super) fn keep(mut self, limit: usize) -> Self {
        let mut order: Vec<_> = (0..self.items.len()).collect();
        order.sort_by_key(|&item| self.priority[item]);
        let first = order.iter().filter(|&&item| self.priority[item].0 == 0).count();
        if first < order.len() {
            // What does not fit in the first half waits until the others had their turn.
            order[limit.div_ceil(2).min(first)..].rotate_left(first - limit.div_ceil(2).min(first));
        }
        let kept: BTreeSet<_> = order.into_iter().take(limit).collect();
        self.left_out = self.items.len() - kept.len();
        let items = self.items.into_iter().enumerate();
        self.items = items.filter(|(item, _)| kept.contains(item)).map(|(_, item)| item).collect();
        self
    }
}
